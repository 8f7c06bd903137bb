import type { Person } from '../people/person.ts';

/** What this release writes, and what it reads. Later formats only add keys. */
export const manifestSchema = 'etcd-backup-manifest/2';
export const manifestSchemas = ['etcd-backup-manifest/1', manifestSchema] as const;

/** The two files of a backup, by the name that the whole product uses for them. */
export type FileKind = 'snapshot' | 'resources';
export const fileKinds: readonly FileKind[] = ['snapshot', 'resources'];

/**
 * What a person needs at a restore, when cluster, bot and database are gone. A document, so that absent values are null
 * and times are ISO 8601 in UTC. Sizes in bytes, digests SHA-256 in lower-case hex. Holds no secret.
 */
export interface Manifest {
  readonly schema: (typeof manifestSchemas)[number];
  readonly runId: string;
  readonly cluster: {
    /** As the bot calls it. */
    readonly name: string;
    readonly id: string;
    readonly infrastructureName: string;
    readonly apiUrl: string;
  };
  readonly release: { readonly zStream: string; readonly image: string };
  readonly topology: string;
  readonly node: {
    readonly name: string;
    readonly ip: string;
    /** `x86_64`, `s390x`; absent: an earlier release wrote it. Programs read a snapshot only on a machine of its byte order. */
    readonly machine?: string | undefined;
    /** Its clock by the bot's, when the run looked; positive: ahead. Absent: format 1, or not measured. */
    readonly clockAheadMs?: number | undefined;
  };
  /** All members of etcd by node name. */
  readonly members: readonly string[];
  /** The same members with what a restore needs of each; absent: format 1. */
  readonly etcdMembers?: ManifestMembers | undefined;
  readonly etcd: ManifestEtcd;
  /** `kube-apiserver` → `kube-apiserver-pod-7` */
  readonly staticPods: Readonly<Record<string, string>>;
  readonly encryptionType: string;
  readonly proxyUsed: boolean;
  readonly signers: readonly ManifestSigner[];
  readonly files: Readonly<Record<FileKind, ManifestFile>>;
  readonly people: {
    readonly requester: Person;
    readonly approvers: readonly Person[];
    readonly reason: string | null;
    /** Why no second person was asked (break-glass). */
    readonly emergency: string | null;
  };
  /** Permalink of the run's thread. */
  readonly thread: string | null;
  readonly times: {
    readonly requested: string;
    readonly started: string;
    /** When the script had ended, by the bot's clock: the snapshot is not newer. Absent: format 1. */
    readonly scriptEnded?: string | undefined;
    readonly finished: string;
    /** Of this edition: what was learnt later is not in it. Absent: an earlier release wrote it, or it is not written yet. */
    readonly written?: string | undefined;
  };
  /** The newest restore drill of the snapshot; absent: none is known. */
  readonly drill?: ManifestDrill | undefined;
  /** The cluster was restored from an earlier backup: this one is of the time line that it left. Absent: none is known. */
  readonly abandoned?: ManifestAbandoned | undefined;
}

/** What a person said of the restore. */
export interface ManifestAbandoned {
  readonly id: string;
  /** The run whose backup was restored. */
  readonly restoredFrom: string;
  readonly restoredAt: string;
  readonly marked: string;
  readonly by: Person;
}

/** As etcd was just before the run. */
export interface ManifestMembers {
  /** When etcd itself was asked; null: it could not be, and only the addresses of the nodes are known. */
  readonly readAt: string | null;
  readonly list: readonly ManifestMember[];
}

/** Null: not known; what etcd says of a member is null where that member did not answer. */
export interface ManifestMember {
  /** Name of its node; null: no node has this address. */
  readonly node: string | null;
  readonly address: string | null;
  /** As `etcdctl member list` prints it. */
  readonly id: string | null;
  readonly raftIndex: number | null;
  /** It does not vote, and may lack data: never the recovery host. */
  readonly learner: boolean | null;
  readonly leader: boolean | null;
  /** It has a member and no kube-apiserver: never the recovery host. */
  readonly arbiter?: boolean | undefined;
}

