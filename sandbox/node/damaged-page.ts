import { createHash } from 'node:crypto';

const pageBytes = 4_096;
const trailerBytes = 32;
const leafFlag = 0x02;

/** The snapshot with damage that its trailer does not show: its fullest leaf page calls itself by another number, and the trailer fits. */
export function withDamagedPage(snapshot: Uint8Array): Buffer {
  const body = Buffer.from(snapshot.subarray(0, snapshot.byteLength - trailerBytes));
  const pages = Array.from({ length: body.byteLength / pageBytes }, (_, page) => page * pageBytes);
  const leaves = pages.filter((at) => body.readUInt16LE(at + 8) === leafFlag);
  const [leaf] = leaves.toSorted((a, b) => body.readUInt16LE(b + 10) - body.readUInt16LE(a + 10));
  if (leaf === undefined) throw new Error('this snapshot has no leaf page');
  body.writeBigUInt64LE(9_999n, leaf);
  return withTrailer(body);
}

/** `body` with the SHA-256 that etcd writes at the end of a snapshot. */
export function withTrailer(body: Uint8Array): Buffer {
  return Buffer.concat([body, createHash('sha256').update(body).digest()]);
}
