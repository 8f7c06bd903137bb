import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseTools, type DrillTools, drillMeans } from '../../../src/domain/drill/drill-tools.ts';
import { minorOfRelease, snapshotMinor } from '../../../src/domain/drill/etcd-minor.ts';

test('the release line names etcd’s minor', () => {
  const lines = {
    '3.4': ['4.6.1', '4.8.57'],
    '3.5': ['4.9.0', '4.16.8', '4.20.3', '4.16.0-0.nightly-2026-01-01-000000'],
    '3.6': ['4.21.0', '4.22.1', '5.0.2', '5.1.0'],
  };
  for (const [minor, releases] of Object.entries(lines)) {
    for (const release of releases) assert.equal(minorOfRelease(release), minor, release);
  }
  for (const release of ['4.5.41', '3.11.0', 'unknown', '', undefined]) {
    assert.equal(minorOfRelease(release), undefined, String(release));
  }
});

test('the program’s own word goes before the release line', () => {
  const none = { etcdctlVersion: undefined, status: undefined, zStream: undefined };
  assert.equal(snapshotMinor(none), undefined);
  assert.equal(snapshotMinor({ ...none, zStream: '4.16.8' }), '3.5');
  assert.equal(snapshotMinor({ ...none, zStream: '4.16.8', status: { version: '3.6.0' } }), '3.6');
  assert.equal(
    snapshotMinor({ zStream: '4.21.8', status: { version: '3.6.0' }, etcdctlVersion: '3.5.16' }),
    '3.5',
  );
  assert.equal(snapshotMinor({ ...none, zStream: '4.16.8', etcdctlVersion: 'garbage' }), '3.5');
});

test('a set is chosen by the snapshot’s minor; another one only where that is missing', () => {
  const has = (...minors: string[]): DrillTools => ({
    sets: minors.map((minor) => ({ minor, version: `${minor}.1` })),
    problems: [],
  });
  const chosen = (needed: string | undefined, ...minors: string[]) =>
    chooseTools(has(...minors), needed)?.minor;
  assert.equal(chosen('3.5', '3.6', '3.4', '3.5'), '3.5');
  assert.equal(chosen('3.5', '3.6', '3.4'), '3.6', 'etcd reads what its predecessor wrote');
  assert.equal(chosen('3.6', '3.4', '3.5'), '3.5');
  assert.equal(chosen('3.9', '3.9', '3.10'), '3.9');
  assert.equal(chosen(undefined, '3.4', '3.10', '3.9'), '3.10');
  assert.equal(chosen('3.5'), undefined);
  assert.equal(drillMeans(has('3.4', '3.5'), '3.5'), 'own');
  assert.equal(drillMeans(has('3.4'), '3.5'), 'other');
  assert.equal(drillMeans(has('3.4'), undefined), 'unknown');
  assert.equal(drillMeans(has(), undefined), 'none');
});
