import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import packageJson from '../package.json' with { type: 'json' };
import { drawPicture } from './chart/draw-picture.ts';
import type { Config } from './config/config.ts';
import { ConfigError, mistakeText } from './config/mistake.ts';
import { loadConfigOfProcess } from './config/process.ts';
import { createBotMetrics } from './metrics/bot-metrics.ts';
import { createClusterReader } from './openshift/cluster-reader.ts';
import { openSqliteRecords } from './records/sqlite.ts';
import { restoreText } from './restore/restore-text.ts';
import { openSlack } from './slack/app.ts';
import { createOutboxSender } from './slack/outbox-sender.ts';
import { createSummaryChannel } from './slack/summary-channel.ts';
import { secretsOf, slackOptions } from './start/secrets.ts';
import { createShutdown, onSignals } from './start/shutdown.ts';
import { workflowDeps } from './start/workflow-deps.ts';
import { botHealth } from './system/bot-health.ts';
import { systemClock } from './system/clock.ts';
import { createCronSlots } from './system/cron.ts';
import { serveHealth } from './system/health.ts';
import { openLog } from './system/log.ts';
import { checkDestinations } from './workflow/check-destinations.ts';
import { createBackups } from './workflow/create-backups.ts';
import { removeDeadSessions } from './workflow/leftovers.ts';
import { createWatcher } from './workflow/watcher.ts';
import { createWeeklySummaries } from './workflow/weekly-summary.ts';
import { createWorker } from './workflow/worker.ts';

// Kubernetes kills 30 s after SIGTERM; what has not ended by then is handed over to the next process.
const shutdownGraceMs = 20_000;

async function start(config: Config): Promise<void> {
  const { fleet } = config;
  const log = openLog({ level: config.logLevel, secrets: secretsOf(config), out: process.stdout });
  const clock = systemClock();
  for (const warning of config.warnings) log.warn({ key: warning.key }, warning.text);
  const shutdown = createShutdown(log, shutdownGraceMs);

  await mkdir(dirname(config.recordsFile), { recursive: true });
  const records = await openSqliteRecords({
    file: config.recordsFile,
    onUnreadable: (err) => log.error({ err }, 'a cluster is told without what was remembered of it'),
  });
  const onFatal = () => void shutdown.stop(1);
  const slack = await openSlack({ ...slackOptions(config), clock, log, onFatal });
  const sender = createOutboxSender({
    ...slack,
    restoreText,
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
  const deps = await workflowDeps(config, { slack, records, clusters, clock, log, wake });
  const worker = createWorker(deps, {
    owner: randomUUID(),
    leaseMs: config.leaseMs,
    idleMs: 1_000,
    concurrency: 16,
  });
  const cron = createCronSlots();
  const watcher = createWatcher(
    { ...deps, cron, botUser: slack.identity.botUserId },
    { everyMs: config.watchEveryMs, atOnce: 64, random: Math.random },
  );
  const { summary: policy } = config;
  const channel = policy && createSummaryChannel({ ...slack, policy, draw: drawPicture, clock, log });
  const summaries =
    channel &&
    createWeeklySummaries({ policy, records, fleet, channel, cron, clock, log }, { pollMs: 30_000 });

  const names = fleet.clusters.map((each) => each.name);
  const parts = botHealth({ slack, records, worker, watcher, clusters: names, contacts: clusters, clock });
  const { version } = packageJson;
  const about = { slack, records, fleet, worker, watcher, contacts: clusters, clock, log, version };
  const { scrape } = createBotMetrics(about);
  const health =
    config.healthPort === undefined
      ? undefined
      : await serveHealth(config.healthPort, { ...parts, metrics: scrape });

  const tidying = new AbortController();
  shutdown.stopLater(async () => tidying.abort());
  shutdown.stopLater(slack.stop, watcher.stop, worker.stop, sender.stop, clusters.close);
  shutdown.stopLater(async () => summaries?.stop());
  shutdown.stopLater(async () => health?.close(), records.close);
  onSignals((times) => {
    void shutdown.stop(0);
    if (times > 1) worker.handOver();
  });

  slack.listen({
    backups: createBackups(deps),
    watch: (cluster) => records.watch(cluster),
    fleet,
    language: config.language,
  });
  worker.start();
  sender.start();
  watcher.start();
  summaries?.start();
  if (!(await shutdown.startGoesOn(slack.start()))) return;
  log.info({ clusters: names, team: slack.identity.teamId }, 'ready');
  // Beside everything else: a place that hangs must not keep the bot from its work.
  const opened = config.destinations.flatMap(({ name }) => deps.offCluster?.destinations.get(name) ?? []);
  void checkDestinations(opened, log);
  void removeDeadSessions(deps, tidying.signal);
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
