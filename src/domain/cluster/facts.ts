import type { Reading } from './reading.ts';

/** A ClusterOperator, ClusterVersion, node or operator condition. `status` is kept as text: absent and odd values occur. */
export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason?: string;
  readonly message?: string;
}

export interface VersionHistoryEntry {
  readonly state: string;
  readonly version: string;
  readonly image: string;
  /** ms UTC */
  readonly startedAt?: number;
  readonly completedAt?: number;
}

export interface VersionFacts {
  readonly clusterId: string;
  /** What the cluster is on or going to, as written: `4.16.8`, or something that is no z-stream. */
  readonly desiredVersion: string;
  readonly desiredImage: string;
  /** Newest first, as the cluster keeps it; the initial entry survives pruning. */
  readonly history: readonly VersionHistoryEntry[];
  readonly generation: number;
  readonly observedGeneration: number;
  readonly conditions: readonly Condition[];
  /** `spec.desiredUpdate`; either part may be empty. undefined: no update is requested. */
  readonly desiredUpdate: { readonly version: string; readonly image: string } | undefined;
}

export interface InfrastructureFacts {
  readonly infrastructureName: string;
  readonly apiUrl: string;
  /** `HighlyAvailable`, `SingleReplica`, `External`, `HighlyAvailableArbiter`, `DualReplica`, or a later word. */
  readonly controlPlaneTopology: string;
}

/** The cluster-wide proxy's status. SECRET: the URLs may hold passwords. Never stored, shown or logged. */
export interface ProxyFacts {
  readonly httpProxy: string;
  readonly httpsProxy: string;
  readonly noProxy: string;
}

export interface OperatorFacts {
  readonly name: string;
  readonly conditions: readonly Condition[];
}

export interface EtcdFacts {
  readonly conditions: readonly Condition[];
  readonly nodeRevisions: readonly { readonly node: string; readonly currentRevision: number }[];
}

export interface EncryptionFacts {
  /** `spec.encryption.type`: `identity` when nothing is written there. */
  readonly type: Reading<string>;
  readonly kubeApiServer: Reading<EncryptionConditions>;
  readonly openshiftApiServer: Reading<EncryptionConditions>;
  /** The OAuth API server's; undefined value: people are known by an external provider, and there is no such server. */
  readonly oauthApiServer: Reading<EncryptionConditions | undefined>;
}

/** What the operator of one API server says of encryption; undefined: the condition is absent. */
export interface EncryptionConditions {
  /** Not written while revisions roll out: it may be old. */
  readonly encrypted: Condition | undefined;
  /** `EncryptionMigrationControllerProgressing`: stored values are being written with another key. */
  readonly migration: Condition | undefined;
}

export interface NodeFacts {
  readonly name: string;
  readonly internalIp: string | undefined;
  /** All of them, where it has more than one. */
  readonly internalIps?: readonly string[];
  readonly controlPlane: boolean;
  readonly arbiter: boolean;
  readonly cordoned: boolean;
  readonly conditions: readonly Condition[];
}

export interface EtcdPodFacts {
  readonly name: string;
  readonly node: string;
  readonly ready: boolean;
  /** Image of the running etcd container: it is on the node already. */
  readonly image: string | undefined;
}

interface CaBundle {
  readonly name: string;
  readonly certificates: readonly CertificateFacts[];
}

export interface CertificateFacts {
  readonly subject: string;
  /** ms UTC */
  readonly notBefore: number;
  readonly notAfter: number;
}

export interface WorkerPoolFacts {
  readonly name: string;
  readonly updated: boolean;
}

/** One right that the bot needs, as deploy/ grants it, and what the cluster says of it. */
export interface RightFacts {
  readonly right: string;
  readonly role: string;
  /** `run`: without it no backup can run. `read`: without it one fact stays unknown. */
  readonly neededFor: 'run' | 'read';
  readonly allowed: boolean;
}

/** Why the API server would not let the session pod in. */
export type PodRefusal =
  | 'pod-security'
  | 'security-context'
  | 'webhook'
  | 'quota'
  | 'limits'
  | 'priority-class'
  | 'namespace-absent'
  | 'namespace-ending'
  | 'service-account'
  | 'right'
  | 'other';

/** What the API server said to a dry run of the session pod: nothing is made, all of admission is asked. `detail`: its words. */
export type PodAdmission =
  | { readonly kind: 'admitted' }
  | { readonly kind: 'refused'; readonly because: PodRefusal; readonly detail: string }
  /** A webhook that cannot be asked without effect: whether the pod would come in is not known. */
  | { readonly kind: 'no-dry-run'; readonly detail: string };

/** Everything preflight looks at, read once. A plain value: the same facts always give the same decision. */
export interface ClusterFacts {
  readonly cluster: string;
  /** ms UTC on the bot's clock, taken when reading began. */
  readonly readAt: number;
  readonly version: Reading<VersionFacts>;
  readonly infrastructure: Reading<InfrastructureFacts>;
  readonly proxy: Reading<ProxyFacts>;
  readonly operators: Reading<readonly OperatorFacts[]>;
  readonly etcd: Reading<EtcdFacts>;
  readonly encryption: EncryptionFacts;
  readonly nodes: Reading<readonly NodeFacts[]>;
  readonly etcdPods: Reading<readonly EtcdPodFacts[]>;
  readonly caBundles: readonly { readonly name: string; readonly bundle: Reading<CaBundle> }[];
  readonly workerPools: Reading<readonly WorkerPoolFacts[]>;
  /** Objects of the preview Backup and EtcdBackup API by kind and name; no such API and none are both empty. */
  readonly previewBackups: Reading<readonly string[]>;
  readonly ownRights: Reading<readonly RightFacts[]>;
  /** Whether the server lists the group of ClusterVersion among its APIs; absent: not asked, or it did not say. */
  readonly configApi?: boolean;
  /** Absent: not asked, because no node or no image is known for it. */
  readonly sessionPod?: Reading<PodAdmission>;
}

/** What only the node knows, read at the start of a run (after approval). Sizes in bytes. */
export interface NodeDiskFacts {
  readonly scriptPresent: boolean;
  readonly freeBytes: number;
  readonly databaseBytes: number;
  /** ms UTC by the node's own clock, and by ours when it was asked. */
  readonly nodeTime: number;
  readonly askedAt: number;
  /** Names in the backup root: directories of this and of earlier runs among them. */
  readonly runDirectories: readonly string[];
}
