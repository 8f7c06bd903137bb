import { allSettled, type FileCopy, isSplit, type StoredCopy } from '../../domain/file-copy.ts';
import { type FileKind, fileKinds } from '../../domain/manifest.ts';
import type { BackupRun, CopyProgress, RunSuccess } from '../../domain/run.ts';
import type { CopyFailureKind, CopyFailureText, CopyState, Proof } from './copies-wording.ts';
import type { Voice } from './language.ts';
import { join, lines, type Markup, md, outside } from './markup.ts';

/** A succeeded run whose files should have left the cluster, and have not all arrived. */
export function isNotOffYet({ status, success }: BackupRun): boolean {
  const copies = success?.copies ?? [];
  return status === 'succeeded' && copies.length > 0 && !allSettled(copies);
}

/** One file of an approved plan, read from the text that the approval was given to. */
interface PlannedCopy {
  readonly file: FileKind;
  readonly destination: string;
  readonly recipients: readonly string[];
}

/** What the plan says of where the files go, with what is risky about it; empty: they stay on the node. */
export function plannedCopies(texts: readonly string[], { words, tools }: Voice): readonly Markup[] {
  if (texts.length === 0) return [];
  const { copies } = words;
  const read = texts.map((text) => ({ text, planned: plannedCopy(text) }));
  const destinations = read.map(({ text, planned }) =>
    planned
      ? copies.destination({ ...planned, recipients: planned.recipients.length }, tools)
      : tools.code(text),
  );
  const planned = read.flatMap((each) => each.planned ?? []);
  const [first] = planned;
  return [
    copies.goesTo(destinations),
    ...(first && !isSplit(planned) ? [copies.onePlace(first.destination, tools)] : []),
    ...planned.flatMap((each) => recipientWarning(each, { words, tools })),
  ];
}

function recipientWarning({ file, recipients }: PlannedCopy, { words, tools }: Voice): readonly Markup[] {
  const [only] = recipients;
  if (only !== undefined) {
    return recipients.length === 1 ? [words.copies.oneRecipient({ file, recipient: only }, tools)] : [];
  }
  return file === 'resources' ? [words.copies.plainResources()] : [];
}

/** `resources → vault (encrypted for ops-a, ops-b)`, as the domain's copyText writes it. */
function plannedCopy(text: string): PlannedCopy | undefined {
  const [, file, destination, who] =
    /^(snapshot|resources) → (.+?)(?: \(encrypted for (.+)\))?$/su.exec(text) ?? [];
  if (file === undefined || destination === undefined) return undefined;
  return { file: file as FileKind, destination, recipients: who === undefined ? [] : who.split(', ') };
}

/** One line a file while they are being copied. */
export function copyProgress(run: BackupRun, voice: Voice): readonly Markup[] {
  if (run.step !== 'copying') return [];
  const planned = (run.plan?.copies ?? []).flatMap((text) => plannedCopy(text) ?? []);
  return (run.copyProgress ?? []).map((each) => {
    const destination = planned.find(({ file }) => file === each.file)?.destination;
    return progressLine(each, destination, voice);
  });
}

function progressLine(
  progress: CopyProgress,
  destination: string | undefined,
  { words, tools }: Voice,
): Markup {
  const { file, bytes, total, startedAt, at } = progress;
  if (bytes >= total) return words.copies.readingBack({ file, destination, total }, tools);
  const seconds = (at - startedAt) / 1000;
  const perSecond = seconds >= 0.5 && bytes > 0 ? bytes / seconds : undefined;
  const leftMs = perSecond === undefined ? undefined : Math.ceil((total - bytes) / perSecond) * 1000;
  return words.copies.progress({ file, destination, bytes, total, perSecond, leftMs }, tools);
}

/** The truth in one line: `on the node: yes · snapshot at nas-1: proven · …`. */
export function truthLine(success: RunSuccess, { words, tools }: Voice): Markup {
  const { copies } = words;
  const parts = (success.copies ?? []).map((copy) => {
    const state = copies.state({ ...copy, state: stateOf(copy) }, tools);
    return copies.copyAt({ file: copy.file, destination: copy.destination, state }, tools);
  });
  return join([copies.onNode(success.onNode !== 'removed'), ...parts], ' · ');
}

function stateOf(copy: FileCopy): CopyState {
  if (copy.provenAt !== undefined) return 'proven';
  if (copy.prunedAt !== undefined) return 'pruned';
  if (copy.stored !== undefined) return 'unproven';
  return copy.failure === undefined ? 'pending' : 'failed';
}