/** What a restore into a throw-away etcd showed; null where it did not come so far. */
export interface ManifestDrill {
  readonly at: string;
  readonly ok: boolean;
  readonly revision: number | null;
  readonly keys: number | null;
  /** Why it failed, as one English line. */
  readonly why: string | null;
  /** The snapshot is to blame, not the place where drills are made. */
  readonly disproven: boolean;
  /** There where nothing was learnt of the snapshot: no programs, no room, a machine of another byte order. */
  readonly verdict?: 'not-made' | undefined;
}

/**
 * What a manifest holds and no other part of a run's record holds: read from the script, the cluster and Slack while the backup
 * was made. The rest of the manifest is made of the record.
 */
export interface ManifestFacts {
  readonly etcdctlVersion: string | undefined;
  readonly staticPods: Manifest['staticPods'];
  readonly signers: Manifest['signers'];
  /** Absent: read of format 1. */
  readonly etcdMembers?: ManifestMembers;
  /** When the script was seen to have ended, ms UTC; absent: read of format 1. */
  readonly scriptEndedAt?: number;
  /** Permalink of the run's thread. */
  readonly thread: string | undefined;
  /** When both files were verified on the node, ms UTC. */
  readonly finishedAt: number;
  /** Of a manifest that another release wrote: keys that this one does not know, and values that it would write otherwise. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** What the documents beside the files said when they were last written. */
export interface PublishedDocuments {
  /** ms UTC; absent: an earlier release wrote them and did not say. */
  readonly at?: number;
  /** Of the manifest, see `fingerprint`. */
  readonly fingerprint: string;
  /** Of the procedure in RESTORE.md, at every place; absent: some place, or all, may have an earlier one. */
  readonly edition?: number;
  /** The restore by which the cluster left this backup's time line, as they say; absent: they name none. */
  readonly left?: string;
}

/** The script's own word on the snapshot; null where it printed none (4.4, 4.5, the first of 4.6 and 4.7). */
export interface ManifestEtcd {
  readonly etcdctlVersion: string | null;
  readonly revision: number | null;
  readonly totalKey: number | null;
  readonly hash: number | null;
  readonly totalSize: number | null;
  /** Storage version; only etcd 3.6 and later print it. */
  readonly version: string | null;
}

/** A public CA bundle as it was at the time of the backup. */
export interface ManifestSigner {
  readonly bundle: string;
  readonly certificates: readonly { readonly subject: string; readonly notAfter: string }[];
  /** Why it could not be read; null: it was read. */
  readonly unreadable: string | null;
}

export interface ManifestFile {
  readonly name: string;
  readonly nodePath: string;
  readonly size: number;
  readonly sha256: string;
  readonly copies: readonly ManifestCopy[];
}

/** `where`: how people reach it (export, host, mount), in the configuration's words; absent: it does not say. */
export type Place =
  | {
      readonly kind: 'directory';
      /** As the bot sees it: inside its pod, where it runs in one. */
      readonly path: string;
      readonly where?: string | undefined;
    }
  | {
      readonly kind: 's3';
      readonly bucket: string;
      /** Before every key, without slashes at its ends; absent: the bucket itself. */
      readonly prefix?: string | undefined;
      readonly endpoint: string | null;
      readonly region: string | null;
      /** Authorities that signed the endpoint's certificate; absent: one that every system trusts. */
      readonly authorities?: readonly Authority[] | undefined;
      readonly where?: string | undefined;
    };

/** A certificate by which people recognise the file that they need. */
export interface Authority {
  readonly subject: string;
  /** SHA-256 of the certificate, as `openssl x509 -fingerprint -sha256` prints it. */
  readonly fingerprint: string;
}

export interface Recipient {
  readonly name: string;
  readonly publicKey: string;
}

/** One file at one destination. `storedSize` and `storedSha256` are of the bytes as they lie there. */
export interface ManifestCopy {
  readonly destination: string;
  readonly place: Place;
  /** Below the place: its directory, or its bucket and prefix. */
  readonly key: string;
  readonly storedSize: number;
  readonly storedSha256: string;
  /** Who can open it with age; empty: it is not encrypted. */
  readonly encryptedFor: readonly Recipient[];
  /** Who can fetch it, in the configuration's words. */
  readonly custodians: readonly string[];
  readonly lockedUntil: string | null;
  /** When it was read back and its digest was right; null: never. */
  readonly provenAt: string | null;
}
