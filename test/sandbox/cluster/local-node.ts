import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { NodeIo, SandboxNode } from '../../../sandbox/node/port.ts';

/** A node for tests of the cluster alone: what follows `chroot /host` runs as it is, in a directory of its own. */
export async function localNode(name: string): Promise<SandboxNode> {
  const dir = await mkdtemp(join(tmpdir(), 'sandbox-cluster-'));
  return {
    name,
    dir,
    run: (argv, io) => runHere(dir, argv, io),
    close: () => rm(dir, { recursive: true, force: true }),
  };
}

async function runHere(cwd: string, argv: readonly string[], io: NodeIo): Promise<number> {
  const [chroot, host, command, ...args] = argv;
  if (chroot !== 'chroot' || host !== '/host' || command === undefined) return 127;
  const child = spawn(command, args, { cwd, detached: true, stdio: 'pipe' });
  const closed = once(child, 'close').catch(() => [127, null]);
  const kill = () => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // The group is gone already.
    }
  };
  io.signal.addEventListener('abort', kill, { once: true });
  child.stdin.on('error', () => {});
  io.stdin.pipe(child.stdin);
  const flows = [pipeline(child.stdout, io.stdout), pipeline(child.stderr, io.stderr)];
  const [[code, signal]] = await Promise.all([closed, Promise.allSettled(flows)]);
  io.signal.removeEventListener('abort', kill);
  return code ?? 128 + constants.signals[signal as NodeJS.Signals];
}
