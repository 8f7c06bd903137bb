import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Config } from '../config/config.ts';
import { ConfigError, mistakeText } from '../config/mistake.ts';
import { openedDestination } from '../config/opened-destination.ts';
import { loadConfigOfProcess } from '../config/process.ts';
import { openSqliteRecords } from '../records/sqlite.ts';
import { openDestinations } from '../storage/open-destinations.ts';
import { systemClock } from '../system/clock.ts';
import { prunePlans } from '../workflow/prune.ts';
import { pruneLines, runLine, skippedLine } from './lines.ts';
import { type Catalog, readCatalog, rebuild } from './rebuild.ts';

const usage = `usage: npm run catalog -- list CONFIG
       npm run catalog -- rebuild CONFIG            (stop the bot first)
       npm run catalog -- prune CONFIG --dry-run`;

const clock = systemClock();
const say = (line: string) => process.stdout.write(`${line}\n`);

/** Exit 0: everything that lies at the destinations was read; 1: something was not, and is named; 2: called wrongly. */
async function main(args: readonly string[]): Promise<number> {
  const [command, file, flag, ...rest] = args;
  if (file === undefined || file.startsWith('-') || rest.length > 0) return wrongly();
  if (command === 'list' && flag === undefined) return list(await loadConfigOfProcess(file));
  if (command === 'rebuild' && flag === undefined) return rebuildRecords(await loadConfigOfProcess(file));
  if (command !== 'prune') return wrongly();
  if (flag === '--dry-run') return showPrune(await loadConfigOfProcess(file));
  process.stderr.write(
    'Nothing was deleted: the bot itself does that, and only after a backup that is proven. Add --dry-run to see what it would do.\n',
  );
  return 2;
}

function wrongly(): number {
  process.stderr.write(`${usage}\n`);
  return 2;
}

async function catalogOf(config: Config): Promise<Catalog> {
  const opened = openDestinations(config.destinations.map(openedDestination), clock);
  const destinations = config.destinations.map(({ name }) => opened.get(name));
  if (destinations.length === 0)
    throw new Error('the configuration has no destinations: there is nothing to read');
  const deps = {
    destinations,
    cluster: (name: string) => config.fleet.cluster(name),
    now: () => clock.now(),
  };
  return readCatalog(deps, new AbortController().signal);
}

async function list(config: Config): Promise<number> {
  const catalog = await catalogOf(config);
  for (const run of catalog.runs) say(runLine(run));
  return conclude(catalog, `${catalog.runs.length} found`);
}

async function rebuildRecords(config: Config): Promise<number> {
  const catalog = await catalogOf(config);
  await mkdir(dirname(config.recordsFile), { recursive: true });
  const records = await openSqliteRecords({ file: config.recordsFile });
  try {
    const rebuilt = await rebuild(catalog, records, clock.now());
    for (const { run, outcome } of rebuilt) say(`${outcome.padEnd(8)}  ${runLine(run)}`);
    const imported = rebuilt.filter(({ outcome }) => outcome === 'imported').length;
    return conclude(
      catalog,
      `${rebuilt.length} found, ${imported} imported, ${rebuilt.length - imported} known`,
    );
  } finally {
    await records.close();
  }
}

/** Without the cluster nobody knows its present z-stream: the newest of each one is kept, which is never too little. */
async function showPrune(config: Config): Promise<number> {
  const catalog = await catalogOf(config);
  for (const { name, retention = {} } of config.fleet.clusters) {
    const runs = catalog.runs.filter(({ cluster }) => cluster === name);
    const facts = { presentZStream: undefined, now: clock.now() };
    for (const plan of prunePlans(runs, retention, facts)) pruneLines(name, plan).forEach(say);
  }
  return conclude(catalog, 'nothing was deleted');
}

function conclude({ skipped }: Catalog, summary: string): number {
  for (const each of skipped) say(skippedLine(each));
  say(`${summary}, ${skipped.length} skipped`);
  return skipped.every(({ kind }) => kind === 'foreign') ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  const lines = error instanceof ConfigError ? error.mistakes.map(mistakeText) : [(error as Error).message];
  for (const line of lines) process.stderr.write(`${line}\n`);
  return 1;
});
