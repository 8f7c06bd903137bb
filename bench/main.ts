import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { radosgwPrograms } from '../test/support/radosgw.ts';
import { measureApproveToCard } from './approve-to-card.ts';
import { measureCopyDirectory, peakOfCopy } from './copy-directory.ts';
import { measureCopyS3 } from './copy-s3.ts';
import { figures, mebibytes, median } from './figures.ts';
import { measureFleet } from './fleet.ts';
import { measureHome } from './home.ts';
import { fits, reportCopy } from './report-copy.ts';

// Ratios within one run: absolute times say more about the machine than about the bot. Exit 1 when a bound is broken.
// npm run bench: all parts, one after the other. npm run bench -- PART …: only these. npm run bench -- list: what there is.
const bounds = {
  approveToCard: 1.25,
  directory: { ratio: 0.9, peakMiB: 64 },
  s3: { ratio: 0.9, peakMiB: 200 },
  fleet: { clusters: 500, perMinute: 2, memoryMiB: 0.5, delayMs: 2_000 },
  /** As many as the board is made for, each with so many runs on record. */
  home: { clusters: 300, runsEach: 20, ms: 1_000 },
  /** Two measurements of the same thing differ by so much. */
  noiseMiB: 16,
};
const gib = 2 ** 30;
const rounds = 3;

interface Part {
  /** What it measures, and what it takes. */
  readonly about: string;
  /** Prints what it found; false: a bound is broken. */
  measure(): Promise<boolean>;
}

const parts: Readonly<Record<string, Part>> = {
  approve: { about: 'from the approving click to the final card, beside a shell script', measure: approve },
  directory: { about: '2 GiB from the node to a directory; 5 GiB of disk', measure: directory },
  s3: { about: '2 GiB from a file to S3; radosgw and 5 GiB of disk', measure: s3 },
  large: { about: 'memory for 8 GiB beside 1 GiB; 17 GiB of disk', measure: large },
  fleet: { about: `what watching ${bounds.fleet.clusters} clusters costs; some minutes`, measure: fleet },
  home: { about: `the board of ${bounds.home.clusters} clusters in the Home tab`, measure: home },
};
/** One word for several parts. */
const together: Readonly<Record<string, readonly string[]>> = { copy: ['directory', 's3', 'large'] };

const asked = process.argv.slice(2);
const chosen = asked.flatMap((name) => (Object.hasOwn(together, name) ? (together[name] ?? []) : name));
const unknown = chosen.filter((name) => name !== 'list' && !Object.hasOwn(parts, name));
if (chosen.includes('list')) {
  list();
} else if (unknown.length > 0) {
  console.error(`no such part: ${unknown.join(', ')}`);
  list();
  process.exitCode = 1;
} else {
  for (const [name, part] of Object.entries(parts)) {
    if (chosen.length === 0 || chosen.includes(name)) await measured(name, part);
  }
}

function list(): void {
  for (const [name, { about }] of Object.entries(parts)) console.log(`${name.padEnd(10)} ${about}`);
  for (const [name, of] of Object.entries(together)) console.log(`${name.padEnd(10)} ${of.join(', ')}`);
}

/** A part that cannot be measured (a program or the disk is missing) must not take the others with it. */
async function measured(name: string, part: Part): Promise<void> {
  try {
    if (await part.measure()) return;
    console.log(`${name}: a bound is broken`);
  } catch (error) {
    console.error(`${name}: could not be measured:`, error);
  }
  process.exitCode = 1;
}

async function approve(): Promise<boolean> {
  const { botMs, shellMs, botPeakKiB } = await measureApproveToCard();
  const ratio = median(botMs) / median(shellMs);
  console.log('From the approving click to the final card');
  console.log(`  bot           ${figures(botMs)}`);
  console.log(`  shell script  ${figures(shellMs)}   the same steps with the same client`);
  console.log(`  ratio         ${ratio.toFixed(2)}   (bound ${bounds.approveToCard})`);
  console.log(`  peak memory   ${mebibytes(botPeakKiB)} (the bot's process)`);
  return ratio <= bounds.approveToCard;
}

