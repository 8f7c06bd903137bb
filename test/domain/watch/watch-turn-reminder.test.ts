import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { known } from '../../../src/domain/cluster/reading.ts';
import { finding } from '../../../src/domain/preflight/finding.ts';
import { dismissed, isOpen, nextRepeat, repeatIsDue, snoozed } from '../../../src/domain/watch/reminder.ts';
import { findingsSeen } from '../../../src/domain/watch/reminder-turn.ts';
import { newWatch, watchTurn } from '../../../src/domain/watch/watch-turn.ts';
import { dayMs, hourMs, noon, policy } from '../../support/cluster-facts.ts';
import {
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
const always = { fromMinute: 0, toMinute: 0, days: [1, 2, 3, 4, 5, 6, 7] };

/** Covered on 4.16.8, then on 4.16.9 without any backup. */
function upgraded(change: ConstructorParameters<typeof WatchLab>[0] = {}): WatchLab {
  const lab = new WatchLab(change);
  lab.backUp(proven('4.16.8', noon - hourMs));
  lab.look(noon - minuteMs, on8);
  lab.look(noon, on9);
  lab.notices.length = 0;
  return lab;
}

const reminders = ({ kinds }: WatchLab) => kinds.filter((kind) => kind.startsWith('reminder'));

describe('a reminder that a clock far ahead put off', () => {
  const year = 365 * dayMs;

  it('is due once the clock is right, and then not again before its usual pause', () => {
    const ahead = noon + year;
    assert.equal(repeatIsDue({ nextRepeatAt: ahead + 4 * hourMs }, noon), true);
    const next = nextRepeat(ahead, noon, policy());
    assert.ok(next > noon + hourMs && next <= noon + 10 * dayMs, new Date(next).toISOString());
    assert.equal(repeatIsDue({ nextRepeatAt: next }, noon), false);
    assert.equal(repeatIsDue({ nextRepeatAt: next }, next), true);
  });

  it('keeps every pause that a clock which is right can ask for', () => {
    for (let hours = 0; hours < 15 * 24; hours += 1) {
      const said = noon + hours * hourMs;
      assert.equal(
        repeatIsDue({ nextRepeatAt: nextRepeat(noon, said, policy()) }, said),
        false,
        `after ${hours} h`,
      );
    }
  });
});

describe('the reminder after an upgrade', () => {
  it('opens at the arrival without a word, and appears with what was found', () => {
    const before = watchTurn({
      watch: undefined,
      cluster: 'lab',
      reading: known(on8),
      proven: [proven('4.16.8', noon)],
      policy: policy(),
      now: noon,
    }).watch;
    const step = watchTurn({
      watch: before,
      cluster: 'lab',
      reading: known(on9),
      proven: [],
      policy: policy(),
      now: noon + 1,
    });
    const { reminder } = step.watch;
    assert.deepEqual(
      [reminder?.from, reminder?.to, reminder?.findings],
      [release('4.16.8'), release('4.16.9'), undefined],
    );
    assert.deepEqual(step.notices, []);
    assert.deepEqual(
      step.events.map(({ kind }) => kind),
      ['upgrade-finished'],
    );
    const again = watchTurn({
      watch: step.watch,
      cluster: 'lab',
      reading: known(on9),
      proven: [],
      policy: policy(),
      now: noon + 2,
    });
    assert.equal(again.watch, step.watch);
    const findings = [finding('warning', 'pools.updating', { names: ['worker'] })];
    const shown = findingsSeen(step.watch, {
      findings,
      previewBackups: true,
      now: noon + 3,
      policy: policy(),
    });
    assert.deepEqual(shown.events, [
      { at: noon + 3, kind: 'reminder', detail: { from: '4.16.8', to: '4.16.9' } },
    ]);
    assert.deepEqual(shown.notices, [{ kind: 'reminder', id: reminder?.id }]);
    assert.deepEqual([shown.watch.reminder?.findings, shown.watch.reminder?.checkedAt], [findings, noon + 3]);
    assert.equal(shown.watch.previewBackups, true);
  });

  it('has an id of cluster and arrival that fits into a button', () => {
    assert.equal(upgraded().watch?.reminder?.id, `lab/4.16.9@${noon}`);
  });

  it('opens at first sight, for a release that is stale as well', () => {
    const lab = new WatchLab();
    lab.backUp(proven('4.16.8', noon - 31 * dayMs));
    lab.look(noon, on8);
    assert.deepEqual([lab.watch?.reminder?.from, lab.watch?.reminder?.to], [undefined, release('4.16.8')]);
    const amid = new WatchLab();
    amid.look(noon, to9);
    assert.deepEqual(reminders(amid), []);
    amid.look(noon + 1, on9);
    assert.deepEqual(amid.watch?.reminder?.from, release('4.16.8'));
  });

  it('stays away where the release is covered already, also when the cover becomes stale later', () => {
    const lab = new WatchLab();
    lab.backUp(proven('4.16.8', noon), proven('4.16.9', noon - dayMs));
    for (const [index, facts] of [on8, to9, on9].entries()) lab.look(noon + index, facts);
    lab.look(noon + 40 * dayMs, on9);
    assert.equal(lab.watch?.reminder, undefined);
  });

  it('opens when the only backup turns out to be none', () => {
    const lab = new WatchLab();
    lab.backUp(proven('4.16.8', noon));
    lab.look(noon, on8);
    lab.proven = [];
    lab.look(noon + dayMs, on8);
    lab.look(noon + 2 * dayMs, on8);
    assert.deepEqual(reminders(lab), ['reminder', 'reminder-repeated']);
  });

  it('opens for the release that was reached while the bot was down, once', () => {
    const lab = upgraded();
    for (let hour = 0; hour < 3; hour += 1) lab.look(noon + hour * hourMs, on9);
    assert.deepEqual(reminders(lab), ['reminder']);
  });

  it('does not wait until all operators are well again: the update has arrived', () => {
    const lab = new WatchLab();
    lab.backUp(proven('4.16.8', noon));
    for (const facts of [on8, to9, failing(on9)]) lab.look(noon, facts);
    assert.equal(lab.watch?.reminder?.to.version, '4.16.9');
    lab.look(noon, on9);
    assert.deepEqual(reminders(lab), ['reminder']);
  });

  it('waits while anything still progresses', () => {
    const lab = new WatchLab();
    lab.backUp(proven('4.16.8', noon));
    for (const facts of [on8, to9, updatingTo('4.16.9@0', '4.16.8@-300')]) lab.look(noon, facts);
    assert.equal(lab.watch?.reminder, undefined);
  });

  it('resolves with a proven backup of the release, no matter who took it', () => {
    const lab = upgraded();
    lab.backUp(proven('4.16.9', noon + hourMs, { runId: 'r-somebody' }));
    const { notices, events } = lab.look(noon + 2 * hourMs, on9);
    assert.deepEqual(lab.watch?.reminder?.end, {
      kind: 'resolved',
      at: noon + 2 * hourMs,
      runId: 'r-somebody',
    });
    assert.deepEqual(notices, [{ kind: 'reminder', id: lab.watch?.reminder?.id }]);
    assert.deepEqual(
      events.map(({ kind, detail }) => [kind, detail.run]),
      [['reminder-resolved', 'r-somebody']],
    );
    for (let day = 1; day < 30; day += 1) lab.look(noon + day * dayMs, on9);
    assert.deepEqual(reminders(lab), ['reminder', 'reminder-resolved']);
  });

  it('resolves with a backup that was taken before the arrival was seen, and while the cluster is silent', () => {
    const lab = upgraded();
    lab.backUp(proven('4.16.9', noon - minuteMs));
    lab.look(noon + 10 * minuteMs, undefined);
    assert.equal(lab.watch?.reminder?.end?.kind, 'resolved');
  });

  it('resolves with a backup that is stale by the time it is seen', () => {
    const lab = upgraded();
    lab.backUp(proven('4.16.9', noon + hourMs));
    lab.look(noon + 40 * dayMs, on9);
    assert.equal(lab.watch?.reminder?.end?.kind, 'resolved');
  });

  it('does not resolve with a backup of another release or cluster, or with the stale one that opened it', () => {
    const lab = upgraded();
    lab.backUp(
      proven('4.16.8', noon + 1),
      proven('4.16.9', noon + 1, { clusterId: 'another' }),
      proven('4.16.9', noon - 31 * dayMs),
    );
    lab.look(noon + minuteMs, on9);
    assert.equal(lab.watch?.reminder?.end, undefined);
  });

  it('gives way when the cluster leaves the release, and to the next one', () => {
    const lab = upgraded();
    const first = lab.watch?.reminder?.id;
    const { notices } = lab.look(noon + hourMs, updatingTo('~4.16.10@1', '4.16.9@0', '4.16.8@-300'));
    assert.deepEqual(lab.watch?.reminder?.end, {
      kind: 'superseded',
      at: noon + hourMs,
      by: release('4.16.10'),
    });
    assert.ok(notices.some(({ kind }) => kind === 'reminder'));
    lab.look(noon + 2 * hourMs, settledOn('4.16.10@1', '4.16.9@0', '4.16.8@-300'));
    assert.deepEqual(reminders(lab), ['reminder', 'reminder-superseded', 'reminder']);
    const missed = upgraded();
    missed.look(noon + 2 * hourMs, settledOn('4.16.10@1', '4.16.9@0', '4.16.8@-300'));
    assert.deepEqual(reminders(missed), ['reminder', 'reminder-superseded', 'reminder']);
    const [earlier] = missed.watch?.earlier ?? [];
    assert.deepEqual(earlier?.kind === 'reminder' && [earlier.reminder.id, earlier.reminder.end?.kind], [
      first,
      'superseded',
    ]);
    assert.equal(missed.notices.filter((kind) => kind === 'reminder').length, 2);
  });

  it('asks again when an update turned back, whatever was said of the arrival before', () => {
    const lab = upgraded();
    const first = lab.watch?.reminder?.id;
    lab.look(noon + hourMs, updatingTo('~4.16.10@1', '4.16.9@0', '4.16.8@-300'));
    lab.look(noon + 2 * hourMs, settledOn('4.16.9@2', '~4.16.10@1', '4.16.9@0', '4.16.8@-300'));
    assert.deepEqual(reminders(lab), ['reminder', 'reminder-superseded', 'reminder']);
    assert.notEqual(lab.watch?.reminder?.id, first);
  });

  it('belongs to one cluster: one that was reinstalled begins with its own', () => {
    const lab = upgraded();
    lab.backUp(proven('4.16.9', noon, { clusterId: reinstalled(on9).clusterId }));
    lab.look(noon + hourMs, reinstalled(on9));
    assert.equal(lab.watch?.reminder?.end?.kind, 'superseded');
    const bare = upgraded();
    bare.look(noon + hourMs, reinstalled(settledOn('4.16.9@1')));
    assert.deepEqual([bare.watch?.reminder?.from, bare.watch?.reminder?.end], [undefined, undefined]);
    assert.deepEqual(reminders(bare), ['reminder', 'reminder-superseded', 'reminder']);
  });

  it('that was never posted ends without a message', () => {
    const open = watchTurn({
      watch: undefined,
      cluster: 'lab',
      reading: known(on8),
      proven: [],
      policy: policy(),
      now: noon,
    }).watch;
    const backups = [proven('4.16.8', noon)];
    const step = watchTurn({
      watch: open,
      cluster: 'lab',
      reading: known(on8),
      proven: backups,
      policy: policy(),
      now: noon + 1,
    });
    assert.equal(step.watch.reminder?.end?.kind, 'resolved');
    assert.deepEqual([step.events, step.notices], [[], []]);
    const late = findingsSeen(step.watch, {
      findings: [],
      previewBackups: undefined,
      now: noon + 2,
      policy: policy(),
    });
    assert.equal(late.watch, step.watch);
    assert.deepEqual(late.notices, []);
  });

  it('appears, ends and is repeated without findings where they could not be read, and takes them later', () => {
    const [watch, rules] = [{ ...newWatch('lab'), ...upgraded().watch }, policy()];
    const { reminder } = watch;
    assert.ok(reminder);
    const fresh = { ...watch, reminder: { ...reminder, findings: undefined, checkedAt: undefined } };
    const unread = { findings: undefined, previewBackups: undefined, policy: rules };
    const shown = findingsSeen(fresh, { ...unread, now: noon + 1 });
    assert.deepEqual(
      [shown.notices, shown.events.map(({ kind }) => kind)],
      [[{ kind: 'reminder', id: reminder.id }], ['reminder']],
    );
    assert.deepEqual(
      [shown.watch.reminder?.findings, shown.watch.reminder?.checkedAt],
      [undefined, noon + 1],
    );
    assert.equal(findingsSeen(shown.watch, { ...unread, now: noon + 2 }).watch, shown.watch);
    assert.equal(findingsSeen(watch, { ...unread, now: noon + 2 }).watch, watch, 'what was found stays');
    const turn = (now: number, more: object) =>
      watchTurn({
        watch: shown.watch,
        cluster: 'lab',
        reading: known(on9),
        proven: [],
        policy: rules,
        now,
        ...more,
      });
    const due = shown.watch.reminder?.nextRepeatAt ?? assert.fail();
    assert.deepEqual(turn(due, { repeatWaits: true }).notices, []);
    assert.deepEqual(turn(due, {}).notices, [{ kind: 'nag', id: reminder.id, nag: 1 }]);
    const over = turn(noon + 9, { proven: [proven('4.16.9', noon + 5)] });
    assert.deepEqual(over.notices, [{ kind: 'reminder', id: reminder.id }]);
    const later = findingsSeen(shown.watch, { ...unread, findings: [], now: noon + 3 });
    assert.deepEqual([later.notices.length, later.events], [1, []]);
  });

  it('is edited when a later look finds something else', () => {
    const lab = upgraded();
    const { watch } = lab;
    assert.ok(watch);
    const rules = policy();
    const same = findingsSeen(watch, { findings: [], previewBackups: false, now: noon + 1, policy: rules });
    assert.deepEqual([same.notices, same.watch.reminder?.checkedAt], [[], noon + 1]);
    const findings = [finding('blocker', 'version.microshift', {})];
    const other = findingsSeen(watch, { findings, previewBackups: undefined, now: noon + 1, policy: rules });
    assert.deepEqual([other.notices.length, other.events, other.watch.previewBackups], [1, [], false]);
  });

  it('leaves what the preview API does on record where there is no reminder', () => {
    const watch = newWatch('lab');
    const input = { findings: [], now: noon, policy: policy() };
    assert.equal(findingsSeen(watch, { ...input, previewBackups: true }).watch.previewBackups, true);
    assert.equal(findingsSeen(watch, { ...input, previewBackups: undefined }).watch, watch);
  });
});

/** Minutes at which it was repeated, as hours after the arrival. */
function repeatHours(lab: WatchLab, days: number, stepMs = 10 * minuteMs): readonly number[] {
  const hours: number[] = [];
  for (let at = noon + stepMs; at <= noon + days * dayMs; at += stepMs) {
    const { notices } = lab.look(at, on9);
    if (notices.some(({ kind }) => kind === 'nag')) hours.push((at - noon) / hourMs);
  }
  return hours;
}

describe('repeating the reminder', () => {
  it('widens from four hours to a week', () => {
    const lab = upgraded({ workingHours: always });
    assert.deepEqual(repeatHours(lab, 24), [4, 24, 72, 168, 336, 504]);
    assert.equal(lab.watch?.reminder?.repeats, 6);
  });

  it('keeps to working hours, and leaves out what would come too soon after the last word', () => {
    // Wednesday noon, 9 to 18: 16:00; Thursday 12:00; Saturday moves to Monday 9:00; the next Wednesday 12:00; a week later.
    assert.deepEqual(repeatHours(upgraded(), 15), [4, 24, 117, 168, 336]);
    // 20:00 in Seoul: the first is moved to Thursday 9:00, and nothing falls between.
    assert.deepEqual(repeatHours(upgraded({ timeZone: 'Asia/Seoul' }), 8)[0], 12);
    // Hours that begin at 11:30 move the first word to half an hour before the second one's time: that one is left out.
    const late = { fromMinute: 690, toMinute: 900, days: [1, 2, 3, 4, 5, 6, 7] };
    assert.deepEqual(repeatHours(upgraded({ workingHours: late }), 8), [23.5, 72, 168]);
  });

  it('does not wake anybody for what was due while the bot was down', () => {
    const lab = upgraded();
    const night = noon + 15 * hourMs;
    assert.deepEqual(lab.look(night, on9).notices, []);
    assert.equal(lab.watch?.reminder?.nextRepeatAt, noon + 21 * hourMs);
    assert.deepEqual(lab.look(noon + 21 * hourMs, on9).notices, [
      { kind: 'nag', id: lab.watch?.reminder?.id, nag: 1 },
    ]);
  });

  it('is made up for once, however many times were missed', () => {
    const lab = upgraded({ workingHours: always });
    lab.look(noon + 5 * dayMs, on9);
    lab.look(noon + 5 * dayMs + minuteMs, on9);
    assert.deepEqual(reminders(lab), ['reminder', 'reminder-repeated']);
    assert.equal(lab.watch?.reminder?.nextRepeatAt, noon + 7 * dayMs);
  });

  it('waits for a cluster that does not answer', () => {
    const lab = upgraded({ workingHours: always });
    lab.look(noon + 3 * hourMs, undefined);
    lab.look(noon + 4 * hourMs, undefined);
    assert.deepEqual(reminders(lab), ['reminder']);
    lab.look(noon + 5 * hourMs, on9);
    assert.deepEqual(reminders(lab), ['reminder', 'reminder-repeated']);
  });

  it('leaves people in peace after a reminder that appeared late', () => {
    const rules = policy({ workingHours: always });
    const open = watchTurn({
      watch: undefined,
      cluster: 'lab',
      reading: known(on8),
      proven: [],
      policy: rules,
      now: noon,
    }).watch;
    const waits = watchTurn({
      watch: open,
      cluster: 'lab',
      reading: undefined,
      proven: [],
      policy: rules,
      now: noon + 9 * hourMs,
    });
    assert.deepEqual(waits.notices, []);
    const late = findingsSeen(open, {
      findings: [],
      previewBackups: false,
      now: noon + 10 * hourMs,
      policy: rules,
    });
    assert.equal(late.watch.reminder?.nextRepeatAt, noon + 24 * hourMs);
  });
});

describe('what people say to a reminder', () => {
  const opened = () => {
    const reminder = upgraded().watch?.reminder;
    assert.ok(isOpen(reminder));
    return reminder;
  };

  it('snoozes it for four hours, or until people work again', () => {
    assert.equal(snoozed(opened(), noon, policy()).nextRepeatAt, noon + 4 * hourMs);
    assert.equal(snoozed(opened(), noon + 3 * hourMs, policy()).nextRepeatAt, noon + 21 * hourMs);
  });

  it('ends it with a reason', () => {
    const by = { slackUser: 'U1', clusterUser: 'approver' };
    const over = dismissed(opened(), by, 'a lab', noon);
    assert.deepEqual(over.end, { kind: 'dismissed', at: noon, by, reason: 'a lab' });
    assert.deepEqual([over.nextRepeatAt, isOpen(over), isOpen(undefined)], [undefined, false, false]);
    assert.equal(dismissed(over, by, 'again', noon), over);
    assert.equal(snoozed(over, noon, policy()), over);
  });

  it('is the last word on this arrival', () => {
    const lab = upgraded();
    const by = { slackUser: 'U1', clusterUser: 'approver' };
    if (lab.watch) lab.watch = { ...lab.watch, reminder: dismissed(opened(), by, 'a lab', noon) };
    for (let day = 1; day < 20; day += 1) lab.look(noon + day * dayMs, on9);
    assert.deepEqual(reminders(lab), ['reminder']);
  });
});
