import type { CredentialsLife } from '../../domain/cluster/credentials-life.ts';
import { mapReading } from '../../domain/cluster/reading.ts';
import {
  type ClusterConnection,
  type Connections,
  connectionTo,
} from '../../domain/network/cluster-connection.ts';
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
  /** Closes what is kept between looks at a cluster that left. */
  forget(cluster: string): Promise<void>;
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
  connections: Connections,
  clock: Pick<Clock, 'now'>,
): ClusterReader & ClusterContacts {
  const contacts = new Map<string, number>();

  /** With the connection that each was opened for: it is another one when the configuration changes. */
  const versions = new Map<string, { readonly to: ClusterConnection; readonly client: VersionClient }>();
  const lives = new Map<
    string,
    { readonly to: ClusterConnection; readonly life: ReturnType<typeof credentialsLife> }
  >();

  function connectionOf({ name }: ClusterPolicy): ClusterConnection {
    return connectionTo(connections, name);
  }

  function onAnswerOf({ name }: ClusterPolicy): () => void {
    return () => contacts.set(name, clock.now());
  }

  function versionClient(cluster: ClusterPolicy): VersionClient {
    const to = connectionOf(cluster);
    const kept = versions.get(cluster.name);
    if (kept?.to === to) return kept.client;
    void kept?.client.close();
    const client = openVersionClient(to, onAnswerOf(cluster));
    versions.set(cluster.name, { to, client });
    return client;
  }

  async function credentials(cluster: ClusterPolicy): Promise<CredentialsLife | undefined> {
    const to = connectionOf(cluster);
    const kept = lives.get(cluster.name);
    const { life } = kept?.to === to ? kept : { life: credentialsLife(to) };
    lives.set(cluster.name, { to, life });
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
    async forget(cluster) {
      const kept = versions.get(cluster);
      versions.delete(cluster);
      lives.delete(cluster);
      contacts.delete(cluster);
      await kept?.client.close();
    },
    async close() {
      await Promise.all([...versions.values()].map(({ client }) => client.close()));
    },
  };
}
