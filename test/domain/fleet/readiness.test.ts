import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { VersionFacts } from '../../../src/domain/cluster/facts.ts';
import { known, unknown } from '../../../src/domain/cluster/reading.ts';
import { judgeReadiness } from '../../../src/domain/fleet/readiness.ts';
import type { ProvenBackup } from '../../../src/domain/run/proven-backup.ts';
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

const on8 = settledOn('4.16.8@-300');

function judged(facts: VersionFacts, backups: readonly ProvenBackup[], lab = new WatchLab()) {
  const reading = known(facts);
  return judgeReadiness({ watch: lab.watch, reading, proven: backups, policy: policy(), now: noon });
}

describe('whether a cluster is ready for an update', () => {
  it('is yes with a proven backup of its release that is young enough for that', () => {
    const backup = proven('4.16.8', noon - dayMs);
    const { ready, reasons, cluster, coverage } = judged(on8, [backup]);
    assert.deepEqual([cluster, ready, reasons], ['lab', true, [{ kind: 'fresh-backup', backup }]]);
    assert.equal(coverage.state, 'covered');
  });

  it('is yes with warnings, which it keeps', () => {
    const { ready, coverage } = judged(on8, [proven('4.16.8', noon, { place: 'node', signersEndAt: noon })]);
    assert.equal(ready, true);
    assert.deepEqual(
      coverage.warnings.map(({ kind }) => kind),
      ['signers-end', 'only-on-node'],
    );
  });

  it('says which of its destinations are not the known place, where a backup is counted on that lies there', () => {
    const places = [{ destination: 'nas-1', state: 'absent', at: noon } as const];
    const ask = (backups: readonly ProvenBackup[]) =>
      judgeReadiness({
        watch: undefined,
        reading: known(on8),
        proven: backups,
        policy: policy(),
        places,
        now: noon,
      });
    const warned = { kind: 'place-not-known', destination: 'nas-1', state: 'absent' };
    const yes = ask([proven('4.16.8', noon - hourMs)]);
    assert.deepEqual([yes.ready, yes.reasons[1]], [true, warned]);
    assert.deepEqual(ask([proven('4.16.8', noon - dayMs - 1)]).reasons[1], warned);
    assert.equal(ask([]).reasons.length, 1, 'there is no copy to miss');
    assert.equal(ask([proven('4.16.8', noon, { place: 'node' })]).reasons.length, 1, 'it lies elsewhere');
  });

  it('is no with a backup that would do without an update', () => {
    const backup = proven('4.16.8', noon - dayMs - 1);
    const { ready, reasons, coverage } = judged(on8, [backup]);
    assert.deepEqual([ready, reasons], [false, [{ kind: 'too-old', backup, maxAgeMs: dayMs }]]);
    assert.equal(coverage.state, 'covered');
  });

  it('is no without one of this release and cluster', () => {
    const others = [proven('4.16.7', noon), proven('4.16.8', noon, { clusterId: 'another' })];
    const { ready, reasons } = judged(on8, others);
    assert.deepEqual([ready, reasons], [false, [{ kind: 'no-backup', release: release('4.16.8') }]]);
  });

  it('is no in the middle of an update, whatever there is', () => {
    const { ready, reasons } = judged(updatingTo('~4.16.9', '4.16.8'), [
      proven('4.16.8', noon),
      proven('4.16.9', noon),
    ]);
    assert.deepEqual([ready, reasons], [false, [{ kind: 'updating', to: release('4.16.9') }]]);
  });

  it('goes by the backup while an update is only asked for, or the cluster fails where it is', () => {
    for (const facts of [asking(on8, { version: '4.16.9' }), failing(on8)]) {
      assert.equal(judged(facts, [proven('4.16.8', noon)]).ready, true);
      assert.equal(judged(facts, []).ready, false);
    }
  });

  it('goes by the new release as soon as its update has arrived, whichever operator is unwell there', () => {
    const lab = new WatchLab();
    lab.look(noon - hourMs, updatingTo('~4.16.9@0', '4.16.8@-300'));
    const arrived = failing(settledOn('4.16.9@0', '4.16.8@-300'));
    assert.equal(judged(arrived, [proven('4.16.9', noon)], lab).ready, true);
    assert.equal(judged(arrived, [proven('4.16.8', noon)], lab).ready, false);
  });

  it('goes by the fresh look, not by what was seen last', () => {
    const lab = new WatchLab();
    lab.look(noon - hourMs, on8);
    const backups = [proven('4.16.8', noon - hourMs)];
    assert.equal(judged(on8, backups, lab).ready, true);
    assert.equal(judged(settledOn('4.16.9@0', '4.16.8@-300'), backups, lab).ready, false);
    assert.equal(judged(reinstalled(on8), backups, lab).ready, false);
  });

  it('is no of a cluster that cannot be read, though it was covered a moment ago', () => {
    const lab = new WatchLab();
    lab.look(noon - 60_000, on8);
    const reading = unknown('timeout', 'no answer within 10 s');
    const input = { reading, proven: [proven('4.16.8', noon)], policy: policy(), now: noon };
    const { ready, reasons, coverage } = judgeReadiness({ ...input, watch: lab.watch });
    assert.deepEqual(
      [ready, reasons],
      [false, [{ kind: 'unreadable', why: reading.ok ? undefined : reading.why }]],
    );
    assert.equal(coverage.state, 'covered');
    assert.equal(judgeReadiness({ ...input, watch: undefined }).coverage.state, 'unknown');
  });

  it('changes nothing of the watch that it was given', () => {
    const lab = new WatchLab();
    lab.look(noon, on8);
    const before = structuredClone(lab.watch);
    judged(updatingTo('~4.16.9', '4.16.8'), [], lab);
    assert.deepEqual(lab.watch, before);
  });
});
