import type { FailureKind } from '../domain/failure.ts';

/** As a table, so that a kind that is missing here does not pass TypeScript. */
const kinds: Readonly<Record<FailureKind, true>> = {
  'preflight-blocked': true,
  'plan-changed': true,
  'requester-not-cluster-admin': true,
  'approver-not-cluster-admin': true,
  'rights-unreadable': true,
  'session-taken': true,
  'session-forbidden': true,
  'session-pod-security': true,
  'session-image': true,
  'session-not-started': true,
  'session-lost': true,
  'api-unreachable': true,
  'api-unauthorized': true,
  'command-failed': true,
  'command-deadline': true,
  'client-missing': true,
  'script-usage': true,
  'script-missing': true,
  'script-manifests-missing': true,
  'script-operator-unknown': true,
  'script-operator-progressing': true,
  'script-dependencies-missing': true,
  'script-certificate-missing': true,
  'script-integrity': true,
  'script-image-pull': true,
  'script-disk-full': true,
  'script-deadline': true,
  'script-killed': true,
  'script-failed': true,
  'script-unfinished': true,
  'files-missing': true,
  'files-dirty': true,
  'snapshot-size': true,
  'snapshot-trailer': true,
  'snapshot-format': true,
  'resources-unreadable': true,
  'resources-incomplete': true,
  interrupted: true,
  internal: true,
};

export const failureKinds: readonly string[] = Object.keys(kinds);

/** For a kind that this release does not know: the label takes no value that is not counted on. */
export function failureLabel(kind: string | undefined): string {
  return kind !== undefined && Object.hasOwn(kinds, kind) ? kind : 'other';
}
