import type { FileKind, ManifestCopy, Place, Recipient } from './manifest-document.ts';

/** Where one file of every run of a cluster goes, by the configuration. */
export interface CopyPolicy {
  readonly file: FileKind;
  readonly destination: string;
  readonly place: Place;
  /** Who can fetch it, in the configuration's words. */
  readonly custodians: readonly string[];
  /** Empty: it is stored as it is. */
  readonly encryptFor: readonly Recipient[];
}

/** One file of one run on its way to one destination. Times are ms UTC, digests lower-case hex. */
export interface FileCopy extends CopyPolicy {
  readonly key: string;
  /** Absolute path or `s3://bucket/key`. */
  readonly location: string;
  readonly tries: number;
  /** undefined: there is nothing under that key. */
  readonly stored: StoredCopy | undefined;
  /** When it was read back from there and its digest was right; undefined: stored is not proven. */
  readonly provenAt: number | undefined;
  readonly failure: CopyFailure | undefined;
  /** When it is tried again; undefined: it is proven, or no more tries are planned. */
  readonly nextTryAt: number | undefined;
  /** The newest look at a proven copy, when it did not read the bytes: the earlier proof counts. Absent: it did. */
  readonly unread?: CopyFailure;
  /** On record before anything of it is removed: from then on it is no proven copy, whatever is there. */
  readonly removing?: CopyRemoval;
  /** When retention removed it; absent: it did not. Once on record, for ever. */
  readonly prunedAt?: number;
  /** When a removal that was on record was called off: the copy counts as before. */
  readonly sparedAt?: number;
}

interface CopyRemoval {
  readonly at: number;
  /** Run after which it was decided. */
  readonly by: string;
  /** The proof that comes back if the removal is called off. */
  readonly provenAt: number | undefined;
  /** Id of the marker at the place where it was decided; absent: not on record. */
  readonly placeId?: string | undefined;
}

/** As it lies at the destination: encrypted bytes have another size and digest than the file on the node. */
export interface StoredCopy {
  readonly size: number;
  readonly sha256: string;
  readonly at: number;
  readonly lockedUntil: number | undefined;
}

export interface CopyFailure {
  /** Kind of the storage error, of the mismatch, or of the node session's failure. */
  readonly kind: string;
  /** One sentence without secrets: what was tried, expected and found, and what to do. */
  readonly detail: string;
  readonly at: number;
}

/** Both files at one place: anyone who can read that place holds snapshot and keys. */
export function isSplit(copies: readonly Pick<CopyPolicy, 'destination'>[]): boolean {
  return new Set(copies.map(({ destination }) => destination)).size === copies.length;
}

// The way to the place is broken or barred; nothing was learnt of the bytes that lie there.
const sayNothing: readonly string[] = [
  'unreachable',
  'timeout',
  'denied',
  'clock-skew',
  'not-configured',
  'not-known-place',
  // Cut off in the middle. A file that is really too short has another digest.
  'torn',
];

/** Whether a look that ended so says nothing of the bytes that lie there. */
export function saysNothing({ kind }: CopyFailure): boolean {
  return sayNothing.includes(kind);
}

/**
 * What is known of a copy after one more look at it. A proof falls when the bytes were found wrong, torn or gone, not while
 * their place cannot be reached: otherwise a user who needs the backup in that hour would read that there is none.
 */
export function afterLook(before: FileCopy, found: FileCopy): FileCopy {
  const { failure } = found;
  if (before.provenAt !== undefined && failure && saysNothing(failure)) {
    return { ...before, unread: failure };
  }
  const { unread: _, ...rest } = found;
  return rest;
}

/** When it was last looked at, ms UTC; 0: never. */
export function lookedAt({ provenAt, failure, unread }: FileCopy): number {
  return Math.max(provenAt ?? 0, failure?.at ?? 0, unread?.at ?? 0);
}

/** Every file that was to leave the cluster is proven where it should be. */
export function allProven(copies: readonly FileCopy[]): boolean {
  return copies.length > 0 && copies.every(({ provenAt }) => provenAt !== undefined);
}

/** Proven, or proven once and removed by retention since: nothing of it is still to leave the cluster. */
export function allSettled(copies: readonly FileCopy[]): boolean {
  return copies.length > 0 && copies.every((copy) => copy.provenAt !== undefined || isLeaving(copy));
}

/** Removed by retention, or about to be: it is neither stored nor read back any more. */
export function isLeaving({ prunedAt, removing }: FileCopy): boolean {
  return prunedAt !== undefined || removing !== undefined;
}

/** As the manifest describes it; undefined: nothing is stored. */
export function manifestCopy(copy: FileCopy): ManifestCopy | undefined {
  if (!copy.stored) return undefined;
  const iso = (at: number | undefined) => (at === undefined ? null : new Date(at).toISOString());
  return {
    destination: copy.destination,
    place: copy.place,
    key: copy.key,
    storedSize: copy.stored.size,
    storedSha256: copy.stored.sha256,
    encryptedFor: copy.encryptFor,
    custodians: copy.custodians,
    lockedUntil: iso(copy.stored.lockedUntil),
    provenAt: iso(copy.provenAt),
  };
}

const minuteMs = 60_000;
/** The longest time for which work on a run that is over is put off. */
export const longestPauseMs = 6 * 60 * minuteMs;
const retryAfterMs = [10 * minuteMs, 30 * minuteMs, 2 * 60 * minuteMs, longestPauseMs] as const;

/** Due now, or put off for longer than anything ever is, by a clock that went ahead. Times are ms UTC. */
export function isRoundDue(at: number | undefined, now: number): boolean {
  return at !== undefined && (at <= now || at > now + longestPauseMs);
}

/** When a copy that failed in its run is tried again; undefined: people have to look at it. */
export function nextTry(rounds: number, now: number): number | undefined {
  const pause = retryAfterMs[rounds];
  return pause === undefined ? undefined : now + pause;
}