async function directory(): Promise<boolean> {
  const measured = await measureCopyDirectory(2 * gib, rounds);
  const title = 'From the node to a directory';
  return reportCopy(title, 'kubectl exec … cat > file', 2 * gib, measured, bounds.directory);
}

async function s3(): Promise<boolean> {
  if (radosgwPrograms() === undefined) return skipped('S3', 'no radosgw on this machine');
  const measured = await measureCopyS3(2 * gib, rounds);
  return reportCopy(
    'From a local file to S3',
    'Upload of @aws-sdk/lib-storage',
    2 * gib,
    measured,
    bounds.s3,
  );
}

/** Memory does not grow with the file. */
async function large(): Promise<boolean> {
  const { bavail, bsize } = await statfs(tmpdir());
  if (bavail * bsize < 20 * gib) return skipped('8 GiB', 'less than 20 GiB are free for temporary files');
  const [small, big] = [await peakOfCopy(gib), await peakOfCopy(8 * gib)];
  console.log('Memory for a large file, from the node to a directory');
  console.log(`  1 GiB         ${mebibytes(small)} over idle`);
  console.log(
    `  8 GiB         ${mebibytes(big)} over idle   (bound: as much, give or take ${bounds.noiseMiB} MiB)`,
  );
  return fits(big, (small ?? 0) / 1024 + bounds.noiseMiB) && fits(big, bounds.directory.peakMiB);
}

/** What watching costs, and that clusters which do not answer hold up none that do. */
async function fleet(): Promise<boolean> {
  const { clusters, perMinute, memoryMiB, delayMs } = bounds.fleet;
  const measured = await measureFleet(clusters);
  const { gapsMs, latestDelayMs, memoryPerClusterKiB } = measured;
  const { mean, busiest } = measured.perMinute;
  const mib = (kib: number | undefined) => (kib === undefined ? 'unknown' : `${(kib / 1024).toFixed(2)} MiB`);
  const { atRest, starting } = memoryPerClusterKiB;
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  console.log(`A fleet of ${clusters} clusters at rest, ${measured.sick} of them slow, frozen or gone`);
  console.log(
    `  requests      ${mean.toFixed(2)} per cluster and minute, busiest minute ${busiest}   (bound ${perMinute})`,
  );
  console.log(
    `  memory        ${mib(atRest)} per cluster beyond the first   (bound ${memoryMiB} MiB); ${mib(starting)} while it met them`,
  );
  console.log(
    `  turns         every ${seconds(median(gapsMs))} (median), longest ${seconds(Math.max(...gapsMs))}, of clusters that answer`,
  );
  console.log(`  delay         ${seconds(latestDelayMs)} at most   (bound ${seconds(delayMs)})`);
  return busiest <= perMinute && fits(atRest, memoryMiB) && latestDelayMs <= delayMs;
}

/** From the opened Home tab to the call that draws it, out of real records. */
async function home(): Promise<boolean> {
  const { clusters, runsEach, ms } = bounds.home;
  const { openedMs, pageMs, commandMs, viewBytes, runs } = await measureHome(clusters, runsEach);
  console.log(`The board of ${clusters} clusters with ${runs} runs on record`);
  console.log(
    `  opened        ${figures(openedMs)}   from app_home_opened to views.publish (bound ${ms} ms)`,
  );
  console.log(`  next page     ${figures(pageMs)}`);
  console.log(`  command       ${figures(commandMs)}   from /etcd-backup to its answer`);
  console.log(`  largest view  ${Math.ceil(viewBytes / 1024)} KiB   (Slack takes 250 KB)`);
  return Math.max(...openedMs, ...pageMs, ...commandMs) <= ms;
}

function skipped(part: string, why: string): boolean {
  console.log(`${part}: not measured: ${why}`);
  return true;
}
