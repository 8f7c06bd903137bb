import type { Failure, FailureKind, FailureParams } from '../backup/failure.ts';
import type { Unreadable } from '../cluster/reading.ts';
import type { Finding, FindingCode, FindingParams, NodeUnfit } from '../preflight/finding.ts';

/**
 * Whether a later try may succeed without any action meanwhile: `later`, the cause passes by itself;
 * `other-node`, it is bound to this node and stays; `never`, a person has to act first.
 */
export type RetryAdvice = 'later' | 'other-node' | 'never';

type FailureRules = {
  readonly [Kind in FailureKind]: RetryAdvice | ((params: FailureParams[Kind]) => RetryAdvice);
};

function ifPassing(why: { readonly reason?: Unreadable['reason']; readonly detail: string }): RetryAdvice {
  const { reason = 'timeout', detail } = why;
  return isRetryableReading({ reason, detail }) ? 'later' : 'never';
}

/** In the words of Go's and of Node.js' TLS. It does not pass by itself, whichever host shows the certificate. */
const distrust =
  /\bx509: |tls: failed to verify|certificate (has expired|signed by unknown|verify failed)|self[- ]signed certificate|unable to (get local issuer|verify the first) certificate/i;

function ifTrusted({ detail }: { readonly detail: string }): RetryAdvice {
  return distrust.test(detail) ? 'never' : 'later';
}

// As a table over all kinds, so that a kind that is missing here does not pass TypeScript.
const failures: FailureRules = {
  'preflight-blocked': ({ findings }) => adviceOf(findings),
  // A new run makes a new plan.
  'plan-changed': 'later',
  'requester-not-cluster-admin': 'never',
  'approver-not-cluster-admin': 'never',
  'account-refused': 'never',
  'account-unreadable': ifPassing,
  'person-unmapped': 'never',
  'break-glass-withdrawn': 'never',
  'rights-unreadable': ifPassing,

  'session-taken': 'later',
  'session-forbidden': 'never',
  'session-pod-security': 'never',
  'session-image': 'never',
  'session-not-started': 'later',
  // The cluster makes a service account again within seconds.
  'session-pod-refused': ({ because }) => (because === 'service-account' ? 'later' : 'never'),
  'session-registry': ifTrusted,
  'session-pod-rejected': 'later',
  'session-container': 'later',
  'session-kubelet-silent': 'later',
  'session-pod-stuck': 'later',
  'session-lost': 'later',
  'api-unreachable': 'later',
  'api-unauthorized': 'never',
  'api-connection-lost': 'later',
  'api-name-unresolved': 'later',
  'api-certificate': 'never',
  'api-overloaded': 'later',
  'api-not-ready': 'later',
  'etcd-slow': 'later',
  'etcd-no-space': 'never',
  'proxy-refused': 'never',
  // Also a proxy whose own certificate is not trusted.
  'gateway-failed': ifTrusted,
  'client-configuration': 'never',
  'exec-upgrade-refused': 'never',
  'exec-runtime-failed': 'later',
  'kubelet-unreachable': 'later',
  'kubelet-tunnel-down': 'later',
  // Each of the three is a certificate of one kubelet; the other nodes have their own.
  'kubelet-certificate-pending': 'other-node',
  'kubelet-certificate': 'other-node',
  'kubelet-refuses': 'other-node',
  'webhook-unanswered': ifTrusted,
  'command-failed': 'later',
  'command-deadline': 'later',
  'client-missing': 'never',

  'script-not-started': 'later',
  'cluster-silent': 'later',

  'script-usage': 'never',
  'script-missing': 'other-node',
  'script-manifests-missing': 'other-node',
  'script-operator-unknown': 'later',
  'script-operator-progressing': 'later',
  'script-dependencies-missing': 'other-node',
  'script-certificate-missing': 'other-node',
  'script-integrity': 'other-node',
  'script-image-pull': 'later',
  'script-resources-missing': 'other-node',
  'script-kubeconfig-missing': 'other-node',
  // A new revision was being rolled out.
  'script-files-changed': 'later',
  // Room does not come back by itself, and a further try takes more of it.
  'script-disk-full': 'never',
  'script-deadline': 'later',
  'script-killed': 'later',
  'script-failed': 'later',
  'script-unfinished': 'later',

  'files-missing': 'later',
  // Another tool or user writes backups there with --force.
  'files-dirty': 'never',
  'snapshot-size': 'later',
  'snapshot-trailer': 'later',
  'snapshot-format': 'other-node',
  'resources-unreadable': 'later',
  'resources-incomplete': 'other-node',

  interrupted: 'later',
  internal: 'later',
};

export function retryAdvice(failure: Failure): RetryAdvice {
  // The kind names its own rule; TypeScript cannot see that the two belong together. A record may hold a kind of a later release.
  const rule = failures[failure.kind] as RetryAdvice | ((params: unknown) => RetryAdvice) | undefined;
  return typeof rule === 'function' ? rule(failure.params) : (rule ?? 'never');
}

/** Whether a later try of the same run has a chance, on whichever node. */
export function isRetryable(failure: Failure): boolean {
  return retryAdvice(failure) !== 'never';
}

/** Whether all that blocks a run passes by itself. */
export function areRetryable(findings: readonly Finding[]): boolean {
  return findings.every((each) => each.outcome !== 'blocker' || isRetryableFinding(each));
}

