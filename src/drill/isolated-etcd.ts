import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { lastLine, type ToolRoom, toolEnvironment } from './run-tool.ts';

/**
 * Sockets in the drill's own directory, which nobody else may enter: on a TCP port, loopback or not, every process of
 * this machine could read the cluster's secrets. etcd makes a file of that name in its working directory.
 */
export const clientUrl = 'unix://localhost:1';
const peerUrl = 'unix://localhost:2';
const name = 'drill';

const dataDirectory = 'data';

/** The member as it is written into the restored data and as the server is told to be. */
const member = ['--name', name, '--initial-cluster', `${name}=${peerUrl}`];
const advertised = ['--initial-advertise-peer-urls', peerUrl];

export const restoreArguments: readonly string[] = ['--data-dir', dataDirectory, ...member, ...advertised];

const smallestQuota = 8 * 1024 ** 3;

export interface IsolatedEtcd {
  /** The last line of its log once it has ended by itself; undefined: it runs. */
  ended(): Promise<string | undefined>;
  /** Kills it and waits. Idempotent. */
  stop(): Promise<void>;
}

/** Starts etcd on the restored data. It may not be ready yet. */
export async function startIsolatedEtcd(
  program: string,
  { dir }: Pick<ToolRoom, 'dir'>,
  databaseBytes: number,
): Promise<IsolatedEtcd> {
  const logFile = path.join(dir, 'etcd.log');
  const log = await open(logFile, 'w', 0o600);
  const listen = ['--listen-client-urls', clientUrl, '--advertise-client-urls', clientUrl];
  const args = ['--data-dir', dataDirectory, ...member, ...advertised, ...listen];
  args.push(
    '--listen-peer-urls',
    peerUrl,
    '--logger',
    'zap',
    '--log-level',
    'warn',
    '--log-outputs',
    'stderr',
  );
  // A database above its quota would raise an alarm.
  args.push('--quota-backend-bytes', String(Math.max(smallestQuota, 2 * databaseBytes)));
  const child = spawn(program, args, {
    cwd: dir,
    env: toolEnvironment(dir),
    stdio: ['ignore', log.fd, log.fd],
    detached: true,
  });
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  await log.close();
  const watcher = child.pid === undefined ? undefined : watchOver(child.pid);
  let over = false;
  void exited.then(() => {
    over = true;
  });
  const stop = async () => {
    // The watcher first: it must not meet another process under an id that is free again.
    if (watcher) await endChild(watcher);
    if (!over && child.pid !== undefined) killGroup(child.pid);
    await exited;
  };
  return { ended: async () => (over ? lastLine(await readFile(logFile, 'utf8')) : undefined), stop };
}

/** A shell whose standard input closes when this process dies, even by `kill -9`; it ends etcd then. */
function watchOver(pid: number): ChildProcess {
  const watcher = spawn('/bin/sh', ['-c', 'read -r _; kill -s KILL -- "-$1"', 'sh', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  watcher.on('error', () => undefined);
  return watcher;
}

async function endChild(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended in this moment.
  }
}
