import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { findEtcdTools } from '../src/drill/find-etcd.ts';
import { radosgwPrograms } from '../test/support/radosgw.ts';
import { measureApproveToCard } from './approve-to-card.ts';
import { measureCopyDirectory, peakOfCopy } from './copy-directory.ts';
import { measureCopyS3 } from './copy-s3.ts';
import { measureDrill } from './drill.ts';
import { figures, mebibytes, median } from './figures.ts';
import { measureFleet } from './fleet.ts';
import { measureHome } from './home.ts';
import { type Part, type Size, type Verdict, verdict } from './part.ts';
import { measureRedaction } from './redaction.ts';
import { fits, reportCopy } from './report-copy.ts';

// Ratios within one run: absolute times say more about the machine than about the bot.
const bounds = {
  approveToCard: 1.25,
  directory: { ratio: 0.8, peakMiB: 64 },
  s3: { ratio: 0.8, peakMiB: 200 },
  drill: { peakMiB: 64 },
  fleet: { perMinute: 2, memoryMiB: 0.5, delayMs: 2_000 },
  home: { ms: 1_000 },
  redaction: { ms: 1_000 },
  /** Two measurements of the same thing differ by so much. */
  noiseMiB: 16,
};
const mib = 2 ** 20;
const gib = 2 ** 30;
const minuteMs = 60_000;

const rounds: Sized = { full: 3, smallest: 1 };
const copyBytes: Sized = { full: 2 * gib, smallest: 32 * mib };
const largeBytes: Sized = { full: 8 * gib, smallest: 64 * mib };
const drillBytes: Sized = { full: 4 * gib, smallest: 64 * mib };
const fleetClusters: Sized = { full: 500, smallest: 12 };
/** As many as the board is made for, each with so many runs on record. */
const homeClusters: Sized = { full: 300, smallest: 40 };
const homeRuns: Sized = { full: 20, smallest: 2 };
/** Of each of the worst texts. */
const redactedBytes: Sized = { full: 10 * mib, smallest: mib / 2 };
type Sized = Readonly<Record<Size, number>>;

export const parts: Readonly<Record<string, Part>> = {
  approve: {
    about: 'from the approving click to the final card, beside a shell script',
    deadlineMs: { full: 6 * minuteMs, smallest: 2 * minuteMs },
    measure: approve,
  },
  directory: {
    about: '2 GiB from the node to a directory; 5 GiB of disk',
    deadlineMs: { full: 15 * minuteMs, smallest: 2 * minuteMs },
    measure: directory,
  },
  s3: {
    about: '2 GiB from a file to S3; radosgw and 5 GiB of disk',
    deadlineMs: { full: 15 * minuteMs, smallest: 3 * minuteMs },
    measure: s3,
  },
  large: {
    about: 'memory for 8 GiB beside 1 GiB; 17 GiB of disk',
    deadlineMs: { full: 20 * minuteMs, smallest: 2 * minuteMs },
    measure: large,
  },
  drill: {
    about: 'memory of a restore drill of 4 GiB; etcd and 13 GiB of disk',
    deadlineMs: { full: 20 * minuteMs, smallest: 3 * minuteMs },
    measure: drill,
  },
  fleet: {
    about: `what watching ${fleetClusters.full} clusters costs; some minutes`,
    deadlineMs: { full: 25 * minuteMs, smallest: 4 * minuteMs },
    measure: fleet,
  },
  redaction: {
    about: 'the worst texts for the redaction, 10 MiB each; half a minute',
    deadlineMs: { full: 5 * minuteMs, smallest: 2 * minuteMs },
    measure: redaction,
  },
  home: {
    about: `the board of ${homeClusters.full} clusters in the Home tab`,
    deadlineMs: { full: 6 * minuteMs, smallest: 2 * minuteMs },
    measure: home,
  },
};
/** One word for several parts. */
export const groups: Readonly<Record<string, readonly string[]>> = { copy: ['directory', 's3', 'large'] };

async function approve(size: Size): Promise<Verdict> {
  const { botMs, shellMs, botPeakKiB } = await measureApproveToCard(size === 'full' ? 7 : 1);
  const ratio = median(botMs) / median(shellMs);
  console.log('From the approving click to the final card');
  console.log(`  bot           ${figures(botMs)}`);
  console.log(`  shell script  ${figures(shellMs)}   the same steps with the same client`);
  console.log(`  ratio         ${ratio.toFixed(2)}   (bound ${bounds.approveToCard})`);
  console.log(`  peak memory   ${mebibytes(botPeakKiB)} (the bot's process)`);
  return verdict(ratio <= bounds.approveToCard, size);
}

async function directory(size: Size): Promise<Verdict> {
  const bytes = copyBytes[size];
  const measured = await measureCopyDirectory(bytes, rounds[size]);
  const title = 'From the node to a directory';
  return verdict(reportCopy(title, 'kubectl exec … cat > file', bytes, measured, bounds.directory), size);
}

async function s3(size: Size): Promise<Verdict> {
  if (radosgwPrograms() === undefined) return { notMeasured: 'no radosgw on this machine' };
  const bytes = copyBytes[size];
  const measured = await measureCopyS3(bytes, rounds[size]);
  const title = 'From a local file to S3';
  return verdict(reportCopy(title, 'Upload of @aws-sdk/lib-storage', bytes, measured, bounds.s3), size);
}

