import type { ClusterConnection } from '../../domain/network/cluster-connection.ts';
import type { ClusterPolicy, PersonMapping } from '../../domain/policy/policy.ts';
import type {
  ChangingFleet,
  ConfiguredCluster,
  FleetChange,
  FleetConfiguration,
} from '../ports/configuration.ts';

/** A change that the files ask for and that waits until nothing is in its way. */
export interface WaitingChange {
  readonly cluster: string;
  readonly what: 'policy' | 'removal';
}

/** The clusters as they are now. One object for the life of the process: what holds it always sees the present ones. */
export interface LiveFleet extends Required<ChangingFleet> {
  /** undefined: no cluster of this name is there. */
  connection(cluster: string): ClusterConnection | undefined;
  /** New clusters and people are there at once; a changed policy and a removal wait for `settle`. */
  apply(next: FleetConfiguration): void;
  waiting(): readonly WaitingChange[];
  /** Nothing is in the way of this change any more. */
  settle(change: WaitingChange): void;
}

interface Held extends ConfiguredCluster {
  /** What the files say now; undefined: they name it no more. */
  readonly wanted: ConfiguredCluster | undefined;
}

export function createLiveFleet(first: FleetConfiguration): LiveFleet {
  const listeners = new Set<(change: FleetChange) => void>();
  const departed = new Map<string, ClusterPolicy>();
  let held = new Map<string, Held>();
  let clusters: readonly ClusterPolicy[] = [];
  let people: readonly PersonMapping[] = [];
  let bySlackUser = new Map<string, PersonMapping>();

  function hold(next: ReadonlyMap<string, Held>): void {
    const joined = [...next.keys()].filter((name) => !held.has(name));
    const gone = [...held].filter(([name]) => !next.has(name));
    for (const [name, { policy }] of gone) departed.set(name, policy);
    for (const name of joined) departed.delete(name);
    held = new Map(next);
    clusters = [...held.values()].map(({ policy }) => policy);
    const left = gone.map(([name]) => name);
    if (joined.length > 0 || left.length > 0) for (const tell of listeners) tell({ joined, left });
  }

  function apply(next: FleetConfiguration): void {
    people = next.people;
    bySlackUser = new Map(people.map((each) => [each.slackUser, each]));
    const wanted = new Map(next.clusters.map((each) => [each.policy.name, each]));
    const leaving = [...held.values()].filter(({ policy }) => !wanted.has(policy.name));
    hold(
      new Map([
        ...[...wanted].map(([name, each]) => [name, heldFor(each, held.get(name))] as const),
        ...leaving.map((each) => [each.policy.name, asLeaving(each)] as const),
      ]),
    );
  }

  apply(first);
  return {
    get clusters() {
      return clusters;
    },
    get people() {
      return people;
    },
    cluster: (name) => held.get(name)?.policy,
    person: (slackUser) => bySlackUser.get(slackUser),
    connection: (name) => held.get(name)?.connection,
    lastKnown: (name) => held.get(name)?.policy ?? departed.get(name),
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    apply,
    waiting: () => [...held.values()].flatMap(waitingOf),
    settle({ cluster, what }) {
      const each = held.get(cluster);
      // The files may say something else by now.
      if (!each || !waitingOf(each).some((change) => change.what === what)) return;
      const next = new Map(held);
      if (each.wanted) next.set(cluster, { ...each.wanted, wanted: each.wanted });
      else next.delete(cluster);
      hold(next);
    },
  };
}

function waitingOf({ policy, connection, wanted }: Held): readonly WaitingChange[] {
  if (!wanted) return [{ cluster: policy.name, what: 'removal' }];
  return isSame({ policy, connection }, wanted) ? [] : [{ cluster: policy.name, what: 'policy' }];
}

/** A policy that did not change keeps its object. One that comes back while it leaves stays, with its policy of before until `settle`. */
function heldFor(wanted: ConfiguredCluster, before: Held | undefined): Held {
  if (!before) return { ...wanted, wanted };
  const { leaving: _, ...stays } = before.policy;
  const policy = before.policy.leaving ? stays : before.policy;
  return { policy, connection: before.connection, wanted };
}

function asLeaving({ policy, connection }: Held): Held {
  return {
    policy: policy.leaving ? policy : { ...policy, leaving: true },
    connection,
    wanted: undefined,
  };
}

/** Both come from one builder, which gives the same order of keys. */
function isSame(a: ConfiguredCluster, b: ConfiguredCluster): boolean {
  return textOf(a) === textOf(b);
}

function textOf({ policy, connection }: ConfiguredCluster): string {
  return JSON.stringify([policy, connection]);
}
