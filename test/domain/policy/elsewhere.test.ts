import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { known } from '../../../src/domain/cluster/reading.ts';
import { judgeClusterAccess } from '../../../src/domain/doctor/cluster-access.ts';
import { boardRow, sortByNeed } from '../../../src/domain/fleet/board.ts';
import { judgeReadiness } from '../../../src/domain/fleet/readiness.ts';
import { isNeedy, weeklySummary } from '../../../src/domain/fleet/weekly-summary.ts';
import { topologyFindings } from '../../../src/domain/preflight/topology.ts';
import type { ClusterWatch } from '../../../src/domain/watch/cluster-watch.ts';
import { judgeCoverage } from '../../../src/domain/watch/coverage.ts';
import { watchTurn } from '../../../src/domain/watch/watch-turn.ts';
import { dayMs, hourMs, noon, policy } from '../../support/cluster-facts.ts';
import { nightly, ScheduleLab } from '../../support/scheduled.ts';
import {
  asking,
  proven,
  reinstalled,
  release,
  settledOn,
  throughRecords,
  WatchLab,
} from '../../support/watches.ts';

const by = "the HyperShift management cluster's OADP schedule";
const on8 = settledOn('4.16.8@-300');

/** Looks at the cluster once more, and reads its topology with it. */
function lookedAt(watch: ClusterWatch | undefined, topology: string, facts = on8, change = {}) {
  return watchTurn({
    watch: watch && throughRecords(watch),
    cluster: 'lab',
    reading: known(facts),
    topology,
    proven: [],
    policy: policy(change),
    now: noon + hourMs,
  });
}

