import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** One stay of the sandbox on this machine: where it may leave files, and what ends with it. */
export interface Stay {
  readonly dir: string;
  /** False: the directory is removed at the end. */
  readonly isKept: boolean;
  /** Aborted by SIGINT, SIGTERM, SIGHUP and by an error that no one caught. */
  readonly signal: AbortSignal;
  /** What is being started ends with the stay, however that ends. */
  hold<T extends AsyncDisposable>(starting: Promise<T>): Promise<T>;
}

/** How it ended: with the work's own exit code, or cut off by a signal. */
export type StayEnd = { readonly code: number } | { readonly cutOffBy: NodeJS.Signals };

/** A directory that people named cannot be used: says which and why. */
export class DirectoryError extends Error {}

/** Does the work in the directory, or in a new one below the system's temporary directory, and leaves none of the latter. */
export async function stayIn(
  given: string | undefined,
  work: (stay: Stay) => Promise<number>,
): Promise<StayEnd> {
  // Heard from the beginning: a start that is cut off must end its processes, too.
  const cut = heedSignals();
  const held: Promise<AsyncDisposable>[] = [];
  const isKept = given !== undefined;
  const dir = isKept
    ? await emptyDirectory(given)
    : await mkdtemp(path.join(tmpdir(), 'etcd-backup-sandbox-'));
  // What the sandbox's own parts put aside is in it as well.
  process.env.TMPDIR = path.join(dir, 'tmp');
  await mkdir(process.env.TMPDIR, { recursive: true });
  const hold: Stay['hold'] = (starting) => {
    held.push(starting);
    return starting;
  };
  try {
    const done = work({ dir, isKept, signal: cut.signal, hold }).then((code) => ({ code }));
    return await Promise.race([done, cut.off]);
  } finally {
    const started = await Promise.allSettled(held);
    const ends = started.map(
      async (each) => each.status === 'fulfilled' && each.value[Symbol.asyncDispose](),
    );
    await Promise.allSettled(ends);
    if (!isKept) await rm(dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

/** Later ones change nothing: npm hands on a ^C that the terminal has sent already. */
function heedSignals() {
  const controller = new AbortController();
  const { promise, resolve, reject } = Promise.withResolvers<StayEnd>();
  const cut = (settle: () => void) => {
    controller.abort();
    settle();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => cut(() => resolve({ cutOffBy: signal })));
  process.on('uncaughtException', (error) => cut(() => reject(error)));
  // Whether it is awaited or not: it is handled.
  promise.catch(() => undefined);
  return { signal: controller.signal, off: promise };
}

async function emptyDirectory(given: string): Promise<string> {
  const dir = path.resolve(given);
  const names = await mkdir(dir, { recursive: true })
    .then(() => readdir(dir))
    .catch((error: unknown) => {
      throw new DirectoryError(`--dir=${given} cannot be used: ${(error as Error).message}`);
    });
  if (names.length === 0) return dir;
  const some = names.toSorted().slice(0, 3).join(', ');
  const rest = names.length > 3 ? `, and ${names.length - 3} more` : '';
  throw new DirectoryError(
    `--dir=${given} is not empty: it holds ${some}${rest}. Name an empty directory, or one that is not there yet.`,
  );
}
