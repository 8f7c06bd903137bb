/** Why a kubelet did not admit a pod, or ended it for the sake of its node. */
export type RejectionCause = 'no-room' | 'evicted' | 'shutdown' | 'preempted' | 'node-mismatch' | 'admission';

/** `reason`: `status.reason` of the pod, in the kubelet's words. Words that are not known here are `admission`. */
export function rejectionCause(reason: string): RejectionCause {
  if (/^OutOf/.test(reason)) return 'no-room';
  if (reason === 'Evicted') return 'evicted';
  if (/^(NodeShutdown|Shutdown|Terminated|NodeLost)$/.test(reason)) return 'shutdown';
  if (/^Preempt/.test(reason)) return 'preempted';
  const mismatch = /^(NodeAffinity|NodeName|NodeUnschedulable|TaintToleration|NodePorts)$/;
  return mismatch.test(reason) ? 'node-mismatch' : 'admission';
}
