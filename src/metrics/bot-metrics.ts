import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { DrillTools } from '../domain/drill/drill-tools.ts';
import type { Fleet } from '../domain/policy/policy.ts';
import type { ConfigStatus } from '../workflow/ports/configuration.ts';
import type { Clock, Log } from '../workflow/ports/ports.ts';
import type { Records } from '../workflow/ports/records.ts';
import { clusterGauges } from './cluster-gauges.ts';
import { configGauges } from './config-gauges.ts';
import { retentionStops } from './retention-stops.ts';
import { runMetrics } from './run-metrics.ts';

export interface MetricsParts {
  readonly records: Pick<Records, 'fleet' | 'runFigures' | 'outboxStatus' | 'runs'>;
  readonly fleet: Pick<Fleet, 'clusters'>;
  readonly slack: { connected(): boolean };
  readonly contacts: { lastContact(cluster: string): number | undefined };
  readonly worker: { lastTurn(): number | undefined };
  readonly watcher: { lastTurn(): number | undefined };
  readonly loop: { delays(): { readonly p50: number; readonly p99: number; readonly max: number } };
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Pick<Log, 'warn'>;
  readonly version: string;
  /** Absent: nothing reads the configuration again. */
  readonly configuration?: (() => ConfigStatus) | undefined;
  /** What drills can be made with; absent: nothing was looked for. */
  readonly drillTools?: DrillTools | undefined;
}

export interface BotMetrics {
  /**
   * Everything as Prometheus text, from the records as they are now. Scrapes that come at once share one reading. Never
   * rejects for what the records say: then it exports that they could not be read, and nothing of the fleet.
   */
  scrape(): Promise<{ readonly contentType: string; readonly body: string }>;
}

/** One per process. Label values are clusters of the configuration and closed lists, so the number of lines is known. */
export function createBotMetrics(parts: MetricsParts): BotMetrics {
  const { records, fleet, clock, contacts, log } = parts;
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const gauges = clusterGauges(registry);
  const names = () => fleet.clusters.map(({ name }) => name);
  const runs = runMetrics(registry, { records, clusters: names, startedAt: clock.now() });
  const process = processGauges(registry, parts);

  async function read(): Promise<boolean> {
    try {
      const now = clock.now();
      const [rows, outbox, stops] = await Promise.all([
        records.fleet({ now }),
        records.outboxStatus(),
        retentionStops({ records, log }, names()),
        runs.catchUp(),
      ]);
      const byName = new Map(rows.map((row) => [row.cluster, row]));
      const lastContact = (cluster: string) => contacts.lastContact(cluster);
      const { drillTools } = parts;
      gauges.set({ now, clusters: fleet.clusters, records: byName, lastContact, drillTools, stops });
      process.setOutbox(outbox);
      return true;
    } catch (error) {
      log.warn(
        { err: error },
        'the records could not be read for metrics; this scrape says nothing of the fleet',
      );
      gauges.clear();
      process.setOutbox(undefined);
      return false;
    }
  }

  async function collect(): Promise<string> {
    process.set(await read());
    return registry.metrics();
  }

  let underWay: Promise<string> | undefined;
  return {
    async scrape() {
      underWay ??= collect().finally(() => {
        underWay = undefined;
      });
      return { contentType: registry.contentType, body: await underWay };
    },
  };
}

/** Before Slack has said who we are: the release, and that Slack cannot reach the bot. Nothing is watched yet. */
export function createStartMetrics({ version }: Pick<MetricsParts, 'version'>): BotMetrics {
  const registry = new Registry();
  const registers = [registry];
  new Gauge({ ...buildInfo, labelNames: ['version'], registers }).set({ version }, 1);
  new Gauge({ ...slackConnected, registers }).set(0);
  return {
    scrape: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  };
}

const buildInfo = { name: 'etcd_backup_build_info', help: 'The release of the bot; always 1.' };
const slackConnected = {
  name: 'etcd_backup_slack_connected',
  help: 'Whether Slack can reach the bot at this moment.',
};

/** What the bot says of itself. */
function processGauges(registry: Registry, parts: MetricsParts) {
  const { slack, worker, watcher, loop, version, drillTools } = parts;
  const gauge = (name: string, help: string, ...labelNames: string[]) =>
    new Gauge({ name, help, labelNames, registers: [registry] });
  gauge(buildInfo.name, buildInfo.help, 'version').set({ version }, 1);
  const tools = gauge(
    'etcd_backup_drill_tools',
    'Sets of etcd\'s programs for restore drills, by etcd\'s minor release: 1 usable, 0 not. minor="path": looked for in PATH.',
    'minor',
  );
  for (const { minor } of drillTools?.problems ?? []) tools.set({ minor: minor ?? 'path' }, 0);
  for (const { minor } of drillTools?.sets ?? []) tools.set({ minor }, 1);
  const recordsUp = gauge('etcd_backup_records_up', 'Whether the records could be read for this scrape.');
  const connected = gauge(slackConnected.name, slackConnected.help);
  const config = parts.configuration && configGauges(registry, parts.configuration);
  const workerTurn = gauge(
    'etcd_backup_worker_last_turn_timestamp_seconds',
    'When the bot last looked for runs to work on; it does every second. 0: not yet.',
  );
  const watcherTurn = gauge(
    'etcd_backup_watcher_last_turn_timestamp_seconds',
    'When the bot last looked at a cluster. 0: not yet.',
  );
  const loopDelay = (figure: string, what: string) =>
    gauge(
      `etcd_backup_event_loop_delay_${figure}_seconds`,
      `How long what was due waited for the bot's process: ${what} of the worst 5 s of the last minute.`,
    );
  const loopP50 = loopDelay('p50', 'the median');
  const loopP99 = loopDelay('p99', 'the 99th percentile');
  const loopMax = loopDelay('max', 'the longest wait');
  // A gauge without a label is 0 from the start; one with a label is absent until it is set.
  const unsent = gauge('etcd_backup_outbox_messages', 'Messages that are not posted yet.', 'to');
  const oldest = gauge(
    'etcd_backup_outbox_oldest_timestamp_seconds',
    'When the oldest of them was written. Absent where there is none.',
    'to',
  );
  return {
    set(read: boolean): void {
      recordsUp.set(read ? 1 : 0);
      connected.set(slack.connected() ? 1 : 0);
      config?.set();
      workerTurn.set((worker.lastTurn() ?? 0) / 1_000);
      const delays = loop.delays();
      loopP50.set(delays.p50);
      loopP99.set(delays.p99);
      loopMax.set(delays.max);
      watcherTurn.set((watcher.lastTurn() ?? 0) / 1_000);
    },
    setOutbox(backlog: Awaited<ReturnType<Records['outboxStatus']>> | undefined): void {
      unsent.reset();
      oldest.reset();
      if (backlog) unsent.set({ to: 'slack' }, backlog.unsent);
      if (backlog?.oldestAt !== undefined) oldest.set({ to: 'slack' }, backlog.oldestAt / 1_000);
    },
  };
}
