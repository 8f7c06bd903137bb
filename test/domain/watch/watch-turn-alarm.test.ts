import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { condition, dayMs, hourMs, noon } from '../../support/cluster-facts.ts';
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
const asks9 = asking(on8, { version: '4.16.9' });
const to9 = updatingTo('~4.16.9@0', '4.16.8@-300');
const on9 = settledOn('4.16.9@0', '4.16.8@-300');

/** A cluster that is covered, but by a backup that is older than an update allows. */
function atRest(ageMs = 2 * dayMs): WatchLab {
  const lab = new WatchLab();
  lab.backUp(proven('4.16.8', noon - ageMs));
  lab.look(noon, on8);
  lab.kinds.length = 0;
  return lab;
}

const alarms = ({ kinds }: WatchLab) => kinds.filter((kind) => kind.includes('alarm'));

describe('the alarm before an update', () => {
  it('rises at once when an update is requested and the backup is too old', () => {
    const lab = atRest();
    const { notices, events } = lab.look(noon + minuteMs, asks9);
    const alarm = lab.watch?.alarm;
    assert.deepEqual(notices, [{ kind: 'alarm', id: alarm?.id }]);
    assert.deepEqual(
      events.map(({ kind }) => kind),
      ['update-requested', 'update-alarm'],
    );
    assert.deepEqual(
      [alarm?.phase, alarm?.from.version, alarm?.to.version],
      ['requested', '4.16.8', '4.16.9'],
    );
    assert.equal(alarm?.backupTakenAt, noon - 2 * dayMs);
    assert.doesNotMatch(alarm?.id ?? ' ', /\s/);
  });

  it('stays away when the backup is fresh, and when the request names where the cluster is', () => {
    const fresh = atRest(hourMs);
    fresh.look(noon + minuteMs, asks9);
    fresh.look(noon + 2 * minuteMs, to9);
    const same = atRest();
    same.look(noon + minuteMs, asking(on8, { version: '4.16.8' }));
    assert.deepEqual([fresh.watch?.alarm, same.watch?.alarm], [undefined, undefined]);
  });

  it('rises for an update that begins unasked, and knows that nothing can be done', () => {
    const lab = atRest();
    lab.look(noon + minuteMs, to9);
    assert.deepEqual(lab.kinds, ['update-begun', 'update-alarm']);
    assert.equal(lab.watch?.alarm?.phase, 'begun');
  });

  it('rises at the first look ever, by the release that the history names', () => {
    const lab = new WatchLab();
    lab.look(noon, to9);
    assert.deepEqual(lab.watch?.alarm?.from, release('4.16.8'));
    assert.equal(lab.watch?.alarm?.backupTakenAt, undefined);
  });

  it('is none for an installation, for an arrival that fails, or for a way back', () => {
    const lab = new WatchLab();
    lab.look(noon, updatingTo('~4.16.8@-1'));
    const arrived = new WatchLab();
    arrived.look(noon, failing(on9));
    const back = new WatchLab();
    back.look(noon, updatingTo('~4.16.8@3', '~4.16.9@0', '4.16.8@-300'));
    for (const each of [lab, arrived, back]) assert.equal(each.watch?.alarm, undefined);
  });

  it('is edited when the update begins, and names what the request did not', () => {
    const lab = atRest();
    lab.look(noon + minuteMs, asking(on8, { image: release('4.16.9').image }));
    assert.equal(lab.watch?.alarm?.to.version, '');
    const { notices } = lab.look(noon + 2 * minuteMs, to9);
    assert.deepEqual(lab.watch?.alarm?.to, release('4.16.9'));
    assert.equal(lab.watch?.alarm?.phase, 'begun');
    assert.deepEqual(notices, [{ kind: 'alarm', id: lab.watch?.alarm?.id }]);
    assert.deepEqual(alarms(lab), ['update-alarm']);
  });

  it('is edited when the update fails and recovers', () => {
    const lab = atRest();
    lab.look(noon + minuteMs, to9);
    const sequence = [failing(to9), failing(to9), to9].map((facts, index) => {
      const { notices } = lab.look(noon + (2 + index) * minuteMs, facts);
      return [notices.length, lab.watch?.alarm?.failing];
    });
    assert.deepEqual(sequence, [
      [1, true],
      [0, true],
      [1, false],
    ]);
  });

  it('is resolved by a fresh proven backup, no matter who took it', () => {
    const lab = atRest();
    lab.look(noon + minuteMs, asks9);
    lab.backUp(proven('4.16.8', noon + 2 * minuteMs, { runId: 'r-rescue' }));
    const { notices } = lab.look(noon + 3 * minuteMs, asks9);
    assert.deepEqual(lab.watch?.alarm?.end, { kind: 'resolved', at: noon + 3 * minuteMs, runId: 'r-rescue' });
    assert.equal(notices.length, 1);
    lab.look(noon + 4 * minuteMs, to9);
    lab.look(noon + 5 * minuteMs, on9);
    assert.deepEqual(alarms(lab), ['update-alarm', 'alarm-resolved']);
  });

  it('is resolved without a look at the cluster, too', () => {
    const lab = atRest();
    lab.look(noon + minuteMs, asks9);
    lab.backUp(proven('4.16.8', noon + 2 * minuteMs));
    lab.turn(noon + 3 * minuteMs, undefined);
    assert.equal(lab.watch?.alarm?.end?.kind, 'resolved');
  });

  it('is resolved by a backup that is proven after the update began', () => {
    const lab = atRest();
    lab.look(noon + minuteMs, asks9);
    lab.look(noon + 3 * minuteMs, to9);
    lab.backUp(proven('4.16.8', noon + 2 * minuteMs));
    lab.look(noon + 4 * minuteMs, to9);
    assert.equal(lab.watch?.alarm?.end?.kind, 'resolved');
  });

  it('weighs a backup that was proven late by its age when the update began, or now while one may still run', () => {
    const begun = atRest();
    begun.look(noon + minuteMs, asks9);
    begun.look(noon + 3 * minuteMs, to9);
    begun.backUp(proven('4.16.8', noon + 2 * minuteMs));
    begun.look(noon + 30 * hourMs, to9);
    assert.equal(begun.watch?.alarm?.end?.kind, 'resolved');
    const waiting = atRest();
    waiting.look(noon + minuteMs, asks9);
    waiting.backUp(proven('4.16.8', noon + 2 * minuteMs));
    waiting.look(noon + 30 * hourMs, asks9);
    assert.equal(waiting.watch?.alarm?.end, undefined);
  });

  const noRescue: [what: string, ...Parameters<typeof proven>][] = [
    ['another release', '4.16.9', noon + 2 * minuteMs],
    ['another cluster', '4.16.8', noon + 2 * minuteMs, { clusterId: 'another' }],
    ['the day before yesterday', '4.16.8', noon - 25 * hourMs],
  ];
  for (const [what, ...backup] of noRescue) {
    it(`is not resolved by a backup of ${what}`, () => {
      const lab = atRest();
      lab.look(noon + minuteMs, asks9);
      lab.backUp(proven(...backup));
      lab.look(noon + 3 * minuteMs, asks9);
      assert.equal(lab.watch?.alarm?.end, undefined);
    });
  }

  it('is raised while a request is open and its backup becomes too old, but not while the update runs', () => {
    const waits = atRest(23 * hourMs);
    waits.look(noon + minuteMs, asks9);
    waits.look(noon + 2 * hourMs, asks9);
    assert.deepEqual(alarms(waits), ['update-alarm']);
    const runs = atRest(23 * hourMs);
    runs.look(noon + minuteMs, to9);
    for (const hour of [2, 20, 200]) runs.look(noon + hour * hourMs, to9);
    assert.deepEqual(alarms(runs), []);
  });

  it('rises once for a request, however its backup ages, and once more for the next request', () => {
    const lab = atRest();
    lab.look(noon + minuteMs, asks9);
    lab.backUp(proven('4.16.8', noon + minuteMs));
    for (let hour = 1; hour < 100; hour += 1) lab.look(noon + hour * hourMs, asks9);
    lab.look(noon + 100 * hourMs, to9);
    assert.deepEqual(alarms(lab), ['update-alarm', 'alarm-resolved']);
    const first = atRest();
    first.look(noon + minuteMs, asks9);
    first.look(noon + 2 * minuteMs, on8);
    assert.deepEqual(first.watch?.alarm?.end, { kind: 'withdrawn', at: noon + 2 * minuteMs });
    const { id } = first.watch?.alarm ?? {};
    first.look(noon + 3 * minuteMs, asks9);
    assert.notEqual(first.watch?.alarm?.id, id);
    assert.deepEqual(alarms(first), ['update-alarm', 'update-alarm']);
  });

  it('gives way to one for another request, and is kept so that its message shows its end', () => {
    const lab = atRest();
    lab.look(noon + minuteMs, asks9);
    const first = lab.watch?.alarm?.id;
    const { notices } = lab.look(noon + 2 * minuteMs, asking(on8, { version: '4.16.10' }));
    assert.deepEqual(notices, [
      { kind: 'alarm', id: first },
      { kind: 'alarm', id: lab.watch?.alarm?.id },
    ]);
    assert.notEqual(lab.watch?.alarm?.id, first);
    const [earlier] = lab.watch?.earlier ?? [];
    assert.deepEqual(earlier?.kind === 'alarm' && [earlier.alarm.id, earlier.alarm.end], [
      first,
      { kind: 'redirected', at: noon + 2 * minuteMs, to: { version: '4.16.10', image: '' } },
    ]);
  });

  it('is called off only when nothing comes in its place', () => {
    const ends = [
      [asks9, updatingTo('~4.16.10@2', '4.16.8@-300')],
      [to9, updatingTo('~4.16.10@2', '~4.16.9@0', '4.16.8@-300')],
      [asks9, asking(on8, { version: '4.16.8' })],
    ].map((looks) => {
      const lab = atRest();
      looks.forEach((facts, index) => {
        lab.look(noon + (1 + index) * minuteMs, facts);
      });
      const { alarm, earlier } = lab.watch ?? {};
      const first = earlier?.[0]?.kind === 'alarm' ? earlier[0].alarm : alarm;
      return [first?.end?.kind, alarm?.to.version, alarm?.end === undefined];
    });
    assert.deepEqual(ends, [
      ['redirected', '4.16.10', true],
      ['redirected', '4.16.10', true],
      ['withdrawn', '4.16.9', false],
    ]);
  });

  it('says why the cluster does not accept the update, as long as it does not', () => {
    const refused = (message: string) => ({
      ...asks9,
      conditions: [...asks9.conditions, condition('ReleaseAccepted', 'False', { message })],
    });
    const lab = atRest();
    const sequence = [
      asks9,
      refused('no recent backup'),
      refused('no recent backup'),
      refused('not upgradeable'),
      to9,
    ];
    const seen = sequence.map((facts, index) => {
      const { notices } = lab.look(noon + (1 + index) * minuteMs, facts);
      return [notices.length, lab.watch?.alarm?.refusal];
    });
    assert.deepEqual(seen, [
      [1, undefined],
      [1, 'no recent backup'],
      [0, 'no recent backup'],
      [1, 'not upgradeable'],
      [1, undefined],
    ]);
    assert.deepEqual(alarms(lab), ['update-alarm']);
  });

  it('ends when the update has arrived, also when an operator is unwell there', () => {
    const lab = atRest();
    for (const facts of [asks9, to9, failing(on9)]) lab.look(noon + minuteMs, facts);
    assert.equal(lab.watch?.alarm?.end?.kind, 'update-over');
  });

  it('ends when the update is over, also when the bot missed its beginning', () => {
    for (const looks of [
      [asks9, to9, on9],
      [to9, on9],
      [asks9, on9],
    ]) {
      const lab = atRest();
      looks.forEach((facts, index) => {
        lab.look(noon + (1 + index) * minuteMs, facts);
      });
      assert.deepEqual(lab.watch?.alarm?.end, {
        kind: 'update-over',
        at: noon + looks.length * minuteMs,
        on: release('4.16.9'),
      });
      assert.equal(alarms(lab).length, 1);
    }
  });

  it('stays while an update turns back, and ends where the cluster came from', () => {
    const lab = atRest();
    lab.look(noon + minuteMs, to9);
    lab.look(noon + 2 * minuteMs, updatingTo('~4.16.8@3', '~4.16.9@0', '4.16.8@-300'));
    assert.equal(lab.watch?.alarm?.end, undefined);
    lab.look(noon + 3 * minuteMs, settledOn('4.16.8@3', '~4.16.9@0', '4.16.8@-300'));
    assert.deepEqual(lab.watch?.alarm?.end, {
      kind: 'update-over',
      at: noon + 3 * minuteMs,
      on: release('4.16.8'),
    });
  });

  it('follows an update that goes straight on to the next', () => {
    const whole = atRest();
    whole.look(noon + minuteMs, to9);
    whole.look(noon + 2 * minuteMs, updatingTo('~4.16.10@2', '4.16.9@0', '4.16.8@-300'));
    assert.deepEqual(whole.watch?.alarm?.from, release('4.16.9'));
    const [earlier] = whole.watch?.earlier ?? [];
    assert.deepEqual(earlier?.kind === 'alarm' && earlier.alarm.end, {
      kind: 'update-over',
      at: noon + 2 * minuteMs,
      on: release('4.16.9'),
    });
    const partial = atRest();
    partial.look(noon + minuteMs, to9);
    partial.look(noon + 2 * minuteMs, updatingTo('~4.16.10@2', '~4.16.9@0', '4.16.8@-300'));
    const { from, to, end } = partial.watch?.alarm ?? {};
    assert.deepEqual([from, to, end], [release('4.16.8'), release('4.16.10'), undefined]);
    assert.deepEqual(alarms(partial), ['update-alarm', 'update-alarm']);
  });

  it('does not rise for a turn to another release when the beginning was covered', () => {
    const lab = atRest(23 * hourMs);
    lab.look(noon + minuteMs, to9);
    lab.look(noon + 3 * hourMs, updatingTo('~4.16.10@2', '~4.16.9@0', '4.16.8@-300'));
    assert.deepEqual(alarms(lab), []);
  });

  it('ends with a cluster that is reinstalled', () => {
    const lab = atRest();
    lab.look(noon + minuteMs, asks9);
    lab.look(noon + 2 * minuteMs, reinstalled(on8));
    assert.equal(lab.watch?.alarm?.end?.kind, 'withdrawn');
    const same = atRest();
    same.look(noon + minuteMs, asks9);
    same.look(noon + 2 * minuteMs, reinstalled(asks9));
    const [earlier] = same.watch?.earlier ?? [];
    assert.equal(earlier?.kind === 'alarm' && earlier.alarm.end?.kind, 'withdrawn');
    assert.equal(same.watch?.alarm?.end, undefined);
  });

  it('outlasts looks that fail', () => {
    const lab = atRest();
    lab.look(noon + minuteMs, asks9);
    for (let minute = 2; minute < 60; minute += 1) lab.look(noon + minute * minuteMs, undefined);
    assert.equal(lab.watch?.alarm?.end, undefined);
    assert.deepEqual(alarms(lab), ['update-alarm']);
  });
});
