import type { EtcdPodFacts, NodeFacts } from '../cluster/facts.ts';
import type { Reading, Unreadable } from '../cluster/reading.ts';
import { type Finding, finding } from './finding.ts';
import { chooseNode, type FitNode, type NodeChoice } from './node-choice.ts';

/** The node of the run with the image for its session, as far as both are known. */
export interface NodeResult {
  readonly findings: readonly Finding[];
  readonly node: FitNode | undefined;
  readonly sessionImage: string | undefined;
}

export function nodeResult(
  nodes: Reading<readonly NodeFacts[]>,
  etcdPods: Reading<readonly EtcdPodFacts[]>,
  wish: {
    nodeWanted: string | undefined;
    configuredImage: string | undefined;
    avoidNodes?: readonly string[] | undefined;
  },
): NodeResult {
  const none = { node: undefined, sessionImage: undefined };
  if (!nodes.ok) return { ...none, findings: [finding('blocker', 'nodes.unreadable', { why: nodes.why })] };
  const pods = etcdPods.ok ? etcdPods.value : undefined;
  const choice = chooseNode(nodes.value, pods, wish.nodeWanted, wish.avoidNodes);
  if (choice.outcome !== 'chosen') return { ...none, findings: [refusal(choice, wish.nodeWanted ?? '')] };

  const { node, because } = choice;
  const sessionImage = wish.configuredImage ?? imageOn(node.name, etcdPods);
  const findings = [
    finding('passed', 'node.chosen', { node: node.name, because }),
    ...(node.cordoned ? [finding('warning', 'node.cordoned', { node: node.name })] : []),
    ...podFindings(node.name, etcdPods, sessionImage),
  ];
  return { findings, node, sessionImage };
}

function refusal(choice: Exclude<NodeChoice, { outcome: 'chosen' }>, node: string): Finding {
  switch (choice.outcome) {
    case 'none-fit':
      return finding('blocker', 'node.none-fit', { rejected: choice.rejected });
    case 'not-found':
      return finding('blocker', 'node.not-found', { node, known: choice.known });
    case 'unfit':
      return finding('blocker', 'node.unfit', { node, because: choice.because, fit: choice.fit });
  }
}

/** The running etcd pod's image is on the node already: a closed network may be able to pull no other. */
function imageOn(node: string, etcdPods: Reading<readonly EtcdPodFacts[]>): string | undefined {
  if (!etcdPods.ok) return undefined;
  return etcdPods.value.find((pod) => pod.node === node && pod.ready)?.image;
}

/** Without the pod's image and without a configured one there is nothing to start a node session from. */
function podFindings(
  node: string,
  etcdPods: Reading<readonly EtcdPodFacts[]>,
  sessionImage: string | undefined,
): readonly Finding[] {
  const noImage: Unreadable = { reason: 'absent', detail: 'image of the etcd container' };
  if (!etcdPods.ok) {
    const outcome = sessionImage === undefined ? 'blocker' : 'warning';
    return [finding(outcome, 'node.etcd-pod-unknown', { node, why: etcdPods.why })];
  }
  return sessionImage === undefined
    ? [finding('blocker', 'node.etcd-pod-unknown', { node, why: noImage })]
    : [];
}