/** Memory does not grow with the file. */
async function large(size: Size): Promise<Verdict> {
  const bytes = largeBytes[size];
  const lack = await lacksRoom(2.5 * bytes);
  if (lack) return lack;
  const [small, big] = [await peakOfCopy(bytes / 8), await peakOfCopy(bytes)];
  console.log('Memory for a large file, from the node to a directory');
  console.log(`  ${sized(bytes / 8)}${mebibytes(small)} over idle`);
  const bound = `as much, give or take ${bounds.noiseMiB} MiB`;
  console.log(`  ${sized(bytes)}${mebibytes(big)} over idle   (bound: ${bound})`);
  const grows = !fits(big, (small ?? 0) / 1024 + bounds.noiseMiB);
  return verdict(!grows && fits(big, bounds.directory.peakMiB), size);
}

/** A drill's memory does not grow with the snapshot. What etcd's programs take beside it is for the documents. */
async function drill(size: Size): Promise<Verdict> {
  if (findEtcdTools(process.env.PATH ?? '') === undefined) return { notMeasured: 'no etcd on this machine' };
  const bytes = drillBytes[size];
  const lack = await lacksRoom(4 * bytes);
  if (lack) return lack;
  const { ms, peakOverIdleKiB, programsKiB } = await measureDrill({ bytes });
  console.log(`A restore drill of a snapshot of ${sized(bytes)}`);
  console.log(`  took          ${(ms / 1000).toFixed(0)} s`);
  console.log(
    `  peak memory   ${mebibytes(peakOverIdleKiB)} over idle (the bot's process)   (bound ${bounds.drill.peakMiB} MiB)`,
  );
  console.log(
    `  etcd          ${mebibytes(programsKiB.own)}, ${mebibytes(programsKiB.withFiles)} with mapped files`,
  );
  return verdict(fits(peakOverIdleKiB, bounds.drill.peakMiB), size);
}

/** undefined: so many bytes are free for temporary files. */
async function lacksRoom(bytes: number): Promise<Verdict | undefined> {
  const { bavail, bsize } = await statfs(tmpdir());
  if (bavail * bsize >= bytes) return undefined;
  return { notMeasured: `less than ${Math.ceil(bytes / gib)} GiB are free for temporary files` };
}

function sized(bytes: number): string {
  return (bytes >= gib ? `${bytes / gib} GiB` : `${bytes / mib} MiB`).padEnd(14);
}

/** What watching costs, and that clusters which do not answer hold up none that do. */
async function fleet(size: Size): Promise<Verdict> {
  const { perMinute, memoryMiB, delayMs } = bounds.fleet;
  const clusters = fleetClusters[size];
  const measured = await measureFleet(clusters, size === 'full' ? 2 * minuteMs : 5_000);
  const { gapsMs, latestDelayMs, memoryPerClusterKiB } = measured;
  const { mean, busiest } = measured.perMinute;
  const memory = (kib: number | undefined) =>
    kib === undefined ? 'unknown' : `${(kib / 1024).toFixed(2)} MiB`;
  const { atRest, starting } = memoryPerClusterKiB;
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  console.log(`A fleet of ${clusters} clusters at rest, ${measured.sick} of them slow, frozen or gone`);
  console.log(
    `  requests      ${mean.toFixed(2)} per cluster and minute, busiest minute ${busiest}   (bound ${perMinute})`,
  );
  console.log(
    `  memory        ${memory(atRest)} per cluster beyond the first   (bound ${memoryMiB} MiB); ${memory(starting)} while it met them`,
  );
  if (gapsMs.length > 0) {
    const longest = seconds(Math.max(...gapsMs));
    console.log(
      `  turns         every ${seconds(median(gapsMs))} (median), longest ${longest}, of clusters that answer`,
    );
  }
  console.log(`  delay         ${seconds(latestDelayMs)} at most   (bound ${seconds(delayMs)})`);
  return verdict(busiest <= perMinute && fits(atRest, memoryMiB) && latestDelayMs <= delayMs, size);
}

async function redaction(size: Size): Promise<Verdict> {
  const bytes = redactedBytes[size];
  const { ms } = bounds.redaction;
  const { boundedMs, patternsMs, knownMs, slowest } = measureRedaction({ bytes });
  const line = (what: string, took: number, piece: string) =>
    console.log(`  ${what} ${took.toFixed(0).padStart(5)} ms   ${JSON.stringify(piece)} over and over`);
  console.log(`Redaction of the worst texts of ${bytes / mib} MiB, CPU time (bound ${ms} ms)`);
  line('as the bot does it     ', boundedMs, slowest.bounded);
  line('all patterns, uncut    ', patternsMs, slowest.patterns);
  line('known secrets, one call', knownMs, slowest.known);
  return verdict(Math.max(boundedMs, patternsMs, knownMs) <= ms, size);
}

/** From the opened Home tab to the call that draws it, out of real records. */
async function home(size: Size): Promise<Verdict> {
  const { ms } = bounds.home;
  const clusters = homeClusters[size];
  const measured = await measureHome({
    clusters,
    runsEach: homeRuns[size],
    rounds: size === 'full' ? 15 : 1,
  });
  const { openedMs, pageMs, commandMs, viewBytes, runs } = measured;
  console.log(`The board of ${clusters} clusters with ${runs} runs on record`);
  console.log(
    `  opened        ${figures(openedMs)}   from app_home_opened to views.publish (bound ${ms} ms)`,
  );
  if (pageMs.length > 0) console.log(`  next page     ${figures(pageMs)}`);
  console.log(`  command       ${figures(commandMs)}   from /etcd-backup to its answer`);
  console.log(`  largest view  ${Math.ceil(viewBytes / 1024)} KiB   (Slack takes 250 KB)`);
  return verdict(Math.max(...openedMs, ...pageMs, ...commandMs) <= ms, size);
}
