import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Cluster } from '@kubernetes/client-node';
import { parse, stringify } from 'yaml';
import { EnrollError } from './problem.ts';

/** SECRET. The cluster's address and authority as the administrator's kubeconfig has them, with the account's token and nothing else of it. */
export function botKubeconfig(cluster: Cluster, token: string): string {
  if (cluster.skipTLSVerify) {
    throw new EnrollError(
      'the kubeconfig has insecure-skip-tls-verify for this cluster, so its certificate authority is not known: anyone on the way could take the bot’s token. Log in with --certificate-authority',
    );
  }
  const ca = cluster.caData ?? (cluster.caFile === undefined ? undefined : encoded(cluster.caFile));
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: 'managed',
        cluster: {
          server: cluster.server,
          ...(ca ? { 'certificate-authority-data': ca } : {}),
          ...(cluster.tlsServerName ? { 'tls-server-name': cluster.tlsServerName } : {}),
        },
      },
    ],
    users: [{ name: 'etcd-backup', user: { token } }],
    contexts: [{ name: 'etcd-backup', context: { cluster: 'managed', user: 'etcd-backup' } }],
    'current-context': 'etcd-backup',
  });
}

/** The API server of a file that `botKubeconfig` made; undefined: there is none, or it is something else. */
export async function serverOf(file: string): Promise<string | undefined> {
  try {
    const read = parse(await readFile(file, 'utf8'), { logLevel: 'error' }) as {
      readonly clusters?: readonly { readonly cluster?: { readonly server?: unknown } }[];
    } | null;
    const server = read?.clusters?.[0]?.cluster?.server;
    return typeof server === 'string' ? server : undefined;
  } catch {
    return undefined;
  }
}

function encoded(file: string): string {
  try {
    return readFileSync(file).toString('base64');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new EnrollError(`the certificate authority ${file} of the kubeconfig cannot be read: ${code}`);
  }
}

/** A file that only this user can read, whole before it has its name: `keep` gives it that name, `drop` removes it. */
export async function writePrivately(
  file: string,
  text: string,
): Promise<{ readonly path: string; keep(): Promise<void>; drop(): Promise<void> }> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const path = join(dirname(file), `.${randomBytes(6).toString('hex')}.part`);
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { path, keep: () => rename(path, file), drop: () => rm(path, { force: true }) };
}
