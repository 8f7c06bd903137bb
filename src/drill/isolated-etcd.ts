import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import path from 'node:path';
import type { Writable } from 'node:stream';
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

function serverArguments(databaseBytes: number): readonly string[] {
  const listen = ['--listen-client-urls', clientUrl, '--advertise-client-urls', clientUrl];
  const peers = ['--listen-peer-urls', peerUrl];
  const log = ['--logger', 'zap', '--log-level', 'warn', '--log-outputs', 'stderr'];
  // A database above its quota would raise an alarm.
  const quota = ['--quota-backend-bytes', String(Math.max(smallestQuota, 2 * databaseBytes))];
  return ['--data-dir', dataDirectory, ...member, ...advertised, ...listen, ...peers, ...log, ...quota];
}

export interface IsolatedEtcd {
  /** How it ended, when `stop` did not end it; undefined: it runs. `lastWords`: the telling line of its log. */
  ended(): Promise<{ readonly lastWords: string; readonly killedBy: string | undefined } | undefined>;
  /** Kills it and waits. Idempotent. */
  stop(): Promise<void>;
}

/** Becomes the program once a line comes on descriptor 3; ends when that closes instead. */
const waitsForGuard = 'read -r _ <&3 && exec "$@" 3<&-';

/**
 * Kills the group $1 when descriptor 3 closes, which happens when our process dies, even by `kill -9`. The program starts after it, so
 * that there is no moment in which etcd runs without it. Both are children of our own: in a container our process is often process 1
 * and collects no others, and each that it left would hold a place among the container's processes for ever.
 */
const killsWhenWeDie = 'read -r _ <&3; kill -s KILL -- "-$1"';

/** Starts etcd on the restored data. It may not be ready yet. */
export async function startIsolatedEtcd(
  program: string,
  { dir }: Pick<ToolRoom, 'dir'>,
  databaseBytes: number,
): Promise<IsolatedEtcd> {
  const logFile = path.join(dir, 'etcd.log');
  const log = await open(logFile, 'w', 0o600);
  const place = { cwd: dir, env: toolEnvironment(dir), detached: true };
  const child = spawn('/bin/sh', ['-c', waitsForGuard, 'sh', program, ...serverArguments(databaseBytes)], {
    ...place,
    stdio: ['ignore', log.fd, log.fd, 'pipe'],
  });
  let endedBy: string | undefined;
  let over = false;
  const ended = new Promise<void>((resolve) => {
    child.once('exit', (_, signal) => {
      over = true;
      endedBy = killedFromOutside(signal);
      resolve();
    });
    child.once('error', () => {
      over = true;
      resolve();
    });
  });
  await log.close();
  const guard = startGuard(child, place);
  // At once: while it lives, it may kill a group, and the id of this one is free from now on.
  const exited = ended.then(guard.end);
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

/** Lets the program start when its guard is there; without one the program never starts. */
function startGuard(
  child: ChildProcess,
  place: Pick<SpawnOptions, 'cwd' | 'env' | 'detached'>,
): { end(): Promise<void> } {
  if (child.pid === undefined) return { end: async () => undefined };
  const guard = spawn('/bin/sh', ['-c', killsWhenWeDie, 'sh', String(child.pid)], {
    ...place,
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const word = child.stdio[3] as Writable;
  // Its other end closes when the program starts or ends.
  word.on('error', () => undefined);
  guard.once('spawn', () => word.write('\n'));
  const over = new Promise<void>((resolve) => {
    guard.once('exit', () => resolve());
    guard.once('error', () => {
      word.end();
      resolve();
    });
  });
  return {
    async end() {
      guard.kill('SIGKILL');
      await over;
    },
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
