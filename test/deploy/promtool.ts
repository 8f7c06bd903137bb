import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Prometheus' own checker; undefined where it is not installed. */
export async function findPromtool(): Promise<string | undefined> {
  return run('promtool', ['--version']).then(
    () => 'promtool',
    () => undefined,
  );
}

/** Exit code and everything that it said; `input` goes to its standard input. */
export async function promtool(
  args: readonly string[],
  input = '',
): Promise<{ readonly code: number; readonly said: string }> {
  const running = run('promtool', [...args]);
  running.child.stdin?.end(input);
  return running.then(
    ({ stdout, stderr }) => ({ code: 0, said: stdout + stderr }),
    (error: { code?: number; stdout?: string; stderr?: string }) => ({
      code: error.code ?? -1,
      said: `${error.stdout}${error.stderr}`,
    }),
  );
}
