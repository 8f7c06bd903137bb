import type { SnapshotStatus } from '../backup/artifacts.ts';
import { releaseLine } from '../cluster/z-stream.ts';

/** `3.5`. Programs and snapshots of one minor release belong together. */
export type EtcdMinor = string;

/** `3.5.16`, `v3.5.16` → `3.5`; undefined: not a version. */
export function minorOf(version: string | undefined): EtcdMinor | undefined {
  return version === undefined ? undefined : /^v?(\d+\.\d+)\.\d+/.exec(version)?.[1];
}

/** etcd's minor by OpenShift's release line, of candidates, nightlies and OKD as well. undefined: not known. */
export function minorOfRelease(release: string | undefined): EtcdMinor | undefined {
  const line = releaseLine(release ?? '');
  if (!line || line.major < 4) return undefined;
  if (line.major > 4 || line.minor >= 21) return '3.6';
  if (line.minor >= 9) return '3.5';
  return line.minor >= 6 ? '3.4' : undefined;
}

/** What is known of the etcd that a snapshot was taken from. */
export interface SnapshotOrigin {
  /** `etcdctl version` on the node, as the script printed it. */
  readonly etcdctlVersion: string | undefined;
  readonly status: Pick<SnapshotStatus, 'version'> | undefined;
  readonly zStream: string | undefined;
}

/** The program's own word first; the release line only where nothing else is known. */
export function snapshotMinor({ etcdctlVersion, status, zStream }: SnapshotOrigin): EtcdMinor | undefined {
  return minorOf(etcdctlVersion) ?? minorOf(status?.version) ?? minorOfRelease(zStream);
}
