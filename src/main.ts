import { createHash, randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Config, ConfiguredDestination, SlackDelivery } from './config/config.ts';
import { ConfigError, mistakeText } from './config/mistake.ts';
import { openedDestination } from './config/opened-destination.ts';
import { clientEnvironmentOfProcess, loadConfigOfProcess } from './config/process.ts';
import { openDrill } from './drill/copy-drill.ts';
import { createClientTool } from './openshift/client-tool.ts';
import { createClusterReader } from './openshift/cluster-reader.ts';
import { createNodeSessions } from './openshift/node-sessions.ts';
import { openSqliteRecords } from './records/sqlite.ts';
import { restoreText } from './restore/restore-text.ts';
import { type DeliveryOptions, openSlack } from './slack/app.ts';
import { createOutboxSender } from './slack/outbox-sender.ts';
import { copyTools } from './storage/copy-tools.ts';
import { openDestinations } from './storage/open-destinations.ts';
import { botHealth } from './system/bot-health.ts';
import { systemClock } from './system/clock.ts';
import { serveHealth } from './system/health.ts';
import { randomIds } from './system/ids.ts';
import { openLog } from './system/log.ts';
import { checkDestinations } from './workflow/check-destinations.ts';
import type { OffCluster } from './workflow/copy-ports.ts';
import { createBackups } from './workflow/create-backups.ts';
import type { WorkflowDeps } from './workflow/deps.ts';
import { removeDeadSessions } from './workflow/leftovers.ts';
import { createWorker } from './workflow/worker.ts';

// Kubernetes kills 30 s after SIGTERM; what has not ended by then is handed over to the next process.
const shutdownGraceMs = 20_000;
const drillDeadlineMs = 30 * 60_000;

async function start(config: Config): Promise<void> {
  const { fleet, connections, slack: tokens } = config;
  const delivery = revealed(tokens.delivery);
  const secrets = [
    tokens.botToken.reveal(),
    delivery.mode === 'http' ? delivery.signingSecret : delivery.appToken,
    ...config.destinations.flatMap(secretsOf),
  ];
  const log = openLog({ level: config.logLevel, secrets, out: process.stdout });
  const clock = systemClock();
  for (const warning of config.warnings) log.warn({ key: warning.key }, warning.text);

  await mkdir(dirname(config.recordsFile), { recursive: true });
  const records = await openSqliteRecords({ file: config.recordsFile });
  const slack = await openSlack({
    botToken: tokens.botToken.reveal(),
    delivery,
    apiUrl: tokens.apiUrl,
    teamId: tokens.teamId,
    clock,
    log,
    onFatal: () => void stop(1, shutdownGraceMs),
  });
  const sender = createOutboxSender({
    ...slack,
    restoreText,
    records,
    fleet,
    clock,
    log,
    onFatal(error) {
      if (stopping) return;
      log.error({}, error.message);
      void stop(1, shutdownGraceMs);
    },
  });
  const clusters = createClusterReader(connections, clock);
  const clientEnv = clientEnvironmentOfProcess();
  const offCluster = await openOffCluster(config, clock, clientEnv.PATH ?? '');
  const deps: WorkflowDeps = {
    offCluster,
    records,
    fleet,
    clusters,
    sessions: createNodeSessions({
      connections,
      clientPath: config.clientPath,
      clientEnv,
      cacheDir: join(tmpdir(), 'etcd-backup-client-cache'),
      clock,
    }),
    people: slack.people,
    self: slack.self,
    client: createClientTool({ path: config.clientPath, env: clientEnv }),
    clock,
    ids: randomIds(),
    log,
    wake: () => {
      worker.wake();
      sender.wake();
    },
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
  };
  const worker = createWorker(deps, {
    owner: randomUUID(),
    leaseMs: config.leaseMs,
    idleMs: 1_000,
    concurrency: 16,
  });

  const names = fleet.clusters.map((each) => each.name);
  const parts = botHealth({ slack, records, worker, clusters: names, contacts: clusters, clock });
  const health = config.healthPort === undefined ? undefined : await serveHealth(config.healthPort, parts);

  let stopping: Promise<void> | undefined;
  function stop(exitCode: number, graceMs: number): Promise<void> {
    process.exitCode = exitCode;
    stopping ??= (async () => {
      log.info({ graceMs }, 'stopping');
      await slack.stop();
      await worker.stop(graceMs);
      await sender.stop();
      await health?.close();
      await records.close();
    })();
    return stopping;
  }
  onSignals((times) => {
    void stop(0, shutdownGraceMs);
    if (times > 1) worker.handOver();
  });

  slack.listen({ backups: createBackups(deps), fleet, language: config.language });
  await removeDeadSessions(deps);
  worker.start();
  sender.start();
  await slack.start();
  log.info({ clusters: names, team: slack.identity.teamId }, 'ready');
  // Beside everything else: a place that hangs must not keep the bot from its work.
  void checkDestinations(
    config.destinations.flatMap(({ name }) => offCluster.destinations.get(name)),
    log,
  );
}

async function openOffCluster(
  { destinations }: Config,
  clock: { now(): number },
  pathEnv: string,
): Promise<OffCluster> {
  // Also without any destination: what earlier backups left behind is still to be found and restored.
  return {
    destinations: openDestinations(destinations.map(openedDestination), clock),
    tools: copyTools(),
    restoreText,
    drill: await openDrill({ pathEnv, dir: tmpdir(), deadlineMs: drillDeadlineMs, clock }),
  };
}

function secretsOf(destination: ConfiguredDestination): readonly string[] {
  if (destination.kind === 'directory' || destination.credentials === undefined) return [];
  const { secretAccessKey, sessionToken } = destination.credentials;
  return [secretAccessKey, sessionToken].flatMap((each) => each?.reveal() ?? []);
}

function revealed(delivery: SlackDelivery): DeliveryOptions {
  return delivery.mode === 'http'
    ? { ...delivery, signingSecret: delivery.signingSecret.reveal() }
    : { ...delivery, appToken: delivery.appToken.reveal() };
}

/** The second signal is somebody in a hurry: what is under way is handed over at once, on record. */
function onSignals(stop: (times: number) => void): void {
  let times = 0;
  const count = () => {
    times += 1;
    stop(times);
  };
  process.on('SIGTERM', count);
  process.on('SIGINT', count);
}

/** Says in plain lines why the bot cannot start, and ends with exit 1. */
function refuse(error: unknown): void {
  const lines = error instanceof ConfigError ? error.mistakes.map(mistakeText) : [(error as Error).message];
  for (const line of lines) process.stderr.write(`etcd-backup cannot start: ${line}\n`);
  process.exit(1);
}

await loadConfigOfProcess(process.argv[2] ?? 'config.yaml')
  .then(start)
  .catch(refuse);
