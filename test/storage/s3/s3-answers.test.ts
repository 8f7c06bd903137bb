import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { bytesOf, chunksOf, digestOf, pattern, storageError } from '../../contracts/destination-samples.ts';
import { throughFront } from '../s3-far.ts';
import { type Asked, refusal } from '../s3-front.ts';
import { partBytes, s3Lab } from '../s3-lab.ts';

const signal = new AbortController().signal;
const large = partBytes * 2 + 1;

function conditional({ headers }: Asked): boolean {
  return headers['if-none-match'] !== undefined;
}

suite('S3: a server that does not know If-None-Match on writes', () => {
  const notImplemented = refusal(
    501,
    'NotImplemented',
    'A header you provided implies functionality that is not implemented.',
  );

  for (const size of [10, large]) {
    test(`takes ${size} bytes without it, and is not asked with it again`, async (t) => {
      const far = await throughFront(t);
      if (!far) return;
      far.front.script = (asked) => (conditional(asked) ? notImplemented : undefined);
      const place = far.place();
      await place.put('run/a', chunksOf(pattern(size)), { signal });
      const read = await bytesOf(await place.open('run/a', { signal }));
      assert.equal(digestOf(read), digestOf(pattern(size)));
      far.front.seen.length = 0;
      await place.put('run/b', chunksOf(pattern(size)), { signal });
      assert.equal(far.front.seen.filter(conditional).length, 0);
      await assert.rejects(place.put('run/a', chunksOf(pattern(1)), { signal }), storageError('exists'));
    });

    test(`keeps what another writer stored before ${size} bytes could be written without it`, async (t) => {
      const far = await throughFront(t);
      if (!far) return;
      const other = far.lab.destination();
      const content = pattern(20, 5);
      far.front.script = (asked) => {
        if (!conditional(asked)) return undefined;
        return other.put('run/a', chunksOf(content), { signal }).then(() => notImplemented);
      };
      const storing = far.place().put('run/a', chunksOf(pattern(size)), { signal });
      await assert.rejects(storing, storageError('exists'));
      assert.deepEqual(await bytesOf(await other.open('run/a', { signal })), content);
      assert.deepEqual(await far.lab.remains(), ['object etcd/prod/run/a']);
    });
  }

  test('a check finds that out, says so, and the first put goes without it', async (t) => {
    const far = await throughFront(t);
    if (!far) return;
    far.front.script = (asked) => (conditional(asked) ? notImplemented : undefined);
    const place = far.place();
    assert.deepEqual(await place.check(), ['no-conditional-write']);
    far.front.seen.length = 0;
    await place.put('run/a', chunksOf(pattern(large)), { signal });
    assert.equal(far.front.seen.filter(conditional).length, 0);
    assert.deepEqual(await far.lab.remains(), ['object etcd/prod/run/a']);
  });

  test('that refuses writes for another reason is not taken for one', async (t) => {
    const far = await throughFront(t);
    if (!far) return;
    far.front.script = ({ method }) => (method === 'PUT' ? notImplemented : undefined);
    const place = far.place({ checksum: 'content-md5' });
    await assert.rejects(place.put('run/a', chunksOf(pattern(9)), { signal }), storageError('other'));
    far.front.script = () => undefined;
    far.front.seen.length = 0;
    await place.put('run/a', chunksOf(pattern(9)), { signal });
    assert.equal(far.front.seen.filter(conditional).length, 1);
  });
});

suite('S3: a server that does not know the check sum', () => {
  const answers = {
    Backblaze: refusal(
      400,
      'InvalidArgument',
      "Unsupported header 'x-amz-checksum-sha256' received for this API call.",
    ),
    R2: refusal(501, 'NotImplemented', "Header 'x-amz-checksum-sha256' with value 'abc=' not implemented"),
    'R2, in parts': refusal(
      501,
      'NotImplemented',
      "Header 'x-amz-checksum-algorithm' with value 'SHA256' not implemented",
    ),
    'an older Ceph': refusal(400, 'XAmzContentSHA256Mismatch'),
    'another one': refusal(400, 'InvalidRequest', 'The checksum algorithm SHA256 is not supported'),
  };
  for (const [server, answer] of Object.entries(answers)) {
    test(`${server}: the configuration that it takes is named, by the check already`, async (t) => {
      const far = await throughFront(t);
      if (!far) return;
      far.front.script = ({ headers }) =>
        Object.keys(headers).some((name) => name.startsWith('x-amz-checksum')) ? answer : undefined;
      const suggested = (error: unknown): boolean =>
        storageError('other')(error) && /checksum: content-md5/.test(String(error));
      const place = far.place();
      for (const size of [9, large])
        await assert.rejects(place.put('run/a', chunksOf(pattern(size)), { signal }), suggested);
      await assert.rejects(place.check(), suggested);
      assert.deepEqual(await far.lab.remains(), []);
      const other = far.place({ checksum: 'content-md5' });
      assert.deepEqual(await other.check(), []);
      await other.put('run/a', chunksOf(pattern(large)), { signal });
    });
  }
});

