import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
  PutObjectLockConfigurationCommand,
} from '@aws-sdk/client-s3';
import { chunksOf, pattern, storageError } from '../../contracts/destination-samples.ts';
import { type Far, throughFront } from '../s3-far.ts';
import { refusal, type Script } from '../s3-front.ts';
import { partBytes } from '../s3-lab.ts';

const signal = new AbortController().signal;
const hourMs = 60 * 60 * 1000;
const isTest = (url: string): boolean => url.includes('/.check-');

/** The server's clock as its answers show it; its records keep their own time. */
function hoursLater(hours: number): Script {
  return () => (answer) => ({
    ...answer,
    headers: { ...answer.headers, date: new Date(Date.now() + hours * hourMs).toUTCString() },
  });
}

async function lockEverything({ lab }: Far): Promise<void> {
  await lab.client.send(
    new PutObjectLockConfigurationCommand({
      Bucket: lab.bucket,
      ObjectLockConfiguration: {
        ObjectLockEnabled: 'Enabled',
        Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 1 } },
      },
    }),
  );
}

suite('S3: the small object of a check', () => {
  test('is written, read back and removed', async (t) => {
    const far = await throughFront(t);
    if (!far) return;
    assert.deepEqual(await far.place().check(), []);
    const calls = far.front.seen.filter(({ url }) => isTest(url)).map(({ method }) => method);
    assert(calls.includes('PUT') && calls.includes('GET') && calls.includes('DELETE'), calls.join(' '));
    assert.deepEqual(await far.lab.remains(), []);
  });

  test('is no object of the place while the check runs', async (t) => {
    const far = await throughFront(t);
    if (!far) return;
    const lists: Promise<readonly unknown[]>[] = [];
    far.front.script = ({ method, url }) => {
      if (method === 'GET' && isTest(url)) lists.push(far.lab.destination().list(''));
      return undefined;
    };
    await far.place().check();
    assert(lists.length > 0);
    for (const each of lists) assert.deepEqual(await each, []);
  });

  test('that comes back as other bytes, or not at all, makes the place unfit', async (t) => {
    const far = await throughFront(t);
    if (!far) return;
    const answers = [{ status: 200, body: 'something else' }, { status: 200 }, refusal(404, 'NoSuchKey')];
    for (const answer of answers) {
      far.front.script = ({ method, url }) => (method === 'GET' && isTest(url) ? answer : undefined);
      await assert.rejects(far.place().check(), storageError('other'));
    }
    far.front.script = () => undefined;
    await far.place().check();
  });

  test('that the server does not take makes the place unfit, though uploads in parts can be begun', async (t) => {
    const far = await throughFront(t);
    if (!far) return;
    far.front.script = ({ method }) =>
      method === 'PUT' ? refusal(403, 'QuotaExceeded', 'The quota is used up') : undefined;
    await assert.rejects(far.place().check(), storageError('full'));
    assert.deepEqual(await far.lab.remains(), []);
  });

  test('is not written where the bucket locks everything', async (t) => {
    const far = await throughFront(t, 'lockable');
    if (!far) return;
    await lockEverything(far);
    for (const lock of [undefined, { mode: 'GOVERNANCE', days: 2 } as const]) {
      assert.deepEqual(await far.place({ lock }).check(), ['no-test-write']);
      assert.deepEqual(await far.lab.remains(), []);
    }
  });

  test('is written without the lock that is promised for backups', async (t) => {
    const far = await throughFront(t, 'lockable');
    if (!far) return;
    assert.deepEqual(await far.place({ lock: { mode: 'COMPLIANCE', days: 2 } }).check(), []);
    assert.equal(far.front.seen.filter(({ method, url }) => method === 'PUT' && isTest(url)).length, 1);
    assert.deepEqual(await far.lab.remains(), []);
  });

  test('that may not be removed is one, however often is checked, and goes once it may be', async (t) => {
    const far = await throughFront(t);
    if (!far) return;
    const later = hoursLater(1);
    far.front.script = (asked) => {
      const removes = asked.method === 'DELETE' && !asked.url.includes('uploadId');
      return removes ? refusal(403, 'AccessDenied') : later(asked);
    };
    const place = far.place();
    for (let count = 0; count < 3; count += 1) assert.deepEqual(await place.check(), ['test-object-stays']);
    assert.equal((await far.lab.remains()).length, 1);
    far.front.script = later;
    assert.deepEqual(await place.check(), []);
    assert.deepEqual(await far.lab.remains(), []);
  });
});

