import { StorageError, type StorageErrorKind } from '../../workflow/ports/destination.ts';
import { NoAnswerError } from './bounded-calls.ts';

const kinds: Readonly<Record<string, readonly [StorageErrorKind, string]>> = {
  ENOSPC: ['full', 'Free space there or lower the retention; nothing was left behind'],
  EDQUOT: ['full', 'Raise the quota there or lower the retention; nothing was left behind'],
  EFBIG: ['full', 'The file is larger than the file system or the process limit allows'],
  EROFS: ['read-only', 'Mount it writable'],
  EACCES: ['denied', 'Give the user that the bot runs as the right to it'],
  EPERM: ['denied', 'Give the user that the bot runs as the right to it'],
  ENOENT: ['not-found', 'Check the path, and that its volume is mounted'],
  ENOTDIR: ['not-found', 'Check the path: a part of it is a file'],
  EEXIST: ['exists', 'What is there stays; use another key'],
  ESTALE: ['unreachable', 'The file server lost the mount: mount it again'],
  ELOOP: ['other', 'A symbolic link is in the way; below the destination none is followed'],
  EXDEV: [
    'other',
    'The file system can neither link nor rename a file within one directory: use another one',
  ],
  EKEYEXPIRED: ['denied', 'The Kerberos ticket of the mount is over: renew it'],
  ENOKEY: ['denied', 'The mount has no Kerberos ticket or key: give it one'],
  EKEYREJECTED: ['denied', "The file server refuses the mount's key: renew it"],
  // Not `unreachable`: of a failing disk the bytes themselves may be lost.
  EIO: ['other', 'The disk or the file server behind it fails: look at the system log'],
  ENOTCONN: ['unreachable', 'The file server is gone: mount it again'],
  EHOSTDOWN: ['unreachable', 'The file server is gone: mount it again'],
  EHOSTUNREACH: ['unreachable', 'The file server cannot be reached: look at the network between'],
  ENETUNREACH: ['unreachable', 'The file server cannot be reached: look at the network between'],
  ECONNREFUSED: ['unreachable', 'The file server takes no connections: look whether it runs'],
  ECONNRESET: ['unreachable', 'The connection to the file server broke; try again'],
  ENODEV: ['unreachable', 'The device of the file system is gone: look at it and mount it again'],
  ENXIO: ['unreachable', 'The device of the file system is gone: look at it and mount it again'],
  EREMOTEIO: ['other', 'The file server reports an error: look at its log'],
  ETIMEDOUT: ['timeout', 'The file server does not answer'],
};

const noAnswer = [
  'timeout',
  'The mount may hang: look at it and at its file server. If that call never returns, mount it again and restart the bot',
] as const;

/** The directory itself is not there, as of a volume that is not mounted: of single files nothing is known then. */
export class RootMissing extends Error {
  readonly code: string;
  constructor(code: string) {
    super('the directory itself is not there');
    this.code = code;
  }
}

/** A system error of the file system as a StorageError; a StorageError stays itself. */
export function directoryError(
  error: unknown,
  about: {
    readonly op: string;
    readonly key?: string | undefined;
    readonly label: string;
    /** What else is to be known, as a sentence without its end. */
    readonly note?: string | undefined;
  },
): StorageError {
  if (error instanceof StorageError) return error;
  const code = errorCode(error) ?? '';
  const [kind, hint] = kindOf(error, about.op) ?? ['other', 'See the cause in the log'];
  const what = about.key === undefined ? about.label : `${about.key} in ${about.label}`;
  const found = code || (error instanceof Error ? error.message : String(error));
  return new StorageError({
    op: about.op,
    key: about.key,
    kind,
    message: `${about.op} of ${what} failed: ${found}`,
    hint: about.note === undefined ? hint : `${hint}. ${about.note}`,
    cause: error,
  });
}

/** Of what is only out of reach a reader must not be able to say that it is gone. */
function kindOf(error: unknown, op: string): readonly [StorageErrorKind, string] | undefined {
  if (error instanceof NoAnswerError) return noAnswer;
  if (error instanceof RootMissing && (op === 'stat' || op === 'open')) {
    return [
      'unreachable',
      'The directory itself is not there: check the path, and that its volume is mounted',
    ];
  }
  return kinds[errorCode(error) ?? ''];
}

export function errorCode(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}

/** undefined: it was removed meanwhile, as may happen while files and directories are listed. */
export async function unlessGone<T>(look: Promise<T>): Promise<T | undefined> {
  try {
    return await look;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
