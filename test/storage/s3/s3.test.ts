import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { PutObjectLegalHoldCommand } from '@aws-sdk/client-s3';
import { destinationContract } from '../../contracts/destination.ts';
import {
  bytesOf,
  chunksOf,
  digestOf,
  LongBody,
  pattern,
  storageError,
} from '../../contracts/destination-samples.ts';
import { partBytes, s3Lab } from '../s3-lab.ts';

const signal = new AbortController().signal;
const dayMs = 24 * 60 * 60 * 1000;
const large = partBytes * 2 + 1;
const lock = { mode: 'GOVERNANCE', days: 2 } as const;

for (const kind of ['plain', 'lockable'] as const) {
  destinationContract(
    `S3, ${kind === 'plain' ? 'one version' : 'versions kept'}`,
    async (t) => {
      const lab = await s3Lab(t, kind);
      if (!lab) return undefined;
      return {
        destination: lab.destination(),
        another: lab.destination(),
        partBytes,
        remains: lab.remains,
        close: async () => lab.client.destroy(),
      };
    },
    { exclusive: kind === 'plain' },
  );
}

suite('S3: object lock', () => {
  test('small and large objects are locked, also where the server drops the wish', async (t) => {
    const lab = await s3Lab(t, 'lockable');
    if (!lab) return;
    const place = lab.destination({ lock });
    await place.check();
    assert.deepEqual(await lab.remains(), []);
    for (const size of [10, large]) {
      const stored = await place.put(`run/${size}`, chunksOf(pattern(size)), { signal });
      assert(
        Math.abs((stored.lockedUntil ?? 0) - Date.now() - 2 * dayMs) < 5 * 60_000,
        `${stored.lockedUntil}`,
      );
      assert.equal((await place.stat(`run/${size}`)).lockedUntil, stored.lockedUntil);
    }
  });

  test('a locked object is not removed, and that is reported', async (t) => {
    const lab = await s3Lab(t, 'lockable');
    if (!lab) return;
    await lab.destination({ lock }).put('run/a', chunksOf(pattern(10)), { signal });
    const removal = await lab.destination().remove('run/a');
    assert.match(removal.kind === 'refused' ? removal.why : removal.kind, /locked until .*Z \(GOVERNANCE\)/);
    assert.deepEqual(await bytesOf(await lab.destination().open('run/a', { signal })), pattern(10));
    assert.deepEqual(await lab.remains(), ['object etcd/prod/run/a']);
  });

  test('a legal hold and missing rights are reported too', async (t) => {
    const lab = await s3Lab(t, 'lockable');
    if (!lab) return;
    const place = lab.destination();
    await place.put('held', chunksOf(pattern(10)), { signal });
    const held = { Bucket: lab.bucket, Key: 'etcd/prod/held', LegalHold: { Status: 'ON' } } as const;
    await lab.client.send(new PutObjectLegalHoldCommand(held));
    assert.deepEqual(await place.remove('held'), { kind: 'refused', why: 'a legal hold is on it' });
    await place.put('kept', chunksOf(pattern(10)), { signal });
    await lab.forbid('s3:DeleteObjectVersion');
    const removal = await place.remove('kept');
    assert.match(removal.kind === 'refused' ? removal.why : removal.kind, /credentials may not delete/);
  });

  test('a bucket without lock is refused, before and while storing, and nothing stays', async (t) => {
    const lab = await s3Lab(t);
    if (!lab) return;
    const place = lab.destination({ lock });
    await assert.rejects(place.check(), storageError('lock-missing'));
    for (const size of [10, large]) {
      await assert.rejects(place.put('a', chunksOf(pattern(size)), { signal }), storageError('lock-missing'));
    }
    assert.deepEqual(await lab.remains(), []);
  });

  test('a lock that was dropped and cannot be set again is reported, and the object removed', async (t) => {
    const lab = await s3Lab(t, 'lockable');
    if (!lab) return;
    await lab.forbid('s3:PutObjectRetention');
    const storing = lab.destination({ lock }).put('a', chunksOf(pattern(large)), { signal });
    await assert.rejects(
      storing,
      (error) => storageError('lock-missing')(error) && /removed again/.test(String(error)),
    );
    assert.deepEqual(await lab.remains(), []);
  });
});

suite('S3: server-side encryption', () => {
  test('by a key of the server is read back', async (t) => {
    const lab = await s3Lab(t);
    if (!lab) return;
    const place = lab.destination({ encryption: { algorithm: 'aws:kms', keyId: lab.server.kmsKey } });
    await place.check();
    for (const size of [10, large]) {
      const stored = await place.put(`${size}`, chunksOf(pattern(size)), { signal });
      assert.equal(stored.serverSideEncryption, 'aws:kms');
      assert.equal(digestOf(await bytesOf(await place.open(`${size}`, { signal }))), digestOf(pattern(size)));
    }
  });

  test('that the server drops without a word is found, and nothing stays', async (t) => {
    const lab = await s3Lab(t);
    if (!lab) return;
    const place = lab.destination({ encryption: { algorithm: 'AES256' } });
    await assert.rejects(place.check(), storageError('encryption-missing'));
    for (const size of [10, large]) {
      await assert.rejects(
        place.put('a', chunksOf(pattern(size)), { signal }),
        storageError('encryption-missing'),
      );
    }
    assert.deepEqual(await lab.remains(), []);
  });

  test('by a key that does not exist is named as that', async (t) => {
    const lab = await s3Lab(t);
    if (!lab) return;
    const place = lab.destination({ encryption: { algorithm: 'aws:kms', keyId: 'no-such-key' } });
    await assert.rejects(place.check(), storageError('encryption-missing'));
    await assert.rejects(
      place.put('a', chunksOf(pattern(9)), { signal }),
      storageError('encryption-missing'),
    );
  });
});

suite('S3: check sums and memory', () => {
  test('Content-MD5 is accepted by a server that checks it', async (t) => {
    const lab = await s3Lab(t);
    if (!lab) return;
    const place = lab.destination({ checksum: 'content-md5', prefix: '' });
    for (const size of [0, 10, large]) {
      const stored = await place.put(`${size}`, chunksOf(pattern(size)), { signal });
      assert.equal(stored.location, `s3://${lab.bucket}/${size}`);
      assert.equal(digestOf(await bytesOf(await place.open(`${size}`, { signal }))), digestOf(pattern(size)));
    }
  });

  test('a stream of 300 MB needs no memory of its size', async (t) => {
    const lab = await s3Lab(t);
    if (!lab) return;
    const place = lab.destination({ limits: {} });
    const before = process.memoryUsage.rss();
    const body = new LongBody(300);
    const stored = await place.put('big', body, { signal });
    let read = 0;
    for await (const chunk of await place.open('big', { signal })) {
      read += chunk.byteLength;
      body.peakRss = Math.max(body.peakRss, process.memoryUsage.rss());
    }
    assert.deepEqual([stored.size, read], [body.size, body.size]);
    const growth = (body.peakRss - before) / 1024 / 1024;
    t.diagnostic(`grew by ${growth.toFixed(0)} MiB`);
    assert(growth < 200, `grew by ${growth.toFixed(0)} MiB`);
  });
});
