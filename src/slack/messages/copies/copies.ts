import { type FileCopy, isSplit, type StoredCopy } from '../../../domain/copies/file-copy.ts';
import { fileKinds } from '../../../domain/copies/manifest-document.ts';
import type { PlannedCopy } from '../../../domain/copies/planned-copy.ts';
import {
  type BackupRun,
  type CopyProgress,
  type DrillWait,
  isOffNode,
  type RunSuccess,
} from '../../../domain/run/run.ts';
import { join, lines, type Markup, md, outside } from '../kit/markup.ts';
import type { Tools } from '../kit/tools.ts';
import type { CopyState, Proof } from './en/copies.ts';
import type { CopyFailureKind, CopyFailureText } from './en/copy-failures.ts';
import { copyFailureWords, copyWords } from './words.ts';

/** What the plan says of where the files go, with what is risky about it; empty: they stay on the node. */
export function plannedCopies(planned: readonly PlannedCopy[], t: Tools): readonly Markup[] {
  const [first] = planned;
  if (!first) return [];
  const copies = copyWords(t);
  return [
    copies.goesTo(
      planned.map(({ file, destination, encryptedFor }) =>
        copies.destination({ file, destination, recipients: encryptedFor.length }),
      ),
    ),
    ...(isSplit(planned) ? [] : [copies.onePlace(first.destination)]),
    ...planned.flatMap((each) => recipientWarning(each, t)),
  ];
}

function recipientWarning({ file, encryptedFor }: PlannedCopy, t: Tools): readonly Markup[] {
  const [only] = encryptedFor;
  if (only !== undefined) {
    return encryptedFor.length === 1 ? [copyWords(t).oneRecipient({ file, recipient: only })] : [];
  }
  return file === 'resources' ? [copyWords(t).plainResources()] : [];
}

/** One line a file while they are being copied. */
export function copyProgress(run: BackupRun, t: Tools): readonly Markup[] {
  if (run.step !== 'copying') return [];
  const planned = run.plan?.copies ?? [];
  return (run.copyProgress ?? []).map((each) => {
    const destination = planned.find(({ file }) => file === each.file)?.destination;
    return progressLine(each, destination, t);
  });
}

function progressLine(progress: CopyProgress, destination: string | undefined, t: Tools): Markup {
  const { file, bytes, total, startedAt, at } = progress;
  if (bytes >= total) return copyWords(t).readingBack({ file, destination, total });
  const seconds = (at - startedAt) / 1000;
  const perSecond = seconds >= 0.5 && bytes > 0 ? bytes / seconds : undefined;
  const leftMs = perSecond === undefined ? undefined : Math.ceil((total - bytes) / perSecond) * 1000;
  return copyWords(t).progress({ file, destination, bytes, total, perSecond, leftMs });
}

/** The truth in one line: `on the node: yes · snapshot at nas-1: copy verified · …`. */
export function truthLine(success: RunSuccess, t: Tools): Markup {
  const copies = copyWords(t);
  const parts = (success.copies ?? []).map((copy) => {
    const state = copies.state(stateParams(copy));
    return copies.copyAt({ file: copy.file, destination: copy.destination, state });
  });
  if (!isOffNode(success)) return join([copies.onNode({ there: true, copies: false }), ...parts], ' · ');
  const gone = copies.onNode({ there: false, copies: parts.length > 0 });
  return parts.length === 0 ? gone : md`${gone}: ${join(parts, ' · ')}`;
}

function stateParams(copy: FileCopy) {
  const { tries, nextTryAt, unread } = copy;
  return { state: stateOf(copy), tries, nextTryAt, unread: unread !== undefined };
}

function stateOf(copy: FileCopy): CopyState {
  if (copy.provenAt !== undefined) return 'proven';
  if (copy.prunedAt !== undefined) return 'pruned';
  if (copy.removing !== undefined) return 'leaving';
  if (copy.stored !== undefined) return 'unproven';
  return copy.failure === undefined ? 'pending' : 'failed';
}

/** In full what is where, proven or not, who can fetch it and who can open it. */
export function receiptSections(run: BackupRun, t: Tools): readonly Markup[] {
  const { success } = run;
  if (!success) return [copyWords(t).noReport()];
  return [
    truthLine(success, t),
    ...(success.copies ?? []).map((copy) => copyReceipt(copy, run, t)),
    ...drillLines(success, t),
  ];
}

function copyReceipt(copy: FileCopy, run: BackupRun, t: Tools): Markup {
  const { receipt } = copyWords(t);
  const { file, destination, stored, failure } = copy;
  return lines(
    receipt.head({ file, destination, state: stateOf(copy), unread: copy.unread !== undefined }),
    ...(failure ? failureLines(copy, failure, run, t) : []),
    ...(stored ? storedLines(copy, stored, run, t) : []),
  );
}

