import { rename } from 'node:fs/promises';
import type { Behaviour, World } from '../../world.ts';
import { type SwitchName, switchNames } from '../switch-names.ts';

/** Turns something off again. */
type Undo = () => void | Promise<void>;

/** What the script meets on the nodes. Several at once are one behaviour; of two outcomes the later in this list counts. */
const behaviours: Readonly<Partial<Record<SwitchName, Partial<Behaviour>>>> = {
  'disk-too-small': { diskFreeKiB: 20 },
  'disk-full': { outcome: 'disk-full' },
  'script-missing': { outcome: 'script-missing' },
  'image-unpullable': { outcome: 'image-unpullable' },
  'integrity-failed': { outcome: 'integrity-failed' },
  'torn-snapshot': { outcome: 'torn-snapshot' },
  'half-pair': { outcome: 'half-pair' },
  slow: { slowSeconds: 20 },
  'clock-ahead': { clockSkewSeconds: 600 },
};

const others: Readonly<Partial<Record<SwitchName, (world: World) => Undo | Promise<Undo>>>> = {
  rollout({ cluster }) {
    const set = (status: 'True' | 'False') =>
      void cluster.objects.setCondition('clusteroperators', 'etcd', { type: 'Progressing', status });
    set('True');
    return () => set('False');
  },
  'api-down': (world) => world.inject({ api: { kind: 'reset', match: () => true } }),
  'api-slow': (world) => world.inject({ api: { kind: 'delay', ms: 2_000, match: () => true } }),
  'no-pods': (world) =>
    world.inject({
      api: {
        kind: 'status',
        code: 403,
        reason: 'Forbidden',
        message: 'pods is forbidden: exceeded quota: sessions',
        match: ({ verb, resource, dryRun }) => verb === 'create' && resource === 'pods' && !dryRun,
      },
    }),
  'connection-cut': (world) =>
    world.inject({
      api: { kind: 'exec-cut', afterBytes: 65_536, match: ({ subresource }) => subresource === 'exec' },
    }),
  async 'nas-gone'({ offCluster }) {
    const nas = offCluster?.destinations['nas-1'];
    if (nas === undefined) throw new Error('This world has no destination nas-1.');
    await rename(nas, `${nas}.away`);
    return () => rename(`${nas}.away`, nas);
  },
  'slack-limits': (world) =>
    world.inject({
      slack: { method: '*', kind: 'ratelimited', retryAfterS: 3, times: Number.POSITIVE_INFINITY },
    }),
  'slack-down': (world) =>
    world.inject({ slack: { method: '*', kind: 'http', status: 503, times: Number.POSITIVE_INFINITY } }),
  'posting-limited'({ workspace, channels }) {
    workspace.limitPosting(channels.platform, 'everything');
    return () => workspace.limitPosting(channels.platform, undefined);
  },
  archived({ workspace, channels }) {
    workspace.archive(channels.platform);
    return () => workspace.unarchive(channels.platform);
  },
};

export interface Switches {
  /** Resolves when it is so. */
  set(name: SwitchName, on: boolean): Promise<void>;
  state(): Readonly<Record<SwitchName, { readonly on: boolean }>>;
}

export function createSwitches(world: World): Switches {
  const active = new Map<SwitchName, Undo>();
  // One after the other: two windows may click at once.
  let last: Promise<unknown> = Promise.resolve();

  async function change(name: SwitchName, on: boolean): Promise<void> {
    const undo = active.get(name);
    if (on === (undo !== undefined)) return;
    if (undo !== undefined) {
      active.delete(name);
      await undo();
      return;
    }
    if (behaviours[name] === undefined) {
      active.set(name, (await others[name]?.(world)) ?? (() => undefined));
      return;
    }
    active.set(name, () => behave(world, active));
    await behave(world, active);
  }

  return {
    set(name, on) {
      const next = last.then(() => change(name, on));
      last = next.catch(() => undefined);
      return next;
    },
    state: () =>
      Object.fromEntries(switchNames.map((name) => [name, { on: active.has(name) }])) as ReturnType<
        Switches['state']
      >,
  };
}

async function behave(world: World, on: ReadonlyMap<SwitchName, Undo>): Promise<void> {
  const nodes = Object.assign(
    {},
    ...switchNames.filter((name) => on.has(name)).map((name) => behaviours[name]),
  );
  await world.inject({ nodes });
}
