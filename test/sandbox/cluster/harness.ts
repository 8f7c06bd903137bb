import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { findClient } from '../../../sandbox/client/find-client.ts';
import type { AccountName } from '../../../sandbox/cluster/accounts.ts';
import { type ClusterOptions, type SandboxCluster, startCluster } from '../../../sandbox/cluster/cluster.ts';
import { etcdImage } from '../../../sandbox/cluster/seed-nodes.ts';
import { localNode } from './local-node.ts';

export const sessions = 'etcd-backup-sessions';
const cacheDir = fileURLToPath(new URL('../../../node_modules/.cache/sandbox-client', import.meta.url));

/** A cluster for one test file with a machine behind `master-0`; it and its files go when the file's tests end. */
export async function clusterForTests(options: Partial<ClusterOptions> = {}): Promise<SandboxCluster> {
  const node = await localNode('master-0');
  const cluster = await startCluster({ podStartMs: 10, podStopMs: 10, ...options, nodes: [node] });
  after(async () => {
    await cluster.close();
    await node.close();
  });
  return cluster;
}

export interface Outcome {
  code: number | null;
  stdout: Buffer;
  stderr: string;
}

export interface Running {
  outcome: Promise<Outcome>;
  /** Resolves when `text` has come on stdout. */
  saw(text: string): Promise<void>;
  stdin: NodeJS.WritableStream;
  kill(signal?: NodeJS.Signals): void;
}

export type Kubectl = (account: AccountName, ...args: string[]) => Running;

/** Runs the client of this machine against the cluster; undefined where there is only the stand-in. */
export async function kubectlFor(cluster: SandboxCluster): Promise<Kubectl | undefined> {
  const client = await findClient({ cacheDir, env: process.env });
  if (client.kind === 'stand-in') return undefined;
  const home = await mkdtemp(join(tmpdir(), 'sandbox-kubectl-'));
  after(() => rm(home, { recursive: true, force: true }));
  for (const account of ['bot', 'admin', 'viewer', 'requester'] as const) {
    await cluster.writeKubeconfig(account, join(home, account));
  }
  return (account, ...args) => {
    const options = [`--kubeconfig=${join(home, account)}`, `--cache-dir=${join(home, 'cache')}`];
    return start(client.path, [...options, ...args]);
  };
}

function start(file: string, args: string[]): Running {
  const child = spawn(file, args, { stdio: 'pipe', env: { PATH: process.env.PATH ?? '' } });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  child.stdin.on('error', () => {});
  const outcome = new Promise<Outcome>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      resolve({ code, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString('utf8') }),
    );
  });
  const saw = (text: string) => until(() => Buffer.concat(stdout).includes(text), `"${text}" on stdout`);
  return { outcome, saw, stdin: child.stdin, kill: (signal = 'SIGKILL') => child.kill(signal) };
}

/** Asks until it is so; fails after 30 s with what was awaited. */
export async function until(isSo: () => boolean, what: string): Promise<void> {
  const end = Date.now() + 30_000;
  while (!isSo()) {
    if (Date.now() > end) throw new Error(`waited 30 s for ${what}`);
    await pause(10);
  }
}

/** A pod as `oc debug node/…` makes it. */
export function sessionPod(name: string, spec: object = {}): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: sessions },
    spec: {
      nodeName: 'master-0',
      restartPolicy: 'Never',
      hostNetwork: true,
      hostPID: true,
      hostIPC: true,
      priorityClassName: 'openshift-user-critical',
      automountServiceAccountToken: false,
      volumes: [{ name: 'host', hostPath: { path: '/', type: 'Directory' } }],
      containers: [
        {
          name: 'container-00',
          image: etcdImage,
          command: ['chroot', '/host', 'sleep', '900'],
          securityContext: { privileged: true, runAsUser: 0 },
          volumeMounts: [{ name: 'host', mountPath: '/host' }],
        },
      ],
      ...spec,
    },
  };
}

export interface Reply {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: bodies of every kind.
  body: any;
}

/** One request with an account's token, over TLS with the cluster's CA. */
export function api(
  cluster: SandboxCluster,
): (account: AccountName, method: string, path: string, body?: unknown, type?: string) => Promise<Reply> {
  return async (account, method, path, body, type = 'application/json') => {
    const headers = { authorization: `Bearer ${cluster.token(account)}`, 'content-type': type };
    return send(cluster, method, path, headers, body);
  };
}

export function send(
  cluster: SandboxCluster,
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: unknown,
): Promise<Reply> {
  const text = body === undefined ? '' : JSON.stringify(body);
  const all = { ...headers, 'content-length': String(Buffer.byteLength(text)) };
  return new Promise((resolve, reject) => {
    const outgoing = request(
      `${cluster.url}${path}`,
      { method, headers: all, ca: cluster.caPem, agent: false },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.once('error', reject);
        incoming.once('end', () => {
          const answer = Buffer.concat(chunks).toString('utf8');
          const isJson = incoming.headers['content-type']?.includes('json');
          resolve({ status: incoming.statusCode ?? 0, body: isJson ? JSON.parse(answer) : answer });
        });
      },
    );
    outgoing.once('error', reject);
    outgoing.end(text);
  });
}

/** Makes a session pod as the bot and waits until it is Running. */
export async function runningPod(cluster: SandboxCluster, name: string, spec: object = {}): Promise<void> {
  const reply = await api(cluster)(
    'bot',
    'POST',
    `/api/v1/namespaces/${sessions}/pods`,
    sessionPod(name, spec),
  );
  if (reply.status !== 201) throw new Error(`POST pod ${name}: expected 201, got ${JSON.stringify(reply)}`);
  await until(
    () => cluster.objects.get('pods', name, sessions).status.phase === 'Running',
    `pod ${name} to run`,
  );
}
