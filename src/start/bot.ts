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
import type { LiveFleet } from '../workflow/clusters/live-fleet.ts';
import { schedulePapers } from '../workflow/copies/renew-papers.ts';
import { reportDrillTools } from '../workflow/drill/drill-readiness.ts';
import { checkKnownPlaces } from '../workflow/places/check-destinations.ts';
import type { ConfigStatus } from '../workflow/ports/configuration.ts';
import type { WorkflowDeps } from '../workflow/ports/deps.ts';
import type { Clock, Log } from '../workflow/ports/ports.ts';
import type { Records } from '../workflow/ports/records.ts';
import { createRoomWatch } from '../workflow/restore-room/room-watch.ts';
import { removeDeadSessions } from '../workflow/session/leftovers.ts';
import { createWatcher } from '../workflow/watch/watcher.ts';
import { runWeeklySummaries } from '../workflow/watch/weekly-summary.ts';
import { writeClientCertificates } from './client-certificates.ts';
import { openFleet, openReload } from './fleet.ts';
import type { Shutdown } from './shutdown.ts';
import { workflowDeps } from './workflow-deps.ts';

/** What is open when the bot is put together. */
interface Opened {
  readonly slack: Slack;
  readonly records: Records;
  readonly clock: Clock;
  readonly log: Log;
  readonly version: string;
  /** Path of the configuration's main file. */
  readonly configFile: string;
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
  /** Reads the configuration again now. */
  reload(): void;
}

/** Wires all parts of the bot to each other, and registers each for the shutdown. */
export async function createBot(config: Config, opened: Opened): Promise<Bot> {
  const { slack, records, clock, log, shutdown } = opened;
  const { summary } = config;
  const fleet = openFleet(config);
  const sender = openSender(config, fleet, opened);
  const contacts = createClusterReader((cluster) => fleet.connection(cluster), clock);
  const wake = () => {
    for (const each of [worker, sender, watcher, rooms, reload]) each.wake();
  };
  const configuration = () => reload.status();
  const deps = await openDeps(config, { ...opened, fleet, configuration, clusters: contacts, wake });
  const id = randomUUID();
  const reload = openReload(config, { ...deps, fleet, file: opened.configFile, id });
  const worker = createWorker(deps, {
    owner: id,
    leaseMs: config.leaseMs,
    idleMs: 1_000,
    concurrency: 16,
  });
  const cron = createCronSlots();
  const watcher = createWatcher(
    { ...deps, cron, botUser: slack.identity.botUserId },
    { everyMs: config.watchEveryMs, atOnce: 64, random: Math.random },
  );
  const rooms = createRoomWatch(deps, { everyMs: config.watchEveryMs });
  const loop = monitorLoop();
  const ended = new AbortController();
  let summaries: Promise<void> | undefined;
  shutdown.stopLater(async () => ended.abort());
  shutdown.stopLater(
    slack.stop,
    reload.stop,
    watcher.stop,
    rooms.stop,
    worker.stop,
    sender.stop,
    contacts.close,
  );
  shutdown.stopLater(async () => summaries);
  shutdown.stopLater(async () => loop.stop());

  const clusters = () => fleet.clusters.map((each) => each.name);
  fleet.subscribe(({ joined, left }) => {
    for (const cluster of left) void contacts.forget(cluster);
    void atItsStart(deps, ended.signal, joined);
  });
  const parts = { slack, records, worker, watcher, contacts, clock, loop };
  const drillTools = deps.offCluster?.drill?.tools;
  const { scrape } = createBotMetrics({
    ...parts,
    fleet,
    log,
    version: opened.version,
    configuration,
    drillTools,
  });
  return {
    clusters: clusters(),
    health: { ...botHealth({ ...parts, clusters }), metrics: scrape },
    handOver: worker.handOver,
    reload: reload.readNow,
    start() {
      const watch = (cluster: string) => records.watch(cluster);
      slack.listen({ backups: createBackups(deps), watch, fleet, language: config.language });
      for (const each of [worker, sender, watcher, rooms, reload]) each.start();
      if (!summary) return;
      const summaryDeps = { policy: summary, records, cron, clock, log, wake };
      summaries = runWeeklySummaries(summaryDeps, { pollMs: 30_000, signal: ended.signal });
    },
    afterStart() {
      // Beside everything else: a place that hangs must not keep the bot from its work.
      void checkKnownPlaces(deps, deps.offCluster?.names ?? []);
      void atItsStart(deps, ended.signal, clusters());
      void reportDrillTools(deps);
    },
  };
}

/** What is due once for each cluster: at the bot's start, or when it joins. */
async function atItsStart(
  deps: WorkflowDeps,
  signal: AbortSignal,
  clusters: readonly string[],
): Promise<void> {
  await Promise.all([removeDeadSessions(deps, signal, clusters), schedulePapers(deps, signal, clusters)]);
}

function openSender(
  { summary }: Config,
  fleet: LiveFleet,
  { slack, records, clock, log, shutdown, onFatal }: Opened,
) {
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
  opened: Opened &
    Pick<WorkflowDeps, 'clusters' | 'wake'> & {
      readonly fleet: LiveFleet;
      readonly configuration: () => ConfigStatus;
    },
): Promise<WorkflowDeps> {
  const { slack, records, fleet, configuration, clusters, clock, log, wake, shutdown } = opened;
  const trusted = await writeClientCertificates([config.ca, extraCertificatesOfProcess()]);
  shutdown.stopLast(async () => trusted?.remove());
  shutdown.stopLast(async () => slack.close());
  const certificates = trusted?.directory;
  return workflowDeps(config, {
    slack,
    certificates,
    records,
    fleet,
    configuration,
    clusters,
    clock,
    log,
    wake,
  });
}
