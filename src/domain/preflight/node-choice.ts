import { isTrue, statusOf } from '../cluster/condition.ts';
import type { EtcdPodFacts, NodeFacts } from '../cluster/facts.ts';
import type { NodeUnfit } from './finding.ts';

/** A control-plane node that a run can use. `internalIp` is known: etcd listens there. */
export interface FitNode {
  readonly name: string;
  readonly internalIp: string;
  readonly cordoned: boolean;
}

export type NodeChoice =
  | {
      readonly outcome: 'chosen';
      readonly node: FitNode;
      /** `other-failed`: one that comes before it by name is avoided. */
      readonly because: 'named' | 'only' | 'first-fit' | 'other-failed';
    }
  | { readonly outcome: 'none-fit'; readonly rejected: readonly RejectedNode[] }
  | { readonly outcome: 'not-found'; readonly known: readonly string[] }
  | { readonly outcome: 'unfit'; readonly because: NodeUnfit; readonly fit: readonly string[] };

export interface RejectedNode {
  readonly node: string;
  readonly because: NodeUnfit;
}

/**
 * The one node of a run: the named one, or the first fit one by name, so that the same cluster gives the same node.
 * `etcdPods` undefined: they could not be read and are not asked about. `avoid`: nodes that are taken only where no other is fit.
 */
export function chooseNode(
  nodes: readonly NodeFacts[],
  etcdPods: readonly EtcdPodFacts[] | undefined,
  wanted: string | undefined,
  avoid: readonly string[] = [],
): NodeChoice {
  const judged = nodes
    .map((node) => ({ node, unfit: unfitness(node, etcdPods) }))
    .sort((a, b) => (a.node.name < b.node.name ? -1 : 1));
  // A cordoned node is the last choice: maintenance on it is likely. It takes no new pods but can still be read.
  const usable = judged.filter(({ unfit }) => !unfit).map(({ node }) => node);
  const open = usable.filter(({ cordoned }) => !cordoned);
  const fit = open.length > 0 ? open : usable;
  if (wanted !== undefined) return namedNode(judged, wanted, fit);
  const first = fit.find(({ name }) => !avoid.includes(name)) ?? fit[0];
  if (first) return { outcome: 'chosen', node: asFit(first), because: whyFirst(first, fit) };
  const rejected = judged
    .filter(({ node }) => node.controlPlane || node.arbiter)
    .flatMap(({ node, unfit }) => (unfit ? [{ node: node.name, because: unfit }] : []));
  return { outcome: 'none-fit', rejected };
}

function whyFirst(first: NodeFacts, fit: readonly NodeFacts[]): 'only' | 'first-fit' | 'other-failed' {
  if (fit.length === 1) return 'only';
  return first === fit[0] ? 'first-fit' : 'other-failed';
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

/** Why the node cannot be used; undefined: it can, also where it is cordoned. */
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
