import type { Manifest } from '../copies/manifest-document.ts';

/** A control-plane node as the commands reach it. */
export interface Host {
  readonly name: string;
  /** Undefined: only the name is known. */
  readonly address: string | undefined;
}

/** Why a node is the one that is printed as recovery host. */
type HostChoice =
  /** No learner, and the highest raft index before the run. */
  | 'highest-raft-index'
  /** Etcd was not asked, or did not say. */
  | 'node-of-the-backup';

export interface RecoveryHost extends Host {
  readonly because: HostChoice;
}

/**
 * The node on which everything is restored, as the documentation of 4.20 chooses it: a member that is no learner and has the
 * highest raft index. Never an arbiter, which has no full control plane. Where several have it, the node of the backup.
 */
export function recoveryHost(manifest: Manifest): RecoveryHost {
  const { node, etcdMembers } = manifest;
  const known = (etcdMembers?.list ?? []).flatMap(({ node: name, address, raftIndex, learner, arbiter }) =>
    name !== null && address !== null && raftIndex !== null && learner === false && arbiter !== true
      ? [{ name, address, raftIndex }]
      : [],
  );
  const highest = Math.max(...known.map(({ raftIndex }) => raftIndex));
  const best = known.filter(({ raftIndex }) => raftIndex === highest);
  const chosen = best.find(({ name }) => name === node.name) ?? best[0];
  if (!chosen) return { name: node.name, address: node.ip, because: 'node-of-the-backup' };
  return { name: chosen.name, address: chosen.address, because: 'highest-raft-index' };
}

function hostOf(manifest: Manifest, name: string): Host {
  const { node, etcdMembers } = manifest;
  const known = etcdMembers?.list.find((member) => member.node === name)?.address ?? undefined;
  return { name, address: known ?? (name === node.name ? node.ip : undefined) };
}

/** Nodes with a member of etcd, the recovery host included. */
export function memberHosts(manifest: Manifest): readonly Host[] {
  return manifest.members.map((name) => hostOf(manifest, name));
}

export function otherHosts(manifest: Manifest): readonly Host[] {
  const { name } = recoveryHost(manifest);
  return memberHosts(manifest).filter((host) => host.name !== name);
}

/** `master-1 (172.31.77.11)` */
export function hostText({ name, address }: Host): string {
  return address === undefined ? name : `${name} (${address})`;
}
