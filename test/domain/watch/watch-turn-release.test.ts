import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { known, unknown } from '../../../src/domain/cluster/reading.ts';
import { watchTurn } from '../../../src/domain/watch/watch-turn.ts';
import { noon, policy } from '../../support/cluster-facts.ts';
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
const on8 = settledOn('4.16.8@-300');
const to9 = updatingTo('~4.16.9@0', '4.16.8@-300');
const on9 = settledOn('4.16.9@0', '4.16.8@-300');
/** Young enough for everything, so that neither reminders nor alarms interfere. */
const covered = ['4.16.8', '4.16.9', '4.16.10'].map((zStream) => proven(zStream, noon));

function seenAll(...looks: readonly (Parameters<WatchLab['look']>[1] | 'restart')[]): WatchLab {
  const lab = new WatchLab();
  lab.backUp(...covered);
  for (const [index, facts] of looks.entries()) {
    if (facts !== 'restart') lab.look(noon + index * 30_000, facts);
  }
  return lab;
}

describe('the watch over releases', () => {
  it('begins with the first answer', () => {
    const lab = seenAll(undefined, undefined, on8);
    assert.deepEqual(lab.kinds, ['first-seen']);
    assert.deepEqual(lab.watch?.settled, {
      release: release('4.16.8'),
      clusterId: on8.clusterId,
      since: noon + minuteMs,
      arrival: `4.16.8@${noon - 300 * 3_600_000}`,
    });
    assert.deepEqual(lab.last?.events[0]?.detail, { clusterId: on8.clusterId, release: '4.16.8' });
  });

  it('reports an update from its request to its end', () => {
    const lab = seenAll(on8, asking(on8, { version: '4.16.9' }), to9, failing(to9), to9, on9);
    assert.deepEqual(lab.kinds, ['first-seen', 'update-requested', 'update-begun', 'upgrade-finished']);
    assert.deepEqual(lab.last?.events[0]?.detail, { from: '4.16.8', to: '4.16.9' });
    assert.deepEqual(lab.watch?.settled?.release, release('4.16.9'));
    assert.equal(lab.watch?.settled?.since, noon + 5 * 30_000);
  });

  it('has arrived with an operator that is unwell, and does not arrive again when it recovers', () => {
    const lab = seenAll(on8, to9, failing(on9), on9, failing(on9));
    assert.deepEqual(lab.kinds, ['first-seen', 'update-begun', 'upgrade-finished']);
    assert.equal(lab.watch?.settled?.since, noon + 2 * 30_000);
  });

  it('goes on from a record of an earlier version, which took that for an update', () => {
    const lab = seenAll(on8, to9);
    const { watch } = lab;
    assert.ok(watch?.seen);
    const state = { kind: 'updating', from: release('4.16.8'), to: release('4.16.9'), since: noon } as const;
    lab.watch = { ...watch, seen: { ...watch.seen, state: { ...state, failing: true, arrived: true } } };
    lab.look(noon + minuteMs, failing(on9));
    assert.deepEqual(lab.kinds, ['first-seen', 'update-begun', 'upgrade-finished']);
  });

  it('reports a request whose cluster set out for another release as redirected, not as taken back', () => {
    const to10 = updatingTo('~4.16.10@0', '4.16.8@-300');
    const lab = seenAll(on8, asking(on8, { version: '4.16.9' }), to10);
    assert.deepEqual(lab.kinds, ['first-seen', 'update-requested', 'update-redirected', 'update-begun']);
    assert.deepEqual(lab.last?.events[0]?.detail, { to: '4.16.9', instead: '4.16.10' });
    const kept = seenAll(on8, to9, asking(to9, { version: '4.16.10' }), to9);
    assert.deepEqual(kept.kinds, ['first-seen', 'update-begun', 'update-requested', 'update-withdrawn']);
  });

  it('notices an update that came and went while the bot was down', () => {
    const lab = seenAll(on8, 'restart', on9);
    assert.deepEqual(lab.kinds, ['first-seen', 'upgrade-finished']);
  });

  it('takes a first look in the middle of an update from the history', () => {
    const lab = seenAll(to9, on9);
    assert.deepEqual(lab.kinds, ['first-seen', 'update-begun', 'upgrade-finished']);
    assert.deepEqual(lab.last?.events[0]?.detail, { from: '4.16.8', to: '4.16.9' });
  });

  it('calls an installation no upgrade', () => {
    const lab = seenAll(updatingTo('~4.16.8@-1'), settledOn('4.16.8@-1'));
    assert.deepEqual(lab.kinds, ['first-seen']);
  });

  it('follows an update that goes straight on, with the release between seen or not', () => {
    const to10 = updatingTo('~4.16.10@2', '4.16.9@0', '4.16.8@-300');
    const on10 = settledOn('4.16.10@2', '4.16.9@0', '4.16.8@-300');
    const seen = seenAll(on8, to9, on9, to10, on10);
    const begunAndFinished = ['update-begun', 'upgrade-finished'];
    assert.deepEqual(seen.kinds, ['first-seen', ...begunAndFinished, ...begunAndFinished]);
    const unseen = seenAll(on8, to9, to10, on10);
    assert.deepEqual(unseen.kinds, ['first-seen', 'update-begun', 'update-begun', 'upgrade-finished']);
    assert.deepEqual(unseen.last?.events[0]?.detail, { from: '4.16.8', to: '4.16.10' });
  });

  it('notices a rollback as an arrival, and an update that turned back as one that was withdrawn', () => {
    const back = settledOn('4.16.8@3', '4.16.9@0', '4.16.8@-300');
    const rolledBack = seenAll(on8, on9, back);
    assert.deepEqual(rolledBack.kinds, ['first-seen', 'upgrade-finished', 'upgrade-finished']);
    const turned = seenAll(
      on8,
      to9,
      updatingTo('~4.16.8@3', '~4.16.9@0', '4.16.8@-300'),
      settledOn('4.16.8@3', '~4.16.9@0', '4.16.8@-300'),
    );
    assert.deepEqual(turned.kinds, ['first-seen', 'update-begun', 'update-withdrawn']);
    assert.notEqual(turned.watch?.settled?.arrival, seenAll(on8).watch?.settled?.arrival);
  });

  it('takes the same version with another image for another release', () => {
    const other = settledOn('4.16.8 other@5', '4.16.8@-300');
    assert.deepEqual(seenAll(on8, other).kinds, ['first-seen', 'upgrade-finished']);
  });

  it('names arrivals by its own clock where the cluster gives no time, once for each', () => {
    const timeless = settledOn('4.16.8');
    const lab = seenAll(timeless, timeless, settledOn('4.16.8@-300'), timeless);
    assert.equal(lab.watch?.settled?.arrival, `4.16.8@seen-${noon}`);
    assert.deepEqual(
      seenAll(timeless, settledOn('4.16.9', '4.16.8'), settledOn('4.16.8', '4.16.9', '4.16.8')).kinds,
      ['first-seen', 'upgrade-finished', 'upgrade-finished'],
    );
  });

  it('reports a request that is taken back, and one for another release', () => {
    const asked = asking(on8, { version: '4.16.9' });
    const otherwise = asking(on8, { image: release('4.16.10').image });
    assert.deepEqual(seenAll(on8, asked, asked, otherwise, on8).kinds, [
      'first-seen',
      'update-requested',
      'update-requested',
      'update-withdrawn',
    ]);
  });

  it('keeps a request that stays in the spec when its update is over for none', () => {
    const lab = seenAll(on8, asking(on8, { version: '4.16.9' }), asking(on9, { version: '4.16.9' }));
    assert.deepEqual(lab.kinds, ['first-seen', 'update-requested', 'upgrade-finished']);
    assert.equal(lab.watch?.seen?.requested, undefined);
  });

  it('starts again with a cluster that was installed under the same name', () => {
    const lab = seenAll(on8, reinstalled(settledOn('4.16.8@1')));
    assert.deepEqual(lab.kinds, ['first-seen', 'first-seen', 'reminder']);
    assert.equal(lab.watch?.settled?.since, noon + 30_000);
  });

  it('keeps nothing of the one before, be it on another release or still being installed', () => {
    const other = seenAll(on8, reinstalled(settledOn('4.17.0@1')));
    assert.deepEqual(other.kinds, ['first-seen', 'first-seen', 'reminder']);
    const installing = seenAll(on8, reinstalled(updatingTo('~4.17.0@1')));
    assert.deepEqual(
      [installing.kinds, installing.watch?.settled],
      [['first-seen', 'first-seen'], undefined],
    );
  });

  it('records a request that stays open once', () => {
    const lab = seenAll(on8);
    for (const hour of [1, 2, 3]) lab.look(noon + hour * 60 * minuteMs, asking(on8, { version: '4.16.9' }));
    assert.deepEqual(lab.kinds, ['first-seen', 'update-requested']);
  });

  it('changes nothing by some looks that fail, and reports a longer silence once', () => {
    const lab = seenAll(on8);
    lab.look(noon + minuteMs, undefined);
    const { watch } = lab;
    lab.look(noon + 4 * minuteMs, undefined);
    assert.deepEqual(lab.watch, watch);
    const silent = () => lab.watch?.silent;
    lab.look(noon + 4 * minuteMs + 30_000, on8);
    assert.equal(silent(), undefined);
    assert.deepEqual(lab.kinds, ['first-seen']);
    for (let minute = 10; minute < 60; minute += 1) lab.look(noon + minute * minuteMs, undefined);
    assert.deepEqual(lab.kinds, ['first-seen', 'unreachable']);
    assert.equal(silent()?.since, noon + 10 * minuteMs);
    lab.look(noon + 60 * minuteMs, on8);
    assert.deepEqual(lab.kinds, ['first-seen', 'unreachable', 'reachable']);
    assert.equal(silent(), undefined);
  });

  it('counts a silence, and the last answer, from the start when the clock was years ahead at its beginning', () => {
    const year = 365 * 24 * 60 * minuteMs;
    const lab = seenAll(on8);
    lab.look(noon + year, on8);
    lab.look(noon + minuteMs, on8);
    assert.equal(lab.watch?.seen?.at, noon + minuteMs);
    lab.look(noon + year, undefined);
    for (let minute = 10; minute < 20; minute += 1) lab.look(noon + minute * minuteMs, undefined);
    assert.equal(lab.watch?.silent?.since, noon + 10 * minuteMs);
    assert.deepEqual(lab.kinds, ['first-seen', 'unreachable']);
  });

  it('keeps why a cluster is silent up to date, but not for every wording of the same', () => {
    const lab = seenAll(on8);
    const says = (reason: 'timeout' | 'unauthorized', detail: string) => {
      lab.turn(noon + minuteMs, unknown(reason, detail));
      return lab.watch?.silent?.why;
    };
    assert.equal(says('timeout', 'first')?.detail, 'first');
    assert.equal(says('timeout', 'second')?.detail, 'first');
    assert.equal(says('unauthorized', 'third')?.detail, 'third');
  });

  it('gives back the same object for the same look, and writes its time every five minutes', () => {
    const input = { cluster: 'lab', proven: covered, policy: policy(), reading: known(on8) };
    const { watch } = watchTurn({ ...input, watch: undefined, now: noon });
    const soon = watchTurn({ ...input, watch, now: noon + 5 * minuteMs - 1 });
    assert.equal(soon.watch, watch);
    const later = watchTurn({ ...input, watch, now: noon + 5 * minuteMs });
    assert.deepEqual(later.watch, { ...watch, seen: { ...watch.seen, at: noon + 5 * minuteMs } });
    const judgedOnly = watchTurn({ ...input, watch, reading: undefined, now: noon + 60 * minuteMs });
    assert.deepEqual(judgedOnly, { watch, events: [], notices: [] });
    assert.equal(judgedOnly.watch, watch);
  });

  it('does not fall over whatever a ClusterVersion lacks', () => {
    const odd = [
      { ...on8, history: [] },
      { ...on8, conditions: [] },
      { ...on8, history: [{ state: '', version: '', image: '' }] },
      { ...settledOn('4.16.9'), history: [{ state: 'Completed', version: '', image: '' }] },
      asking({ ...on8, history: [] }, { version: 'no such thing' }),
      { ...on8, desiredVersion: '', desiredImage: '' },
    ];
    for (const facts of odd) {
      const lab = seenAll(facts, on8, facts, undefined, facts);
      assert.equal(lab.kinds[0], 'first-seen');
    }
  });
});
