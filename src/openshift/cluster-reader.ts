import type { ClusterPolicy } from '../domain/policy.ts';
import type { Clock, ClusterReader } from '../workflow/ports.ts';
import { reviewClusterAdmin } from './access-review.ts';
import { type ApiClient, openApiClient } from './api-client.ts';
import type { ClusterConnection } from './connection.ts';
import { readFacts } from './facts-reader.ts';
import { readStanding } from './read-standing.ts';

/** When each cluster last answered, for the health port. */
export interface ClusterContacts {
  /** ms UTC of the cluster's last answer to a reading; undefined: none since the start. */
  lastContact(cluster: string): number | undefined;
}

/**
 * Reads clusters through their API. Credentials are loaded anew and connections closed for every reading,
 * so a rotated token or a frozen connection spoils one reading at most.
 * Throws only for a cluster without a connection, which is a mistake in our own wiring.
 */
export function createClusterReader(
  connections: readonly ClusterConnection[],
  clock: Pick<Clock, 'now'>,
): ClusterReader & ClusterContacts {
  const contacts = new Map<string, number>();

  async function reading<T>(cluster: ClusterPolicy, read: (api: ApiClient) => Promise<T>): Promise<T> {
    const connection = connections.find((each) => each.cluster === cluster.name);
    if (!connection) throw new Error(`no connection is configured for cluster "${cluster.name}"`);
    const api = openApiClient(connection, () => contacts.set(cluster.name, clock.now()));
    try {
      return await read(api);
    } finally {
      await api.close();
    }
  }

  return {
    facts: (cluster) => reading(cluster, (api) => readFacts(api, cluster, clock.now())),
    clusterAdmin: (cluster, person) => reading(cluster, (api) => reviewClusterAdmin(api, person)),
    standing: (cluster) => reading(cluster, (api) => readStanding(api, cluster, () => clock.now())),
    lastContact: (cluster) => contacts.get(cluster),
  };
}
