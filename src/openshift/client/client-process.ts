import { execa } from 'execa';

/** How to run `oc` or `kubectl` for one cluster; both take the same words. */
export interface ClientCommand {
  /** Path of oc or kubectl. */
  readonly path: string;
  /** `--kubeconfig`, `--context`, `--cache-dir`: files and names only, never a token. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** SECRET values of `env`: taken out of what the client itself says on stderr. */
  readonly secrets?: readonly string[] | undefined;
}

export interface ClientInput {
  /** Written to the command's standard input; undefined: no standard input at all. */
  readonly stdin?: string;
  readonly deadlineMs: number;
  readonly signal?: AbortSignal;
}

export type ClientOutcome =
  /** `exitCode` undefined: ended by a signal, or more output than is taken. */
  | {
      readonly kind: 'ended';
      readonly exitCode: number | undefined;
      readonly stdout: string;
      readonly stderr: string;
    }
  | { readonly kind: 'deadline'; readonly deadlineMs: number }
  | { readonly kind: 'aborted' }
  | { readonly kind: 'no-client'; readonly path: string };

const maxOutputBytes = 4 * 1024 * 1024;
const killGraceMs = 2_000;

/**
 * Runs the client once, argv only. Always ends within the deadline plus 2 s: its whole process group is killed then,
 * because a grandchild that holds stdout would keep the promise open.
 */
export async function runClient(
  client: Pick<ClientCommand, 'path' | 'env' | 'secrets'>,
  argv: readonly string[],
  input: ClientInput,
): Promise<ClientOutcome> {
  const child = execa(client.path, argv, {
    env: client.env,
    extendEnv: false,
    detached: true,
    reject: false,
    stripFinalNewline: false,
    maxBuffer: maxOutputBytes,
    ...(input.stdin === undefined ? { stdin: 'ignore' as const } : { input: input.stdin }),
  });
  const ended = child.then((result): ClientOutcome => {
    if (result.code === 'ENOENT' || result.code === 'EACCES') return { kind: 'no-client', path: client.path };
    const { exitCode } = result;
    const stderr = withoutSecrets(String(result.stderr), client.secrets);
    return { kind: 'ended', exitCode, stdout: String(result.stdout), stderr };
  });
  const stopped = stopAt(input.deadlineMs, input.signal);
  try {
    const first = await Promise.race([ended, stopped.reached]);
    if (first !== 'deadline' && first !== 'aborted') return first;
    await killGroup(child.pid, ended);
    return first === 'deadline' ? { kind: 'deadline', deadlineMs: input.deadlineMs } : { kind: 'aborted' };
  } finally {
    stopped.cancel();
  }
}

export function withoutSecrets(text: string, secrets: readonly string[] = []): string {
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, '[secret]'), text);
}

function stopAt(ms: number, signal: AbortSignal | undefined) {
  const { promise, resolve } = Promise.withResolvers<'deadline' | 'aborted'>();
  const timer = setTimeout(() => resolve('deadline'), ms);
  const onAbort = () => resolve('aborted');
  if (signal?.aborted) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  const cancel = () => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  };
  return { reached: promise, cancel };
}

/** Ends the client and everything that it started; returns when it is over, 2 s at the latest. Gone already: fine. */
export async function killGroup(pid: number | undefined, ended: Promise<unknown>): Promise<void> {
  signalGroup(pid, 'SIGTERM');
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(() => {
    signalGroup(pid, 'SIGKILL');
    resolve();
  }, killGraceMs);
  await Promise.race([ended, promise]);
  clearTimeout(timer);
  signalGroup(pid, 'SIGKILL');
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // ESRCH: the group is gone already, which is what was wanted.
  }
}
