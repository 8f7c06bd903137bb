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