suite('S3: an object that is not seen at once', () => {
  const isHead = ({ method, url }: Asked): boolean => method === 'HEAD' && url.includes('/run/a');

  test('is waited for after its put, a few seconds, longer from time to time', async (t) => {
    const far = await throughFront(t);
    if (!far) return;
    let blind = 3;
    let stored = false;
    far.front.script = (asked) => {
      if (asked.method === 'PUT') stored = true;
      return isHead(asked) && stored && blind-- > 0 ? { status: 404 } : undefined;
    };
    assert.equal((await far.place().put('run/a', chunksOf(pattern(9)), { signal })).size, 9);
    assert.deepEqual(far.waited, [250, 500, 1_000]);
  });

  test('that stays out of sight is reported in the end', async (t) => {
    const far = await throughFront(t);
    if (!far) return;
    far.front.script = (asked) => (isHead(asked) ? { status: 404 } : undefined);
    const storing = far.place().put('run/a', chunksOf(pattern(9)), { signal });
    await assert.rejects(storing, storageError('not-found'));
    const seconds = far.waited.reduce((sum, ms) => sum + ms, 0) / 1000;
    assert(seconds > 3 && seconds < 30, `waited ${seconds} s`);
  });

  test('is waited for when it is read back, too', async (t) => {
    const far = await throughFront(t);
    if (!far) return;
    const place = far.place();
    await place.put('run/a', chunksOf(pattern(9)), { signal });
    let blind = 2;
    far.front.script = ({ method, url }) =>
      url.includes('/run/a') && (method === 'HEAD' || method === 'GET') && blind-- > 0
        ? refusal(404, 'NoSuchKey')
        : undefined;
    assert.deepEqual(await bytesOf(await place.open('run/a', { signal })), pattern(9));
    blind = 2;
    assert.equal((await place.stat('run/a')).size, 9);
    blind = 2;
    far.front.script = ({ method, url }) =>
      url.includes('/run/a') && method === 'GET' && blind-- > 0 ? refusal(404, 'NoSuchKey') : undefined;
    assert.deepEqual(await bytesOf(await place.open('run/a', { signal })), pattern(9));
  });

  test('whose put got no answer is looked for as long', async (t) => {
    const far = await throughFront(t);
    if (!far) return;
    let blind = 2;
    let stored = false;
    far.front.script = (asked) => {
      if (isHead(asked) && stored && blind-- > 0) return { status: 404 };
      if (asked.method !== 'PUT') return undefined;
      stored = true;
      return () => refusal(503, 'ServiceUnavailable');
    };
    const place = far.place({ limits: { partBytes, attempts: 1 } });
    assert.equal((await place.put('run/a', chunksOf(pattern(9)), { signal })).size, 9);
  });
});

