import { loadConfigOfTool } from '../config/build/process.ts';
import { errorLines } from '../config/file/mistake.ts';
import { unknownName } from '../domain/text/nearest.ts';
import { createClusterReader } from '../openshift/facts/cluster-reader.ts';
import { readSqliteRecords } from '../records/store/sqlite-reader.ts';
import { systemClock } from '../system/clock.ts';
import { readWords } from '../system/command-words.ts';
import { readinessNow } from '../workflow/answers/readiness.ts';
import { readinessLines, type Verdict, verdictOf } from './lines.ts';

const usage = `usage: npm run ready -- CLUSTER [CONFIG] [--json]     (CONFIG: config.yaml in the current directory unless given)
  exit code 0: ready for an update; 1: not ready; 2: not known, or it could not be asked
  reads the bot's records file beside the running bot and asks the cluster; needs none of Slack's tokens`;

/** 2 also for everything that keeps the question from being asked: a pipeline must not take it for a yes or a no. */
const exitCodes: Readonly<Record<Verdict, number>> = { ready: 0, 'not-ready': 1, unclear: 2 };

/** Asks the cluster once, reads the records beside a running bot, changes nothing. */
async function main(args: readonly string[]): Promise<number> {
  const options = { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const;
  const { values, positionals } = readWords({ args: [...args], options, allowPositionals: true }, usage);
  if (values.help) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const [name, file = 'config.yaml', ...rest] = positionals;
  if (name === undefined || rest.length > 0) throw new Error(usage);
  const config = await loadConfigOfTool(file, ['destinations']);
  const policy = config.fleet.cluster(name);
  if (!policy)
    throw new Error(
      unknownName(
        'cluster',
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

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  for (const line of errorLines(error)) process.stderr.write(`${line}\n`);
  return exitCodes.unclear;
});
