import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import packageJson from '../package.json' with { type: 'json' };
import { drawPicture } from './chart/draw-picture.ts';
import type { Config } from './config/build/config.ts';
import { extraCertificatesOfProcess, loadConfigOfProcess } from './config/build/process.ts';
import { secretsOf } from './config/build/secrets-of.ts';
import { errorLines } from './config/file/mistake.ts';
import { createBotMetrics, createStartMetrics } from './metrics/bot-metrics.ts';
import { createClusterReader } from './openshift/facts/cluster-reader.ts';
import { lockRecords } from './records/engine/sqlite-lock.ts';
import { openSqliteRecords } from './records/store/sqlite.ts';
import { restoreText } from './restore/restore-text.ts';
import { openSlack } from './slack/app/app.ts';
import { createOutboxSender } from './slack/outbox/outbox-sender.ts';
import { writeClientCertificates } from './start/client-certificates.ts';
import { slackOptions } from './start/secrets.ts';
import { createShutdown, onSignals } from './start/shutdown.ts';
import { waitingForSlack } from './start/waiting-for-slack.ts';
import { workflowDeps } from './start/workflow-deps.ts';
import { botHealth, startingHealth } from './system/bot-health.ts';
import { systemClock } from './system/clock.ts';
import { createCronSlots } from './system/cron.ts';
import { type Health, type HealthParts, serveHealth } from './system/health.ts';
import { openLog } from './system/log.ts';
import { monitorLoop } from './system/loop-delay.ts';
import { createBackups } from './workflow/answers/create-backups.ts';
import { createWorker } from './workflow/backup/worker.ts';
import { reportDrillTools } from './workflow/drill/drill-standing.ts';
import { checkKnownPlaces } from './workflow/places/check-destinations.ts';
import { removeDeadSessions } from './workflow/session/leftovers.ts';
import { createWatcher } from './workflow/watch/watcher.ts';
import { runWeeklySummaries } from './workflow/watch/weekly-summary.ts';

// Kubernetes kills 30 s after SIGTERM; what has not ended by then is handed over to the next process.
const shutdownGraceMs = 20_000;

async function start(config: Config): Promise<void> {
  const { fleet } = config;
  const log = openLog({ level: config.logLevel, secrets: secretsOf(config), out: process.stdout });
  const clock = systemClock();
  for (const warning of config.warnings) log.warn({ key: warning.key }, warning.text);
  const shutdown = createShutdown(log, shutdownGraceMs);

  await mkdir(dirname(config.recordsFile), { recursive: true });
  const file = config.recordsFile;
  const lock = await lockRecords({ file, now: clock.now() });
  const records = await openSqliteRecords({
    file,
    lock,
    onUnreadable: (err) => log.error({ err }, 'a cluster is reported without its stored state'),
  });
  await records.recover();
  const { version } = packageJson;
  const waiting = waitingForSlack();
  const health = await openHealth(config, {
    ...startingHealth(waiting.trouble),
    metrics: createStartMetrics({ version }).scrape,
  });
  shutdown.stopLater(async () => waiting.end());
  shutdown.stopLast(
    async () => health?.close(),
    records.close,
    async () => lock.release(),
  );
  let handOver: () => void = () => undefined;
  onSignals((times) => {
    void shutdown.stop(0);
    if (times > 1) handOver();
  });
  const onFatal = () => void shutdown.stop(1);
  const opening = openSlack({ ...slackOptions(config), ...waiting.options, clock, log, onFatal });
  if (!(await shutdown.startGoesOn(opening))) return;
  const slack = await opening;
  const { summary: policy } = config;
  const sender = createOutboxSender({
    ...slack,
    restoreText,
    summary: policy && { policy, draw: drawPicture },
    records,
    fleet,
    clock,
    log,
    onFatal(error) {
      if (shutdown.stopping) return;
      log.error({}, error.message);
      onFatal();
    },
  });
  const clusters = createClusterReader(config.connections, clock);
  const wake = () => {
    for (const each of [worker, sender, watcher]) each.wake();
  };
  const trusted = await writeClientCertificates([config.ca, extraCertificatesOfProcess()]);
  shutdown.stopLast(async () => trusted?.remove());
  shutdown.stopLast(async () => slack.close());
  const certificates = trusted?.directory;
  const deps = await workflowDeps(config, { slack, certificates, records, clusters, clock, log, wake });
  const worker = createWorker(deps, {
    owner: randomUUID(),
    leaseMs: config.leaseMs,
    idleMs: 1_000,
    concurrency: 16,
  });
  handOver = worker.handOver;
  const cron = createCronSlots();
  const watcher = createWatcher(
    { ...deps, cron, botUser: slack.identity.botUserId },
    { everyMs: config.watchEveryMs, atOnce: 64, random: Math.random },
  );

  const names = fleet.clusters.map((each) => each.name);
  const loop = monitorLoop();
  const parts = botHealth({
    slack,
    records,
    worker,
    watcher,
    clusters: names,
    contacts: clusters,
    clock,
    loop,
  });
  const drillTools = deps.offCluster?.drill?.tools;
  const about = {
    slack,
    records,
    fleet,
    worker,
    watcher,
    contacts: clusters,
    loop,
    clock,
    log,
    version,
    drillTools,
  };
  const { scrape } = createBotMetrics(about);
  health?.show({ ...parts, metrics: scrape });

  const tidying = new AbortController();
  shutdown.stopLater(async () => tidying.abort());
  shutdown.stopLater(slack.stop, watcher.stop, worker.stop, sender.stop, clusters.close);
  let summaries: Promise<void> | undefined;
  shutdown.stopLater(async () => summaries);
  shutdown.stopLater(async () => loop.stop());

  slack.listen({
    backups: createBackups(deps),
    watch: (cluster) => records.watch(cluster),
    fleet,
    language: config.language,
  });
  worker.start();
  sender.start();
  watcher.start();
  if (policy) {
    const summaryDeps = { policy, records, cron, clock, log, wake };
    summaries = runWeeklySummaries(summaryDeps, { pollMs: 30_000, signal: tidying.signal });
  }
  if (!(await shutdown.startGoesOn(slack.start()))) return;
  log.info({ clusters: names, team: slack.identity.teamId }, 'ready');
  // Beside everything else: a place that hangs must not keep the bot from its work.
  void checkKnownPlaces(deps, deps.offCluster?.names ?? []);
  void removeDeadSessions(deps, tidying.signal);
  void reportDrillTools(deps);
}

async function openHealth({ healthPort }: Config, parts: HealthParts): Promise<Health | undefined> {
  return healthPort === undefined ? undefined : serveHealth(healthPort, parts);
}

/** Says in plain lines why the bot cannot start, and ends with exit 1. */
function refuse(error: unknown): void {
  for (const line of errorLines(error)) process.stderr.write(`etcd-backup cannot start: ${line}\n`);
  process.exit(1);
}

await loadConfigOfProcess(process.argv[2] ?? 'config.yaml')
  .then(start)
  .catch(refuse);
