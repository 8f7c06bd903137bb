import { isTrue, statusOf } from './condition.ts';
import type { EtcdPodFacts, NodeFacts } from './facts.ts';
import type { NodeUnfit } from './finding.ts';

/** A control-plane node that a run can use. `internalIp` is known: etcd listens there. */
export interface FitNode {
  readonly name: string;
  readonly internalIp: string;
  readonly cordoned: boolean;
}

export type NodeChoice =
  | { readonly outcome: 'chosen'; readonly node: FitNode; readonly because: 'named' | 'only' | 'first-fit' }
  | { readonly outcome: 'none-fit'; readonly rejected: readonly RejectedNode[] }
  | { readonly outcome: 'not-found'; readonly known: readonly string[] }
  | { readonly outcome: 'unfit'; readonly because: NodeUnfit; readonly fit: readonly string[] };

export interface RejectedNode {
  readonly node: string;
  readonly because: NodeUnfit;
}

/**
 * The one node of a run: the named one, or the first fit one by name, so that the same cluster gives the same node.
 * `etcdPods` undefined: they could not be read and are not asked about.
 */
export function chooseNode(
  nodes: readonly NodeFacts[],
  etcdPods: readonly EtcdPodFacts[] | undefined,
  wanted: string | undefined,
): NodeChoice {
  const judged = nodes
    .map((node) => ({ node, unfit: unfitness(node, etcdPods) }))
    .sort((a, b) => (a.node.name < b.node.name ? -1 : 1));
  // The bot never picks a cordoned node of its own accord: somebody is about to work on it.
  const fit = judged.filter(({ node, unfit }) => !unfit && !node.cordoned).map(({ node }) => node);
  if (wanted !== undefined) return namedNode(judged, wanted, fit);
  const first = fit[0];
  if (first)
    return { outcome: 'chosen', node: asFit(first), because: fit.length === 1 ? 'only' : 'first-fit' };
  const rejected = judged
    .filter(({ node }) => node.controlPlane || node.arbiter)
    .map(({ node, unfit }) => ({ node: node.name, because: unfit ?? ('cordoned' as const) }));
  return { outcome: 'none-fit', rejected };
}

/** Every control-plane node by name: those that may be named in a request (cordoned ones too), and why the others may not. */
export function nodesOnOffer(
  nodes: readonly NodeFacts[],
  etcdPods: readonly EtcdPodFacts[] | undefined,
): { readonly fit: readonly FitNode[]; readonly unfit: readonly RejectedNode[] } {
  const fit: FitNode[] = [];
  const unfit: RejectedNode[] = [];
  for (const node of nodes.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (!node.controlPlane && !node.arbiter) continue;
    const because = unfitness(node, etcdPods);
    if (because) unfit.push({ node: node.name, because });
    else fit.push(asFit(node));
  }
  return { fit, unfit };
}

function namedNode(
  judged: readonly { node: NodeFacts; unfit: NodeUnfit | undefined }[],
  wanted: string,
  fit: readonly NodeFacts[],
): NodeChoice {
  const found = judged.find(({ node }) => node.name === wanted);
  if (!found) {
    const known = judged
      .filter(({ node }) => node.controlPlane && !node.arbiter)
      .map(({ node }) => node.name);
    return { outcome: 'not-found', known };
  }
  if (found.unfit) return { outcome: 'unfit', because: found.unfit, fit: fit.map((node) => node.name) };
  return { outcome: 'chosen', node: asFit(found.node), because: 'named' };
}

/** Why the node cannot be used; undefined: it can (being cordoned is judged by the caller). */
function unfitness(node: NodeFacts, etcdPods: readonly EtcdPodFacts[] | undefined): NodeUnfit | undefined {
  // An arbiter holds an etcd member but no API server: the script finds no manifests there.
  if (node.arbiter) return 'arbiter';
  if (!node.controlPlane) return 'not-control-plane';
  if (!isTrue(node.conditions, 'Ready')) return 'not-ready';
  if (statusOf(node.conditions, 'DiskPressure') !== 'False') return 'disk-pressure';
  if (etcdPods && !etcdPods.some((pod) => pod.node === node.name && pod.ready)) return 'etcd-pod-not-ready';
  if (node.internalIp === undefined) return 'no-internal-ip';
  return undefined;
}

function asFit(node: NodeFacts): FitNode {
  return { name: node.name, internalIp: node.internalIp ?? '', cordoned: node.cordoned };
}
