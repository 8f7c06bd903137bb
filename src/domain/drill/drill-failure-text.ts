import { oneLine } from '../text/one-line.ts';
import type { DrillFailure, DrillPhase, VerdictReason } from './drill.ts';

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
  return oneLine(textOf(failure));
}

/** The reason for the verdict on a failure, as a clause; undefined: the failure says it all. */
export function verdictReasonText(
  because: VerdictReason,
  facts: { readonly tools?: string; readonly needs?: string; readonly control?: string },
): string | undefined {
  const { tools = 'an unknown version', needs = 'an unknown version', control = 'another backup' } = facts;
  switch (because) {
    case 'damaged':
    case 'content':
    case 'place':
      return undefined;
    case 'page-error':
      return `twice, with etcd ${tools}, which names a damaged page`;
    case 'control-restored':
      return `twice, while the same programs (etcd ${tools}) restored ${control}`;
    case 'control-failed':
      return `but ${control}, which was restored before, failed as well: the programs (etcd ${tools}) or the machine are at fault`;
    case 'no-control':
      return 'twice, and there is no backup that was restored before to compare with';
    case 'other-minor':
      return `with programs of etcd ${tools}: only those of etcd ${needs} can tell whether the snapshot is to blame`;
    case 'unclear':
      return 'which does not tell whether the snapshot is to blame';
  }
}

function textOf(failure: DrillFailure): string {
  switch (failure.kind) {
    case 'not-fetched':
      return `the snapshot could not be fetched: ${failure.detail}`;
    case 'not-known-place':
      return `the snapshot was not fetched: ${failure.detail}`;
    case 'not-run':
      return `the drill could not be run: ${failure.detail}`;
    case 'process-ended':
      return 'the process of the bot ended in the middle of it: killed, for want of memory perhaps, or restarted';
    case 'no-tools':
      return failure.minor === undefined
        ? 'there are no usable programs of etcd where the bot runs'
        : `there are no usable programs of etcd where the bot runs; etcd ${failure.minor} is needed`;
    case 'other-byte-order':
      return 'the snapshot is whole, but of a machine with another byte order (IBM Z differs from all others): a drill needs a machine of its kind';
    case 'snapshot-unreadable':
      return `the fetched snapshot could not be read: ${failure.detail}`;
    case 'snapshot-damaged':
      return `the fetched snapshot is damaged: its SHA-256 is not the right one (${failure.size} bytes)`;
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
    case 'etcd-ended':
      return `etcd started on the restored data, and ended while its keys were read: ${failure.detail}`;
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
