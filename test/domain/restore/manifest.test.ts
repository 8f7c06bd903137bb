import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { unknown } from '../../../src/domain/cluster/reading.ts';
import { isProven, locationOf, manifestOf, manifestText } from '../../../src/domain/restore/manifest.ts';
import { manifestFacts } from '../../../src/domain/restore/manifest-facts.ts';
import { backupPrefix, objectKeys, readBackupPrefix } from '../../../src/domain/restore/object-keys.ts';
import {
  aBackup,
  aManifest,
  anotherManifest,
  factsRead,
  manifestOfBackup,
  startedAt,
} from '../../support/manifests.ts';

test('the manifest holds everything that a restore needs', () => {
  const manifest = manifestOfBackup(aBackup());
  assert.equal(manifest.schema, 'etcd-backup-manifest/2');
  assert.equal(manifest.cluster.id, '6b0f2d4c-7a0e-4a53-9a44-3a4c1b2d9f10');
  assert.deepEqual(manifest.etcd, {
    etcdctlVersion: '3.5.16',
    revision: 5346,
    totalKey: 12009,
    hash: 3094756495,
    totalSize: 108146688,
    version: null,
  });
  assert.deepEqual(manifest.staticPods, { 'kube-apiserver': 'kube-apiserver-pod-7', etcd: 'etcd-pod-2' });
  assert.equal(manifest.files.snapshot.name, 'snapshot_2026-11-23_061444.db');
  assert.equal(
    manifest.files.snapshot.nodePath,
    '/home/core/assets/backup/2026-11-23T061444Z-r-abcdefgh/snapshot_2026-11-23_061444.db',
  );
  assert.deepEqual(manifest.times, {
    requested: '2026-11-23T06:04:44Z',
    started: '2026-11-23T06:14:44Z',
    scriptEnded: '2026-11-23T06:14:53Z',
    finished: '2026-11-23T06:15:31Z',
  });
  assert.deepEqual(
    manifest.people.approvers.map(({ clusterUser }) => clusterUser),
    ['approver'],
    'a refused vote is no approval',
  );
  assert.deepEqual(manifest.signers[0], {
    bundle: 'csr-controller-ca',
    certificates: [
      { subject: 'OU=openshift, CN=csr-controller-ca_20', notAfter: '2026-12-13T06:14:44Z' },
      { subject: 'OU=openshift, CN=csr-controller-ca_50', notAfter: '2027-01-12T06:14:44Z' },
    ],
    unreadable: null,
  });
  assert.ok(!isProven(manifest), 'no copy was made yet');
  assert.ok(isProven(aManifest()));
  const { manifestFacts: _, ...onTheNode } = aBackup().success;
  assert.equal(
    manifestOf({ ...aBackup(), success: onTheNode }),
    undefined,
    'it was not to leave the cluster',
  );
});

test('what is not known is null, and why a bundle is not known is said', () => {
  const { snapshot, resources } = aBackup().success.artifacts;
  const manifest = manifestOfBackup(
    aBackup({
      artifacts: { snapshot: { ...snapshot, status: undefined }, resources },
      manifestFacts: manifestFacts({
        ...factsRead,
        report: { etcdctlVersion: undefined, latest: {} },
        caBundles: [{ name: 'csr-controller-ca', bundle: unknown('forbidden', 'HTTP 403') }],
        thread: undefined,
      }),
    }),
  );
  assert.deepEqual(Object.values(manifest.etcd), [null, null, null, null, null, null]);
  assert.equal(manifest.thread, null);
  assert.deepEqual(manifest.signers, [
    { bundle: 'csr-controller-ca', certificates: [], unreadable: 'forbidden' },
  ]);
});

test('one proven file of two is no proven backup', () => {
  assert.ok(!isProven(anotherManifest({ runId: 'r-aaaaaaaa', proven: ['snapshot'] })));
  assert.ok(!isProven(anotherManifest({ runId: 'r-aaaaaaaa', proven: ['resources'] })));
});

test('the text is canonical: the order in which an object was built does not matter', () => {
  const manifest = aManifest();
  const shuffled = Object.fromEntries(Object.entries(manifest).reverse()) as unknown as typeof manifest;
  assert.equal(manifestText(shuffled), manifestText(manifest));
  assert.match(manifestText(manifest), /^\{\n {2}"schema": "etcd-backup-manifest\/2",\n {2}"cluster": \{\n/);
  assert.ok(manifestText(manifest).endsWith('}\n'));
});

test('keys: one prefix for each backup, original names, `.age` where encrypted', () => {
  const keys = objectKeys({
    cluster: 'prod-east',
    startedAt,
    zStream: '4.16.8',
    runId: 'r-abcdefgh',
    fileNames: { snapshot: 's.db', resources: 'r.tar.gz' },
    encrypted: { snapshot: false, resources: true },
  });
  const prefix = 'prod-east/2026-11-23T061444Z-4.16.8-r-abcdefgh/';
  assert.deepEqual(keys, {
    prefix,
    snapshot: `${prefix}s.db`,
    resources: `${prefix}r.tar.gz.age`,
    manifest: `${prefix}manifest.json`,
    restoreText: `${prefix}RESTORE.md`,
  });
});

test('a prefix can be read back from any key below it, and nothing else can', () => {
  const backups = fc.record({
    cluster: fc.stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,20}[a-z0-9])?$/),
    startedAt: fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => seconds * 1000),
    zStream: fc.stringMatching(/^[45]\.\d{1,2}\.\d{1,3}(?:-rc\.\d)?$/),
    runId: fc.stringMatching(/^r-[a-z0-9]{8}$/),
  });
  fc.assert(
    fc.property(backups, (backup) => {
      assert.deepEqual(readBackupPrefix(`${backupPrefix(backup)}manifest.json`), { ...backup });
    }),
  );
  for (const key of [
    '',
    'prod-east/',
    'prod-east/other/manifest.json',
    '2026-11-23T061444Z-4.16.8-r-abcdefgh/x',
  ])
    assert.equal(readBackupPrefix(key), undefined, key);
});

test('a location is a path or an s3 address', () => {
  const { snapshot, resources } = aManifest().files;
  const prefix = 'prod-east/2026-11-23T061444Z-4.16.8-r-abcdefgh/';
  assert.deepEqual(snapshot.copies.map(locationOf), [
    `/srv/backups/etcd/${prefix}snapshot_2026-11-23_061444.db`,
  ]);
  assert.deepEqual(resources.copies.map(locationOf), [
    `s3://etcd-keys/${prefix}static_kuberesources_2026-11-23_061444.tar.gz.age`,
  ]);
});

test('the prefix of a bucket is placed between bucket and key, so that the printed place is the real one', () => {
  const place = { kind: 's3', bucket: 'etcd-keys', prefix: 'a/b', endpoint: null, region: null } as const;
  assert.equal(locationOf({ place, key: 'prod/file' }), 's3://etcd-keys/a/b/prod/file');
});
