/** How a cluster, or the way to it, fails a call: by what client, API server and kubelet say. Wording lives in slack/messages. */
export const clusterFailureKinds = [
  'api-connection-lost',
  'api-name-unresolved',
  'api-certificate',
  'api-overloaded',
  'api-not-ready',
  'etcd-slow',
  'etcd-no-space',
  'proxy-refused',
  'gateway-failed',
  'client-configuration',
  'exec-upgrade-refused',
  'exec-runtime-failed',
  'kubelet-unreachable',
  'kubelet-tunnel-down',
  'kubelet-certificate-pending',
  'kubelet-certificate',
  'kubelet-refuses',
  'webhook-unanswered',
] as const;

export type ClusterFailureKind = (typeof clusterFailureKinds)[number];

const unanswered: ReadonlySet<string> = new Set<string>(['api-unreachable', ...clusterFailureKinds]);

/** The cluster did not answer what was asked: nothing is known of what it was asked for. */
export function isUnansweredKind(kind: string): boolean {
  return unanswered.has(kind);
}