suite('S3: what an answer about one key is worth', () => {
  test('a 404 that does not name the key is not "absent" and not "not found"', async (t) => {
    const far = await throughFront(t);
    if (!far) return;
    await far.lab.destination().put('run/a', chunksOf(pattern(9)), { signal });
    const place = far.place();
    const answers = [
      { status: 404 },
      { status: 404, body: '<html>not here</html>' },
      refusal(404, 'NoSuchBucket'),
    ];
    for (const answer of answers) {
      far.front.script = ({ url }) => (url.includes('/run/a') ? answer : undefined);
      for (const asking of [place.stat('run/a'), place.open('run/a', { signal }), place.remove('run/a')]) {
        await assert.rejects(asking, (error) => !storageErrorIs(error, 'not-found') || answer === answers[2]);
      }
    }
    assert.equal((await far.lab.destination().stat('run/a')).size, 9);
  });

  test('a HEAD that lags behind makes no object "absent"', async (t) => {
    const far = await throughFront(t);
    if (!far) return;
    await far.lab.destination().put('run/a', chunksOf(pattern(9)), { signal });
    await far.lab.destination().put('run/empty', chunksOf(pattern(0)), { signal });
    for (const key of ['run/a', 'run/empty']) {
      let blind = 3;
      far.front.script = ({ method }) => (method === 'HEAD' && blind-- > 0 ? { status: 404 } : undefined);
      assert.deepEqual(await far.place().remove(key), { kind: 'removed' });
    }
    assert.deepEqual(await far.lab.remains(), []);
  });

  test('a removal that was answered but not carried out is none', async (t) => {
    const far = await throughFront(t);
    if (!far) return;
    await far.lab.destination().put('run/a', chunksOf(pattern(9)), { signal });
    far.front.script = ({ method }) => (method === 'DELETE' ? { status: 204 } : undefined);
    await assert.rejects(far.place().remove('run/a'), storageError('other'));
    assert.deepEqual(await far.lab.remains(), ['object etcd/prod/run/a']);
  });

  test('a rule of the bucket that keeps an object is a refusal, whatever its name', async (t) => {
    const far = await throughFront(t);
    if (!far) return;
    await far.lab.destination().put('run/a', chunksOf(pattern(9)), { signal });
    let code = 'RetentionPolicyNotMet';
    far.front.script = ({ method }) => (method === 'DELETE' ? refusal(403, code) : undefined);
    assert.equal((await far.place().remove('run/a')).kind, 'refused');
    code = 'ExpiredToken';
    await assert.rejects(far.place().remove('run/a'), storageError('denied'));
    assert.deepEqual(await far.lab.remains(), ['object etcd/prod/run/a']);
  });

  test('a refusal of HEAD, which has no words, is asked for with words', async (t) => {
    const far = await throughFront(t);
    if (!far) return;
    far.front.script = ({ method }) =>
      method === 'HEAD' ? { status: 400 } : refusal(400, 'ExpiredToken', 'The provided token has expired.');
    const place = far.place();
    await assert.rejects(place.put('run/a', chunksOf(pattern(9)), { signal }), storageError('denied'));
    await assert.rejects(place.stat('run/a'), storageError('denied'));
    await assert.rejects(place.remove('run/a'), storageError('denied'));
  });
});

suite('S3: removal where versions are kept', () => {
  test('of a server that does not name the version removes the versions, not only the sight of them', async (t) => {
    const far = await throughFront(t, 'lockable');
    if (!far) return;
    const nameless = () => (answer: { status: number; headers: object; body: string | Buffer }) => ({
      ...answer,
      headers: { ...answer.headers, 'x-amz-version-id': undefined },
    });
    await far.lab.destination().put('run/a', chunksOf(pattern(9)), { signal });
    await far.lab.destination().put('run/a.b', chunksOf(pattern(9)), { signal });
    far.front.script = ({ method }) => (method === 'HEAD' ? nameless() : undefined);
    assert.deepEqual(await far.place().remove('run/a'), { kind: 'removed' });
    assert.deepEqual(await far.lab.remains(), ['object etcd/prod/run/a.b']);
    far.front.script = ({ method, url }) => {
      if (method === 'HEAD') return nameless();
      return url.includes('versions') ? refusal(403, 'AccessDenied') : undefined;
    };
    assert.equal((await far.place().remove('run/a.b')).kind, 'refused');
    assert.deepEqual(await far.lab.remains(), ['object etcd/prod/run/a.b']);
    assert.deepEqual(await bytesOf(await far.lab.destination().open('run/a.b', { signal })), pattern(9));
  });

  test('goes on with an older version that comes to light', async (t) => {
    const lab = await s3Lab(t, 'lockable');
    if (!lab) return;
    for (const body of ['one', 'two', 'three']) {
      await lab.client.send(new PutObjectCommand({ Bucket: lab.bucket, Key: 'etcd/prod/run/a', Body: body }));
    }
    assert.equal((await lab.remains()).length, 3);
    assert.deepEqual(await lab.destination().remove('run/a'), { kind: 'removed' });
    assert.deepEqual(await lab.remains(), []);
  });
});

function storageErrorIs(error: unknown, kind: string): boolean {
  return (error as { kind?: unknown }).kind === kind;
}