/** Only of what is there: a place that holds nothing must not read as if it did. */
function storedLines(copy: FileCopy, stored: StoredCopy, run: BackupRun, t: Tools): readonly Markup[] {
  const { receipt } = copyWords(t);
  const { file, destination, provenAt, encryptFor, unread } = copy;
  const encrypted = encryptFor.length > 0;
  const artifact = run.success?.artifacts[file];
  const locked = stored.lockedUntil;
  return [
    t.path(copy.location),
    receipt.stored(stored),
    ...(encrypted && artifact ? [receipt.plain(artifact)] : []),
    provenAt === undefined ? receipt.notProven() : receipt.proven(provenAt),
    ...(unread ? unreadLines(unread, t) : []),
    ...(locked === undefined ? [] : [receipt.lockedUntil(locked)]),
    encrypted ? receipt.encryptedFor(encryptFor.map(({ name }) => name)) : receipt.notEncrypted(),
    receipt.custodians({ names: copy.custodians, destination }),
  ];
}

function unreadLines(unread: NonNullable<FileCopy['unread']>, t: Tools): readonly Markup[] {
  const { receipt } = copyWords(t);
  const { said, next } = failureText(unread.kind, t);
  return [
    receipt.unread({ said, at: unread.at }),
    ...(unread.detail === '' ? [] : [receipt.detail(outside(unread.detail, 600))]),
    receipt.next(next),
  ];
}

function failureLines(
  { tries, nextTryAt, file }: FileCopy,
  failure: NonNullable<FileCopy['failure']>,
  run: BackupRun,
  t: Tools,
): readonly Markup[] {
  const { receipt } = copyWords(t);
  const { said, next } = failureText(failure.kind, t);
  const artifact = run.success?.artifacts[file];
  const original =
    run.success && isOffNode(run.success)
      ? receipt.originalGone(run.cluster)
      : run.plan && artifact && receipt.originalOnNode({ node: run.plan.node, path: artifact.path });
  return [
    receipt.failed({ said, tries, at: failure.at }),
    ...(failure.detail === '' ? [] : [receipt.detail(outside(failure.detail, 600))]),
    receipt.next(next),
    nextTryAt === undefined ? receipt.noNextTry() : receipt.nextTry(nextTryAt),
    ...(original ? [original] : []),
  ];
}

/** A kind that has no words of its own (of a later release, say) is described by its detail. */
function failureText(kind: string, t: Tools): CopyFailureText {
  const failures = copyFailureWords(t);
  return Object.hasOwn(failures, kind) ? failures[kind as CopyFailureKind] : failures.unnamed;
}

/** What failed and how to fix it, for the card: a line or two a file. */
export function copyTrouble(success: RunSuccess, t: Tools): readonly Markup[] {
  return (success.copies ?? []).flatMap(({ file, failure }) => {
    if (!failure) return [];
    const { said, next } = failureText(failure.kind, t);
    return [md`• ${t.terms.file[file]}: ${said}. ${next}`];
  });
}

/** What drills showed, or that one is still to come; empty: neither. */
export function drillLines(
  success: Pick<RunSuccess, 'drill' | 'drillTry' | 'drillWait' | 'drillBegunAt'> | undefined,
  t: Tools,
): readonly Markup[] {
  return [
    ...(success?.drillWait && !success.drill ? [drillToCome(success, success.drillWait, t)] : []),
    ...(success?.drill ? [copyWords(t).drill(success.drill)] : []),
    ...(success?.drillTry ? [copyWords(t).drillTry(success.drillTry)] : []),
  ];
}

function drillToCome(
  { drillBegunAt }: Pick<RunSuccess, 'drillBegunAt'>,
  { tries, away }: DrillWait,
  t: Tools,
): Markup {
  const say = copyWords(t);
  if (drillBegunAt !== undefined) return say.drillToCome('begun');
  if (away) return say.drillAway(away);
  return say.drillToCome(tries > 0 ? 'node' : 'turn');
}

/** Where both files are, for the report and `show`; empty: nothing was to leave the cluster. */
export function placeSections({ success }: BackupRun, t: Tools): readonly Markup[] {
  const say = copyWords(t);
  const drill = drillLines(success, t);
  const places = (success?.copies ?? []).map((copy) => {
    const state = say.state(stateParams(copy));
    return say.place({
      file: copy.file,
      destination: copy.destination,
      location: copy.stored && copy.location,
      state,
    });
  });
  if (places.length === 0) return drill;
  return [lines(say.offTitle(), ...places), ...drill];
}

export function proofOf({ success }: BackupRun): Proof {
  const copies = success?.copies ?? [];
  const kinds = fileKinds.filter((kind) => copies.some(({ file }) => file === kind));
  const proven = copies.filter(({ provenAt }) => provenAt !== undefined);
  const gone = copies.filter(({ prunedAt }) => prunedAt !== undefined);
  return {
    files: kinds.length,
    pruned: kinds.filter((kind) => gone.some(({ file }) => file === kind)).length,
    proven: kinds.filter((kind) => proven.some(({ file }) => file === kind)).length,
    places: new Set(proven.map(({ destination }) => destination)).size,
  };
}
