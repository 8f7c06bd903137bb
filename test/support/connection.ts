import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { AccountName } from '../../sandbox/cluster/accounts.ts';
import { kubeconfigYaml } from '../../sandbox/cluster/accounts.ts';
import { type ClusterOptions, type SandboxCluster, startCluster } from '../../sandbox/cluster/cluster.ts';
import type { ClusterConnection } from '../../src/domain/network/cluster-connection.ts';

/** Long enough for a slow machine; a test that waits for a deadline sets a short one. */
const patientMs = 60_000;

/** A sandbox cluster without machines behind its nodes, closed with the test: enough for everything that is only read. */
export async function readableCluster(
  t: Pick<TestContext, 'after'>,
  options: Partial<ClusterOptions> = {},
): Promise<SandboxCluster> {
  const cluster = await startCluster({ nodes: [], ...options });
  t.after(() => cluster.close());
  return cluster;
}

/** A connection to it through a kubeconfig file of its own, removed with the test. */
export async function connectionTo(
  t: Pick<TestContext, 'after'>,
  cluster: SandboxCluster,
  { account = 'bot' as AccountName, requestDeadlineMs = patientMs } = {},
): Promise<ClusterConnection> {
  return connectionWith(t, cluster.kubeconfig(account), requestDeadlineMs);
}

/** A connection to any server. */
export function connectionToUrl(
  t: Pick<TestContext, 'after'>,
  server: { url: string; caPem: string },
  requestDeadlineMs = patientMs,
): Promise<ClusterConnection> {
  return connectionWith(
    t,
    kubeconfigYaml({ ...server, token: 'sha256~not-for-logs', user: 'bot' }),
    requestDeadlineMs,
  );
}

export async function connectionWith(
  t: Pick<TestContext, 'after'>,
  kubeconfig: string,
  requestDeadlineMs = patientMs,
): Promise<ClusterConnection> {
  const directory = await mkdtemp(join(tmpdir(), 'connection-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  const file = join(directory, 'kubeconfig');
  await writeFile(file, kubeconfig, { mode: 0o600 });
  return { cluster: 'lab', kubeconfig: { file }, requestDeadlineMs };
}
