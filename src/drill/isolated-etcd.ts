import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { killedFromOutside, lastLine, type ToolRoom, toolEnvironment } from './run-tool.ts';

/**
 * Sockets in the drill's own directory, which no other user may enter: on a TCP port, loopback or not, every process of
 * this machine could read the cluster's secrets. etcd makes a file of that name in its working directory.
 */
export const clientUrl = 'unix://localhost:1';
const peerUrl = 'unix://localhost:2';
const name = 'drill';

const dataDirectory = 'data';

/** The member as it is written into the restored data and as the server is configured. */
const member = ['--name', name, '--initial-cluster', `${name}=${peerUrl}`];
const advertised = ['--initial-advertise-peer-urls', peerUrl];

export const restoreArguments: readonly string[] = ['--data-dir', dataDirectory, ...member, ...advertised];

const smallestQuota = 8 * 1024 ** 3;

export interface IsolatedEtcd {
  /** How it ended, when `stop` did not end it; undefined: it runs. `lastWords`: the telling line of its log. */
  ended(): Promise<{ readonly lastWords: string; readonly killedBy: string | undefined } | undefined>;
  /** Kills it and waits. Idempotent. */
  stop(): Promise<void>;
}

/**
 * Becomes the program, after it started a reader of descriptor 3, which closes when our process dies, even by `kill -9`: the
 * reader then kills the whole group. There is no moment in which etcd runs without it.
 */
const diesWithUs = '{ read -r _; kill -s KILL 0; } <&3 & exec "$@" 3<&-';

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
  const child = spawn('/bin/sh', ['-c', diesWithUs, 'sh', program, ...args], {
    cwd: dir,
    env: toolEnvironment(dir),
    stdio: ['ignore', log.fd, log.fd, 'pipe'],
    detached: true,
  });
  let endedBy: string | undefined;
  let over = false;
  const exited = new Promise<void>((resolve) => {
    child.once('exit', (_, signal) => {
      over = true;
      endedBy = killedFromOutside(signal);
      // The reader is left; while it lives, the group's id names no other processes.
      if (child.pid !== undefined) killGroup(child.pid);
      resolve();
    });
    child.once('error', () => {
      over = true;
      resolve();
    });
  });
  await log.close();
  const stop = async () => {
    if (!over && child.pid !== undefined) killGroup(child.pid);
    await exited;
  };
  return {
    async ended() {
      if (!over) return undefined;
      return { lastWords: lastLine(await readEnd(logFile)), killedBy: endedBy };
    },
    stop,
  };
}

const logBytes = 4 * 1024 ** 2;

/** A log may be long; the reason for an end is in its last part. */
async function readEnd(file: string): Promise<string> {
  await using handle = await open(file, 'r');
  const { size } = await handle.stat();
  const from = Math.max(0, size - logBytes);
  const { bytesRead, buffer } = await handle.read(Buffer.alloc(Math.min(size, logBytes)), { position: from });
  return buffer.toString('utf8', 0, bytesRead);
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended in this moment.
  }
}
