import type { FileKind } from '../../domain/manifest.ts';
import type { RestoreWarning, Unfit } from '../../domain/restore-choice.ts';
import type { DrillOutcome, RunStatus } from '../../domain/run.ts';
import type { CopyFault, StorageErrorKind } from '../../workflow/destination.ts';
import type { Markup } from './markup.ts';
import type { Tools } from './tools.ts';

/** How far one file has come on its way to its destination. */
export type CopyState = 'proven' | 'unproven' | 'failed' | 'pending' | 'pruned';

/** Why a copy is not there, or not proven: by the place, by the bytes, or by the way onto the node. */
export type CopyFailureKind =
  | StorageErrorKind
  | CopyFault
  | 'session-lost'
  | 'session-taken'
  | 'session-not-started'
  | 'session-forbidden'
  | 'session-pod-security'
  | 'session-image'
  | 'api-unreachable'
  | 'api-unauthorized'
  | 'command-failed'
  | 'command-deadline'
  | 'client-missing';

/** What failed, and what a person can do about it. */
export interface CopyFailureText {
  readonly said: Markup;
  readonly next: Markup;
}

/** How well a backup is proven off the cluster: files of which a copy is proven, of all, at so many places. */
export interface Proof {
  readonly proven: number;
  /** Files of which retention removed a copy that was proven. */
  readonly pruned: number;
  readonly files: number;
  readonly places: number;
}

/** What is said of the copies off the cluster: on the card, in the thread and in answers. */
export interface CopiesWording {
  readonly file: Readonly<Record<FileKind, Markup>>;
  onNode(there: boolean): Markup;
  /** One file at one place, as a part of the one line that tells the truth. */
  copyAt(p: { file: FileKind; destination: string; state: Markup }, t: Tools): Markup;
  state(p: { state: CopyState; tries: number; nextTryAt: number | undefined }, t: Tools): Markup;

  /** What an approval is given to. */
  goesTo(destinations: readonly Markup[]): Markup;
  destination(p: { file: FileKind; destination: string; recipients: number }, t: Tools): Markup;
  onePlace(destination: string, t: Tools): Markup;
  oneRecipient(p: { file: FileKind; recipient: string }, t: Tools): Markup;
  plainResources(): Markup;

  /** `perSecond` in bytes; undefined: too early to tell. */
  progress(
    p: {
      file: FileKind;
      destination: string | undefined;
      bytes: number;
      total: number;
      perSecond: number | undefined;
      leftMs: number | undefined;
    },
    t: Tools,
  ): Markup;
  readingBack(p: { file: FileKind; destination: string | undefined; total: number }, t: Tools): Markup;

  /** Instead of the green line: the script made both files, but not both are proven where they should be. */
  notOffYet(p: { durationMs: number | undefined; approvers: readonly string[] }, t: Tools): Markup;
  notOffYetStatus(): Markup;
  notOffYetTitle(cluster: string): Markup;
  removedFromNode(node: string, t: Tools): Markup;
  drill(drill: DrillOutcome, t: Tools): Markup;

  readonly receipt: ReceiptWording;
  readonly failures: Readonly<Record<CopyFailureKind, CopyFailureText>>;
  /** For a kind without words of its own: its detail has to do. */
  readonly otherFailure: CopyFailureText;
  restoreFiles(p: { cluster: string; zStream: string }): Markup;
  manifestMissing(destinations: readonly string[], t: Tools): Markup;
  restoreFilesMissing(p: { cluster: string; why: string }, t: Tools): Markup;

  offTitle(): Markup;
  /** `location`: absolute path or `s3://bucket/key`; undefined: nothing stands there. */
  place(
    p: { file: FileKind; destination: string; location: string | undefined; state: Markup },
    t: Tools,
  ): Markup;
  proof(proof: Proof): Markup;
  drillShort(ok: boolean | undefined): Markup;
  listLine(
    p: {
      id: string;
      cluster: string;
      zStream: string | undefined;
      at: number;
      bytes: number | undefined;
      proof: Markup;
      drill: Markup;
    },
    t: Tools,
  ): Markup;
  readonly answers: CopyAnswersWording;
}

/** One file at one place, in full. */
export interface ReceiptWording {
  head(p: { file: FileKind; destination: string; state: CopyState }, t: Tools): Markup;
  stored(p: { size: number; sha256: string; at: number }, t: Tools): Markup;
  /** Of the file before it was encrypted. */
  plain(p: { size: number; sha256: string }, t: Tools): Markup;
  proven(at: number, t: Tools): Markup;
  notProven(): Markup;
  /** A proven copy that the newest look could not reach. */
  unread(p: { said: Markup; at: number }, t: Tools): Markup;
  lockedUntil(at: number, t: Tools): Markup;
  encryptedFor(names: readonly string[], t: Tools): Markup;
  notEncrypted(): Markup;
  custodians(p: { names: readonly string[]; destination: string }, t: Tools): Markup;
  failed(p: { said: Markup; tries: number; at: number }, t: Tools): Markup;
  detail(detail: Markup): Markup;
  next(next: Markup): Markup;
  nextTry(at: number, t: Tools): Markup;
  noNextTry(): Markup;
  originalGone(cluster: string, t: Tools): Markup;
  originalOnNode(p: { node: string; path: string }, t: Tools): Markup;
}

/** Private answers to `verify`, `drill` and `restore-plan`. */
export interface CopyAnswersWording {
  /** Said while it takes its time. */
  readonly meanwhile: Readonly<Record<'verify' | 'drill', (runId: string, t: Tools) => Markup>>;
  /** `command`: to be typed again. */
  restarting(command: string, t: Tools): Markup;
  /** `unread`: copies whose place could not be reached, and whose earlier proof stands. */
  verified(
    p: { runId: string; cluster: string; whole: boolean; unread: number; count: number },
    t: Tools,
  ): Markup;
  drilled(p: { runId: string; cluster: string; drill: DrillOutcome }, t: Tools): Markup;
  noEtcdTools(t: Tools): Markup;
  encrypted(p: { runId: string; recipients: readonly string[] }, t: Tools): Markup;
  noCopies(p: { runId: string; place: { node: string; directory: string } | undefined }, t: Tools): Markup;
  noBackup(p: { runId: string; status: RunStatus }, t: Tools): Markup;
  planTitle(p: { cluster: string; runId: string; zStream: string; takenAt: number }, t: Tools): Markup;
  planFile(
    p: { file: FileKind; destination: string; location: string; encrypted: boolean },
    t: Tools,
  ): Markup;
  planNone(p: { cluster: string; zStream: string | undefined; count: number }, t: Tools): Markup;
  others(counts: Readonly<Partial<Record<Unfit['kind'], number>>>): Markup;
  warning(warning: RestoreWarning, t: Tools): Markup;
  lastResort(): Markup;
  inDirectMessages(): Markup;
  notDelivered(why: string): Markup;
}
