import type { ProxySettings } from './proxy-settings.ts';

/** How one cluster's API is reached. */
export interface ClusterConnection {
  /** The cluster's name in the configuration. */
  readonly cluster: string;
  /** A kubeconfig file (absolute path), with its current or the named context; `in-cluster`: the pod's own service account. */
  readonly kubeconfig: { readonly file: string; readonly context?: string } | 'in-cluster';
  /** For every single call, body included. */
  readonly requestDeadlineMs: number;
  /** Where the kubeconfig names no proxy of its own; absent: directly. */
  readonly proxy?: ProxySettings;
}

/** All of them, or where to look one up each time: clusters may come and go. */
export type Connections = readonly ClusterConnection[] | ((cluster: string) => ClusterConnection | undefined);

/** Throws for a cluster without a connection, which is a mistake in our own wiring. */
export function connectionTo(connections: Connections, cluster: string): ClusterConnection {
  const found =
    typeof connections === 'function'
      ? connections(cluster)
      : connections.find((each) => each.cluster === cluster);
  if (!found) throw new Error(`no connection is configured for cluster "${cluster}"`);
  return found;
}
