import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { PutObjectRetentionCommand } from '@aws-sdk/client-s3';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import type { FileCopy } from '../../../src/domain/copies/file-copy.ts';
import { restoreText } from '../../../src/restore/restore-text.ts';
import { openDestinations } from '../../../src/storage/open-destinations.ts';
import { copyTools } from '../../../src/storage/verify/copy-tools.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { copyFile } from '../../../src/workflow/copies/copy-file.ts';
import type { Destinations } from '../../../src/workflow/ports/copy-ports.ts';
import { type S3Lab, s3Lab } from '../../storage/s3-lab.ts';
import { knownPlaces } from '../../support/known-places.ts';
import { openWorkflowLab } from '../../support/workflow-lab.ts';

const dayMs = 86_400_000;
const never = new AbortController().signal;
const place = { kind: 's3' as const, bucket: 'b', endpoint: null, region: null };

describe('copies that a lock keeps', { timeout: 180_000 }, () => {
  it('and whose digest is not on record: the next bot stores its own beside it', async (t) => {
    const s3 = await s3Lab(t, 'lockable');
    if (!s3) return;
    const vault = s3.destination({ lock: { mode: 'GOVERNANCE', days: 1 } });
    const deps = {
      destinations: { get: () => vault },
      places: knownPlaces,
      tools: copyTools(),
      clock: systemClock(),
    };
    const bytes = randomBytes(100_000);
    const publicKey = await identityToRecipient(await generateX25519Identity());
    const planned: FileCopy = {
      file: 'snapshot',
      destination: 'vault',
      place,
      custodians: [],
      encryptFor: [{ name: 'ops-a', publicKey }],
      key: 'prod/run/snapshot.db.age',
      location: `${vault.label}/prod/run/snapshot.db.age`,
      tries: 0,
      stored: undefined,
      provenAt: undefined,
      failure: undefined,
      nextTryAt: undefined,
    };
    // What a bot stored that died before it could say so.
    await vault.put(planned.key, once(randomBytes(50)), { signal: never });

    const sha256 = Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex');
    const plain = {
      ...deps,
      tools: { ...deps.tools, verified: (_: unknown, body: AsyncIterable<Uint8Array>) => body },
    };
    const source = {
      open: () => once(bytes),
      size: bytes.length,
      sha256,
      mayExist: true,
      onProgress: () => undefined,
    };
    const copy = await copyFile(plain, planned, source, never);

    assert.equal(copy.failure, undefined);
    assert.equal(typeof copy.provenAt, 'number');
    assert.deepEqual(
      [copy.key, copy.location],
      ['prod/run/snapshot.db.2.age', `${vault.label}/prod/run/snapshot.db.2.age`],
    );
    assert.equal((await vault.stat(planned.key)).size, 50, 'what a lock keeps is left as it is');
  });

  it('and that retention would remove: the refusal is said in the thread, and the record keeps the copy', async (t) => {
    const s3 = await s3Lab(t, 'lockable');
    if (!s3) return;
    const { lab, done } = await openRoom(t, s3);
    const first = await done();
    const locked = first.success?.copies?.find(({ destination }) => destination === 'vault') ?? assert.fail();
    // Somebody locks it in the bucket itself: no word of it is on our record.
    await s3.client.send(
      new PutObjectRetentionCommand({
        Bucket: s3.bucket,
        Key: `etcd/prod/${locked.key}`,
        Retention: { Mode: 'GOVERNANCE', RetainUntilDate: new Date(Date.now() + dayMs) },
      }),
    );
    const second = await done();
    // Removing old backups is work of its own, after each of the two.
    for (let due = await lab.turn(); due; due = await lab.turn());

    const refused = (await lab.records.auditLines(second.id)).flatMap(({ detail }) => detail.refused ?? []);
    assert.equal(refused.length, 1, JSON.stringify(refused));
    assert.match(refused[0] ?? '', new RegExp(`${locked.key}: .*lock`, 's'));
    const after = (await lab.run(first.id)).success?.copies ?? [];
    assert.deepEqual(
      after.map(({ destination, stored, prunedAt }) => [
        destination,
        stored !== undefined,
        prunedAt !== undefined,
      ]),
      [
        ['nas-1', false, true],
        ['vault', true, false],
      ],
    );
    const notices = await lab.notices(second.id);
    assert.ok(notices.some((each) => each.kind === 'thread' && JSON.stringify(each).includes(locked.key)));
  });
});

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  yield bytes;
}

/** The snapshot goes to a directory, the resources to a bucket; both keep the newest alone. */
async function openRoom(t: TestContext, s3: S3Lab) {
  const dir = await mkdtemp(path.join(tmpdir(), 'locked-copies-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  const nas = path.join(dir, 'nas');
  await mkdir(nas);
  const vault = s3.destination();
  const directories = openDestinations([{ kind: 'directory', name: 'nas-1', path: nas }], systemClock());
  const destinations: Destinations = {
    get: (name) => (name === 'vault' ? vault : directories.get(name)),
  };
  const newestOnly = {
    newest: 1,
    days: undefined,
    daily: undefined,
    weekly: undefined,
    monthly: undefined,
    timeZone: 'UTC',
  };
  const copies = [
    {
      file: 'snapshot' as const,
      destination: 'nas-1',
      place: { kind: 'directory' as const, path: nas },
      custodians: [],
      encryptFor: [],
    },
    { file: 'resources' as const, destination: 'vault', place, custodians: [], encryptFor: [] },
  ];
  const lab = await openWorkflowLab({
    offCluster: { destinations, tools: copyTools(), restoreText, drill: undefined },
    policy: { copies, retention: { 'nas-1': newestOnly, vault: newestOnly } },
  });
  t.after(() => lab[Symbol.asyncDispose]());
  return {
    lab,
    async done() {
      await lab.approved();
      const run = await lab.turn();
      assert.equal(run?.status, 'succeeded', JSON.stringify(run?.failed));
      return run ?? assert.fail();
    },
  };
}
