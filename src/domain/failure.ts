import type { Finding } from './finding.ts';
import type { PlanChange } from './plan.ts';

/** How a run can fail, by signature, with what a person needs to act. Wording lives in slack/messages. */
export interface FailureParams {
  /** The checks that were repeated at the start found a reason to stop. */
  'preflight-blocked': { findings: readonly Finding[] };
  'plan-changed': { changes: readonly PlanChange[] };
  'requester-not-cluster-admin': { clusterUser: string };
  'approver-not-cluster-admin': { clusterUser: string };
  'rights-unreadable': { clusterUser: string; detail: string };

  /** 409: the session pod of this cluster exists, perhaps of another installation. */
  'session-taken': { pod: string; namespace: string; byRun: string };
  'session-forbidden': { detail: string };
  'session-pod-security': { namespace: string; detail: string };
  'session-image': { image: string; node: string; detail: string };
  'session-not-started': { node: string; afterMs: number; detail: string };
  'session-lost': { detail: string };
  'api-unreachable': { detail: string };
  'api-unauthorized': { detail: string };
  'command-failed': { command: string; exitCode: number | undefined; detail: string };
  'command-deadline': { command: string; deadlineMs: number };
  'client-missing': { path: string };

  'script-usage': Record<never, never>;
  'script-missing': { path: string };
  'script-manifests-missing': { pod: string };
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
