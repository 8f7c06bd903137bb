import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Client, findClient } from '../../sandbox/client/find-client.ts';
import { type ClusterOptions, type SandboxCluster, startCluster } from '../../sandbox/cluster/cluster.ts';
import { type ControlPlane, startControlPlane } from '../../sandbox/node/control-plane.ts';
import type { ClusterConnection } from '../../src/domain/network/cluster-connection.ts';
import type { ClusterPolicy } from '../../src/domain/policy/policy.ts';
import { createNodeSessions } from '../../src/openshift/node/node-sessions.ts';
import { systemClock } from '../../src/system/clock.ts';
import type { NodeSessions } from '../../src/workflow/ports/ports.ts';
import { policyOf } from './policies.ts';

/** A simulated cluster with nodes whose commands really run, and the bot's own way to it. */
export interface ClusterLab extends AsyncDisposable {
  readonly dir: string;
  readonly cluster: SandboxCluster;
  readonly plane: ControlPlane;
  readonly client: Client;
  readonly connection: ClusterConnection;
  readonly policy: ClusterPolicy;
  readonly sessions: NodeSessions;
}

/** Deadlines that a loaded machine keeps and a test can wait for. */
export function labPolicy(change: Partial<ClusterPolicy> = {}): ClusterPolicy {
  const policy = policyOf('prod-east');
  return {
    ...policy,
    session: {
      ...policy.session,
      startDeadlineMs: 30_000,
      scriptDeadlineMs: 60_000,
      commandDeadlineMs: 20_000,
    },
    approval: { ...policy.approval, expiresAfterMs: 1_800_000 },
    ...change,
  };
}

/** `etcd: false` (the default here) hands out the recorded snapshot: tests of a real etcd say so. */
export async function openLab(
  options: Partial<ClusterOptions> & { etcd?: false | object; policy?: Partial<ClusterPolicy> } = {},
): Promise<ClusterLab> {
  const { etcd = false, policy, ...seed } = options;
  const dir = await mkdtemp(path.join(tmpdir(), 'etcd-backup-lab-'));
  const project = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
  const cacheDir = path.join(project, 'node_modules', '.cache', 'sandbox-client');
  const client = await findClient({ cacheDir, env: process.env });
  const plane = await startControlPlane({ dir: path.join(dir, 'nodes'), etcd });
  const cluster = await startCluster({ nodes: plane.nodes, ...seed });
  const file = path.join(dir, 'kubeconfig');
  await cluster.writeKubeconfig('bot', file);
  const connection: ClusterConnection = {
    cluster: 'prod-east',
    kubeconfig: { file },
    // A loaded machine answers late.
    requestDeadlineMs: 15_000,
  };
  const sessions = createNodeSessions({
    connections: [connection],
    clientPath: client.path,
    clientEnv: { PATH: process.env.PATH ?? '', HOME: dir },
    cacheDir: path.join(dir, 'client-cache'),
    clock: systemClock(),
  });
  return {
    dir,
    cluster,
    plane,
    client,
    connection,
    policy: labPolicy(policy),
    sessions,
    async [Symbol.asyncDispose]() {
      await cluster.close();
      await plane.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
