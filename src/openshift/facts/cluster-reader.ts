import type { CredentialsLife } from '../../domain/cluster/credentials-life.ts';
import { mapReading } from '../../domain/cluster/reading.ts';
import type { ClusterConnection } from '../../domain/network/cluster-connection.ts';
import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import type { Clock, ClusterReader } from '../../workflow/ports/ports.ts';
import { type ApiClient, openApiClient } from '../api/api-client.ts';
import { credentialsLife } from '../api/credentials.ts';
import { reviewClusterAdmin } from './access-review.ts';
import { readFacts } from './facts-reader.ts';
import { readClusterAccess } from './read-access.ts';
import { readInfrastructure } from './read-infrastructure.ts';
import { readPreviewBackups } from './read-preview-backups.ts';
import { openVersionClient, type VersionClient } from './version-client.ts';

/** When each cluster last answered, for the health port. */
export interface ClusterContacts {
  /** ms UTC of the cluster's last answer to a reading; undefined: none since the start. */
  lastContact(cluster: string): number | undefined;
  /** Closes what is kept between looks. Idempotent; a later look opens it again. */
  close(): Promise<void>;
}

/**
 * Reads clusters through their API. Credentials are loaded again and connections closed for every reading,
 * so a rotated token or a frozen connection spoils one reading at most. The version alone is asked for all the time:
 * its credentials are kept (`VersionClient`).
 * Throws only for a cluster without a connection, which is a mistake in our own wiring.
 */
export function createClusterReader(
  connections: readonly ClusterConnection[],
  clock: Pick<Clock, 'now'>,
): ClusterReader & ClusterContacts {
  const contacts = new Map<string, number>();

  const byName = new Map(connections.map((each) => [each.cluster, each]));
  const versions = new Map<string, VersionClient>();
  const lives = new Map<string, ReturnType<typeof credentialsLife>>();

  function connectionOf({ name }: ClusterPolicy): ClusterConnection {
    const connection = byName.get(name);
    if (!connection) throw new Error(`no connection is configured for cluster "${name}"`);
    return connection;
  }

  function onAnswerOf({ name }: ClusterPolicy): () => void {
    return () => contacts.set(name, clock.now());
  }

  function versionClient(cluster: ClusterPolicy): VersionClient {
    const client =
      versions.get(cluster.name) ?? openVersionClient(connectionOf(cluster), onAnswerOf(cluster));
    versions.set(cluster.name, client);
    return client;
  }

  async function credentials(cluster: ClusterPolicy): Promise<CredentialsLife | undefined> {
    const life = lives.get(cluster.name) ?? credentialsLife(connectionOf(cluster));
    lives.set(cluster.name, life);
    return life();
  }

  async function reading<T>(
    cluster: ClusterPolicy,
    read: (api: ApiClient) => Promise<T>,
    atOnce?: number,
  ): Promise<T> {
    const api = openApiClient(connectionOf(cluster), onAnswerOf(cluster), atOnce);
    try {
      return await read(api);
    } finally {
      await api.close();
    }
  }

  return {
    facts: (cluster) => reading(cluster, (api) => readFacts(api, cluster, clock.now())),
    version: async (cluster) => versionClient(cluster).read(),
    topology: async (cluster) =>
      mapReading(await reading(cluster, readInfrastructure, 1), (read) => read.controlPlaneTopology),
    previewBackups: (cluster) => reading(cluster, readPreviewBackups, 1),
    clusterAdmin: (cluster, person) => reading(cluster, (api) => reviewClusterAdmin(api, person)),
    serverTime: (cluster) => reading(cluster, (api) => api.serverTime(() => clock.now()), 1),
    credentials,
    async access(cluster) {
      const access = await reading(cluster, (api) => readClusterAccess(api, cluster, () => clock.now()));
      const life = await credentials(cluster);
      return life ? { ...access, credentials: { life, readAt: clock.now() } } : access;
    },
    lastContact: (cluster) => contacts.get(cluster),
    async close() {
      await Promise.all([...versions.values()].map((each) => each.close()));
    },
  };
}
