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
  /** undefined: nothing stands there under that key. */
  readonly stored: StoredCopy | undefined;
  /** When it was read back from there and its digest was right; undefined: stored is not proven. */
  readonly provenAt: number | undefined;
  readonly failure: CopyFailure | undefined;
  /** When it is tried again; undefined: it is proven, or nobody tries any more. */
  readonly nextTryAt: number | undefined;
  /** The newest look at a proven copy, when it told nothing of the bytes: the earlier proof stands. Absent: it did tell. */
  readonly unread?: CopyFailure;
  /** When retention removed it; absent: it did not. */
  readonly prunedAt?: number;
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

/** What an approval is given to, readable: `snapshot → nas-1`, `resources → vault (encrypted for ops-a, ops-b)`. */
export function copyText({ file, destination, encryptFor }: CopyPolicy): string {
  const who = encryptFor.map(({ name }) => name).join(', ');
  return `${file} → ${destination}${who === '' ? '' : ` (encrypted for ${who})`}`;
}

/** Both files at one place: whoever can read that place holds snapshot and keys. */
export function isSplit(copies: readonly Pick<CopyPolicy, 'destination'>[]): boolean {
  return new Set(copies.map(({ destination }) => destination)).size === copies.length;
}

// The way to the place is broken or barred; of the bytes that lie there nobody has learnt anything.
const sayNothing: readonly string[] = [
  'unreachable',
  'timeout',
  'denied',
  'clock-skew',
  'not-configured',
  // Cut off in the middle. A file that is really too short has another digest.
  'torn',
];

/**
 * What is known of a copy after one more look at it. A proof falls when the bytes were found wrong, torn or gone, not while
 * their place cannot be reached: whoever needs the backup in that hour would be told that there is none.
 */
export function afterLook(before: FileCopy, found: FileCopy): FileCopy {
  const { failure } = found;
  if (before.provenAt !== undefined && failure && sayNothing.includes(failure.kind)) {
    return { ...before, unread: failure };
  }
  const { unread: _, ...rest } = found;
  return rest;
}

/** When somebody last looked at it, ms UTC; 0: nobody did. */
export function lookedAt({ provenAt, failure, unread }: FileCopy): number {
  return Math.max(provenAt ?? 0, failure?.at ?? 0, unread?.at ?? 0);
}

/** Every file that was to leave the cluster is proven where it should be. */
export function allProven(copies: readonly FileCopy[]): boolean {
  return copies.length > 0 && copies.every(({ provenAt }) => provenAt !== undefined);
}

/** Proven, or proven once and removed by retention since: nothing of it is still to leave the cluster. */
export function allSettled(copies: readonly FileCopy[]): boolean {
  return (
    copies.length > 0 &&
    copies.every(({ provenAt, prunedAt }) => provenAt !== undefined || prunedAt !== undefined)
  );
}

/** As the manifest tells it; undefined: nothing is stored. */
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
const retryAfterMs = [10 * minuteMs, 30 * minuteMs, 2 * 60 * minuteMs, 6 * 60 * minuteMs] as const;

/** When a copy that failed in its run is tried again; undefined: people have to look at it. */
export function nextTry(rounds: number, now: number): number | undefined {
  const pause = retryAfterMs[rounds];
  return pause === undefined ? undefined : now + pause;
}