describe('a cluster that others back up', () => {
  it('has that state as a hosted one, as one that the configuration names, and as both', () => {
    const of = (topology: string | undefined, change: object) => {
      const { watch } = lookedAt(undefined, topology ?? 'HighlyAvailable', on8, change);
      const judgedTurn = topology === undefined ? { ...watch, topology: undefined as never } : watch;
      const judged = judgeCoverage({ watch: judgedTurn, proven: [], policy: policy(change), now: noon });
      return [judged.state, judged.elsewhere?.by, judged.elsewhere?.controlPlane, judged.warnings.length];
    };
    assert.deepEqual(of('External', {}), ['elsewhere', undefined, 'hosted', 0]);
    assert.deepEqual(of('External', { backedUpBy: by }), ['elsewhere', by, 'hosted', 0]);
    assert.deepEqual(of('HighlyAvailable', { backedUpBy: by }), ['elsewhere', by, 'own', 0]);
    assert.deepEqual(of(undefined, { backedUpBy: by }), ['elsewhere', by, undefined, 0]);
    assert.deepEqual(of('HighlyAvailable', {}).slice(0, 2), ['uncovered', undefined]);
  });

  it('is not unknown when it does not answer: nothing waits for it', () => {
    const { watch } = lookedAt(undefined, 'External');
    const silent = { since: noon - dayMs, why: { reason: 'timeout', detail: '' } } as const;
    const { state } = judgeCoverage({ watch: { ...watch, silent }, proven: [], policy: policy(), now: noon });
    assert.equal(state, 'elsewhere');
  });

  it('gets no reminder and no alarm, and loses those that are open, with the truth as their end', () => {
    const fresh = lookedAt(undefined, 'External', asking(on8, release('4.16.9')));
    assert.deepEqual([fresh.watch.reminder, fresh.watch.alarm, fresh.notices], [undefined, undefined, []]);
    const lab = new WatchLab();
    lab.look(noon, asking(on8, release('4.16.9')));
    assert.ok(lab.watch?.reminder && lab.watch.alarm && !lab.watch.alarm.end);
    for (const change of [{}, { backedUpBy: by }]) {
      const judgedTurn = lookedAt(lab.watch, 'External', asking(on8, release('4.16.9')), change);
      const name = 'backedUpBy' in change ? by : undefined;
      const end = { kind: 'elsewhere', at: noon + hourMs, by: name };
      assert.deepEqual([judgedTurn.watch.reminder?.end, judgedTurn.watch.alarm?.end], [end, end]);
      assert.deepEqual(judgedTurn.notices.map(({ kind }) => kind).sort(), ['alarm', 'reminder']);
      const again = lookedAt(judgedTurn.watch, 'External', asking(on8, release('4.16.9')), change);
      assert.deepEqual([again.notices, again.events], [[], []]);
    }
  });

  it('is reminded of by the same message again once this bot has to back it up after all', () => {
    const lab = new WatchLab();
    lab.look(noon, on8);
    const id = lab.watch?.reminder?.id;
    const place = { channel: 'C1', ts: '1.2' };
    const shown = lab.watch?.reminder && {
      ...lab.watch,
      reminder: { ...lab.watch.reminder, message: place },
    };
    const named = lookedAt(shown, 'HighlyAvailable', on8, { backedUpBy: by });
    assert.equal(named.watch.reminder?.end?.kind, 'elsewhere');
    const again = lookedAt(named.watch, 'HighlyAvailable');
    const { reminder, earlier } = again.watch;
    assert.deepEqual([reminder?.id, reminder?.end, reminder?.message, earlier], [id, undefined, place, []]);
    assert.ok((reminder?.nextRepeatAt ?? 0) > noon + hourMs);
  });

  it('is another one when it was reinstalled under the same name', () => {
    const { watch } = lookedAt(undefined, 'External');
    const reinstalledTurn = watchTurn({
      watch,
      cluster: 'lab',
      reading: known(reinstalled(on8)),
      proven: [],
      policy: policy(),
      now: noon + hourMs,
    });
    assert.equal(reinstalledTurn.watch.topology, undefined);
    assert.ok(reinstalledTurn.watch.reminder);
  });

  it('is on no schedule, and misses none', () => {
    const at = Date.parse('2026-11-23T00:00Z');
    for (const named of [true, false]) {
      const lab = new ScheduleLab(at, named ? { ...nightly, backedUpBy: by } : nightly);
      if (!named) lab.watch = { ...lab.watch, topology: 'External' };
      for (const hours of [0, 2.1, 26.5]) lab.turn(at + hours * hourMs);
      assert.deepEqual([lab.slots, lab.watch.schedule], [[], undefined]);
      assert.deepEqual(
        lab.turns.flatMap(({ events, notices }) => [...events, ...notices]),
        [],
      );
    }
  });

  it('is ready for an update only with a fresh backup of this bot; else the bot says what it cannot know', () => {
    const { watch } = lookedAt(undefined, 'HighlyAvailable', on8, { backedUpBy: by });
    const judged = (backups: Parameters<typeof judgeReadiness>[0]['proven']) =>
      judgeReadiness({
        watch,
        reading: known(on8),
        proven: backups,
        policy: policy({ backedUpBy: by }),
        now: noon,
      });
    const none = judged([]);
    assert.equal(none.ready, false);
    assert.deepEqual(none.reasons, [
      { kind: 'elsewhere', elsewhere: { by, controlPlane: 'own' }, release: release('4.16.8') },
    ]);
    assert.equal(judged([proven('4.16.8', noon - 3 * dayMs)]).reasons[0]?.kind, 'elsewhere');
    assert.equal(judged([proven('4.16.8', noon - hourMs)]).ready, true);
  });

  it('is warned of a backup on the node only, where readiness counts on it', () => {
    const { watch } = lookedAt(undefined, 'HighlyAvailable', on8, { backedUpBy: by });
    const judged = judgeReadiness({
      watch,
      reading: known(on8),
      proven: [proven('4.16.8', noon - hourMs, { place: 'node' })],
      policy: policy({ backedUpBy: by }),
      now: noon,
    });
    assert.equal(judged.ready, true);
    assert.deepEqual(judged.coverage.warnings, [{ kind: 'only-on-node' }]);
  });

  it('is last on the board and not among those in need in the weekly summary, which names it', () => {
    const { watch } = lookedAt(undefined, 'External');
    const record = { proven: [], active: undefined, lastDrill: undefined };
    const lastFailure = { id: 'r-aaaaaaaa', requestedAt: noon - dayMs, finishedAt: noon - dayMs };
    const hosted = boardRow({ ...record, cluster: 'a', watch, lastFailure }, policy({ name: 'a' }), noon);
    const covered = boardRow(
      {
        ...record,
        cluster: 'b',
        watch: lookedAt(undefined, 'HighlyAvailable').watch,
        lastFailure: undefined,
        proven: [proven('4.16.8', noon - hourMs)],
      },
      policy({ name: 'b' }),
      noon,
    );
    const rows = sortByNeed([hosted, covered]);
    assert.deepEqual(
      rows.map(({ cluster }) => cluster),
      ['b', 'a'],
    );
    assert.equal(isNeedy(hosted), false);
    const summary = weeklySummary({ rows, runs: [], now: noon });
    assert.deepEqual(summary.elsewhere, [{ cluster: 'a', by: undefined }]);
    assert.deepEqual([summary.counts.elsewhere, summary.counts.covered, summary.needy], [1, 1, []]);
  });

  it('is refused by a check where it is hosted, and warned of where it is not', () => {
    const codes = (controlPlaneTopology: string, name: string | undefined) =>
      topologyFindings(known({ infrastructureName: 'i', apiUrl: '', controlPlaneTopology }), name).map(
        ({ outcome, code, params }) => [outcome, code, 'by' in params ? params.by : undefined],
      );
    assert.deepEqual(codes('External', undefined), [['blocker', 'topology.hosted', undefined]]);
    assert.deepEqual(codes('External', by), [['blocker', 'topology.hosted', by]]);
    assert.deepEqual(codes('SingleReplica', by), [
      ['passed', 'topology.runs', undefined],
      ['warning', 'topology.backed-up-elsewhere', by],
    ]);
    assert.deepEqual(codes('SingleReplica', undefined), [['passed', 'topology.runs', undefined]]);
  });

  it('is examined by the doctor for who backs it up; what a hosted one lacks for runs is no trouble', () => {
    const lines = (topology: string, change: object) =>
      judgeClusterAccess(policy(change), {
        serverTime: known({ askedAt: noon, answeredAt: noon, serverAt: noon }),
        rights: known([]),
        etcdPods: known([]),
        podSecurity: known(undefined),
        topology: known(topology),
      }).map(({ code, state }) => `${state} ${code}`);
    assert.deepEqual(lines('External', {}), ['good api.reachable', 'bad elsewhere.unnamed']);
    assert.deepEqual(lines('External', { backedUpBy: by }), ['good api.reachable', 'good elsewhere.named']);
    assert.ok(lines('HighlyAvailable', { backedUpBy: by }).includes('unknown elsewhere.own-control-plane'));
    assert.ok(lines('HighlyAvailable', {}).every((line) => !line.includes('elsewhere')));
  });
});
