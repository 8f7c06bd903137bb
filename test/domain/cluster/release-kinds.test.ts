import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseZStream, releaseLine } from '../../../src/domain/cluster/z-stream.ts';
import { minorOfRelease } from '../../../src/domain/drill/etcd-minor.ts';
import { backupPrefix, readBackupPrefix } from '../../../src/domain/restore/object-keys.ts';
import {
  hasQuorumRestore,
  isNewerThanKnown,
  procedureOf,
} from '../../../src/domain/restore/restore-procedure.ts';
import { judgeCoverage } from '../../../src/domain/watch/coverage.ts';
import { hourMs, noon, policy } from '../../support/cluster-facts.ts';
import { proven, settledOn, WatchLab } from '../../support/watches.ts';

/** As real clusters call themselves, with what the documentation of their line says. */
const kinds: readonly (readonly [version: string, minor: number, etcd: string, scripted: boolean])[] = [
  ['4.8.0-fc.9', 8, '3.4', false],
  ['4.15.0-0.okd-2024-03-10-010116', 15, '3.5', false],
  ['4.16.0-rc.3', 16, '3.5', false],
  ['4.17.0-ec.1', 17, '3.5', false],
  ['4.17.0-okd-scos.0', 17, '3.5', false],
  ['4.18.0-0.nightly-2025-01-02-030405', 18, '3.5', true],
  ['4.18.0-0.nightly-arm64-2025-01-02-030405', 18, '3.5', true],
  ['4.18.0-0.konflux-nightly-2025-01-02-030405', 18, '3.5', true],
  ['4.19.0-0.ci-2025-02-03-040506', 19, '3.5', true],
  ['4.19.0-0.ci.test-2025-02-03-040506-ci-op-x1y2z3-latest', 19, '3.5', true],
  ['4.19.0-okd-scos.ec.2', 19, '3.5', true],
  ['4.20.0-0.okd-scos-2025-08-01-101112', 20, '3.5', true],
  ['4.22.0-rc.0', 22, '3.6', true],
];

describe('a release that is no z-stream', () => {
  for (const [version, minor, etcd, scripted] of kinds) {
    it(`is of its line: ${version}`, () => {
      assert.equal(parseZStream(version), undefined);
      assert.deepEqual(releaseLine(version), { major: 4, minor });
      assert.equal(minorOfRelease(version), etcd);
      assert.equal(
        procedureOf(version, 'HighlyAvailable'),
        scripted ? 'several-nodes' : 'several-nodes-by-hand',
      );
      assert.equal(procedureOf(version, 'SingleReplica'), scripted ? 'single-node' : 'single-node-by-hand');
      assert.equal(hasQuorumRestore(version), scripted);
      assert.equal(isNewerThanKnown(version), false);
    });

    it(`is covered by a backup of exactly the same text: ${version}`, () => {
      const lab = new WatchLab();
      lab.look(noon, settledOn(version));
      const stateWith = (zStream: string) => {
        const backup = proven(zStream, noon - hourMs);
        return judgeCoverage({ watch: lab.watch, proven: [backup], policy: policy(), now: noon }).state;
      };
      assert.equal(stateWith(version), 'covered');
      assert.equal(stateWith(`4.${minor}.0`), 'uncovered');
      assert.equal(stateWith(`${version}0`), 'uncovered');
    });

    it(`keeps its name in the keys of its files: ${version}`, () => {
      const backup = { cluster: 'prod-east', startedAt: noon, zStream: version, runId: 'r-abcdefgh' };
      assert.deepEqual(readBackupPrefix(`${backupPrefix(backup)}manifest.json`), backup);
    });
  }

  it('is later than the documentation only by its line', () => {
    for (const version of ['4.23.0-ec.0', '4.23.0-0.nightly-2026-11-01-000000', '5.0.0-okd-scos.ec.1']) {
      assert.equal(isNewerThanKnown(version), true, version);
    }
  });

  it('has no line where an image is all that names it, and nothing is claimed of it', () => {
    for (const image of [
      'quay.io/openshift-release-dev/ocp-release@sha256:0123',
      '10.20.0.4:5000/ocp/release@sha256:0123',
      '',
    ]) {
      assert.equal(releaseLine(image), undefined, image);
      assert.equal(minorOfRelease(image), undefined, image);
      assert.equal(procedureOf(image, 'HighlyAvailable'), 'unknown');
      assert.equal(isNewerThanKnown(image), false);
    }
  });
});
