import assert from 'node:assert/strict';
import type { ClusterPolicy } from '../../src/domain/policy/policy.ts';
import type { ClusterNotice } from '../../src/domain/watch/cluster-notice.ts';
import type { ClusterEventKind, ClusterWatch } from '../../src/domain/watch/cluster-watch.ts';
import { createCronSlots } from '../../src/system/cron.ts';
import type { WatchDeps } from '../../src/workflow/watch/record-observation.ts';
import { createWatcher, type Watcher, type WatcherOptions } from '../../src/workflow/watch/watcher.ts';
import { openWorkflowLab, until, type WorkflowLab } from './workflow-lab.ts';

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;

/** People are at work all the time: a reminder is repeated when it is due. */
export const alwaysAtWork: Pick<ClusterPolicy, 'workingHours'> = {
  workingHours: { fromMinute: 0, toMinute: 0, days: [1, 2, 3, 4, 5, 6, 7] },
};

/** The watcher over real records and a real API server, with a clock that the test moves. */
export interface WatchLab extends AsyncDisposable {
  readonly lab: WorkflowLab;
  readonly deps: WatchDeps;
  /** A started watcher; stopped with the lab at the latest. `change`: parts that this one has of its own. */
  watch(options?: Partial<WatcherOptions>, change?: Partial<WatchDeps>): Watcher;
  state(cluster?: string): Promise<ClusterWatch | undefined>;
  /** Waits until the watch on record is as wanted. */
  seen(wanted: (watch: ClusterWatch) => boolean, cluster?: string): Promise<ClusterWatch>;
  /** Oldest first. */
  events(cluster?: string): Promise<readonly ClusterEventKind[]>;
  /** Takes what is to be said about the cluster out of the outbox, in order. */
  notices(cluster?: string): Promise<readonly ClusterNotice[]>;
  /** GETs of ClusterVersion so far. */
  looks(): number;
  /** Waits for so many more looks, and until what they brought is on record. */
  moreLooks(count: number): Promise<void>;
}

export async function openWatchLab(options: Parameters<typeof openWorkflowLab>[0] = {}): Promise<WatchLab> {
  const policy = { ...alwaysAtWork, ...options.policy };
  const lab = await openWorkflowLab({ ...options, policy });
  const deps: WatchDeps = { ...lab.deps, cron: createCronSlots(), botUser: 'UBOT' };
  const watchers: Watcher[] = [];
  const first = lab.lab.policy.name;
  const looks = () =>
    lab.lab.cluster.requests.filter(({ verb, resource }) => `${verb} ${resource}` === 'get clusterversions')
      .length;
  const state: WatchLab['state'] = (cluster = first) => lab.records.watch(cluster);
  return {
    lab,
    deps,
    watch(given = {}, change = {}) {
      const watcher = createWatcher(
        { ...deps, ...change },
        { everyMs: 10, atOnce: 64, random: Math.random, ...given },
      );
      watchers.push(watcher);
      watcher.start();
      return watcher;
    },
    state,
    seen: (wanted, cluster = first) =>
      until(async () => {
        const watch = await state(cluster);
        return watch !== undefined && wanted(watch) ? watch : false;
      }),
    async events(cluster = first) {
      const newest = await lab.records.clusterEvents(cluster, { limit: 100 });
      return newest.map(({ kind }) => kind).toReversed();
    },
    async notices(cluster = first) {
      const taken: ClusterNotice[] = [];
      for (;;) {
        const now = lab.clock.now();
        const item = await lab.records.takeNotice({ now });
        if (!item) return taken;
        if (item.about === 'cluster' && item.cluster === cluster) taken.push(item.notice);
        await lab.records.noticeSent(item.id, { now, ts: undefined });
      }
    },
    looks,
    async moreLooks(count) {
      assert.ok(watchers.length > 0, 'no watcher is started');
      // One more than asked for: the last of them begins only when the one before is on record.
      const enough = looks() + count + 1;
      await until(async () => looks() >= enough);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(watchers.map((each) => each.stop()));
      await lab[Symbol.asyncDispose]();
    },
  };
}
