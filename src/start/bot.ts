import { randomUUID } from 'node:crypto';
import { drawPicture } from '../chart/draw-picture.ts';
import type { Config } from '../config/build/config.ts';
import { extraCertificatesOfProcess } from '../config/build/process.ts';
import { createBotMetrics } from '../metrics/bot-metrics.ts';
import { createClusterReader } from '../openshift/facts/cluster-reader.ts';
import { restoreText } from '../restore/restore-text.ts';
import type { Slack } from '../slack/app/app.ts';
import { createOutboxSender } from '../slack/outbox/outbox-sender.ts';
import { botHealth } from '../system/bot-health.ts';
import { createCronSlots } from '../system/cron.ts';
import type { HealthParts } from '../system/health.ts';
import { monitorLoop } from '../system/loop-delay.ts';
import { createBackups } from '../workflow/answers/create-backups.ts';
import { createWorker } from '../workflow/backup/worker.ts';
import { schedulePapers } from '../workflow/copies/renew-papers.ts';
import { reportDrillTools } from '../workflow/drill/drill-readiness.ts';
import { checkKnownPlaces } from '../workflow/places/check-destinations.ts';
import type { WorkflowDeps } from '../workflow/ports/deps.ts';
import type { Clock, ClusterReader, Log } from '../workflow/ports/ports.ts';
import type { Records } from '../workflow/ports/records.ts';
import { removeDeadSessions } from '../workflow/session/leftovers.ts';
import { createWatcher } from '../workflow/watch/watcher.ts';
import { runWeeklySummaries } from '../workflow/watch/weekly-summary.ts';
import { writeClientCertificates } from './client-certificates.ts';
import type { Shutdown } from './shutdown.ts';
import { workflowDeps } from './workflow-deps.ts';

/** What is open when the bot is put together. */
interface Opened {
  readonly slack: Slack;
  readonly records: Records;
  readonly clock: Clock;
  readonly log: Log;
  readonly version: string;
  readonly shutdown: Shutdown;
  onFatal(): void;
}

export interface Bot {
  readonly clusters: readonly string[];
  readonly health: HealthParts;
  /** Begins to listen and to work; Slack is started by the caller. */
  start(): void;
  /** What may take its time once the bot is ready. */
  afterStart(): void;
  /** Runs under way go to the next process at once. */
  handOver(): void;
}

/** Wires all parts of the bot to each other, and registers each for the shutdown. */
export async function createBot(config: Config, opened: Opened): Promise<Bot> {
  const { slack, records, clock, log, shutdown } = opened;
  const { fleet, summary } = config;
  const sender = openSender(config, opened);
  const contacts = createClusterReader(config.connections, clock);
  const wake = () => {
    for (const each of [worker, sender, watcher]) each.wake();
  };
  const deps = await openDeps(config, { ...opened, clusters: contacts, wake });
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
  const loop = monitorLoop();
  const ended = new AbortController();
  let summaries: Promise<void> | undefined;
  shutdown.stopLater(async () => ended.abort());
  shutdown.stopLater(slack.stop, watcher.stop, worker.stop, sender.stop, contacts.close);
  shutdown.stopLater(async () => summaries);
  shutdown.stopLater(async () => loop.stop());

  const clusters = fleet.clusters.map((each) => each.name);
  const parts = { slack, records, worker, watcher, contacts, clock, loop };
  const drillTools = deps.offCluster?.drill?.tools;
  const { scrape } = createBotMetrics({ ...parts, fleet, log, version: opened.version, drillTools });
  return {
    clusters,
    health: { ...botHealth({ ...parts, clusters }), metrics: scrape },
    handOver: worker.handOver,
    start() {
      const watch = (cluster: string) => records.watch(cluster);
      slack.listen({ backups: createBackups(deps), watch, fleet, language: config.language });
      for (const each of [worker, sender, watcher]) each.start();
      if (!summary) return;
      const summaryDeps = { policy: summary, records, cron, clock, log, wake };
      summaries = runWeeklySummaries(summaryDeps, { pollMs: 30_000, signal: ended.signal });
    },
    afterStart() {
      // Beside everything else: a place that hangs must not keep the bot from its work.
      void checkKnownPlaces(deps, deps.offCluster?.names ?? []);
      void removeDeadSessions(deps, ended.signal);
      void schedulePapers(deps, ended.signal);
      void reportDrillTools(deps);
    },
  };
}

function openSender({ fleet, summary }: Config, { slack, records, clock, log, shutdown, onFatal }: Opened) {
  return createOutboxSender({
    ...slack,
    restoreText,
    summary: summary && { policy: summary, draw: drawPicture },
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
}

async function openDeps(
  config: Config,
  opened: Opened & { readonly clusters: ClusterReader; wake(): void },
): Promise<WorkflowDeps> {
  const { slack, records, clusters, clock, log, wake, shutdown } = opened;
  const trusted = await writeClientCertificates([config.ca, extraCertificatesOfProcess()]);
  shutdown.stopLast(async () => trusted?.remove());
  shutdown.stopLast(async () => slack.close());
  const certificates = trusted?.directory;
  return workflowDeps(config, { slack, certificates, records, clusters, clock, log, wake });
}
