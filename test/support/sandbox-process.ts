import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { temporaryDirectory } from './temporary-directory.ts';

const readsWithinMs = 90_000;
const project = fileURLToPath(new URL('../..', import.meta.url));

/** `npm run sandbox -- …` as a process, with a temporary directory that is its own. */
export interface SandboxProcess {
  readonly child: ChildProcess;
  /** What it takes for the system's temporary directory. */
  readonly temporary: string;
  out(): string;
  err(): string;
  type(keys: string): void;
  /** Waits until this was printed after what was waited for before. */
  reads(fits: RegExp): Promise<string>;
  /** Exit code and signal. */
  readonly ended: Promise<readonly [number | null, NodeJS.Signals | null]>;
  /** Fails where a file is left in the temporary directory, or a process that works there. */
  leavesNothing(): Promise<void>;
}

/** `inTerminal`: on a pseudo-terminal, as a person starts it. */
export async function startSandbox(
  t: TestContext,
  words: readonly string[],
  { inTerminal = false }: { readonly inTerminal?: boolean } = {},
): Promise<SandboxProcess> {
  const temporary = await temporaryDirectory(t);
  const command = [process.execPath, 'sandbox/main.ts', ...words];
  const [program = '', ...args] = inTerminal
    ? ['script', '--quiet', '--flush', '--return', '--command', command.join(' '), '/dev/null']
    : command;
  const child = spawn(program, args, {
    cwd: project,
    // A group of its own: a test that fails ends the bot and etcd together with the sandbox.
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, TMPDIR: temporary, TERM: 'xterm', TZ: 'Europe/Berlin' },
  });
  const ended = once(child, 'close').then(([code, signal]) => [code, signal] as const);
  t.after(async () => {
    if (child.exitCode === null && child.signalCode === null && child.pid !== undefined)
      process.kill(-child.pid, 'SIGKILL');
    await ended;
  });
  let [out, err, readTo] = ['', '', 0];
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk) => {
    err += chunk;
  });
  return {
    child,
    temporary,
    out: () => out,
    err: () => err,
    type: (keys) => void child.stdin.write(keys),
    async reads(fits) {
      const deadline = AbortSignal.timeout(readsWithinMs);
      for (;;) {
        const found = fits.exec(out.slice(readTo));
        if (found) {
          readTo += found.index + found[0].length;
          return found[0];
        }
        await Promise.race([
          once(child.stdout, 'data', { signal: deadline }).catch(() =>
            assert.fail(`nothing like ${fits}:\n${JSON.stringify(out.slice(readTo))}\n${err}`),
          ),
          ended.then(() => assert.fail(`ended without ${fits}:\n${out}${err}`)),
        ]);
      }
    },
    ended,
    async leavesNothing() {
      assert.deepEqual(await readdir(temporary), []);
      assert.deepEqual(await processesIn(temporary), []);
    },
  };
}

/** Command lines of processes that name the directory or work in it. */
async function processesIn(dir: string): Promise<readonly string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && name !== String(process.pid));
  const texts = await Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')));
  return texts.map((text) => text.replaceAll('\0', ' ')).filter((text) => text.includes(dir));
}
