import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { EtcdTools } from '../../src/drill/find-etcd.ts';
import { freePort } from '../free-port.ts';

export interface EtcdState {
  readonly revision: number;
  /** Live keys, in order. */
  readonly keys: readonly string[];
}

const deadlineMs = 60_000;

/** Starts the real etcd on a copy of what lies in a host's /var/lib/etcd, reads it whole, and stops it. */
export async function readEtcdState(
  tools: EtcdTools,
  root: string,
  signal?: AbortSignal,
): Promise<EtcdState> {
  const room = await mkdtemp(path.join(root, '.host', 'etcd-'));
  const data = path.join(room, 'data');
  await cp(path.join(root, 'var/lib/etcd/member'), path.join(data, 'member'), { recursive: true });
  const client = `http://127.0.0.1:${await freePort()}`;
  const peer = `http://127.0.0.1:${await freePort()}`;
  const args = ['--data-dir', data, '--name', path.basename(root), '--logger', 'zap', '--log-level', 'error'];
  args.push('--listen-client-urls', client, '--advertise-client-urls', client, '--listen-peer-urls', peer);
  const etcd = spawn(tools.etcd, args, {
    cwd: room,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: '/usr/bin:/bin' },
  });
  let log = '';
  etcd.stderr.setEncoding('utf8').on('data', (part: string) => {
    log = (log + part).slice(-2000);
  });
  const ended = once(etcd, 'exit');
  const kill = () => void etcd.kill('SIGKILL');
  signal?.addEventListener('abort', kill);
  try {
    return await whenHealthy(
      client,
      () => etcd.exitCode === null && etcd.signalCode === null,
      () => log,
    );
  } finally {
    signal?.removeEventListener('abort', kill);
    kill();
    await ended;
    await rm(room, { recursive: true, force: true });
  }
}

async function whenHealthy(client: string, isAlive: () => boolean, log: () => string): Promise<EtcdState> {
  const end = performance.now() + deadlineMs;
  while (isAlive() && performance.now() < end) {
    const answer = await askEtcd(client);
    if (answer) return answer;
    await delay(50);
  }
  throw new Error(`etcd did not answer on the restored data. Its last words: ${log()}`);
}

interface RangeAnswer {
  readonly header?: { readonly revision?: string };
  readonly kvs?: readonly { readonly key: string }[];
}

/** All keys from the first byte on, through the JSON gateway of an etcd that runs; undefined: it does not answer. */
export async function askEtcd(client: string): Promise<EtcdState | undefined> {
  try {
    const body = JSON.stringify({ key: 'AA==', range_end: 'AA==', keys_only: true });
    const response = await fetch(`${client}/v3/kv/range`, {
      method: 'POST',
      body,
      signal: AbortSignal.timeout(5000),
    });
    const { header, kvs = [] } = (await response.json()) as RangeAnswer;
    if (!response.ok || header?.revision === undefined) return undefined;
    const keys = kvs.map(({ key }) => Buffer.from(key, 'base64').toString('utf8'));
    return { revision: Number(header.revision), keys };
  } catch {
    return undefined;
  }
}
