import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import type { AccountName } from '../../sandbox/cluster/accounts.ts';
import { type ClusterOptions, type SandboxCluster, startCluster } from '../../sandbox/cluster/cluster.ts';
import { compileCache } from '../../sandbox/compile-cache.ts';

const main = fileURLToPath(new URL('../../src/enroll/main.ts', import.meta.url));

export interface Said {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface EnrollLab {
  readonly cluster: SandboxCluster;
  readonly dir: string;
  /** Runs the command as npm does, in `dir`, with KUBECONFIG at an administrator's file. */
  run(command: 'enroll' | 'unenroll', args: readonly string[], env?: Record<string, string>): Promise<Said>;
  file(name: string): Promise<string>;
}

/** A managed cluster on which nothing of the bot is yet, and an administrator with a kubeconfig of several contexts. */
export async function openEnrollLab(
  t: Pick<TestContext, 'after'>,
  options: Partial<ClusterOptions> = {},
): Promise<EnrollLab> {
  const dir = await mkdtemp(join(tmpdir(), 'enroll-'));
  const cluster = await startCluster({ nodes: [], deployDirectory: 'none', ...options });
  t.after(async () => {
    await cluster.close();
    await rm(dir, { recursive: true, force: true });
  });
  await writeFile(join(dir, 'admin'), adminKubeconfig(cluster), { mode: 0o600 });
  return {
    cluster,
    dir,
    run: (command, args, env = {}) => said(dir, [main, command, ...args], env),
    file: (name) => readFile(join(dir, name), 'utf8'),
  };
}

/** Contexts `admin`, `viewer` (no rights) and `nowhere` (no API server there). */
export function adminKubeconfig(cluster: SandboxCluster, change: Record<string, unknown> = {}): string {
  const accounts: AccountName[] = ['admin', 'viewer'];
  const ca = Buffer.from(cluster.caPem).toString('base64');
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      { name: 'prod', cluster: { server: cluster.url, 'certificate-authority-data': ca, ...change } },
      { name: 'nowhere', cluster: { server: 'https://127.0.0.1:65534', 'certificate-authority-data': ca } },
    ],
    users: accounts.map((name) => ({ name, user: { token: cluster.token(name) } })),
    contexts: [
      ...accounts.map((user) => ({ name: user, context: { cluster: 'prod', user } })),
      { name: 'nowhere', context: { cluster: 'nowhere', user: 'admin' } },
    ],
    'current-context': 'viewer',
  });
}

function said(cwd: string, argv: readonly string[], env: Record<string, string>): Promise<Said> {
  const child = spawn(process.execPath, [...argv], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...compileCache, PATH: process.env.PATH ?? '', HOME: cwd, KUBECONFIG: join(cwd, 'admin'), ...env },
  });
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      resolve({ code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }),
    );
  });
}
