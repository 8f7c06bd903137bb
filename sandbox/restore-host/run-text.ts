import { spawn } from 'node:child_process';
import path from 'node:path';

/** How a shell text ended. */
export interface Ran {
  readonly code: number;
  /** Standard output and standard error as they came. */
  readonly output: string;
}

const here = import.meta.dirname;
// Kept from one text to the next: what the papers have the person export, and where the person is.
const keep = `code=$?; set +e; pwd -P >"$WORLD/shell.at"; declare -px RECOVERY_HOST NOT_READY_NODE OTHER_ADDRESSES LOST_MACHINE >"$WORLD/shell.env" 2>/dev/null; exit $code`;
const resume = '[ ! -e "$WORLD/shell.at" ] || { cd "$(<"$WORLD/shell.at")" && . "$WORLD/shell.env"; }';

interface Shell {
  readonly dir: string;
  readonly home: string;
  readonly signal?: AbortSignal | undefined;
}

/** One text in the person's shell, which ends at the first command that fails. */
export async function runText(
  { dir, home, signal }: Shell,
  text: string,
  env: Readonly<Record<string, string>>,
): Promise<Ran> {
  const script = `${resume}\nset -e -o pipefail\ntrap '${keep.replaceAll("'", "'\\''")}' EXIT\n${text}`;
  const bin = path.join(here, 'person-bin');
  const child = spawn('/bin/bash', ['-c', script], {
    cwd: home,
    // A group of its own, so that it can be killed with all that it started.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: `${bin}:${process.env.PATH ?? '/usr/bin:/bin'}`,
      HOME: home,
      LC_ALL: 'C',
      WORLD: dir,
      RESTORE_HOST_DIR: here,
      ...env,
    },
  });
  const kill = () =>
    child.exitCode === null && child.pid !== undefined && process.kill(-child.pid, 'SIGKILL');
  signal?.addEventListener('abort', kill);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (part: string) => {
      output += part;
    });
  }
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exit) => resolve(exit ?? 1));
  }).finally(() => signal?.removeEventListener('abort', kill));
  return { code, output };
}
