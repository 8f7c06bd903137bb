import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { openedDestination } from '../config/build/opened-destination.ts';
import { loadConfigOfTool, type ToolConfig } from '../config/build/process.ts';
import { errorLines } from '../config/file/mistake.ts';
import { lockRecords, RecordsHeldError } from '../records/engine/sqlite-lock.ts';
import { openSqliteRecords } from '../records/store/sqlite.ts';
import { restoreText } from '../restore/restore-text.ts';
import { directoryDestination } from '../storage/directory/directory.ts';
import { openDestinations } from '../storage/open-destinations.ts';
import { systemClock } from '../system/clock.ts';
import { prunePlans } from '../workflow/copies/prune.ts';
import type { Records } from '../workflow/ports/records.ts';
import { elsewhereLines, paperLine, pruneLines, runLine, skippedLine } from './lines.ts';
import { writePapers } from './papers.ts';
import { type Catalog, readCatalog, rebuild } from './rebuild.ts';

const usage = `usage: npm run catalog -- list CONFIG
       npm run catalog -- rebuild CONFIG            (stop the bot first)
       npm run catalog -- prune CONFIG --dry-run
       npm run catalog -- papers DIR [--language en|ko]   (RESTORE.md from the manifests of a place: DIR/CLUSTER/…-r-…/manifest.json)`;

const clock = systemClock();
const say = (line: string) => process.stdout.write(`${line}\n`);

/**
 * Exit 0: everything that lies at the destinations was read; 1: something was not, and is named, or there is no backup to write
 * papers for; 2: usage error.
 */
async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    say(usage);
    return 0;
  }
  const [command, file, flag, ...rest] = args;
  if (command === 'papers') return papers(args.slice(1));
  if (file === undefined || file.startsWith('-') || rest.length > 0) return printUsage();
  if (command === 'list' && flag === undefined) return list(await loadConfigOfTool(file));
  if (command === 'rebuild' && flag === undefined) return rebuildRecords(await loadConfigOfTool(file));
  if (command !== 'prune') return printUsage();
  if (flag === '--dry-run') return showPrune(await loadConfigOfTool(file));
  process.stderr.write(
    'prune deletes nothing: the bot itself removes old backups, and only after a backup whose copies are verified. Add --dry-run to see what it would remove.\n',
  );
  return 2;
}

function printUsage(): number {
  process.stderr.write(`${usage}\n`);
  return 2;
}

async function catalogOf(config: ToolConfig, records?: Pick<Records, 'place'>): Promise<Catalog> {
  const opened = openDestinations(config.destinations.map(openedDestination), clock);
  const destinations = config.destinations.map(({ name }) => opened.get(name));
  if (destinations.length === 0)
    throw new Error('the configuration has no destinations: there is nothing to read');
  const deps = {
    destinations,
    cluster: (name: string) => config.fleet.cluster(name),
    ...(records ? { idOnRecord: async (name: string) => (await records.place(name))?.id } : {}),
    now: () => clock.now(),
  };
  return readCatalog(deps, new AbortController().signal);
}

async function list(config: ToolConfig): Promise<number> {
  const catalog = await catalogOf(config);
  for (const run of catalog.runs) say(runLine(run));
  return conclude(catalog, `${catalog.runs.length} found`);
}

async function rebuildRecords(config: ToolConfig): Promise<number> {
  const file = config.recordsFile;
  await mkdir(dirname(file), { recursive: true });
  const lock = await lockRecords({ file, now: clock.now() }).catch((error: unknown) => {
    if (!(error instanceof RecordsHeldError)) throw error;
    throw new Error(
      `nothing was rebuilt: the bot uses the records in ${file} (${error.holder}); stop it, then call rebuild again`,
      { cause: error },
    );
  });
  const records = await openSqliteRecords({ file, lock });
  try {
    const catalog = await catalogOf(config, records);
    const rebuilt = await rebuild(catalog, records, clock.now());
    for (const { run, outcome } of rebuilt) say(`${outcome.padEnd(8)}  ${runLine(run)}`);
    const imported = rebuilt.filter(({ outcome }) => outcome === 'imported').length;
    return conclude(
      catalog,
      `${rebuilt.length} found, ${imported} imported, ${rebuilt.length - imported} known`,
    );
  } finally {
    await records.close();
    lock.release();
  }
}

/** Without the cluster its present z-stream is not known: the newest of each one is kept, which is never too little. */
async function showPrune(config: ToolConfig): Promise<number> {
  const catalog = await catalogOf(config);
  for (const { name, retention = {} } of config.fleet.clusters) {
    const runs = catalog.runs.filter(({ cluster }) => cluster === name).toReversed();
    const facts = { presentZStream: undefined, now: clock.now() };
    for (const plan of prunePlans(runs, retention, facts)) pruneLines(name, plan).forEach(say);
  }
  return conclude(catalog, 'dry run: this command never deletes anything');
}

/** Needs no configuration, no records and no bot. */
async function papers(args: readonly string[]): Promise<number> {
  const [dir, option, language = 'en', ...rest] = args;
  const isOption = option === undefined || (option === '--language' && args.length === 3);
  if (dir === undefined || dir.startsWith('-') || !isOption || rest.length > 0) return printUsage();
  if (language !== 'en' && language !== 'ko') {
    process.stderr.write(`papers are written in en or ko, not in ${language}: nothing was written\n`);
    return 2;
  }
  const place = directoryDestination({ name: 'directory', path: resolve(dir), clock });
  const signal = new AbortController().signal;
  const written = await writePapers(place, { language, now: clock.now(), signal, restoreText });
  for (const paper of written.papers) say(paperLine(paper));
  const count = (outcome: string) => written.papers.filter((each) => each.outcome === outcome).length;
  const code = conclude(
    { runs: [], skipped: written.skipped },
    `${written.papers.length} backups, ${count('written')} papers written, ${count('current')} current`,
  );
  if (written.papers.length === 0 && code === 0) {
    elsewhereLines(resolve(dir), written.skipped).forEach(say);
    return 1;
  }
  return count('failed') > 0 ? 1 : code;
}

function conclude({ skipped }: Catalog, summary: string): number {
  for (const each of skipped) say(skippedLine(each));
  say(`${summary}, ${skipped.length} skipped`);
  return skipped.every(({ kind }) => kind === 'foreign') ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  for (const line of errorLines(error)) process.stderr.write(`${line}\n`);
  return 1;
});
