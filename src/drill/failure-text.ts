import type { DrillFailure, DrillPhase } from '../domain/drill.ts';

const doing: Readonly<Record<DrillPhase, string>> = {
  fetching: 'fetching the snapshot',
  reading: 'reading the snapshot',
  status: 'asking for its status',
  restoring: 'restoring it',
  starting: 'starting etcd on it',
  counting: 'reading its keys',
};

/** Why a drill failed, as one plain line without a key, a value or a line break. */
export function drillFailureText(failure: DrillFailure): string {
  return textOf(failure)
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim();
}

function textOf(failure: DrillFailure): string {
  switch (failure.kind) {
    case 'not-fetched':
      return `the snapshot could not be fetched: ${failure.detail}`;
    case 'not-run':
      return `the drill could not be run: ${failure.detail}`;
    case 'snapshot-unreadable':
      return `the fetched snapshot could not be read: ${failure.detail}`;
    case 'snapshot-damaged':
      return `the fetched snapshot is damaged: etcd's own SHA-256 at its end does not hold (${failure.size} bytes)`;
    case 'no-room':
      return `no room for a restore: ${megabytes(failure.neededBytes)} needed in the temporary directory, ${megabytes(failure.freeBytes)} free`;
    case 'status-failed':
      return `etcd's tool could not read the snapshot: ${failure.detail}`;
    case 'status-differs': {
      const each = failure.fields.map(
        (field) => `${field} ${failure.found[field]} instead of ${failure.expected[field]}`,
      );
      return `the fetched snapshot is not the one that the node reported: ${each.join(', ')}`;
    }
    case 'restore-failed':
      return `etcd's tool could not restore the snapshot: ${failure.detail}`;
    case 'etcd-not-started':
      return `etcd did not start on the restored data: ${failure.detail}`;
    case 'revision-differs':
      return `the restored etcd is at revision ${failure.found}, the snapshot at ${failure.expected}`;
    case 'no-keys':
      return 'the restored etcd holds no keys';
    case 'read-failed':
      return `the restored etcd could not be read: ${failure.detail}`;
    case 'deadline':
      return `not done within ${Math.round(failure.deadlineMs / 1000)} s, cut off while ${doing[failure.phase]}`;
    case 'aborted':
      return `stopped while ${doing[failure.phase]}`;
  }
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1024 ** 2)} MiB`;
}
