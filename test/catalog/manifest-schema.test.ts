import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManifestError, parseManifest } from '../../src/catalog/manifest-schema.ts';
import { manifestText } from '../../src/domain/restore/manifest.ts';
import { aManifest } from '../support/manifests.ts';

type Json = Record<string, unknown>;
const written = () => JSON.parse(manifestText(aManifest())) as Json;

function refusal(value: unknown): ManifestError {
  try {
    parseManifest(typeof value === 'string' ? value : JSON.stringify(value));
  } catch (error) {
    assert.ok(error instanceof ManifestError, String(error));
    return error;
  }
  return assert.fail('it was taken');
}

/** The written manifest with one value changed, by its path. */
function changed(path: string, value: unknown): Json {
  const whole = written();
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  let at = whole;
  for (const key of keys) at = at[key] as Json;
  at[last] = value;
  return whole;
}

test('what the bot wrote is read back the same, and written again the same', () => {
  const manifest = aManifest();
  assert.deepEqual(parseManifest(manifestText(manifest)), manifest);
  assert.equal(manifestText(parseManifest(manifestText(manifest))), manifestText(manifest));
});

test('keys that a later version added are kept, at every level', () => {
  const later = changed('cluster.region', 'north');
  const copy = ((later.files as Json).snapshot as { copies: Json[] }).copies[0] as Json;
  copy.tier = 'cold';
  later.extra = { of: ['a', 'later', 'version'] };
  const again = JSON.parse(manifestText(parseManifest(JSON.stringify(later))));
  assert.deepEqual(again, later);
});

test('a newer schema is refused with its number and what to do', () => {
  const error = refusal({ ...written(), schema: 'etcd-backup-manifest/3' });
  assert.equal(error.reason, 'newer-schema');
  assert.match(error.message, /etcd-backup-manifest\/3.*etcd-backup-manifest\/2.*RESTORE\.md/);
});

test('a manifest of the first format is read as it is, and what it lacks is not known', () => {
  const { etcdMembers: _, ...first } = written();
  delete (first.times as Json).scriptEnded;
  const read = parseManifest(JSON.stringify({ ...first, schema: 'etcd-backup-manifest/1' }));
  assert.deepEqual(
    [read.etcdMembers, read.times.scriptEnded, read.node.clockAheadMs],
    [undefined, undefined, undefined],
  );
  assert.equal(read.schema, 'etcd-backup-manifest/1');
});

test('members that do not fit are left out: the backup counts all the same', () => {
  const odd = parseManifest(JSON.stringify(changed('etcdMembers.list.0.address', '$(reboot)')));
  assert.equal(odd.etcdMembers, undefined);
  assert.equal(odd.runId, aManifest().runId);
});

test('no JSON, no manifest, too much', () => {
  assert.equal(refusal(manifestText(aManifest()).slice(0, -20)).reason, 'not-json');
  for (const value of [null, 7, [], {}, { schema: 'other/1' }, { schema: 1 }]) {
    assert.equal(refusal(value).reason, 'not-a-manifest', JSON.stringify(value));
  }
  assert.equal(refusal(' '.repeat(5_000_000)).reason, 'malformed');
});

const hostile: readonly (readonly [string, unknown])[] = [
  ['files.snapshot.name', 'snapshot_2026-11-23_061444.db; reboot'],
  ['files.snapshot.name', '../snapshot_2026-11-23_061444.db'],
  ['files.resources.name', 'snapshot_2026-11-23_061444.db'],
  ['files.snapshot.nodePath', '/home/core\n```\nrm -rf /'],
  ['files.snapshot.sha256', 'A'.repeat(64)],
  ['files.snapshot.sha256', `${'a'.repeat(64)}\n`],
  ['files.snapshot.size', -1],
  ['files.snapshot.copies.0.key', 'a/../../etc/shadow'],
  ['files.snapshot.copies.0.key', '/etc/shadow'],
  ['files.snapshot.copies.0.key', 'a\nb'],
  ['files.snapshot.copies.0.place', { kind: 'directory', path: 'relative' }],
  ['files.resources.copies.0.place.endpoint', 'javascript:alert(1)'],
  ['files.resources.copies.0.place.bucket', '--endpoint-url'],
  ['files.resources.copies.0.place.prefix', 'a/../b'],
  ['files.resources.copies.0.provenAt', 'yesterday'],
  ['node.ip', '-oProxyCommand=reboot'],
  ['node.name', 'master-0$(reboot)'],
  ['members', ['master-0', '$(reboot)']],
  ['runId', 'r-abc/../..'],
  ['release.zStream', '4.16.8; reboot'],
  ['times.started', 0],
  ['files', { snapshot: null }],
];

for (const [path, value] of hostile) {
  test(`a value that no manifest has is refused by its path: ${path} = ${JSON.stringify(value).slice(0, 40)}`, () => {
    const error = refusal(changed(path, value));
    assert.equal(error.reason, 'malformed');
    assert.ok(error.message.includes(path.split('.').slice(0, 2).join('.')), error.message);
  });
}
