import { hostOfEndpoint, type MemberStatus, type MembersReading } from '../cluster/etcd-members.ts';
import type { ClusterFacts, NodeFacts } from '../cluster/facts.ts';
import type { ManifestMember, ManifestMembers } from '../copies/manifest-document.ts';

/**
 * The members as a manifest keeps them: each node of the plan with its address, and what etcd said of the member there.
 * A member at an address that no node has is kept without a name: a restore must know of it.
 */
export function manifestMembers(read: {
  /** Nodes with a member, by name. */
  readonly names: readonly string[];
  readonly nodes: ClusterFacts['nodes'];
  readonly reading: MembersReading | undefined;
}): ManifestMembers {
  const { names, reading } = read;
  const nodes = read.nodes.ok ? read.nodes.value : [];
  const said = statusByHost(reading);
  const named = names.map((name): ManifestMember => {
    const node = nodes.find((each) => each.name === name);
    const host = hostOf(node, said);
    return member(name, host ?? null, said.get(host ?? ''), node?.arbiter ?? false);
  });
  const known = new Set(named.map(({ address }) => address));
  const others = [...said].filter(([host]) => !known.has(host));
  return {
    readAt: reading === undefined ? null : new Date(reading.at).toISOString(),
    list: [...named, ...others.map(([host, status]) => member(null, host, status, false))],
  };
}

/** Undefined: it did not answer. */
type Said = ReadonlyMap<string, MemberStatus | undefined>;

function statusByHost(reading: MembersReading | undefined): Said {
  if (!reading) return new Map();
  const answered = reading.answered.map((status) => [hostOfEndpoint(status.endpoint), status] as const);
  const silent = reading.silent.map((endpoint) => [hostOfEndpoint(endpoint), undefined] as const);
  return new Map(
    [...silent, ...answered].flatMap(([host, status]) =>
      host === undefined ? [] : [[host, status] as const],
    ),
  );
}

/** Of a node with several addresses the one at which etcd is reached, else its first internal one. */
function hostOf(node: NodeFacts | undefined, said: Said): string | undefined {
  if (!node) return undefined;
  const { internalIp, internalIps = [] } = node;
  return internalIps.find((address) => said.has(address)) ?? internalIp;
}

function member(
  node: string | null,
  address: string | null,
  status: MemberStatus | undefined,
  arbiter: boolean,
): ManifestMember {
  return {
    node,
    address,
    id: status?.id ?? null,
    raftIndex: status?.raftIndex ?? null,
    learner: status?.learner ?? null,
    leader: status?.leader ?? null,
    ...(arbiter ? { arbiter } : {}),
  };
}
