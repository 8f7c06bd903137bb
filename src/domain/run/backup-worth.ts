import { isLeaving } from '../copies/file-copy.ts';
import { type FileKind, fileKinds } from '../copies/manifest-document.ts';
import { isDisproven } from './proven-backup.ts';
import { type BackupRun, isOffNode, type RunSuccess } from './run.ts';

/**
 * What a succeeded run is worth to an engineer who must restore now: the worst fact, which every headline states.
 * - `disproven`: a restore drill has shown that it does not restore.
 * - `unusable`: of these files no verified copy is left, and they are not on the node any more.
 * - `abandoned`: the cluster was restored from an earlier backup since: it restores a time line that the cluster left.
 * - `removed`: retention removed its copies, or is removing them.
 * - `not-off-yet`: both files are on the node, and not every copy off the cluster is verified.
 * - `node-only`: no destination is configured, so both files are on the node alone.
 * - `whole`: both copies off the cluster are verified.
 */
export type BackupWorth = PoorWorth | { readonly kind: 'whole' };

export type PoorWorth =
  | { readonly kind: 'disproven' | 'abandoned' | 'removed' | 'not-off-yet' | 'node-only' }
  | { readonly kind: 'unusable'; readonly files: readonly FileKind[] };

/** What keeps a backup from counting, as far as narrow rows of many runs can show. */
export type BackupFlaw = 'disproven' | 'unverified';

/** undefined: the run made no backup. */
export function backupWorth({ status, success, abandoned }: BackupRun): BackupWorth | undefined {
  if (status !== 'succeeded' || !success) return undefined;
  if (isDisproven(success)) return { kind: 'disproven' };
  const found = worthOfFiles(success);
  const isThere = found.kind !== 'unusable' && found.kind !== 'removed';
  return abandoned && isThere ? { kind: 'abandoned' } : found;
}

function worthOfFiles(success: RunSuccess): BackupWorth {
  const { copies = [] } = success;
  const onNode = !isOffNode(success);
  if (copies.length === 0) return { kind: onNode ? 'node-only' : 'removed' };
  const without = (held: (copy: (typeof copies)[number]) => boolean) =>
    fileKinds.filter((kind) => !copies.some((copy) => copy.file === kind && held(copy)));
  const verified = (copy: (typeof copies)[number]) => copy.provenAt !== undefined && !isLeaving(copy);
  if (without(verified).length === 0) return { kind: 'whole' };
  const lost = without((copy) => verified(copy) || isLeaving(copy));
  if (lost.length === 0) return { kind: 'removed' };
  return onNode ? { kind: 'not-off-yet' } : { kind: 'unusable', files: lost };
}

/** Nothing can be restored from it: it must not be relied on, and a new one is needed. */
export function isUseless(worth: BackupWorth | undefined): boolean {
  return worth?.kind === 'disproven' || worth?.kind === 'unusable';
}
