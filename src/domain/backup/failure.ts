import type { ClusterFailureKind } from '../cluster/cluster-failure.ts';
import type { PodRefusal } from '../cluster/facts.ts';
import type { Unreadable } from '../cluster/reading.ts';
import type { AccountKind } from '../people/person.ts';
import type { Finding } from '../preflight/finding.ts';
import type { PlanChange } from '../preflight/plan.ts';

type ClusterFailureParams = { [Kind in ClusterFailureKind]: { detail: string } };

/** How a run can fail, by signature, with what a person needs to act. Wording lives in slack/messages. */
export interface FailureParams extends ClusterFailureParams {
  /** The checks that were repeated at the start found a reason to stop. */
  'preflight-blocked': { findings: readonly Finding[] };
  'plan-changed': { changes: readonly PlanChange[] };
  'requester-not-cluster-admin': { clusterUser: string };
  'approver-not-cluster-admin': { clusterUser: string };
  /** The account in Slack is no member's any more. */
  'account-refused': {
    slackUser: string;
    role: 'requester' | 'approver';
    /** The kind of the account, under the name that records have for it. */
    standing: Exclude<AccountKind, 'member'>;
  };
  /** `reason` is missing in what earlier releases put on record. */
  'account-unreadable': { slackUser: string; detail: string; reason?: Unreadable['reason'] };
  /** The configuration gives this account no cluster user any more, or another one. */
  'person-unmapped': { slackUser: string; clusterUser: string; role: 'requester' | 'approver' };
  /** The policy no longer lets this person run without a second one. */
  'break-glass-withdrawn': { slackUser: string };
  /** `reason` is missing in what earlier releases put on record. */
  'rights-unreadable': { clusterUser: string; detail: string; reason?: Unreadable['reason'] };

  /** 409: the session pod of this cluster exists, perhaps of another installation. */
  'session-taken': { pod: string; namespace: string; byRun: string };
  'session-forbidden': { detail: string };
  'session-pod-security': { namespace: string; detail: string };
  /** Admission does not let the pod in, for another reason than Pod Security or a right. */
  'session-pod-refused': { because: PodRefusal; namespace: string; detail: string };
  'session-image': { image: string; node: string; detail: string };
  /** The image may be fine: its registry does not answer. */
  'session-registry': { image: string; node: string; detail: string };
  /** The pod was made, and the kubelet ended or refused it. `reason`: its word for it (OutOfpods, Evicted, NodeAffinity). */
  'session-pod-rejected': { node: string; reason: string; detail: string };
  /** The kubelet tries to start the container and cannot. `reason`: CreateContainerError and the like. */
  'session-container': { node: string; reason: string; detail: string };
  /** The pod is assigned to the node, and its kubelet has not said a word about it. */
  'session-kubelet-silent': { node: string; afterMs: number };
  'session-not-started': { node: string; afterMs: number; detail: string };
  /** A pod that was deleted does not go: the kubelet of its node is slow or gone. */
  'session-pod-stuck': { pod: string; namespace: string; node: string; ofRun: string; afterMs: number };
  'session-lost': { detail: string };
  'api-unreachable': { detail: string };
  'api-unauthorized': { detail: string };
  'command-failed': { command: string; exitCode: number | undefined; detail: string };
  'command-deadline': { command: string; deadlineMs: number };
  'client-missing': { path: string };

  /** The way to the script broke each time before it began. */
  'script-not-started': { detail: string };
  /** API and etcd of the cluster did not answer while the script ran, and it is not known how that ended. */
  'cluster-silent': {
    detail: string;
    /** Since the last answer. */
    silentMs: number;
    /** ms UTC at which the kubelet ends the session and what runs in it, at the latest. */
    endsAt: number;
    /** The session's pod is gone, and with it the script; false: the script may still run. Set when the run is over. */
    stopped: boolean;
  };

  'script-usage': Record<never, never>;
  'script-missing': { path: string };
  'script-manifests-missing': { pod: string };
  /** The pod's revision directory below /etc/kubernetes/static-pod-resources. */
  'script-resources-missing': { pod: string };
  /** That of the node, with which the script asks for the operators' state. */
  'script-kubeconfig-missing': Record<never, never>;
  /** tar saw files change while it read them: a new revision was being rolled out. */
  'script-files-changed': Record<never, never>;
  'script-operator-unknown': { operator: string };
  'script-operator-progressing': { operator: string };
  'script-dependencies-missing': Record<never, never>;
  'script-certificate-missing': { certificate: string };
  'script-integrity': Record<never, never>;
  'script-image-pull': Record<never, never>;
  'script-disk-full': Record<never, never>;
  'script-deadline': { deadlineMs: number };
  'script-killed': { exitCode: number };
  'script-failed': { exitCode: number };
  /** Exit 0 without the closing line: the script did not finish. */
  'script-unfinished': Record<never, never>;

  'files-missing': { found: readonly string[] };
  'files-dirty': { found: readonly string[] };
  'snapshot-size': { size: number; expected: number };
  'snapshot-trailer': { size: number };
  'snapshot-format': { magic: string };
  'resources-unreadable': { exitCode: number };
  'resources-incomplete': { missing: readonly string[] };

  /** The bot stopped in mid-run and could not learn how it ended. */
  interrupted: { step: string };
  internal: { detail: string };
}

export type FailureKind = keyof FailureParams;

export type Failure = {
  [Kind in FailureKind]: { readonly kind: Kind; readonly params: FailureParams[Kind] };
}[FailureKind];

export function failure<Kind extends FailureKind>(kind: Kind, params: FailureParams[Kind]): Failure {
  return { kind, params } as unknown as Failure;
}

/** What is left on the node after a run, by path: nothing is left that is not named. */
export interface LeftOnNode {
  readonly node: string;
  /** undefined: could not be looked at. */
  readonly paths: readonly string[] | undefined;
  /** True when the session pod could not be removed. */
  readonly sessionPod: string | undefined;
}
