import { execa } from 'execa';
import { oneLine } from '../domain/text/one-line.ts';

export interface ToolRun {
  readonly ok: boolean;
  readonly stdout: string;
  /** The last line of what it said, for a failure. */
  readonly lastWords: string;
  /** The machine ended it, for want of memory as a rule; undefined: it ended by itself. */
  readonly killedBy: string | undefined;
}

export interface ToolRoom {
  /** Working directory: the drill's own. */
  readonly dir: string;
  readonly signal: AbortSignal;
}

const maxOutputBytes = 16 * 1024 * 1024;

/** Nothing of the bot's own environment: a proxy or an ETCDCTL_ variable would lead the tools elsewhere. */
export function toolEnvironment(dir: string): Record<string, string> {
  return { PATH: '/usr/bin:/bin', HOME: dir, TMPDIR: dir, ETCDCTL_API: '3' };
}

/** Runs one program to its end, argv only. An abort kills it and throws the signal's reason. */
export async function runTool(
  program: string,
  args: readonly string[],
  { dir, signal }: ToolRoom,
): Promise<ToolRun> {
  signal.throwIfAborted();
  const result = await execa(program, args, {
    cwd: dir,
    env: toolEnvironment(dir),
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
    maxBuffer: maxOutputBytes,
    cancelSignal: signal,
    killSignal: 'SIGKILL',
  });
  signal.throwIfAborted();
  const said = `${result.stdout}\n${result.stderr}`;
  const ok = result.exitCode === 0;
  const lastWords = ok ? '' : lastLine(said) || (result.message ?? '');
  return { ok, stdout: result.stdout, lastWords, killedBy: killedFromOutside(result.signal) };
}

/** A program that meets a damaged page may end by a signal of its own (SIGBUS, SIGSEGV, SIGABRT): that is no kill. */
export function killedFromOutside(signal: string | null | undefined): string | undefined {
  const ends: readonly string[] = ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGXCPU', 'SIGXFSZ'];
  return signal != null && ends.includes(signal) ? signal : undefined;
}

/** etcdctl and etcd say the reason last, usually as JSON; a panic or a fault of memory says it first. */
export function lastLine(text: string): string {
  const lines = text
    .split('\n')
    .map((line) => oneLine(line))
    .filter((line) => line !== '');
  const telling =
    lines.find((line) => /^panic:|^Error:|^unexpected fault address|^fatal error:/.test(line)) ??
    lines.at(-1) ??
    '';
  return telling.slice(0, 400);
}
