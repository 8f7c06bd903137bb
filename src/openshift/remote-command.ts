import { execa } from 'execa';
import { isClientNoise } from '../domain/script-output.ts';

/** How to reach pods of one cluster with `oc` or `kubectl`; both take the same words. */
export interface ClientCommand {
  /** Path of oc or kubectl. */
  readonly path: string;
  /** `--kubeconfig`, `--context`, `--cache-dir`: files and names only, never a token. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export interface PodAddress {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

export interface RemoteInput {
  readonly argv: readonly string[];
  /** Written to the command's standard input; undefined: no standard input at all. */
  readonly stdin?: string;
  readonly deadlineMs: number;
  readonly signal?: AbortSignal;
}

/**
 * `exited`: the command ran and ended, with its own exit code.
 * `client-failed`: oc or kubectl itself failed; the command may have run, be running, or never have started.
 */
export type RemoteOutcome =
  | { readonly kind: 'exited'; readonly exitCode: number; readonly stdout: string; readonly stderr: string }
  | { readonly kind: 'client-failed'; readonly stdout: string; readonly stderr: string }
  | { readonly kind: 'deadline'; readonly deadlineMs: number }
  | { readonly kind: 'aborted' }
  | { readonly kind: 'no-client'; readonly path: string };

const maxOutputBytes = 4 * 1024 * 1024;
const killGraceMs = 2_000;

/**
 * Runs one command in a pod through `exec`, argv only. Always ends within the deadline plus 2 s: the client's whole process
 * group is killed then, because a grandchild that holds stdout would keep the promise open.
 */
export async function runRemote(
  client: ClientCommand,
  pod: PodAddress,
  input: RemoteInput,
): Promise<RemoteOutcome> {
  const argv = [
    ...client.args,
    'exec',
    pod.pod,
    `--namespace=${pod.namespace}`,
    `--container=${pod.container}`,
    ...(input.stdin === undefined ? [] : ['--stdin']),
    '--',
    ...input.argv,
  ];
  const child = execa(client.path, argv, {
    env: client.env,
    extendEnv: false,
    detached: true,
    reject: false,
    stripFinalNewline: false,
    maxBuffer: maxOutputBytes,
    ...(input.stdin === undefined ? { stdin: 'ignore' as const } : { input: input.stdin }),
  });
  const ended = child.then((result): RemoteOutcome => {
    if (result.code === 'ENOENT' || result.code === 'EACCES') return { kind: 'no-client', path: client.path };
    return readOutcome(result.exitCode, String(result.stdout), String(result.stderr));
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

/** The remote exit code is true only together with the client's closing line; otherwise the client itself failed. */
function readOutcome(exitCode: number | undefined, stdout: string, stderr: string): RemoteOutcome {
  if (exitCode === 0) return { kind: 'exited', exitCode: 0, stdout, stderr: withoutNoise(stderr) };
  const remote = /^command terminated with exit code (\d+)\s*$/m.exec(stderr)?.[1];
  if (remote !== undefined) {
    return { kind: 'exited', exitCode: Number(remote), stdout, stderr: withoutNoise(stderr) };
  }
  return { kind: 'client-failed', stdout, stderr: withoutNoise(stderr) };
}

function withoutNoise(stderr: string): string {
  return stderr
    .split('\n')
    .filter((line) => !isClientNoise(line))
    .join('\n');
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

async function killGroup(pid: number | undefined, ended: Promise<unknown>): Promise<void> {
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
