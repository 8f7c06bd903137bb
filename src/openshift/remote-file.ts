import { execa } from 'execa';
import { runFailure } from '../workflow/run-failure-error.ts';
import { clientFailure } from './client-failure.ts';
import { type ClientCommand, killGroup } from './client-process.ts';
import { execArguments, type PodAddress } from './remote-command.ts';

export interface RemoteFileOptions {
  /** Nothing arrives for so long: given up. Time in which the reader takes nothing does not count. */
  readonly stallMs: number;
  readonly signal: AbortSignal;
}

/**
 * One file of the node as a stream, through `exec … cat`: exact bytes, at the pace of the reader, nothing held.
 * Throws RunFailureError at the end unless the client says that `cat` ended well: a child that dies half-way looks like a
 * normal end of its stdout. Size and digest are the caller's to compare all the same.
 */
export async function* readRemoteFile(
  client: ClientCommand,
  pod: PodAddress,
  path: string,
  options: RemoteFileOptions,
): AsyncGenerator<Uint8Array, void> {
  const child = execa(
    client.path,
    execArguments(client, pod, ['chroot', '/host', 'cat', '--', path], false),
    {
      env: client.env,
      extendEnv: false,
      detached: true,
      reject: false,
      stdin: 'ignore',
      stdout: 'pipe',
      buffer: { stdout: false },
      encoding: 'buffer',
      maxBuffer: 64 * 1024,
    },
  );
  const ended = child.then((result) => ({
    code: result.code,
    exitCode: result.exitCode,
    stderr: Buffer.from(result.stderr ?? []).toString('utf8'),
  }));
  try {
    const chunks = child.stdout[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
    for (;;) {
      const next = await inTime(chunks.next(), options);
      if (next.done) break;
      yield next.value;
    }
    const { code, exitCode, stderr } = await inTime(ended, options);
    if (code === 'ENOENT' || code === 'EACCES')
      throw clientFailure({ kind: 'no-client', path: client.path }, 'read a file');
    if (exitCode !== 0) throw clientFailure({ kind: 'client-failed', stdout: '', stderr }, 'read a file');
  } finally {
    await killGroup(child.pid, ended);
  }
}

async function inTime<T>(step: Promise<T>, { stallMs, signal }: RemoteFileOptions): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(runFailure('command-deadline', { command: 'read a file', deadlineMs: stallMs })),
    stallMs,
  );
  const onAbort = () => reject(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([step, promise]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    promise.catch(() => undefined);
  }
}
