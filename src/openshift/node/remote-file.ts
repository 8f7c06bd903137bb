import { execa } from 'execa';
import type { OpenFile } from '../../workflow/ports/destination.ts';
import { runFailure } from '../../workflow/ports/run-failure-error.ts';
import { clientFailure } from '../client/client-failure.ts';
import { type ClientCommand, killGroup, withoutSecrets } from '../client/client-process.ts';
import { execArguments, type PodAddress } from '../client/remote-command.ts';
import { follow } from './follow-file.ts';

export interface RemoteFileOptions {
  /** Nothing arrives for so long: given up. Time in which the reader takes nothing does not count. */
  readonly stallMs: number;
  readonly signal: AbortSignal;
  /** The client writes into this file, and what comes was read from there. */
  readonly into?: OpenFile | undefined;
}

/**
 * One file of the node as a stream, through `exec … cat`: exact bytes, nothing held; at the pace of the reader, unless the
 * client writes into a file. Throws RunFailureError at the end unless the client says that `cat` ended well: a child that
 * dies half-way looks like a normal end of its stdout. Size and digest are the caller's to compare all the same.
 */
export async function* readRemoteFile(
  client: ClientCommand,
  pod: PodAddress,
  path: string,
  options: RemoteFileOptions,
): AsyncGenerator<Uint8Array, void> {
  const argv = execArguments(client, pod, ['chroot', '/host', 'cat', '--', path], false);
  const { pid, ended, chunks } = startClient(client, argv, options.into);
  const watchdog = new StallWatchdog(options);
  try {
    for (;;) {
      const next = await watchdog.wait(chunks.next());
      if (next.done) break;
      yield next.value;
    }
    const { code, exitCode, ...said } = await watchdog.wait(ended);
    const stderr = withoutSecrets(said.stderr, client.secrets);
    if (code === 'ENOENT' || code === 'EACCES')
      throw clientFailure({ kind: 'no-client', path: client.path }, 'read a file');
    if (exitCode !== 0) throw clientFailure({ kind: 'client-failed', stdout: '', stderr }, 'read a file');
  } finally {
    watchdog.stop();
    await killGroup(pid, ended);
  }
}

interface Started {
  readonly pid: number | undefined;
  readonly ended: Promise<{
    readonly code: string | undefined;
    readonly exitCode: number | undefined;
    readonly stderr: string;
  }>;
  readonly chunks: AsyncIterator<Uint8Array>;
}

function startClient(client: ClientCommand, argv: readonly string[], into: OpenFile | undefined): Started {
  const common = {
    // Copying is one stream: with more processors the client mostly wakes up its own threads.
    env: { GOMAXPROCS: '1', ...client.env },
    extendEnv: false,
    detached: true,
    reject: false,
    stdin: 'ignore',
    encoding: 'buffer',
    maxBuffer: 64 * 1024,
  } as const;
  if (into) {
    // execa hands any descriptor on to spawn(); its types know 1 and 2 only.
    const child = execa(client.path, argv, { ...common, stdout: into.fd as 1 });
    const ended = child.then(ending);
    return { pid: child.pid, ended, chunks: follow(into, ended) };
  }
  const child = execa(client.path, argv, { ...common, stdout: 'pipe', buffer: { stdout: false } });
  return { pid: child.pid, ended: child.then(ending), chunks: child.stdout[Symbol.asyncIterator]() };
}

function ending(result: {
  readonly code?: string | undefined;
  readonly exitCode?: number | undefined;
  readonly stderr?: Uint8Array | undefined;
}) {
  const { code, exitCode } = result;
  return { code, exitCode, stderr: Buffer.from(result.stderr ?? []).toString('utf8') };
}

/** One timer and one listener for a whole stream: a pair for each of its chunks would cost more than reading them. */
class StallWatchdog {
  readonly #options: RemoteFileOptions;
  readonly #timer: NodeJS.Timeout;
  #fail: ((reason: unknown) => void) | undefined;
  readonly #onAbort = (): void => this.#fail?.(this.#options.signal.reason);

  constructor(options: RemoteFileOptions) {
    this.#options = options;
    this.#timer = setTimeout(() => this.#onStall(), options.stallMs);
    options.signal.addEventListener('abort', this.#onAbort);
  }

  /** Rejects when the step takes as long as a stall, or with the signal's reason. One step at a time. */
  async wait<T>(step: Promise<T>): Promise<T> {
    const { signal } = this.#options;
    this.#timer.refresh();
    try {
      return await new Promise<T>((resolve, reject) => {
        this.#fail = reject;
        if (signal.aborted) reject(signal.reason);
        step.then(resolve, reject);
      });
    } finally {
      this.#fail = undefined;
    }
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#options.signal.removeEventListener('abort', this.#onAbort);
  }

  /** Between two steps it is the reader who takes nothing. */
  #onStall(): void {
    const deadlineMs = this.#options.stallMs;
    this.#fail?.(runFailure('command-deadline', { command: 'read a file', deadlineMs }));
  }
}
