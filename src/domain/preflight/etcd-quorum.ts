import type { ClusterFacts } from '../cluster/facts.ts';

/** What the etcd pods show: they are Ready only while their member answers. */
export interface Quorum {
  readonly ready: number;
  readonly members: number;
  /** Names of pods; a member without a pod is not among them. */
  readonly notReady: readonly string[];
  readonly needed: number;
  readonly held: boolean;
}

/** undefined: the pods could not be read, or the number of members is unknown. */
export function quorumOf({
  etcd,
  etcdPods,
  infrastructure,
}: Pick<ClusterFacts, 'etcd' | 'etcdPods' | 'infrastructure'>): Quorum | undefined {
  if (!etcdPods.ok) return undefined;
  const members = Math.max(etcdPods.value.length, etcd.ok ? etcd.value.nodeRevisions.length : 0);
  if (members === 0) return undefined;
  const notReady = etcdPods.value.filter((pod) => !pod.ready).map(({ name }) => name);
  const ready = etcdPods.value.length - notReady.length;
  // Two nodes with fencing: the one that is left goes on alone.
  const alone = infrastructure.ok && infrastructure.value.controlPlaneTopology === 'DualReplica';
  const needed = alone ? 1 : Math.floor(members / 2) + 1;
  return { ready, members, notReady, needed, held: ready >= needed };
}

/** `2 of 3 members are available`, as the operator counts them; undefined: the text counts nothing. */
export function membersAvailable(text: string): { readonly isMinority: boolean } | undefined {
  const found = /\b(\d{1,3}) of (\d{1,3}) members\b/.exec(text);
  if (!found) return undefined;
  return { isMinority: Number(found[1]) * 2 <= Number(found[2]) };
}
