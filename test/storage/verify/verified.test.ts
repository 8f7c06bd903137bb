import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { suite, test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { type Header, pack } from 'tar-stream';
import { type ExpectedFile, measured, verified } from '../../../src/storage/verify/digest.ts';
import { verifiedResources } from '../../../src/storage/verify/verified-resources.ts';
import { verifiedSnapshot } from '../../../src/storage/verify/verified-snapshot.ts';
import { type CopyFault, CopyMismatchError } from '../../../src/workflow/ports/destination.ts';
import { bytesOf, chunksOf, digestOf, LongBody, pattern } from '../../contracts/destination-samples.ts';
import { foreign } from '../../support/snapshots.ts';

const fixture = new URL('../../fixtures/snapshot/snapshot_etcd-3.5.16.db.gz', import.meta.url);
const snapshot = gunzipSync(await readFile(fixture));

function expected(content: Uint8Array): ExpectedFile {
  return { size: content.byteLength, sha256: digestOf(content) };
}

function mismatch(fault: CopyFault, message = /./): (error: unknown) => true {
  return (error) => {
    assert(error instanceof CopyMismatchError, String(error));
    assert.equal(error.fault, fault, error.message);
    assert.match(error.message, message);
    return true;
  };
}

async function* inPieces(content: Uint8Array, size: number): AsyncGenerator<Uint8Array, void> {
  for (let at = 0; at < content.byteLength; at += size) yield content.subarray(at, at + size);
}

suite('a measured body', () => {
  test('knows its size and digest at its end, and its progress before', async () => {
    const body = measured(inPieces(pattern(1000), 300));
    const seen: number[] = [];
    for await (const _ of body) {
      seen.push(body.passed);
      assert.throws(() => body.measured(), /not ended/);
    }
    assert.deepEqual(seen, [300, 600, 900, 1000]);
    assert.deepEqual(body.measured(), expected(pattern(1000)));
  });

  test('a verified body is refused for one flipped bit, a missing and a further byte', async () => {
    const content = pattern(10_000);
    const whole = expected(content);
    assert.deepEqual(await bytesOf(verified(inPieces(content, 999), whole)), content);
    await assert.rejects(bytesOf(verified(chunksOf(flipped(content, 5000)), whole)), mismatch('sha256'));
    await assert.rejects(
      bytesOf(verified(chunksOf(content.subarray(1)), whole)),
      mismatch('size', /ended after 9999/),
    );
    await assert.rejects(bytesOf(verified(chunksOf(content, pattern(1)), whole)), mismatch('size', /more/));
  });
});

suite('an etcd snapshot', () => {
  test('that is whole passes unchanged, in pieces of any size', async () => {
    for (const size of [1, 7, 31, 32, 33, 64, 4096, 1 << 20]) {
      const passed = await bytesOf(verifiedSnapshot(inPieces(snapshot, size), expected(snapshot)));
      assert(passed.equals(snapshot), `pieces of ${size}`);
    }
  });

  test('of IBM Z passes unchanged: its numbers are stored the other way round', async () => {
    const bigEndian = foreign(snapshot);
    const passed = await bytesOf(verifiedSnapshot(inPieces(bigEndian, 4096), expected(bigEndian)));
    assert(passed.equals(bigEndian));
    const bad = flipped(bigEndian, 5000);
    await assert.rejects(bytesOf(verifiedSnapshot(inPieces(bad, 4096), expected(bad))), mismatch('trailer'));
  });

  test('that was damaged on the way is refused, wherever the bit flipped', async () => {
    for (const at of [0, 17, 5000, snapshot.byteLength - 32, snapshot.byteLength - 1]) {
      const copy = verifiedSnapshot(inPieces(flipped(snapshot, at), 4096), expected(snapshot));
      await assert.rejects(bytesOf(copy), mismatch('sha256'));
    }
    for (const size of [0, 10, 4096, snapshot.byteLength - 1]) {
      const copy = verifiedSnapshot(inPieces(snapshot.subarray(0, size), 4096), expected(snapshot));
      await assert.rejects(bytesOf(copy), mismatch('size'));
    }
  });

  test('that was damaged on the node already is refused by its own trailer', async () => {
    for (const at of [5000, snapshot.byteLength - 1]) {
      const bad = flipped(snapshot, at);
      await assert.rejects(
        bytesOf(verifiedSnapshot(inPieces(bad, 1000), expected(bad))),
        mismatch('trailer'),
      );
    }
    const cut = snapshot.subarray(0, snapshot.byteLength - 32);
    await assert.rejects(
      bytesOf(verifiedSnapshot(inPieces(cut, 1000), expected(cut))),
      mismatch('trailer', /32 bytes/),
    );
  });

  test('that is something else is refused', async () => {
    for (const other of [Buffer.alloc(0), Buffer.alloc(10), Buffer.alloc(5000), flipped(snapshot, 17)]) {
      await assert.rejects(
        bytesOf(verifiedSnapshot(inPieces(other, 100), expected(other))),
        mismatch('format'),
      );
    }
  });

  test('that breaks off throws what broke it', async () => {
    const failure = new Error('exec ended with 137');
    async function* body(): AsyncGenerator<Uint8Array> {
      yield snapshot.subarray(0, 1000);
      throw failure;
    }
    await assert.rejects(bytesOf(verifiedSnapshot(body(), expected(snapshot))), (error) => error === failure);
  });

  test('needs no memory of its size', async () => {
    const before = process.memoryUsage.rss();
    const body = new LongBody(200);
    const reading = async (): Promise<void> => {
      for await (const _ of verifiedSnapshot(body, { size: body.size, sha256: '' })) void _;
    };
    await assert.rejects(reading(), mismatch('sha256'));
    const growth = (body.peakRss - before) / 1024 / 1024;
    assert(growth < 100, `grew by ${growth.toFixed(0)} MiB`);
  });
});

const pods = ['kube-apiserver-pod-7', 'kube-controller-manager-pod-5', 'kube-scheduler-pod-6', 'etcd-pod-2'];
type Member = Partial<Header> & { readonly name: string; readonly content?: Uint8Array };
const whole: readonly Member[] = pods.flatMap((pod) => [
  { name: `static-pod-resources/${pod}/`, type: 'directory' as const },
  { name: `static-pod-resources/${pod}/secrets/serving-cert/tls.key`, content: pattern(3000) },
]);

async function archive(members: readonly Member[]): Promise<Buffer> {
  const packing = pack();
  for (const { content, ...header } of members) packing.entry(header, Buffer.from(content ?? []));
  packing.finalize();
  return gzipSync(await bytesOf(packing as AsyncIterable<Uint8Array>));
}

async function through(file: Uint8Array, pieces = 1000): Promise<Buffer> {
  return await bytesOf(verifiedResources(inPieces(file, pieces), expected(file)));
}

suite('static pod resources', () => {
  test('that are whole pass unchanged and report their revisions', async () => {
    const file = await archive(whole);
    for (const pieces of [1, 100, 1 << 20]) {
      const body = verifiedResources(inPieces(file, pieces), expected(file));
      assert((await bytesOf(body)).equals(file));
      assert.deepEqual(
        body.directories,
        pods.map((pod) => `static-pod-resources/${pod}`),
      );
    }
  });

  test('that were damaged or cut off on the way are refused as that', async () => {
    const file = await archive(whole);
    const copy = (bytes: Uint8Array): Promise<Buffer> =>
      bytesOf(verifiedResources(inPieces(bytes, 500), expected(file)));
    for (const at of [0, 5, 60, file.byteLength - 1])
      await assert.rejects(copy(flipped(file, at)), mismatch('sha256'));
    await assert.rejects(copy(file.subarray(0, 300)), mismatch('size'));
    await assert.rejects(copy(Buffer.concat([file, file])), mismatch('size', /more/));
  });

  test('that cannot be read to their end are refused', async () => {
    const file = await archive(whole);
    const plain = gunzipSync(file);
    const unreadable = [
      Buffer.alloc(0),
      Buffer.from('not gzip at all'),
      file.subarray(0, file.byteLength - 20),
      flipped(file, file.byteLength - 6),
      gzipSync(plain.subarray(0, 700)),
      gzipSync(flipped(plain, 3)),
      gzipSync(pattern(5000)),
    ];
    for (const [at, each] of unreadable.entries()) {
      await assert.rejects(
        through(each),
        (error) => error instanceof CopyMismatchError && /archive/.test(error.fault),
        `${at}`,
      );
    }
  });

  test('without one of the four static pods are refused by name', async () => {
    const file = await archive(whole.filter(({ name }) => !name.includes('/etcd-pod')));
    await assert.rejects(through(file), mismatch('incomplete', /no resources of etcd$/));
    await assert.rejects(through(await archive([])), mismatch('incomplete', /kube-apiserver/));
  });

  test('with members that could harm the person who unpacks them are refused', async () => {
    const hostile: readonly Member[] = [
      { name: '/etc/cron.d/x' },
      { name: '../../root/.ssh/authorized_keys' },
      { name: 'static-pod-resources/../../x' },
      { name: 'static-pod-resources/..' },
      { name: 'static-pod-resources/a\u001b[2Jb' },
      { name: 'static-pod-resources/a\nb' },
      { name: `static-pod-resources/${'x'.repeat(5000)}` },
      { name: 'static-pod-resources/link', type: 'symlink', linkname: '/etc' },
      { name: 'static-pod-resources/link', type: 'symlink', linkname: '../../etc' },
      { name: 'static-pod-resources/link', type: 'link', linkname: '/etc/shadow' },
      { name: 'static-pod-resources/disk', type: 'block-device' },
      { name: 'static-pod-resources/pipe', type: 'fifo' },
    ];
    for (const member of hostile) {
      const file = await archive([...whole, member]);
      await assert.rejects(through(file), mismatch('hostile-member'), member.name.slice(0, 60));
    }
  });

  test('with links inside their own directory are fine', async () => {
    const link = {
      name: 'static-pod-resources/etcd-pod-2/current',
      type: 'symlink',
      linkname: '../etcd-pod-2/x',
    } as const;
    await through(await archive([...whole, link]));
  });

  test('that unpack to far more than they weigh need no memory for it', async () => {
    const file = await archive([
      ...whole,
      { name: 'static-pod-resources/zeros', content: Buffer.alloc(150 << 20) },
    ]);
    const before = process.memoryUsage.rss();
    await through(file, 10_000);
    const growth = (process.memoryUsage.rss() - before) / 1024 / 1024;
    assert(growth < 100, `grew by ${growth.toFixed(0)} MiB`);
  });

  test('that are left early or broken off let go of everything', async () => {
    const file = await archive(whole);
    for await (const _ of verifiedResources(inPieces(file, 100), expected(file))) break;
    const failure = new Error('cut');
    async function* body(): AsyncGenerator<Uint8Array> {
      yield file.subarray(0, 100);
      throw failure;
    }
    await assert.rejects(bytesOf(verifiedResources(body(), expected(file))), (error) => error === failure);
  });
});

function flipped(content: Uint8Array, at: number): Buffer {
  const copy = Buffer.from(content);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}