/** Of all blockers together: one that needs a person outweighs one of the node, and that one what passes. */
function adviceOf(found: readonly Finding[]): RetryAdvice {
  const stops = found.filter((each) => each.outcome === 'blocker' && !isRetryableFinding(each));
  if (stops.length === 0) return 'later';
  return stops.every(({ code }) => ofOneNode.has(code)) ? 'other-node' : 'never';
}

/** Found on the node itself, and bound to it, as the failures of the same name are. */
const ofOneNode: ReadonlySet<FindingCode> = new Set(['script.missing']);

/** Whether what could not be read may become readable without any action. */
function isRetryableReading({ reason, detail }: Unreadable): boolean {
  return readings[reason] && !distrust.test(detail);
}

const readings: Readonly<Record<Unreadable['reason'], boolean>> = {
  absent: false,
  // An API server that is starting lacks APIs for a while; MicroShift, which lacks them for good, has a finding of its own.
  'no-such-api': true,
  forbidden: false,
  unauthorized: false,
  unreachable: true,
  timeout: true,
  throttled: true,
  'server-error': true,
  malformed: false,
  untrusted: false,
  'no-name': true,
  'proxy-refused': false,
};

const unfit: Readonly<Record<NodeUnfit, boolean>> = {
  'not-control-plane': false,
  arbiter: false,
  'not-ready': true,
  'disk-pressure': true,
  'etcd-pod-not-ready': true,
  'no-internal-ip': false,
  cordoned: true,
};

type FindingRules = {
  readonly [Code in FindingCode]: boolean | ((params: FindingParams[Code]) => boolean);
};

const ifReadable = ({ why }: { readonly why: Unreadable }) => isRetryableReading(why);

// Codes that never block are true: they hold nothing up.
const findings: FindingRules = {
  'topology.runs': true,
  'topology.hosted': false,
  'topology.dual-replica': true,
  'topology.backed-up-elsewhere': true,
  'topology.unknown-kind': false,
  'topology.unreadable': ifReadable,

  'version.microshift': false,
  'version.settled': true,
  'version.not-a-z-stream': false,
  // An update takes an hour or two, and the operators settle after it.
  'version.updating': true,
  'version.update-to-come': true,
  'version.update-refused': true,
  'version.spec-unseen': true,
  'version.operators-unwell': true,
  'version.progress-unknown': true,
  'version.update-requested': true,
  'version.failing': false,
  'version.unreadable': ifReadable,

  'certificates.rotated': true,
  // Passes by itself, but a day later: longer than any window of retries.
  'certificates.too-young': false,
  'certificates.installer-signer-in-use': false,
  'certificates.age-only': true,
  'certificates.install-time-unknown': false,

  'operators.settled': true,
  'operator.progressing': true,
  'operator.degraded': true,
  'operator.condition-unknown': true,
  'operator.progress-unknown': true,
  'operators.unreadable': ifReadable,

  'etcd.available': true,
  // Members that restart come back within minutes; one that does not is said when the window closes.
  'etcd.no-quorum': true,
  'etcd.member-down': true,
  'etcd.pods-not-ready': true,
  'etcd.degraded': true,
  'etcd.members-not-asked': true,
  'etcd.quorum-unknown': true,
  'etcd.unreadable': ifReadable,

  'encryption.settled': true,
  'encryption.off': true,
  'encryption.migrating': true,
  'encryption.rewriting': true,
  // The condition lags behind during a rollout of revisions.
  'encryption.mismatch': true,
  'encryption.unreadable': ifReadable,

  'node.chosen': true,
  'node.cordoned': true,
  'node.none-fit': ({ rejected }) => rejected.some(({ because }) => unfit[because]),
  'node.not-found': false,
  'node.unfit': ({ because }) => unfit[because],
  // No image because the etcd pod is not ready: it restarts.
  'node.etcd-pod-unknown': ({ why }) => why.reason === 'absent' || isRetryableReading(why),
  'nodes.unreadable': ifReadable,

  'proxy.none': true,
  'proxy.exported': true,
  'proxy.node-not-excluded': false,
  'proxy.unreadable': ifReadable,

  'off-peak.inside': true,
  'off-peak.outside': true,
  'off-peak.not-set': true,

  'pools.updated': true,
  'pools.updating': true,
  'pools.unreadable': ifReadable,

  'backup-api.preview-in-use': true,

  'rights.complete': true,
  'right.missing': false,
  'rights.unreadable': ifReadable,

  'session-pod.admitted': true,
  'session-pod.refused': ({ because }) => because === 'service-account',
  'session-pod.no-dry-run': true,
  'session-pod.unreadable': ifReadable,

  'cluster.paused': true,

  'destination.not-known': true,

  'requester.cluster-admin': true,
  'requester.not-cluster-admin': false,
  'requester.unreadable': ifReadable,

  'disk.later': true,
  'disk.enough': true,
  'disk.too-small': false,
  'clock.skewed': true,
  'script.later': true,
  'script.present': true,
  'script.missing': false,
};

export function isRetryableFinding(finding: Finding): boolean {
  const rule = findings[finding.code] as boolean | ((params: unknown) => boolean) | undefined;
  return typeof rule === 'function' ? rule(finding.params) : (rule ?? false);
}
