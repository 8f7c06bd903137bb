import {
  clientEnvironmentOfProcess,
  extraCertificatesOfProcess,
  waysOfProcess,
} from '../config/build/process.ts';
import { clientSecrets } from '../config/build/secrets-of.ts';
import { errorLines } from '../config/file/mistake.ts';
import { type DoctorLine, doctorLine, worstFirst } from '../domain/doctor/doctor.ts';
import type { ClusterPolicy, Fleet, Language } from '../domain/policy/policy.ts';
import { unknownName } from '../domain/text/nearest.ts';
import { createClientTool } from '../openshift/client/client-tool.ts';
import { createClusterReader } from '../openshift/facts/cluster-reader.ts';
import { lookAtSlack, type SlackLook } from '../slack/app/look-at-slack.ts';
import { writeClientCertificates } from '../start/client-certificates.ts';
import { clientEnvironment } from '../start/client-environment.ts';
import { openOffCluster } from '../start/off-cluster.ts';
import { slackOptions } from '../start/secrets.ts';
import { systemClock } from '../system/clock.ts';
import { readWords } from '../system/command-words.ts';
import { examineAll } from '../workflow/answers/doctor.ts';
import { configToLookAt, type LookedConfig } from './configuration.ts';
import { recordsAt } from './examined-records.ts';
import { asJson, asLines } from './report.ts';

const usage = `usage: npm run doctor -- FILE [CLUSTER…] [--as-json] [--lang en|ko]
  looks at all that the bot needs, as /etcd-backup doctor does in Slack: before the first start, or beside the running bot
  (run it where the bot runs, as its user); what needs Slack is left out, and named, where its tokens are not set
  exit code 0: nothing has to be fixed; 1: something has to be; 2: it could not look`;

const clock = systemClock();
/** Every failure is a line of the report already. */
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

async function main(args: readonly string[]): Promise<number> {
  const options = {
    'as-json': { type: 'boolean' },
    lang: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  const { values, positionals } = readWords({ args: [...args], options, allowPositionals: true }, usage);
  if (values.help) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const [file, ...names] = positionals;
  if (file === undefined) throw new Error(usage);
  const given = values.lang === undefined ? undefined : languageOf(values.lang);
  const looked = await configToLookAt(file);
  const { fleet, language } = looked.config;
  const clusters = names.length === 0 ? fleet.clusters : names.map((name) => clusterOf(fleet, name));
  const lines = await examined(looked, clusters, names.length > 0);
  const context = {
    language: given ?? language,
    timeZone: 'UTC',
    now: clock.now(),
    command: '/etcd-backup',
  };
  const report = values['as-json'] ? asJson(lines, context) : asLines(lines, context, file);
  process.stdout.write(`${report}\n`);
  return lines.some(({ state }) => state === 'bad') ? 1 : 0;
}

/** Opens what the bot has open, but for the lock of its records and its connection to Slack. */
async function examined(
  { config, missing }: LookedConfig,
  clusters: readonly ClusterPolicy[],
  named: boolean,
): Promise<readonly DoctorLine[]> {
  await using opened = new AsyncDisposableStack();
  const { records, isNew } = await recordsAt(config.recordsFile);
  opened.defer(() => records.close());
  const trusted = await writeClientCertificates([config.ca, extraCertificatesOfProcess()]);
  opened.defer(async () => trusted?.remove());
  const network = { proxy: config.proxy.settings, certificates: trusted?.directory };
  const env = clientEnvironment(clientEnvironmentOfProcess(), config.clientEnv, network);
  const reader = createClusterReader(config.connections, clock);
  opened.defer(() => reader.close());
  const { slack, lines, close } = await slackOf({ config, missing });
  opened.defer(close);
  const found = await examineAll(
    {
      offCluster: await openOffCluster(config, clock, env.PATH ?? '', log, { onlyLook: true }),
      records,
      fleet: config.fleet,
      clusters: reader,
      slack,
      ways: () => waysOfProcess(config),
      client: createClientTool({ path: config.clientPath, env, secrets: clientSecrets(config) }),
      ...(config.summary ? { summaryChannel: config.summary.channel } : {}),
      clock,
      log,
    },
    clusters,
    { named },
  );
  const known = isNew ? found.map((line) => asNew(line, config.recordsFile)) : found;
  return worstFirst([...lines, ...known]);
}

async function slackOf({ config, missing }: LookedConfig): Promise<SlackLook> {
  if (missing.some((key) => key === 'slack' || key === 'slack.botToken')) {
    const lines = [doctorLine('slack.not-looked-at', { missing })];
    return { slack: undefined, lines, close: () => undefined };
  }
  const { botToken, apiUrl, teamId, proxy, delivery } = slackOptions(config);
  const appToken = delivery.mode === 'socket' && missing.length === 0 ? delivery.appToken : undefined;
  const look = await lookAtSlack({ botToken, appToken, apiUrl, teamId, proxy, clock, log });
  return {
    ...look,
    lines: [...look.lines, ...missing.map((key) => doctorLine('delivery.not-looked-at', { key }))],
  };
}

function asNew(line: DoctorLine, file: string): DoctorLine {
  return line.code === 'records.writable' ? doctorLine('records.new', { file }) : line;
}

function languageOf(word: string): Language {
  if (word === 'en' || word === 'ko') return word;
  throw new Error(`--lang takes en or ko, not "${word}"\n${usage}`);
}

function clusterOf(fleet: Fleet, name: string): ClusterPolicy {
  const cluster = fleet.cluster(name);
  if (cluster) return cluster;
  const known = fleet.clusters.map((each) => each.name);
  throw new Error(unknownName('cluster', name, known));
}

const code = await main(process.argv.slice(2)).catch((error: unknown) => {
  for (const line of errorLines(error)) process.stderr.write(`${line}\n`);
  return 2;
});
// A mount that hangs would keep the process for ever: what was to be said was said.
process.stdout.write('', () => process.exit(code));
