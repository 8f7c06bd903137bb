import type { V1ContainerStatus, V1Pod, V1PodStatus } from '@kubernetes/client-node';

/** What a pod's status says of it. `detail` comes from outside. */
export type PodReadiness =
  | { readonly kind: 'ready' }
  | { readonly kind: 'not-yet'; readonly detail: string }
  /** The kubelet has not said a word: the node may not be there. */
  | { readonly kind: 'unseen'; readonly detail: string }
  /** The kubelet tries on, and may come through. */
  | { readonly kind: 'registry'; readonly detail: string }
  | { readonly kind: 'container'; readonly reason: string; readonly detail: string }
  /** No waiting helps: a person has to correct the image first. */
  | { readonly kind: 'image'; readonly detail: string }
  /** The kubelet refused or ended the pod itself, by its own word for it. */
  | { readonly kind: 'rejected'; readonly reason: string; readonly detail: string }
  | { readonly kind: 'ended'; readonly detail: string };

const imageReasons = [
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'ImageInspectError',
  'SignatureValidationFailed',
  'RegistryUnavailable',
];

// Words of the container runtime when the registry, not the image, is at fault.
const registryTrouble =
  /RegistryUnavailable|i\/o timeout|connection refused|connection reset|no route to host|no such host|network is unreachable|handshake timeout|deadline exceeded|toomanyrequests|too many requests|\b50[0234]\b|unexpected EOF|: EOF/i;

const containerReasons = [
  'CreateContainerError',
  'CreateContainerConfigError',
  'RunContainerError',
  'CrashLoopBackOff',
  'CreatePodSandboxError',
];

// With these the kubelet did not let the pod in, or ended it for the sake of its node.
const rejections =
  /^(OutOf\S{1,60}|Evicted|NodeShutdown|Shutdown|Terminated|NodeLost|Preempting|NodeAffinity|NodeName|NodePorts|NodeUnschedulable|TaintToleration|UnexpectedAdmissionError|TopologyAffinityError|SMTAlignmentError|AppArmor|SysctlForbidden|PodOSNotSupported|PodOSSelectorNodeLabelDoesNotMatch|InvalidNodeInfo|PodFeatureUnsupported)$/;

/** Whether commands can run in the pod now. */
export function podReadiness(pod: V1Pod): PodReadiness {
  const { status } = pod;
  const container = status?.containerStatuses?.[0];
  if (status?.phase === 'Failed' || status?.phase === 'Succeeded') return ended(status, container);
  if (status?.phase === 'Running' && container?.state?.running) return { kind: 'ready' };
  const waiting = container?.state?.waiting;
  if (waiting?.reason) return waitingFor(waiting.reason, waiting.message);
  if (!status?.startTime && !container) return { kind: 'unseen', detail: status?.phase ?? 'no status yet' };
  return { kind: 'not-yet', detail: status?.phase ?? 'no status yet' };
}

function waitingFor(reason: string, message: string | undefined): PodReadiness {
  const detail = [reason, message].filter(Boolean).join(': ');
  if (imageReasons.includes(reason)) {
    return { kind: registryTrouble.test(detail) ? 'registry' : 'image', detail };
  }
  if (containerReasons.includes(reason)) return { kind: 'container', reason, detail: message ?? reason };
  return { kind: 'not-yet', detail: reason };
}

function ended(status: V1PodStatus, container: V1ContainerStatus | undefined): PodReadiness {
  const { reason, message, phase } = status;
  if (reason !== undefined && rejections.test(reason)) {
    return { kind: 'rejected', reason, detail: message ?? reason };
  }
  const terminated = container?.state?.terminated;
  const why = [reason, message, terminated?.reason, terminated?.message].filter(Boolean).join(': ');
  return { kind: 'ended', detail: why || `the pod ended as ${phase}` };
}

/** Whether the pod is over: it will not run again. */
export function isOver(
  readiness: PodReadiness,
): readiness is Extract<PodReadiness, { readonly kind: 'ended' | 'rejected' }> {
  return readiness.kind === 'ended' || readiness.kind === 'rejected';
}
