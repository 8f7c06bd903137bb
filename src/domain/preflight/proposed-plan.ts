import type { ClusterFacts } from '../cluster/facts.ts';
import type { NodeResult } from './node.ts';
import type { ProposedPlan } from './plan.ts';
import { proxyInUse } from './proxy.ts';

/** What an approval would be given to; undefined where a fact is missing without which no run can be planned. */
export function proposedPlan(
  facts: ClusterFacts,
  { node, sessionImage }: NodeResult,
): ProposedPlan | undefined {
  if (!facts.version.ok || !facts.infrastructure.ok || !node || sessionImage === undefined) return undefined;
  const version = facts.version.value;
  const infrastructure = facts.infrastructure.value;
  return {
    clusterId: version.clusterId,
    infrastructureName: infrastructure.infrastructureName,
    apiUrl: infrastructure.apiUrl,
    zStream: version.desiredVersion,
    releaseImage: version.desiredImage,
    topology: infrastructure.controlPlaneTopology,
    node: node.name,
    nodeIp: node.internalIp,
    sessionImage,
    proxyInUse: facts.proxy.ok && proxyInUse(facts.proxy.value),
    encryptionType: facts.encryption.type.ok ? facts.encryption.type.value : 'unknown',
    members: memberNodes(facts),
  };
}

/** Nodes with an etcd member, by name: the operator's word, else the etcd pods, else the nodes' roles. */
function memberNodes(facts: ClusterFacts): readonly string[] {
  const names = (): readonly string[] => {
    if (facts.etcd.ok && facts.etcd.value.nodeRevisions.length > 0) {
      return facts.etcd.value.nodeRevisions.map((each) => each.node);
    }
    if (facts.etcdPods.ok) return facts.etcdPods.value.map((pod) => pod.node);
    const nodes = facts.nodes.ok ? facts.nodes.value : [];
    return nodes.filter((node) => node.controlPlane || node.arbiter).map((node) => node.name);
  };
  return [...new Set(names())].sort();
}
