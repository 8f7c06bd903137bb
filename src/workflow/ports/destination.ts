import type { CheckNote } from '../../domain/copies/check-note.ts';

/**
 * A place off the cluster that keeps files. Keys are relative paths: segments of `A-Z a-z 0-9 . _ + = @ -` joined by `/`,
 * none of them starting with a dot. Chunks are not touched by their producer after they were handed over.
 *
 * Every method throws StorageError for what the place says or does, and the signal's own reason once it is aborted.
 * A destination repeats what is safe to repeat (single requests of a network protocol, a few times, with back-off);
 * a body cannot be repeated, so starting over is the caller's.
 *
 * A directory may itself be a symbolic link; below it none is followed: what lies behind one is not read, listed, written
 * or removed, and asking for it is an error (kind `other`), never "absent".
 */
export interface Destination {
  /** As the configuration names it. */
  readonly name: string;
  /** For people: `/backups` or `s3://bucket/prefix`. No secrets. */
  readonly label: string;
  /** A directory may be the bare mount point of a volume that is not there; a bucket is always the bucket. */
  readonly kind: 'directory' | 'bucket';
  /**
   * Stores the body under `key`, as one: it gets its final name only after the body ended without throwing and
   * its last byte is on stable storage. A body that throws leaves nothing, and what it threw is thrown on unchanged.
   * An existing key is never overwritten (kind `exists`), not even by two writers at once. Takes from the body only as fast
   * as the place takes; memory does not grow with the size. What was promised of encryption and lock is read back before
   * this resolves; an object without it is removed and reported (`encryption-missing`, `lock-missing`).
   * `beforeName`: awaited by a directory when all bytes are stored, as late as possible before the final name is given; what
   * it throws is thrown on, and nothing is left. A bucket does not call it.
   */
  put(key: string, body: Body, options: PutOptions): Promise<StoredObject>;
  /**
   * The stored bytes, from the place itself. The iteration throws kind `torn` when fewer or more bytes come than the
   * object has; it may be left early. Kind `not-found`: no such object. `passing`: no piece is kept, so that it may be
   * overwritten when the next one is asked for.
   */
  open(key: string, options: { signal: AbortSignal; passing?: boolean }): Promise<AsyncIterable<Uint8Array>>;
  /**
   * Kind `not-found`: the place says of this key that there is no such object. Where the place itself cannot be seen (a volume
   * that is not mounted, a bucket that is not there) the kind is another one, as it is for `open`: nothing is known then.
   */
  stat(key: string): Promise<StoredObject>;
  /**
   * All objects whose key starts with `prefix` (`''`: all), ordered by key. What is still being written is not among them, nor
   * the place's own marker, nor what has a name that no key can have. Throws rather than leave one out: what is missing here
   * may be recorded as gone.
   */
  list(prefix: string): Promise<readonly ListedObject[]>;
  /**
   * Idempotent; what a directory still takes under this key is given up, too. `removed`: the place was looked at afterwards, and
   * it is gone. `absent`: the place says so of this key. `refused`: a lock or missing rights keep it there; it is still whole.
   * Where a place keeps versions, the version itself is removed: a mere delete marker would hide the file and free nothing.
   */
  remove(key: string): Promise<Removal>;
  /**
   * Whether a `put` would work now: place exists, credentials hold, writable, promised encryption and lock can be had.
   * Where nothing can lock it a small object is put, read back and removed. Also removes what killed processes left below
   * this place: parts and unfinished uploads, never those of a living writer. Leaves nothing behind itself. Throws
   * StorageError with the first thing that is wrong; resolves with what works, but less well than it could.
   */
  check(): Promise<readonly CheckNote[]>;
}

export interface PutOptions {
  readonly signal: AbortSignal;
  readonly beforeName?: (() => Promise<void>) | undefined;
}

/** What a file holds, in pieces, iterated once. */
export interface Body extends AsyncIterable<Uint8Array> {
  /**
   * Instead of iterating: has the source write everything into this new file by itself (a child process can), and gives
   * back what it wrote, read from there, throwing as an iteration would. The bytes are read from the file's cache, not moved
   * through this process a second time. A piece is overwritten when the next one is asked for.
   */
  readonly into?: ((file: OpenFile) => AsyncIterable<Uint8Array>) | undefined;
}

/** A file open for writing and reading. */
export interface OpenFile {
  readonly fd: number;
  read(buffer: Buffer, offset: number, length: number, position: number): Promise<{ bytesRead: number }>;
}

export interface ListedObject {
  readonly key: string;
  /** Absolute path or `s3://bucket/key`. */
  readonly location: string;
  /** Bytes as stored. */
  readonly size: number;
  /** Milliseconds UTC, by the clock of the place. */
  readonly storedAt: number;
}

export interface StoredObject extends ListedObject {
  /** Milliseconds UTC; undefined: nothing but rights protects it from removal. */
  readonly lockedUntil: number | undefined;
  /** As the place names it (`AES256`, `aws:kms`); undefined: the place does not say that it encrypts. */
  readonly serverSideEncryption: string | undefined;
}

export type Removal =
  | { readonly kind: 'removed' }
  | { readonly kind: 'absent' }
  | { readonly kind: 'refused'; readonly why: string };

export type StorageErrorKind =
  | 'exists'
  | 'not-found'
  | 'full'
  | 'read-only'
  | 'denied'
  | 'unreachable'
  | 'timeout'
  | 'clock-skew'
  | 'lock-missing'
  | 'encryption-missing'
  | 'torn'
  | 'not-configured'
  /** What is reached there is not the place that the records mean: see PlaceState. */
  | 'not-known-place'
  | 'other';

/** What a destination could not do. Holds no secret: neither message nor hint nor cause carries credentials. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly op: string;
  /** Undefined: not about one object. */
  readonly key: string | undefined;
  readonly kind: StorageErrorKind;
  /** What to do next. */
  readonly hint: string;

  constructor(error: {
    readonly op: string;
    readonly key?: string | undefined;
    readonly kind: StorageErrorKind;
    /** What was tried, expected and found, as one sentence without its end. */
    readonly message: string;
    readonly hint: string;
    readonly cause?: unknown;
  }) {
    super(`${error.message}. ${error.hint}`, error.cause === undefined ? undefined : { cause: error.cause });
    this.op = error.op;
    this.key = error.key;
    this.kind = error.kind;
    this.hint = error.hint;
  }
}

export type CopyFault =
  | 'size'
  | 'sha256'
  | 'trailer'
  | 'format'
  | 'archive'
  | 'hostile-member'
  | 'incomplete';

/** The bytes that arrived are not the file that lies on the node. Thrown by the body, so that no destination keeps them. */
export class CopyMismatchError extends Error {
  override readonly name = 'CopyMismatchError';
  readonly fault: CopyFault;

  constructor(fault: CopyFault, message: string) {
    super(message);
    this.fault = fault;
  }
}
