import { StorageError, type StorageErrorKind } from '../workflow/destination.ts';

const kinds: Readonly<Record<string, readonly [StorageErrorKind, string]>> = {
  ENOSPC: ['full', 'Free space there or lower the retention; nothing was left behind'],
  EDQUOT: ['full', 'Raise the quota there or lower the retention; nothing was left behind'],
  EFBIG: ['full', 'The file is larger than the file system or the process limit allows'],
  EROFS: ['read-only', 'Mount it writable'],
  EACCES: ['denied', 'Give the user that the bot runs as the right to it'],
  EPERM: ['denied', 'Give the user that the bot runs as the right to it'],
  ENOENT: ['not-found', 'Check the path, and that its volume is mounted'],
  ENOTDIR: ['not-found', 'Check the path: a part of it is a file'],
  EEXIST: ['exists', 'What stands there stays; use another key'],
  ESTALE: ['unreachable', 'The file server lost the mount: mount it again'],
  // Not `unreachable`: of a failing disk the bytes themselves may be lost.
  EIO: ['other', 'The disk or the file server behind it fails: look at the system log'],
  ENOTCONN: ['unreachable', 'The file server is gone: mount it again'],
  EHOSTDOWN: ['unreachable', 'The file server is gone: mount it again'],
  ETIMEDOUT: ['timeout', 'The file server does not answer'],
};

/** A system error of the file system as a StorageError; a StorageError stays itself. */
export function directoryError(
  error: unknown,
  about: { readonly op: string; readonly key?: string | undefined; readonly label: string },
): StorageError {
  if (error instanceof StorageError) return error;
  const code = errorCode(error) ?? '';
  const [kind, hint] = kinds[code] ?? ['other', 'See the cause in the log'];
  const what = about.key === undefined ? about.label : `${about.key} in ${about.label}`;
  const found = code || (error instanceof Error ? error.message : String(error));
  return new StorageError({
    op: about.op,
    key: about.key,
    kind,
    message: `${about.op} of ${what} failed: ${found}`,
    hint,
    cause: error,
  });
}

export function errorCode(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}

/** undefined: somebody removed it meanwhile, as may happen while files and directories are listed. */
export async function unlessGone<T>(look: Promise<T>): Promise<T | undefined> {
  try {
    return await look;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
