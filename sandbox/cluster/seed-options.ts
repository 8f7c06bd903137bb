/** The shapes of a control plane, as `infrastructures/cluster` names them. */
export type Topology =
  | 'HighlyAvailable'
  | 'SingleReplica'
  | 'HighlyAvailableArbiter'
  | 'DualReplica'
  | 'External';

interface ProxySettings {
  httpProxy?: string;
  httpsProxy?: string;
  noProxy?: string;
}

/** How the seeded cluster differs from the default: a healthy 4.16.8 with three control-plane nodes. */
export interface SeedOptions {
  /** The z-stream that is installed. */
  version?: string;
  topology?: Topology;
  /** The status of the Proxy; `none` for a cluster without one. */
  proxy?: ProxySettings | 'none';
  encryption?: 'aescbc' | 'aesgcm' | 'identity';
  /** Age of the cluster; the present version came with an update after a third of it. */
  installedDaysAgo?: number;
  /** `installer`: the bundles still hold the installer's certificate of one day. */
  certificates?: 'rotated' | 'installer';
  /** Nodes that are not Ready, by name. */
  nodeReady?: Record<string, 'True' | 'False' | 'Unknown'>;
  /** API groups that this cluster lacks, as `user.openshift.io` with external OIDC, `config.openshift.io` on MicroShift. */
  absentGroups?: readonly string[];
  /** The technology preview of the backup API is switched on. */
  previewApi?: boolean;
}
