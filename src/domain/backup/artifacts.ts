/** `snapshot_<time>.db` as it lies on the node. Sizes in bytes, digests lower-case hex. */
interface EtcdSnapshot {
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
  /** From the script's status line; absent where the release prints none: 4.4, 4.5, the first of 4.6 and 4.7. */
  readonly status: SnapshotStatus | undefined;
}

/** `etcdctl snapshot status`. `totalKey` counts differently from etcd 3.6 on: never compare across versions. */
export interface SnapshotStatus {
  readonly hash: number;
  readonly revision: number;
  readonly totalKey: number;
  readonly totalSize: number;
  readonly version: string | undefined;
}

/** `static_kuberesources_<time>.tar.gz`: always sensitive, with or without etcd encryption. */
interface StaticPodResources {
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
}

/** Both files of one run: half a pair restores nothing. */
export interface BackupArtifacts {
  readonly snapshot: EtcdSnapshot;
  readonly resources: StaticPodResources;
  /** `uname -m` of the node: `x86_64`, `s390x`; absent in earlier records. */
  readonly machine?: string;
}

/** What was found when both files were looked at on the node, before anyone judges it. */
export interface ArtifactEvidence {
  readonly fileNames: readonly string[];
  readonly snapshot: SnapshotEvidence | undefined;
  readonly resources: ResourcesEvidence | undefined;
  /** As in BackupArtifacts. */
  readonly machine?: string;
}

interface SnapshotEvidence {
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
  /** SHA-256 of all bytes but the last 32. */
  readonly bodySha256: string;
  /** The last 32 bytes as hex: etcd's own SHA-256 of the bytes before them. */
  readonly trailer: string;
  /** Bytes 16–19 of page 0 as hex, in file order: bbolt writes `edda0ced`, on IBM Z `ed0cdaed`. */
  readonly magic: string;
}

interface ResourcesEvidence {
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
  /** First two path parts of the members, each once: `static-pod-resources/etcd-pod-2`. */
  readonly directories: readonly string[];
  /** Exit status of listing the archive: 0 when gzip and tar were read to the end. */
  readonly listExitCode: number;
}
