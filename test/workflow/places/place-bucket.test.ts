import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createServer, request } from 'node:http';
import { describe, it, type TestContext } from 'node:test';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  ListObjectVersionsCommand,
  PutObjectLockConfigurationCommand,
} from '@aws-sdk/client-s3';
import { markerKey, parseMarker } from '../../../src/domain/copies/place-marker.ts';
import { adopt } from '../../../src/workflow/places/adopt-place.ts';
import { placeStatus } from '../../../src/workflow/places/place-identity.ts';
import type { Destination } from '../../../src/workflow/ports/destination.ts';
import { type S3Lab, s3Lab } from '../../storage/s3-lab.ts';
import { installation } from '../../support/place-lab.ts';
import { copyIn, openPlaceRoom } from '../../support/place-room.ts';
import { who } from '../../support/workflow-lab.ts';

const timeout = 240_000;
const prefix = 'etcd/prod';
const never = new AbortController().signal;

async function textOf(place: Destination): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of await place.open(markerKey, { signal: never })) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** In front of the server; says of every list that nothing is there, as a listing that lags behind does. */
async function staleLists(t: TestContext, s3: S3Lab): Promise<Destination> {
  const proxy = createServer((from, to) => {
    const { url = '', method, headers } = from;
    if (method === 'GET' && url.includes('list-type=2')) {
      to.setHeader('content-type', 'application/xml');
      to.end(
        `<ListBucketResult><Name>${s3.bucket}</Name><KeyCount>0</KeyCount><IsTruncated>false</IsTruncated></ListBucketResult>`,
      );
      return;
    }
    const { host, port } = s3.server;
    const onward = request({ host, port, method, path: url, headers }, (answer) => {
      to.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(to);
    });
    onward.on('error', () => to.destroy());
    from.pipe(onward);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  t.after(() => proxy.close());
  const address = proxy.address();
  if (address === null || typeof address === 'string') assert.fail('the proxy has no port');
  return s3.destination({ endpoint: `http://127.0.0.1:${address.port}` });
}

async function removeMarker(s3: S3Lab): Promise<void> {
  await s3.client.send(new DeleteObjectCommand({ Bucket: s3.bucket, Key: `${prefix}/${markerKey}` }));
}

describe('a bucket', { timeout }, () => {
  it('whose marker a lifecycle rule removed takes backups, with a word in the thread, and loses none until it is adopted', async (t) => {
    const s3 = await s3Lab(t);
    if (!s3) return;
    const vault = s3.destination();
    const room = await openPlaceRoom(t, { vault, owners: [who.approver] });
    const first = await room.done();
    const id = parseMarker(await textOf(vault))?.id;
    await removeMarker(s3);

    const second = await room.done();
    assert.equal(typeof copyIn(second, 'resources').provenAt, 'number');
    const older = copyIn(await room.lab.run(first.id), 'resources');
    assert.deepEqual([typeof older.provenAt, older.prunedAt], ['number', undefined]);
    const warned = (await room.lab.notices(second.id)).flatMap((each) =>
      each.kind === 'thread' && each.entry.type === 'place-not-known' ? [each.entry] : [],
    );
    assert.deepEqual(warned, [{ type: 'place-not-known', destination: 'vault', state: 'absent' }]);
    await assert.rejects(textOf(vault), /no such object/, 'it is not written again without a person');

    const asked = () => room.lab.asked(who.approver);
    const answer = await room.lab.backups.adopt(asked(), { destination: 'vault', confirmed: undefined });
    assert.equal(answer.outcome, 'adopted', JSON.stringify(answer));
    assert.equal(parseMarker(await textOf(vault))?.id, id, 'all on record lies there: it is the same place');
    await room.done();
    assert.equal(typeof copyIn(await room.lab.run(first.id), 'resources').prunedAt, 'number');
  });

  it('whose list lags behind loses no backup on record, and verify finds what lies there', async (t) => {
    const s3 = await s3Lab(t);
    if (!s3) return;
    const stale = await staleLists(t, s3);
    const room = await openPlaceRoom(t, { vault: s3.destination() });
    const first = await room.done();
    room.places.set('vault', stale);
    assert.deepEqual(await stale.list(''), []);
    await room.lab.backups.verify(room.lab.asked(who.requester), { runId: first.id });
    assert.equal(copyIn(await room.lab.run(first.id), 'resources').failure, undefined);
    const second = await room.done();
    assert.equal(typeof copyIn(second, 'resources').provenAt, 'number');
    // Retention removed it by its key: it is on record as gone, and it is gone.
    const older = copyIn(await room.lab.run(first.id), 'resources');
    assert.equal(typeof older.prunedAt, 'number');
    await assert.rejects(s3.destination().stat(older.key), /no such object/);
  });

  it('at the first start with a list that lags behind is not marked: it does not match the records', async (t) => {
    const s3 = await s3Lab(t);
    if (!s3) return;
    const { deps, stored } = await installation(t, await staleLists(t, s3));
    await stored('r-aaaaaaaa', 'prod-east/2026-11-23T061444Z-4.16.8-r-aaaaaaaa/snapshot.db', 100);
    assert.equal((await placeStatus(deps, 'vault')).state, 'adopt-needed');
    assert.deepEqual(await s3.remains(), []);
  });

  it('that locks everything by default holds one marker, written once, and lists do not show it', async (t) => {
    const s3 = await s3Lab(t, 'lockable');
    if (!s3) return;
    const bucket = `locked-${randomUUID()}`;
    await s3.client.send(new CreateBucketCommand({ Bucket: bucket, ObjectLockEnabledForBucket: true }));
    await s3.client.send(
      new PutObjectLockConfigurationCommand({
        Bucket: bucket,
        ObjectLockConfiguration: {
          ObjectLockEnabled: 'Enabled',
          Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 1 } },
        },
      }),
    );
    const vault = s3.destination({ bucket, checksum: 'content-md5' });
    const [one, two] = [await installation(t, vault), await installation(t, vault)];
    for (const { deps } of [one, one, two, two]) {
      assert.equal((await placeStatus(deps, 'vault')).state, 'known');
    }
    const confirmed = (await one.records.place('vault'))?.id;
    const again = await adopt(one.deps, { destination: 'vault', confirmed }, { kind: 'bot' });
    assert.equal(again.outcome, 'known-already');
    const { Versions = [], DeleteMarkers = [] } = await s3.client.send(
      new ListObjectVersionsCommand({ Bucket: bucket }),
    );
    assert.deepEqual(
      Versions.map(({ Key }) => Key),
      [`${prefix}/${markerKey}`],
    );
    assert.deepEqual(DeleteMarkers, []);
    assert.deepEqual(await vault.list(''), []);
    const locked = await vault.stat(markerKey);
    assert.ok((locked.lockedUntil ?? 0) > Date.now());
  });
});
