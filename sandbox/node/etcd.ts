import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { accessSync, constants, openSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** A real etcd on loopback. */
export interface Etcd {
  clientUrl: string;
  /** Of the server, e.g. `3.4.23`. */
  version: string;
  pid: number;
  etcdctl: string;
  /** Which program knows `snapshot status`: etcdutl where there is one (etcd 3.6 took it from etcdctl). */
  statusTool: string;
  /** The database file on this machine's disk. */
  databaseFile: string;
  put(key: string, value: string | Buffer): Promise<void>;
  /** Ends the process and waits for it. Idempotent. */
  stop(): Promise<void>;
}

export interface EtcdOptions {
  /** Data and log go here; made if missing. */
  dir: string;
  /** How many plausible keys to fill in. */
  keys?: number;
  /** Bytes of each value. */
  valueBytes?: number;
  /** Where to look for etcd and etcdctl; default this process's PATH. */
  searchPath?: string;
  startTimeoutMs?: number;
}

const TRANSACTION_OPERATIONS = 100;
const TRANSACTION_BYTES = 512 * 1024;

/**
 * Starts an etcd of one member, filled with keys as Kubernetes names them and values that look encrypted.
 * undefined where etcd or etcdctl is not installed. Dies with this process, even with `kill -9`.
 */
export async function startEtcd(options: EtcdOptions): Promise<Etcd | undefined> {
  const {
    dir,
    keys = 3000,
    valueBytes = 1024,
    searchPath = process.env.PATH ?? '',
    startTimeoutMs = 30_000,
  } = options;
  const etcd = findProgram('etcd', searchPath);
  const etcdctl = findProgram('etcdctl', searchPath);
  if (!etcd || !etcdctl) return undefined;
  await mkdir(dir, { recursive: true });
  const running = await launch(etcd, dir, startTimeoutMs);
  const put = (key: string, value: string | Buffer) => putAll(running.clientUrl, [[key, value]]);
  try {
    await fill(running.clientUrl, keys, valueBytes);
  } catch (error) {
    await running.stop();
    throw error;
  }
  return {
    ...running,
    etcdctl,
    statusTool: findProgram('etcdutl', searchPath) ?? etcdctl,
    databaseFile: path.join(dir, 'data/member/snap/db'),
    put,
  };
}

/** The first executable of that name on the search path. */
export function findProgram(name: string, searchPath: string): string | undefined {
  for (const folder of searchPath.split(path.delimiter)) {
    const file = path.join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {}
  }
  return undefined;
}

interface Launched {
  clientUrl: string;
  version: string;
  pid: number;
  stop(): Promise<void>;
}

/** A free port may be taken between finding and using it: then once more with others. */
async function launch(program: string, dir: string, timeoutMs: number): Promise<Launched> {
  for (let attempt = 1; ; attempt++) {
    const launched = await launchOnce(program, dir, timeoutMs);
    if (launched) return launched;
    const log = await readFile(path.join(dir, 'etcd.log'), 'utf8');
    if (attempt === 3 || !log.includes('address already in use')) {
      throw new Error(
        `etcd did not become healthy within ${timeoutMs} ms. Its last words: ${log.slice(-600)}`,
      );
    }
  }
}

async function launchOnce(program: string, dir: string, timeoutMs: number): Promise<Launched | undefined> {
  const [clientUrl, peerUrl] = (await freePorts(2)).map((port) => `http://127.0.0.1:${port}`) as [
    string,
    string,
  ];
  const log = openSync(path.join(dir, 'etcd.log'), 'w');
  const args = ['--name', 'master-0', '--data-dir', path.join(dir, 'data')];
  args.push('--listen-client-urls', clientUrl, '--advertise-client-urls', clientUrl);
  args.push('--listen-peer-urls', peerUrl, '--initial-advertise-peer-urls', peerUrl);
  args.push('--initial-cluster', `master-0=${peerUrl}`, '--logger', 'zap', '--log-level', 'warn');
  args.push('--quota-backend-bytes', String(8 * 1024 ** 3));
  const child = spawn(program, args, {
    stdio: ['ignore', log, log],
    env: { PATH: '/usr/bin:/bin' },
    cwd: dir,
  });
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const watcher = watchOverParent(child);
  const stop = () => stopChild(child, watcher, exited);
  const version = await healthyVersion(clientUrl, child, timeoutMs);
  if (version !== undefined) return { clientUrl, version, pid: child.pid ?? -1, stop };
  await stop();
  return undefined;
}

/** A shell that waits for our end of its stdin to close, which even `kill -9` of this process does, and ends etcd then. */
function watchOverParent(child: ChildProcess): ChildProcess {
  const args = ['-c', 'read -r _; kill -9 "$1"', 'sh', String(child.pid)];
  const watcher = spawn('/bin/sh', args, { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  watcher.unref();
  return watcher;
}

async function stopChild(child: ChildProcess, watcher: ChildProcess, exited: Promise<void>): Promise<void> {
  // The watcher first: it must not find another process under a process id that is free again.
  if (watcher.exitCode === null && watcher.signalCode === null) {
    watcher.kill('SIGKILL');
    await once(watcher, 'exit');
  }
  child.kill('SIGTERM');
  const hard = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await exited;
  clearTimeout(hard);
}

async function healthyVersion(
  url: string,
  child: ChildProcess,
  timeoutMs: number,
): Promise<string | undefined> {
  const deadline = performance.now() + timeoutMs;
  while (performance.now() < deadline && child.exitCode === null && child.signalCode === null) {
    const health = await getJson(`${url}/health`);
    if (String(health?.health) === 'true') return String((await getJson(`${url}/version`))?.etcdserver);
    await delay(50);
  }
  return undefined;
}

async function getJson(url: string): Promise<Record<string, unknown> | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5000) });
    return (await response.json()) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

async function fill(clientUrl: string, keys: number, valueBytes: number): Promise<void> {
  const perTransaction = Math.max(
    1,
    Math.min(TRANSACTION_OPERATIONS, Math.floor(TRANSACTION_BYTES / valueBytes)),
  );
  for (let from = 0; from < keys; from += perTransaction) {
    const count = Math.min(perTransaction, keys - from);
    await putAll(
      clientUrl,
      Array.from({ length: count }, (_, index) => entry(from + index, valueBytes)),
    );
  }
}

const KINDS = ['secrets', 'configmaps', 'pods', 'events', 'deployments'];

function entry(index: number, valueBytes: number): [string, Buffer] {
  const namespace = `project-${String(index % 97).padStart(2, '0')}`;
  const key = `/kubernetes.io/${KINDS[index % KINDS.length]}/${namespace}/object-${String(index).padStart(6, '0')}`;
  const prefix = Buffer.from('k8s:enc:aescbc:v1:1:');
  return [key, Buffer.concat([prefix, randomBytes(Math.max(16, valueBytes - prefix.length))])];
}

/** One transaction through etcd's JSON gateway: a process for each key would take minutes. */
async function putAll(
  clientUrl: string,
  entries: readonly (readonly [string, string | Buffer])[],
): Promise<void> {
  const success = entries.map(([key, value]) => ({
    requestPut: { key: Buffer.from(key).toString('base64'), value: Buffer.from(value).toString('base64') },
  }));
  const body = JSON.stringify({ success });
  const response = await fetch(`${clientUrl}/v3/kv/txn`, {
    method: 'POST',
    body,
    signal: AbortSignal.timeout(60_000),
  });
  const text = await response.text();
  if (!response.ok)
    throw new Error(`etcd refused to store ${entries.length} keys: HTTP ${response.status} ${text}`);
}
