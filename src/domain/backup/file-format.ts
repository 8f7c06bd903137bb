// What the two files of a backup look like, for all that judge them: on the node, on their way, before a restore.

export const snapshotName = /^snapshot_\d{4}-\d{2}-\d{2}_\d{6}\.db$/;
export const resourcesName = /^static_kuberesources_\d{4}-\d{2}-\d{2}_\d{6}\.tar\.gz$/;

/** The last 32 bytes of a snapshot are the SHA-256 of all bytes before them. */
export const trailerBytes = 32;
/** bbolt's pages are whole multiples of this. */
const pageUnit = 512;

/** Whether whole pages and a trailer can have this size. */
export function isSnapshotSize(size: number): boolean {
  return size > trailerBytes && size % pageUnit === trailerBytes;
}

/** Where bbolt's magic lies in page 0. */
export const magicOffset = 16;
export const magicBytes = 4;

/** How the machine that a snapshot was taken on stores its numbers. All machines of OpenShift are little-endian but IBM Z (s390x). */
export type ByteOrder = 'little-endian' | 'big-endian';

/** bbolt's magic 0xED0CDAED, as it lies in the file (hex); undefined: not a database of etcd. */
export function byteOrderOf(magic: string): ByteOrder | undefined {
  if (magic === 'edda0ced') return 'little-endian';
  return magic === 'ed0cdaed' ? 'big-endian' : undefined;
}

const staticPods = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'];

/** Static pods of which the archive holds nothing. `directories`: first two path parts of its members. */
export function missingStaticPods(directories: readonly string[]): readonly string[] {
  const holds = (pod: string) =>
    directories.some((path) => path.startsWith(`static-pod-resources/${pod}-pod-`));
  return staticPods.filter((pod) => !holds(pod));
}
