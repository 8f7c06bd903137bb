import { conditionOf } from '../cluster/condition.ts';
import type { ClusterFacts, OperatorFacts, VersionFacts } from '../cluster/facts.ts';
import type { Unreadable } from '../cluster/reading.ts';
import { releaseState } from '../cluster/release.ts';

/** What the bot sees itself once people have settled every step. Times are ms UTC. */
export interface RoomChecks {
  readonly at: number;
  readonly checks: readonly RoomCheck[];
}

/**
 * well     as it has to be
 * not-yet  it is not, or not yet: `names` and `found` say what
 * unknown  it could not be read
 */
export type RoomCheck =
  | { readonly of: 'api'; readonly state: 'well' }
  | { readonly of: 'api'; readonly state: 'unknown'; readonly why: Unreadable }
  | ({ readonly of: 'cluster-id' | 'z-stream'; readonly expected: string } & (
      | { readonly state: 'well' }
      | { readonly state: 'not-yet'; readonly found: string }
    ))
  | ({ readonly of: 'nodes' | 'operators' | 'members' } & (
      | { readonly state: 'well'; readonly count: number }
      | { readonly state: 'not-yet'; readonly names: readonly string[]; readonly count: number }
      | { readonly state: 'unknown'; readonly why: Unreadable }
    ));

interface Expected {
  readonly clusterId: string;
  readonly zStream: string;
  readonly members: readonly string[];
}

/** Reads off the facts whether the cluster is restored. Without an answer of the API nothing else can be said. */
export function roomChecks(facts: ClusterFacts, expected: Expected): readonly RoomCheck[] {
  const { version } = facts;
  if (!version.ok) return [{ of: 'api', state: 'unknown', why: version.why }];
  const { clusterId } = version.value;
  return [
    { of: 'api', state: 'well' },
    same('cluster-id', expected.clusterId, clusterId),
    same('z-stream', expected.zStream, releaseNow(version.value)),
    nodesCheck(facts),
    operatorsCheck(facts),
    membersCheck(facts, expected.members),
  ];
}

export function isAllWell(checks: readonly RoomCheck[]): boolean {
  return checks.length > 1 && checks.every(({ state }) => state === 'well');
}

function same(of: 'cluster-id' | 'z-stream', expected: string, found: string): RoomCheck {
  return found === expected
    ? { of, expected, state: 'well' }
    : { of, expected, state: 'not-yet', found: found === '' ? '–' : found };
}

/** Between two releases it is neither. */
function releaseNow(version: VersionFacts): string {
  const state = releaseState(version);
  return state.kind === 'settled'
    ? state.release.version
    : `${state.from?.version ?? '?'} → ${state.to.version}`;
}

function nodesCheck({ nodes }: ClusterFacts): RoomCheck {
  if (!nodes.ok) return { of: 'nodes', state: 'unknown', why: nodes.why };
  const notReady = nodes.value.filter(
    ({ conditions }) => conditionOf(conditions, 'Ready')?.status !== 'True',
  );
  return counted(
    'nodes',
    nodes.value.length,
    notReady.map(({ name }) => name),
  );
}

function operatorsCheck({ operators }: ClusterFacts): RoomCheck {
  if (!operators.ok) return { of: 'operators', state: 'unknown', why: operators.why };
  const unsettled = operators.value.filter((each) => !isSettled(each));
  return counted(
    'operators',
    operators.value.length,
    unsettled.map(({ name }) => name),
  );
}

/** As `oc adm wait-for-stable-cluster` looks at it. */
function isSettled({ conditions }: OperatorFacts): boolean {
  const status = (type: string) => conditionOf(conditions, type)?.status;
  return status('Available') === 'True' && status('Degraded') !== 'True' && status('Progressing') !== 'True';
}

/** A member is there when its pod is Ready. `count`: members that are. */
function membersCheck({ etcdPods }: ClusterFacts, members: readonly string[]): RoomCheck {
  if (!etcdPods.ok) return { of: 'members', state: 'unknown', why: etcdPods.why };
  const ready = new Set(etcdPods.value.filter((pod) => pod.ready).map(({ node }) => node));
  // A lost node comes back under another name: then the number of members decides.
  if (ready.size >= members.length && etcdPods.value.every((pod) => pod.ready))
    return { of: 'members', state: 'well', count: ready.size };
  const pods = etcdPods.value.filter((pod) => !pod.ready).map(({ node }) => node);
  const absent = members.filter((name) => !etcdPods.value.some(({ node }) => node === name));
  return { of: 'members', state: 'not-yet', names: [...pods, ...absent], count: ready.size };
}

function counted(of: 'nodes' | 'operators', count: number, names: readonly string[]): RoomCheck {
  // No node, or no operator at all: the API answers, but the cluster is not there.
  return names.length === 0 && count > 0
    ? { of, state: 'well', count }
    : { of, state: 'not-yet', names, count };
}