test('S3: the small object of a check is locked at most once where the server does not say that it locks', async (t) => {
  const far = await throughFront(t, 'lockable');
  if (!far) return;
  await lockEverything(far);
  const later = hoursLater(1);
  far.front.script = (asked) =>
    asked.url.includes('object-lock') ? refusal(403, 'AccessDenied') : later(asked);
  for (let count = 0; count < 3; count += 1)
    assert.deepEqual(await far.place().check(), ['test-object-stays']);
  assert.equal((await far.lab.remains()).length, 1);
  far.front.script = ({ url }) =>
    url.includes('object-lock') ? refusal(503, 'ServiceUnavailable') : undefined;
  await assert.rejects(far.place({ limits: { attempts: 1 } }).check(), storageError('unreachable'));
});

suite('S3: unfinished uploads of killed bots', () => {
  async function begin(far: Far, key: string): Promise<void> {
    await far.lab.client.send(new CreateMultipartUploadCommand({ Bucket: far.lab.bucket, Key: key }));
  }

  async function unfinished(far: Far): Promise<readonly string[]> {
    const { Uploads = [] } = await far.lab.client.send(
      new ListMultipartUploadsCommand({ Bucket: far.lab.bucket }),
    );
    return Uploads.map(({ Key = '' }) => Key).sort();
  }

  test('are ended by a check when they are a day old by the clock of the server, below our prefix only', async (t) => {
    const far = await throughFront(t);
    if (!far) return;
    const keys = [
      'etcd/prod/run/a',
      'etcd/prod/.check-x',
      'etcd/prod/foreign (1)',
      'etcd/production/run/a',
      'other',
    ];
    for (const key of keys) await begin(far, key);
    // The clock of the bot is a day ahead, which must not count.
    await far.place({ clock: { now: () => Date.now() + 48 * hourMs } }).check();
    assert.deepEqual(await unfinished(far), keys.toSorted());
    far.front.script = hoursLater(23);
    await far.place().check();
    assert.deepEqual(await unfinished(far), keys.toSorted());
    far.front.script = hoursLater(25);
    assert.deepEqual(await far.place().check(), []);
    assert.deepEqual(await unfinished(far), keys.slice(2).toSorted());
  });

  test('are ended after a put, too: a bot may not be started for months', async (t) => {
    const far = await throughFront(t);
    if (!far) return;
    await begin(far, 'etcd/prod/run/a');
    far.front.script = hoursLater(25);
    await far.place().put('run/b', chunksOf(pattern(9)), { signal });
    assert.deepEqual(await unfinished(far), []);
  });

  test('are left alone while this bot writes them', async (t) => {
    const far = await throughFront(t);
    if (!far) return;
    far.front.script = hoursLater(99);
    const place = far.place();
    async function* body(): AsyncGenerator<Uint8Array> {
      yield pattern(partBytes * 2 + 1);
      while (far && (await unfinished(far)).length === 0) await new Promise((next) => setTimeout(next, 20));
      await place.check();
    }
    assert.equal((await place.put('run/a', body(), { signal })).size, partBytes * 2 + 1);
    assert.deepEqual(await unfinished(far), []);
  });

  for (const answer of [
    refusal(403, 'AccessDenied'),
    refusal(501, 'NotImplemented'),
    refusal(400, 'InvalidRequest'),
  ]) {
    test(`that cannot be looked for (${answer.status}) are a note, not a failure`, async (t) => {
      const far = await throughFront(t);
      if (!far) return;
      far.front.script = ({ method, url }) =>
        method === 'GET' && url.includes('uploads') ? answer : undefined;
      assert.deepEqual(await far.place().check(), ['uploads-unseen']);
    });
  }
});

test('objects whose names no backup can have are not listed', async (t) => {
  const far = await throughFront(t);
  if (!far) return;
  await far.place().put('run/a', chunksOf(pattern(9)), { signal });
  // The second is what consoles leave for a "folder".
  for (const key of ['etcd/prod/run/notes (1).txt', 'etcd/prod/', 'etcd/prod/run/', 'etcd/prod/.hidden']) {
    await far.lab.client.send(new PutObjectCommand({ Bucket: far.lab.bucket, Key: key, Body: 'x' }));
  }
  assert.deepEqual(
    (await far.place().list('')).map(({ key }) => key),
    ['run/a'],
  );
});
