/** How the machine that a snapshot was taken on stores its numbers. All machines of OpenShift are little-endian but IBM Z (s390x). */
export type ByteOrder = 'little-endian' | 'big-endian';

/** bbolt's magic 0xED0CDAED at byte 16 of page 0, as it lies in the file (hex); undefined: not a database of etcd. */
export function byteOrderOf(magic: string): ByteOrder | undefined {
  if (magic === 'edda0ced') return 'little-endian';
  return magic === 'ed0cdaed' ? 'big-endian' : undefined;
}
