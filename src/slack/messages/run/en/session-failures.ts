import { rejectionCause } from '../../../../domain/cluster/pod-rejection.ts';
import { clusterFailures } from '../../kit/en/cluster-failures.ts';
import { type Markup, md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';
import { sessionFindings } from '../../preflight/en/findings-session.ts';
import { asFailures, type FailureTexts, type RejectionTexts } from '../failure-text.ts';

export const noBackup = md`There is no backup from this run.`;

/** By the kubelet's word for it. */
const rejected = (t: Tools): RejectionTexts => ({
  'no-room': (p) => ({
    means: md`The node has no room for one more pod (${t.code(p.reason)}).`,
    next: md`Move pods away from the node. ${look(p, t)}`,
  }),
  evicted: (p) => ({
    means: md`The node is short of memory, disk or process ids and ends pods.`,
    next: md`Find what fills it (DiskPressure, MemoryPressure, PIDPressure). ${look(p, t)}`,
  }),
  shutdown: (p) => ({
    means: md`The node is shutting down or restarting.`,
    next: md`Wait until it is Ready again. ${look(p, t)}`,
  }),
  preempted: (p) => ({
    means: md`The node ended the pod to make room for a more important one.`,
    next: look(p, t),
  }),
  'node-mismatch': (p) => ({
    means: md`The kubelet does not see the node's labels or ports as the pod needs them; this happens right after the kubelet has started.`,
    next: look(p, t),
  }),
  admission: (_p) => ({
    means: md`The kubelet refused the pod when it checked what the pod needs.`,
    next: md`Look at the kubelet's log on the node: ${t.code('journalctl -u kubelet')}.`,
  }),
});

function look({ node }: { readonly node: string }, t: Tools): Markup {
  return md`Look at the node: ${t.code(`oc describe node ${node}`)}.`;
}

/** What the cluster and its nodes say when a session cannot be opened or used. */
export const sessionFailures = (t: Tools) =>
  ({
    ...asFailures(clusterFailures, ({ said, means, next }, detail) => ({
      failed: md`The bot could not work on the cluster: ${said}. ${t.quote(detail)}`,
      means: md`${means} ${noBackup}`,
      next: md`${next} Then ask again.`,
    })),
    'session-pod-refused': (p) => {
      const { found, next } = sessionFindings(t)['session-pod.refused'](p);
      return {
        failed: md`The cluster refused the session's pod. ${found}.`,
        means: md`The bot reaches the node through this pod. ${noBackup}`,
        next: md`${next} Then ask again.`,
      };
    },
    'session-registry': (p) => ({
      failed: md`The node ${t.code(p.node)} did not reach the registry of the session's image ${t.path(p.image)}: ${p.detail}`,
      means: md`The registry, or the node's way to it, does not answer. ${noBackup}`,
      next: md`Look at the registry and at the node's network and proxy. Without an image in the bot's configuration the image of etcd is used, which is on the node already.`,
    }),
    'session-pod-rejected': (p) => {
      const { means, next } = rejected(t)[rejectionCause(p.reason)](p);
      return {
        failed: md`The node ${t.code(p.node)} did not keep the session's pod (${t.code(p.reason)}): ${p.detail}`,
        means: md`${means} ${noBackup}`,
        next: md`${next} Then ask again, or ask for another control-plane node.`,
      };
    },
    'session-container': (p) => ({
      failed: md`The node ${t.code(p.node)} could not start the session's container (${t.code(p.reason)}): ${p.detail}`,
      means: md`The container runtime (CRI-O) of the node is overloaded, or something that the container needs is missing on the node. ${noBackup}`,
      next: md`Look on the node (${t.code('journalctl -u crio -u kubelet')}), or ask again with another control-plane node.`,
    }),
    'session-kubelet-silent': (p) => ({
      failed: md`The kubelet of the node ${t.code(p.node)} did not take up the session's pod within ${t.duration(p.afterMs)}.`,
      means: md`The node is NotReady or cannot reach the API, even if its last report is better. ${noBackup}`,
      next: md`Look at its conditions and taints (${t.code(`oc describe node ${p.node}`)}) and, on the node, at ${t.code('systemctl status kubelet')}. Another control-plane node may work.`,
    }),
  }) satisfies Partial<FailureTexts>;
