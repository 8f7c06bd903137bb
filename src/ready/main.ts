import { parseArgs } from 'node:util';
import { ConfigError, mistakeText } from '../config/mistake.ts';
import { loadConfigOfProcess } from '../config/process.ts';
import { nearest } from '../domain/nearest.ts';
import { createClusterReader } from '../openshift/cluster-reader.ts';
import { readSqliteRecords } from '../records/sqlite-reader.ts';
import { systemClock } from '../system/clock.ts';
import { readinessNow } from '../workflow/readiness.ts';
import { readinessLines, type Verdict, verdictOf } from './lines.ts';

const usage = 'usage: npm run ready -- CLUSTER [CONFIG] [--json]     (CONFIG: config.yaml unless told)';

/** 2 also for everything that keeps the question from being asked: a pipeline must not take it for a yes or a no. */
const exitCodes: Readonly<Record<Verdict, number>> = { ready: 0, 'not-ready': 1, unclear: 2 };

/** Asks the cluster once, reads the records beside a running bot, changes nothing. */
async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { json: { type: 'boolean' } },
    allowPositionals: true,
  });
  const [name, file = 'config.yaml', ...rest] = positionals;
  if (name === undefined || rest.length > 0) throw new Error(usage);
  const config = await loadConfigOfProcess(file);
  const policy = config.fleet.cluster(name);
  if (!policy)
    throw new Error(
      unknownCluster(
        name,
        config.fleet.clusters.map((each) => each.name),
      ),
    );

  const clock = systemClock();
  const clusters = createClusterReader(config.connections, clock);
  const records = await readSqliteRecords({ file: config.recordsFile });
  try {
    const readiness = await readinessNow({ clusters, records, clock }, policy);
    const lines = values.json
      ? [JSON.stringify(readiness)]
      : readinessLines(readiness, config.language, clock.now());
    for (const line of lines) process.stdout.write(`${line}\n`);
    return exitCodes[verdictOf(readiness)];
  } finally {
    await records.close();
    await clusters.close();
  }
}

function unknownCluster(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  const hint = near === undefined ? `the configuration has ${known.join(', ')}` : `did you mean "${near}"?`;
  return `no cluster "${name}": ${hint}`;
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  const lines = error instanceof ConfigError ? error.mistakes.map(mistakeText) : [(error as Error).message];
  for (const line of lines) process.stderr.write(`${line}\n`);
  return exitCodes.unclear;
});
