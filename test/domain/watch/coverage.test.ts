import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { VersionFacts } from '../../../src/domain/cluster/facts.ts';
import type { ProvenBackup } from '../../../src/domain/run/proven-backup.ts';
import { type Coverage, judgeCoverage } from '../../../src/domain/watch/coverage.ts';
import { newWatch } from '../../../src/domain/watch/watch-turn.ts';
import { dayMs, hourMs, noon, policy } from '../../support/cluster-facts.ts';
import {
  asking,
  failing,
  proven,
  reinstalled,
  release,
  settledOn,
  updatingTo,
  WatchLab,
} from '../../support/watches.ts';

const minuteMs = 60_000;

function judged(facts: VersionFacts | undefined, backups: readonly ProvenBackup[], now = noon): Coverage {
  const lab = new WatchLab();
  lab.look(noon, facts);
  return judgeCoverage({ watch: lab.watch, proven: backups, policy: policy(), now });
}

describe('coverage', () => {
  const on8 = settledOn('4.16.8@-300');

  it('is covered by a proven backup of this very z-stream that is young enough', () => {
    const backup = proven('4.16.8', noon - dayMs);
    const coverage = judged(on8, [backup]);
    assert.deepEqual([coverage.state, coverage.since, coverage.backup], ['covered', backup.provenAt, backup]);
    assert.deepEqual(coverage.release, release('4.16.8'));
    assert.deepEqual(coverage.warnings, []);
  });

  it('turns stale on the day after the policy’s age', () => {
    const backup = proven('4.16.8', noon - 30 * dayMs);
    assert.equal(judged(on8, [backup]).state, 'covered');
    const stale = judged(on8, [backup], noon + 1);
    assert.deepEqual([stale.state, stale.since, stale.backup], ['stale', noon, backup]);
  });

  it('is uncovered by backups of other z-streams and of other clusters, which it names as the newest all the same', () => {
    const other = proven('4.16.7', noon - dayMs);
    const foreign = proven('4.16.8', noon - hourMs, { clusterId: 'another' });
    const coverage = judged(on8, [foreign, other]);
    assert.deepEqual([coverage.state, coverage.since, coverage.backup], ['uncovered', noon, undefined]);
    assert.equal(coverage.newest, other);
  });

  it('takes the newest of several, in whatever order they come', () => {
    const [old, young] = [proven('4.16.8', noon - 40 * dayMs), proven('4.16.8', noon - dayMs)];
    assert.equal(judged(on8, [old, young]).backup, young);
    assert.equal(judged(on8, [young, old]).backup, young);
  });

  it('does not mind a backup of a clock that goes ahead by five minutes', () => {
    assert.equal(judged(on8, [proven('4.16.8', noon + 4 * minuteMs)]).state, 'covered');
  });

  it('counts nothing with a date further ahead: not as covering, not as the newest, until its time has come', () => {
    for (const ahead of [
      proven('4.16.8', noon + hourMs),
      proven('4.16.8', noon - dayMs, { provenAt: noon + hourMs }),
    ]) {
      const coverage = judged(on8, [ahead]);
      assert.deepEqual(
        [coverage.state, coverage.backup, coverage.newest],
        ['uncovered', undefined, undefined],
      );
      assert.equal(judged(on8, [ahead], noon + hourMs).state, 'covered');
    }
    const old = proven('4.16.8', noon - dayMs);
    assert.equal(judged(on8, [proven('4.16.8', noon + hourMs), old]).backup, old);
  });

  it('takes the newest by the records’ order, whatever the dates say', () => {
    const later = proven('4.16.8', noon - 3 * hourMs, { seq: 2 });
    assert.equal(judged(on8, [proven('4.16.8', noon - hourMs, { seq: 1 }), later]).backup, later);
  });

  it('while updating names where the cluster goes, and the backup of what it leaves', () => {
    const backup = proven('4.16.8', noon - dayMs);
    const coverage = judged(updatingTo('~4.16.9@-1', '4.16.8@-300'), [proven('4.16.9', noon), backup]);
    assert.deepEqual(
      [coverage.state, coverage.release, coverage.backup],
      ['updating', release('4.16.9'), backup],
    );
    assert.equal(coverage.since, noon - hourMs);
  });

  it('is updating while the update fails, and when the release that it left is not known', () => {
    assert.equal(judged(failing(updatingTo('~4.16.9', '4.16.8')), []).state, 'updating');
    assert.equal(judged(updatingTo('~4.16.9'), []).state, 'updating');
    assert.equal(judged({ ...on8, history: [] }, []).state, 'updating');
  });

  it('of a cluster that fails on its release, or has a request to look at, is that of its release', () => {
    const waiting = { ...asking(on8, { version: '4.16.9' }), generation: 4 };
    for (const facts of [failing(on8), waiting]) {
      assert.equal(judged(facts, [proven('4.16.8', noon)]).state, 'covered');
      assert.equal(judged(facts, []).state, 'uncovered');
    }
    const lab = new WatchLab();
    for (const facts of [on8, failing(on8)]) lab.look(noon, facts);
    assert.equal(judgeCoverage({ watch: lab.watch, proven: [], policy: policy(), now: noon }).since, noon);
  });

  it('of an update that has arrived with an operator unwell is that of the new release', () => {
    assert.equal(judged(failing(settledOn('4.16.9@1', '4.16.8@-300')), []).state, 'uncovered');
  });

  it('of an arrival that is not quiet yet is still updating', () => {
    const lab = new WatchLab();
    lab.look(noon, on8);
    lab.look(noon + 1, updatingTo('4.16.9@1', '4.16.8@-300'));
    assert.equal(
      judgeCoverage({ watch: lab.watch, proven: [], policy: policy(), now: noon }).state,
      'updating',
    );
  });

  it('is unknown of a cluster that was never watched or never answered', () => {
    for (const watch of [undefined, newWatch('lab')]) {
      const coverage = judgeCoverage({
        watch,
        proven: [proven('4.16.8', noon)],
        policy: policy(),
        now: noon,
      });
      assert.deepEqual([coverage.state, coverage.since, coverage.release], ['unknown', undefined, undefined]);
      assert.equal(coverage.newest?.zStream, '4.16.8');
    }
    const silent = judged(undefined, []);
    assert.deepEqual([silent.state, silent.since, silent.why?.reason], ['unknown', noon, 'unreachable']);
  });

  it('holds while an API server restarts, and is unknown since the first failed reading after five minutes', () => {
    const lab = new WatchLab();
    lab.look(noon, on8);
    const firstFailure = noon + 30_000;
    for (let at = firstFailure; at <= firstFailure + 20 * minuteMs; at += 30_000) {
      lab.look(at, undefined);
      const coverage = judgeCoverage({ watch: lab.watch, proven: [], policy: policy(), now: at });
      const long = at - firstFailure >= 5 * minuteMs;
      assert.equal(coverage.state, long ? 'unknown' : 'uncovered');
      if (long) assert.deepEqual([coverage.since, coverage.why?.reason], [firstFailure, 'unreachable']);
      assert.deepEqual(coverage.release, release('4.16.8'));
    }
  });

  it('does not count backups of a cluster that was reinstalled under the same name', () => {
    const lab = new WatchLab();
    lab.look(noon, on8);
    lab.look(noon + 1, reinstalled(on8));
    const coverage = judgeCoverage({
      watch: lab.watch,
      proven: [proven('4.16.8', noon)],
      policy: policy(),
      now: noon,
    });
    assert.deepEqual([coverage.state, coverage.newest], ['uncovered', undefined]);
  });

  it('compares what is no z-stream as it is written, and says that it is none', () => {
    for (const name of [
      '4.17.0-0.nightly-2026-05-01-120000',
      '4.17.0-0.ci.test',
      '4.15.0-0.okd-2024',
      '4.17.0-rc.1',
      '',
    ]) {
      const coverage = judged(settledOn(name), [proven(name, noon)]);
      assert.equal(coverage.state, 'covered');
      assert.deepEqual(coverage.warnings, [{ kind: 'not-a-z-stream' }]);
      assert.equal(judged(settledOn(name), [proven(`${name} `, noon)]).state, 'uncovered');
    }
  });

  it('counts a backup of another image of the same version', () => {
    assert.equal(judged(settledOn('4.16.8 other'), [proven('4.16.8', noon)]).state, 'covered');
  });

  it('warns of signers that end soon or have ended, and of what lies on the node alone', () => {
    const at = (signersEndAt: number) =>
      judged(on8, [proven('4.16.8', noon - dayMs, { signersEndAt })]).warnings;
    assert.deepEqual(at(noon + 7 * dayMs + 1), []);
    assert.deepEqual(at(noon + 7 * dayMs), [{ kind: 'signers-end', endAt: noon + 7 * dayMs }]);
    assert.deepEqual(at(noon - dayMs), [{ kind: 'signers-end', endAt: noon - dayMs }]);
    const { warnings } = judged(on8, [proven('4.16.8', noon, { place: 'node' })]);
    assert.deepEqual(warnings, [{ kind: 'only-on-node' }]);
  });

  it('says that backups of the preview API are not counted, where there are such', () => {
    const lab = new WatchLab();
    lab.look(noon, on8);
    const watch = { ...newWatch('lab'), ...lab.watch, previewBackups: true };
    const coverage = judgeCoverage({ watch, proven: [], policy: policy(), now: noon });
    assert.deepEqual(
      [coverage.state, coverage.warnings],
      ['uncovered', [{ kind: 'preview-backups-not-counted' }]],
    );
  });
});