/** In full what stands where, proven or not, who can fetch it and who can open it. */
export function receiptSections(run: BackupRun, voice: Voice): readonly Markup[] {
  const { success } = run;
  if (!success) return [voice.words.thread.noReport()];
  const { drill } = success;
  return [
    truthLine(success, voice),
    ...(success.copies ?? []).map((copy) => copyReceipt(copy, run, voice)),
    ...(drill ? [voice.words.copies.drill(drill, voice.tools)] : []),
  ];
}

function copyReceipt(copy: FileCopy, run: BackupRun, voice: Voice): Markup {
  const { receipt } = voice.words.copies;
  const t = voice.tools;
  const { file, destination, stored, failure } = copy;
  return lines(
    receipt.head({ file, destination, state: stateOf(copy) }, t),
    ...(failure ? failureLines(copy, failure, run, voice) : []),
    ...(stored ? storedLines(copy, stored, run, voice) : []),
  );
}

/** Only of what stands there: a place that holds nothing must not read as if it did. */
function storedLines(
  copy: FileCopy,
  stored: StoredCopy,
  run: BackupRun,
  { words, tools: t }: Voice,
): readonly Markup[] {
  const { receipt } = words.copies;
  const { file, destination, provenAt, encryptFor, unread } = copy;
  const encrypted = encryptFor.length > 0;
  const artifact = run.success?.artifacts[file];
  const locked = stored.lockedUntil;
  return [
    t.path(copy.location),
    receipt.stored(stored, t),
    ...(encrypted && artifact ? [receipt.plain(artifact, t)] : []),
    provenAt === undefined ? receipt.notProven() : receipt.proven(provenAt, t),
    ...(unread ? unreadLines(unread, { words, tools: t }) : []),
    ...(locked === undefined ? [] : [receipt.lockedUntil(locked, t)]),
    encrypted
      ? receipt.encryptedFor(
          encryptFor.map(({ name }) => name),
          t,
        )
      : receipt.notEncrypted(),
    receipt.custodians({ names: copy.custodians, destination }, t),
  ];
}

function unreadLines(unread: NonNullable<FileCopy['unread']>, { words, tools }: Voice): readonly Markup[] {
  const { receipt } = words.copies;
  const { said, next } = failureText(unread.kind, { words, tools });
  return [
    receipt.unread({ said, at: unread.at }, tools),
    ...(unread.detail === '' ? [] : [receipt.detail(outside(unread.detail, 600))]),
    receipt.next(next),
  ];
}

function failureLines(
  { tries, nextTryAt, file }: FileCopy,
  failure: NonNullable<FileCopy['failure']>,
  run: BackupRun,
  { words, tools }: Voice,
): readonly Markup[] {
  const { receipt } = words.copies;
  const { said, next } = failureText(failure.kind, { words, tools });
  const artifact = run.success?.artifacts[file];
  const original =
    run.success?.onNode === 'removed'
      ? receipt.originalGone(run.cluster, tools)
      : run.plan && artifact && receipt.originalOnNode({ node: run.plan.node, path: artifact.path }, tools);
  return [
    receipt.failed({ said, tries, at: failure.at }, tools),
    ...(failure.detail === '' ? [] : [receipt.detail(outside(failure.detail, 600))]),
    receipt.next(next),
    nextTryAt === undefined ? receipt.noNextTry() : receipt.nextTry(nextTryAt, tools),
    ...(original ? [original] : []),
  ];
}

/** A kind that has no words of its own (of a later release, say) is told by its detail. */
function failureText(kind: string, { words }: Voice): CopyFailureText {
  const { failures, otherFailure } = words.copies;
  return Object.hasOwn(failures, kind) ? failures[kind as CopyFailureKind] : otherFailure;
}

/** What failed and is mended how, for the card: a line or two a file. */
export function copyTrouble(success: RunSuccess, voice: Voice): readonly Markup[] {
  return (success.copies ?? []).flatMap(({ file, failure }) => {
    if (!failure) return [];
    const { said, next } = failureText(failure.kind, voice);
    return [md`• ${voice.words.copies.file[file]}: ${said}. ${next}`];
  });
}

/** Where both files are, for the report and `show`; empty: nothing was to leave the cluster. */
export function placeSections({ success }: BackupRun, { words, tools }: Voice): readonly Markup[] {
  const { copies: say } = words;
  const drill = success?.drill ? [say.drill(success.drill, tools)] : [];
  const places = (success?.copies ?? []).map((copy) => {
    const state = say.state({ ...copy, state: stateOf(copy) }, tools);
    return say.place(
      { file: copy.file, destination: copy.destination, location: copy.stored && copy.location, state },
      tools,
    );
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
