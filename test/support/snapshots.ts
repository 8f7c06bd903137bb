import { createHash } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { withTrailer } from '../../sandbox/node/damaged-page.ts';
import type { SnapshotStatus } from '../../src/domain/backup/artifacts.ts';

export { withDamagedPage, withTrailer } from '../../sandbox/node/damaged-page.ts';

/** A real, whole snapshot of etcd 3.5.16. */
export async function recordedSnapshot(): Promise<Buffer> {
  return gunzipSync(
    await readFile(new URL('../fixtures/snapshot/snapshot_etcd-3.5.16.db.gz', import.meta.url)),
  );
}

/** The snapshot with the meta pages' magic as IBM Z writes it, and a trailer that is right. */
export function foreign(snapshot: Buffer): Buffer {
  const body = Buffer.from(snapshot.subarray(0, -32));
  for (const page of [0, 4096]) body.write('ed0cdaed', page + 16, 'hex');
  return withTrailer(body);
}

/** What etcd 3.5.16 said of it. */
export const recordedStatus: SnapshotStatus = {
  hash: 2207365705,
  revision: 61,
  totalKey: 66,
  totalSize: 36864,
  version: undefined,
};

/** A snapshot whose trailer is right and one page of which is damaged, as it was recorded. */
export async function recordedDamagedPage(): Promise<Buffer> {
  return gunzipSync(await readFile(new URL('../fixtures/etcd/damaged-page.db.gz', import.meta.url)));
}

/** A restorable snapshot of any size: free pages follow the recorded one, and take no room on disk. `bytes`: without trailer. */
export async function writeLargeSnapshot(
  file: string,
  bytes: number,
): Promise<{ size: number; sha256: string }> {
  const small = (await recordedSnapshot()).subarray(0, recordedStatus.totalSize);
  const hash = createHash('sha256').update(small);
  const zeros = Buffer.alloc(1 << 20);
  for (let left = bytes - small.byteLength; left > 0; left -= zeros.byteLength) {
    hash.update(zeros.subarray(0, Math.min(left, zeros.byteLength)));
  }
  const trailer = hash.copy().digest();
  await using handle = await open(file, 'w', 0o600);
  await handle.write(small, 0, small.byteLength, 0);
  await handle.write(trailer, 0, trailer.byteLength, bytes);
  return { size: bytes + trailer.byteLength, sha256: hash.update(trailer).digest('hex') };
}
