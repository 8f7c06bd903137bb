import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const programs = ['ceph-mon', 'ceph-osd', 'radosgw', 'ceph', 'monmaptool', 'radosgw-admin'] as const;
const startDeadlineMs = 120_000;

/** A user of the S3 server. Test values, created with each server. */
export interface S3User {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** A real S3 server on loopback: one monitor, one object store, one gateway, all in a temporary directory. */
export interface Radosgw {
  readonly endpoint: string;
  readonly host: string;
  readonly port: number;
  /** Owns the buckets that tests make. */
  readonly owner: S3User;
  /** Knows the server, but no bucket belongs to it. */
  readonly stranger: S3User;
  /** A key of the server's test key store, for `aws:kms`. */
  readonly kmsKey: string;
  /** Ends all processes and removes the directory. Idempotent. */
  stop(): Promise<void>;
}

/** The programs that a server needs; undefined: at least one is missing on this machine. */
export function radosgwPrograms(): string | undefined {
  const directories = (process.env.PATH ?? '').split(delimiter);
  const missing = programs.filter((name) => !directories.some((path) => existsSync(join(path, name))));
  return missing.length === 0 ? 'radosgw' : undefined;
}

/** Starts a server; takes some seconds. Everything is ended and removed when it fails. */
export async function startRadosgw(): Promise<Radosgw> {
  // Its store now and then ends while it starts (no address yet, a port taken in between): then again, with other ports.
  for (let tries = 1; ; tries += 1) {
    try {
      return await startOnce();
    } catch (error) {
      if (tries === maxStarts) throw error;
    }
  }
}

const maxStarts = 4;

async function startOnce(): Promise<Radosgw> {
  const directory = await mkdtemp(join(tmpdir(), 'radosgw-'));
  const daemons = new Daemons(directory);
  const stop = async (): Promise<void> => {
    await daemons.stop();
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const [monPort, port] = [await freePort(), await freePort()];
    await prepare(directory, monPort, port);
    await startStore(directory, daemons, monPort);
    const users = await startGateway(directory, daemons, port);
    return {
      endpoint: `http://127.0.0.1:${port}`,
      host: '127.0.0.1',
      port,
      ...users,
      kmsKey: 'testkey-1',
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function prepare(directory: string, monPort: number, port: number): Promise<void> {
  for (const name of ['mon', 'osd', 'rgw', 'log', 'run']) await mkdir(join(directory, name));
  await writeFile(join(directory, 'fsid'), randomUUID());
  await writeFile(join(directory, 'ceph.conf'), await configuration(directory, monPort, port));
}

async function configuration(directory: string, monPort: number, port: number): Promise<string> {
  const fsid = await readFile(join(directory, 'fsid'), 'utf8');
  return `[global]
fsid = ${fsid}
mon host = v1:127.0.0.1:${monPort}/0
mon initial members = a
auth cluster required = none
auth service required = none
auth client required = none
public addr = 127.0.0.1
cluster addr = 127.0.0.1
ms bind msgr2 = false
ms bind ipv6 = false
paxos propose interval = 0.02
paxos min wait = 0.01
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon warn on pool no redundancy = false
mon allow pool size one = true
mon max pg per osd = 1000
osd memory target = 939524096
osd objectstore = bluestore
bluestore block size = 17179869184
log file = ${directory}/log/$name.log
admin socket = ${directory}/run/$name.asok
run dir = ${directory}/run
rgw frontends = beast endpoint=127.0.0.1:${port}
rgw crypt s3 kms backend = testing
rgw crypt s3 kms encryption keys = testkey-1=YmluCmJvb3N0CmJvb3N0LWJ1aWxkCmNlcGguY29uZgo=
rgw crypt require ssl = false
rgw dynamic resharding = false
[mon.a]
mon data = ${directory}/mon
[osd.0]
osd data = ${directory}/osd
[client.rgw]
rgw data = ${directory}/rgw
`;
}

async function startStore(directory: string, daemons: Daemons, monPort: number): Promise<void> {
  const fsid = await readFile(join(directory, 'fsid'), 'utf8');
  const conf = ['-c', join(directory, 'ceph.conf')];
  const monmap = join(directory, 'monmap');
  await run('monmaptool', ['--create', '--addv', 'a', `[v1:127.0.0.1:${monPort}]`, '--fsid', fsid, monmap]);
  await run('ceph-mon', [...conf, '-i', 'a', '--mkfs', '--monmap', monmap]);
  daemons.start('ceph-mon', [...conf, '-f', '-i', 'a']);
  const osd = randomUUID();
  await run('ceph', [...conf, '--connect-timeout', '60', 'osd', 'new', osd]);
  await run('ceph-osd', [...conf, '-i', '0', '--mkfs', '--osd-uuid', osd]);
  daemons.start('ceph-osd', [...conf, '-f', '-i', '0']);
}

async function startGateway(
  directory: string,
  daemons: Daemons,
  port: number,
): Promise<{ owner: S3User; stranger: S3User }> {
  const conf = ['-c', join(directory, 'ceph.conf')];
  daemons.start('radosgw', [...conf, '-f', '-n', 'client.rgw']);
  await daemons.until('the gateway answers', async () => {
    const response = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(5_000) });
    await response.arrayBuffer();
    return response.ok;
  });
  return { owner: await createUser(conf, 'owner'), stranger: await createUser(conf, 'stranger') };
}

async function createUser(conf: readonly string[], name: string): Promise<S3User> {
  const user = { accessKeyId: `${name}-key`, secretAccessKey: randomUUID() };
  const keys = ['--access-key', user.accessKeyId, '--secret-key', user.secretAccessKey];
  await run('radosgw-admin', [...conf, 'user', 'create', '--uid', name, '--display-name', name, ...keys]);
  return user;
}

/** Children in the foreground, so that their end is ours to see. */
class Daemons {
  readonly #children: { readonly name: string; readonly process: ChildProcess; output: string }[] = [];
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  start(name: string, args: readonly string[]): void {
    const child = { name, process: spawn(name, args, { stdio: ['ignore', 'pipe', 'pipe'] }), output: '' };
    const keep = (data: Buffer): void => {
      child.output = (child.output + data.toString()).slice(-4_000);
    };
    child.process.stdout.on('data', keep);
    child.process.stderr.on('data', keep);
    child.process.on('error', keep as (error: unknown) => void);
    this.#children.push(child);
  }

  async until(what: string, holds: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + startDeadlineMs;
    while (!(await holds().catch(() => false))) {
      const dead = this.#children.find((child) => child.process.exitCode !== null);
      if (dead) throw new Error(`${dead.name} ended while waiting until ${what}: ${dead.output}`);
      if (Date.now() > deadline)
        throw new Error(`not within ${startDeadlineMs} ms: ${what} (${this.#directory})`);
      await delay(50);
    }
  }

  async stop(): Promise<void> {
    // The gateway first: without its store it would wait.
    for (const { process: child } of this.#children.toReversed()) {
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) continue;
      const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      child.kill('SIGKILL');
      await exited;
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
