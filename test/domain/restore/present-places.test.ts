import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CopyPolicy } from '../../../src/domain/copies/file-copy.ts';
import type { Place } from '../../../src/domain/copies/manifest-document.ts';
import { withPresentPlaces } from '../../../src/domain/restore/present-places.ts';
import { aManifest } from '../../support/manifests.ts';

const policy = (place: Place, destination = 'nas-1'): CopyPolicy => ({
  file: 'snapshot',
  destination,
  place,
  custodians: [],
  encryptFor: [],
});
const whereOf = (...policies: CopyPolicy[]) =>
  withPresentPlaces(aManifest(), policies).files.snapshot.copies[0]?.place.where;
const recorded = 'NFS export nas-1.example.com:/srv/etcd-backups';

test('how people reach a place is what the configuration says now, of the same place', () => {
  const same: Place = { kind: 'directory', path: '/srv/backups/etcd', where: 'the new share' };
  assert.equal(whereOf(policy(same)), 'the new share');
  assert.equal(whereOf(policy({ ...same, path: '/another' })), recorded);
  assert.equal(whereOf(policy(same, 'nas-2')), recorded);
  assert.equal(whereOf(policy({ kind: 's3', bucket: 'b', endpoint: null, region: null })), recorded);
  assert.equal(whereOf(), recorded);
});
