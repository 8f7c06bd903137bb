import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { Decrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { openDestinations } from '../../src/storage/open-destinations.ts';
import { copyTools } from '../../src/storage/verify/copy-tools.ts';
import { CopyMismatchError } from '../../src/workflow/ports/destination.ts';
import { bytesOf, chunksOf, digestOf, pattern, storageError } from '../contracts/destination-samples.ts';
import { s3Lab } from './s3-lab.ts';
import { s3Options } from './s3-options.ts';

const clock = { now: () => Date.now() };
const signal = new AbortController().signal;

async function temporary(t: TestContext): Promise<string> {
  const dir = await mkdtemp(path.join(tmpdir(), 'open-destinations-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

test('each name leads to its own place, of its own kind, with its own credentials', async (t) => {
  const lab = await s3Lab(t);
  if (!lab) return;
  const path = await temporary(t);
  const { endpoint, owner, stranger } = lab.server;
  const s3 = { bucket: lab.bucket, endpoint, prefix: 'p', limits: {} };
  const places = openDestinations(
    [
      { kind: 'directory', name: 'nas-1', path },
      s3Options('vault', { ...s3, credentials: owner }),
      s3Options('foreign', { ...s3, credentials: stranger }),
    ],
    clock,
  );
  assert.deepEqual(
    ['nas-1', 'vault'].map((name) => places.get(name).label),
    [path, `s3://${lab.bucket}/p`],
  );
  for (const name of ['nas-1', 'vault']) {
    await places.get(name).check();
    await places.get(name).put('run/file', chunksOf(pattern(100)), { signal });
    assert.equal((await places.get(name).stat('run/file')).size, 100);
  }
  assert.deepEqual(await lab.remains(), ['object p/run/file']);
  await assert.rejects(places.get('foreign').check(), storageError('denied'));
});

test('opening looks at no place: one that is not there says so when it is checked', async (t) => {
  const dir = await temporary(t);
  const places = openDestinations(
    [{ kind: 'directory', name: 'gone', path: path.join(dir, 'gone') }, s3Options('silent', {})],
    clock,
  );
  await assert.rejects(places.get('gone').check(), storageError('not-found'));
  await assert.rejects(places.get('silent').check(), storageError('unreachable'));
});

test('an unknown name and a name given twice are programming errors, and reported', () => {
  const one = { kind: 'directory', name: 'nas-1', path: '/mnt' } as const;
  assert.throws(() => openDestinations([one], clock).get('nas'), /no destination is called nas; .*nas-1/);
  assert.throws(() => openDestinations([one, one], clock), /two destinations are called nas-1/);
});

test('each file is judged by its own format, not by the other’s', async () => {
  const { verified, measured } = copyTools();
  const fixture = new URL('../fixtures/snapshot/snapshot_etcd-3.5.16.db.gz', import.meta.url);
  const snapshot = gunzipSync(await readFile(fixture));
  const expected = { size: snapshot.byteLength, sha256: digestOf(snapshot) };
  const body = measured(verified('snapshot', chunksOf(snapshot), expected));
  assert.deepEqual(await bytesOf(body), snapshot);
  assert.deepEqual(body.measured(), expected);
  await assert.rejects(
    bytesOf(verified('resources', chunksOf(snapshot), expected)),
    (error) => error instanceof CopyMismatchError && error.fault === 'archive',
  );
  const noise = pattern(2048 + 32);
  await assert.rejects(
    bytesOf(verified('snapshot', chunksOf(noise), { size: noise.byteLength, sha256: digestOf(noise) })),
    (error) => error instanceof CopyMismatchError && error.fault === 'format',
  );
});

test('what is encrypted opens with the key of a recipient', async () => {
  const identity = await generateX25519Identity();
  const content = pattern(100_000);
  const keys = [await identityToRecipient(identity)];
  const file = await bytesOf(copyTools().encrypted(chunksOf(content), keys));
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  assert(Buffer.from(await decrypter.decrypt(file)).equals(content));
});
