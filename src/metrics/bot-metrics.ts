import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Clock, Fleet, Log } from '../workflow/ports.ts';
import type { Records } from '../workflow/records.ts';
import { clusterGauges } from './cluster-gauges.ts';
import { runMetrics } from './run-metrics.ts';

export interface MetricsParts {
  readonly records: Pick<Records, 'fleet' | 'runFigures' | 'outboxStanding'>;
  readonly fleet: Pick<Fleet, 'clusters'>;
  readonly slack: { connected(): boolean };
  readonly contacts: { lastContact(cluster: string): number | undefined };
  readonly worker: { lastTurn(): number | undefined };
  readonly watcher: { lastTurn(): number | undefined };
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Pick<Log, 'warn'>;
  readonly version: string;
}

export interface BotMetrics {
  /**
   * Everything as Prometheus text, from the records as they are now. Scrapes that come at once share one reading. Never
   * rejects for what the records say: then it tells that they could not be read, and nothing of the fleet.
   */
  scrape(): Promise<{ readonly contentType: string; readonly body: string }>;
}

/** One per process. Label values are clusters of the configuration and closed lists, so the number of lines is known. */
export function createBotMetrics(parts: MetricsParts): BotMetrics {
  const { records, fleet, clock, contacts, log } = parts;
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const gauges = clusterGauges(registry);
  const names = fleet.clusters.map(({ name }) => name);
  const runs = runMetrics(registry, { records, clusters: names, startedAt: clock.now() });
  const process = processGauges(registry, parts);

  async function read(): Promise<boolean> {
    try {
      const [rows, outbox] = await Promise.all([records.fleet(), records.outboxStanding(), runs.catchUp()]);
      const byName = new Map(rows.map((row) => [row.cluster, row]));
      const lastContact = (cluster: string) => contacts.lastContact(cluster);
      gauges.set({ now: clock.now(), clusters: fleet.clusters, records: byName, lastContact });
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

/** What the bot says of itself. */
function processGauges(registry: Registry, { slack, worker, watcher, version }: MetricsParts) {
  const gauge = (name: string, help: string, ...labelNames: string[]) =>
    new Gauge({ name, help, labelNames, registers: [registry] });
  gauge('etcd_backup_build_info', 'The release of the bot; always 1.', 'version').set({ version }, 1);
  const recordsUp = gauge('etcd_backup_records_up', 'Whether the records could be read for this scrape.');
  const connected = gauge('etcd_backup_slack_connected', 'Whether Slack can reach the bot at this moment.');
  const workerTurn = gauge(
    'etcd_backup_worker_last_turn_timestamp_seconds',
    'When the bot last looked for runs to work on; it does every second. 0: not yet.',
  );
  const watcherTurn = gauge(
    'etcd_backup_watcher_last_turn_timestamp_seconds',
    'When the bot last looked at a cluster. 0: not yet.',
  );
  // A gauge without a label stands at 0 from its making; one with a label is absent until it is set.
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
      workerTurn.set((worker.lastTurn() ?? 0) / 1_000);
      watcherTurn.set((watcher.lastTurn() ?? 0) / 1_000);
    },
    setOutbox(standing: Awaited<ReturnType<Records['outboxStanding']>> | undefined): void {
      unsent.reset();
      oldest.reset();
      if (standing) unsent.set({ to: 'slack' }, standing.unsent);
      if (standing?.oldestAt !== undefined) oldest.set({ to: 'slack' }, standing.oldestAt / 1_000);
    },
  };
}
