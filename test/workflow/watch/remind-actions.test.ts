import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { unknown } from '../../../src/domain/cluster/reading.ts';
import { maxReasonLength } from '../../../src/workflow/approval/request-backup.ts';
import { watchPolicy } from '../../support/policies.ts';
import { hourMs, minuteMs, openWatchLab, type WatchLab } from '../../support/watch-lab.ts';
import { who } from '../../support/workflow-lab.ts';

const timeout = 600_000;
const cluster = 'prod-east';

/** With a reminder that was shown, and no watcher any more. */
async function reminded(options: Parameters<typeof openWatchLab>[0] = {}) {
  const watch = await openWatchLab(options);
  const watcher = watch.watch();
  const { reminder } = await watch.seen((each) => each.reminder?.findings !== undefined);
  await watcher.stop();
  await watch.notices();
  return { watch, id: reminder?.id ?? assert.fail() };
}

async function lastEvent(watch: WatchLab) {
  const [event] = await watch.lab.records.clusterEvents(cluster, { limit: 1 });
  return event;
}

describe('a snooze', { timeout }, () => {
  it('puts the reminder off by four hours at least, on record with who asked, once for each click', async () => {
    const { watch, id } = await reminded();
    await using _ = watch;
    const { backups, clock } = watch.lab;
    clock.forward(3 * hourMs);
    const asked = watch.lab.asked(who.viewer);
    const answer = await backups.snooze(asked, { cluster, id });
    assert.ok(answer.outcome === 'snoozed', JSON.stringify(answer));
    assert.ok(answer.until >= clock.now() + 4 * hourMs - minuteMs);
    assert.equal((await watch.state())?.reminder?.nextRepeatAt, answer.until);
    const event = await lastEvent(watch);
    assert.deepEqual([event?.kind, event?.detail.slackUser], ['reminder-snoozed', who.viewer]);
    assert.deepEqual(await watch.notices(), [{ kind: 'reminder', id }]);
    assert.equal((await backups.snooze(asked, { cluster, id })).outcome, 'duplicate');
  });
});

describe('a snooze while the cluster is paused', { timeout }, () => {
  it('says that nothing is repeated before the pause is over', async () => {
    const { watch, id } = await reminded({ policy: { ...watchPolicy, owners: [who.viewer] } });
    await using _ = watch;
    const { backups, asked } = watch.lab;
    const wish = { cluster, until: '3d', reason: 'rebuilt' };
    const paused = await backups.pause(asked(who.viewer), wish);
    assert.ok(paused.outcome === 'paused', JSON.stringify(paused));
    const answer = await backups.snooze(asked(who.viewer), { cluster, id });
    assert.ok(answer.outcome === 'snoozed', JSON.stringify(answer));
    assert.equal(answer.pausedUntil, paused.pause.until);
    assert.equal(
      (await watch.state())?.reminder?.nextRepeatAt,
      undefined,
      'its message names no time before that',
    );
  });
});

describe('a snooze that ends outside working hours', { timeout }, () => {
  const days = [1, 2, 3, 4, 5, 6, 7];
  const snoozedWith = async (hours: { fromMinute: number; toMinute: number }) => {
    const workingHours = { ...hours, days };
    const { watch, id } = await reminded({ policy: { workingHours, timeZone: 'UTC' } });
    await using _ = watch;
    const { backups, clock, asked } = watch.lab;
    const answer = await backups.snooze(asked(who.viewer), { cluster, id });
    assert.ok(answer.outcome === 'snoozed', JSON.stringify(answer));
    return { answer, now: clock.now() };
  };

  it('says that this is why it comes later', async () => {
    const { now: at } = await snoozedWith({ fromMinute: 0, toMinute: 0 });
    const minute = Math.floor(at / minuteMs) % 1_440;
    // Working hours end an hour from now: four hours from now is outside them.
    const hours = { fromMinute: (minute + 1_320) % 1_440, toMinute: (minute + 60) % 1_440 };
    const { answer, now } = await snoozedWith(hours);
    assert.ok(answer.until > now + 20 * hourMs);
    assert.equal(answer.afterHours, true);
  });

  it('says nothing of it where people work around the clock', async () => {
    const { answer } = await snoozedWith({ fromMinute: 0, toMinute: 0 });
    assert.equal(answer.afterHours, false);
  });
});

describe('a dismissal', { timeout }, () => {
  it('is for owners and cluster-admins, unless the policy says otherwise', async () => {
    const { watch, id } = await reminded();
    await using _ = watch;
    const { backups, asked, lab } = watch.lab;
    const input = { cluster, id, reason: 'not needed' };

    const refused = await backups.dismiss(asked(who.viewer), input);
    assert.deepEqual(refused, {
      outcome: 'not-permitted',
      cluster,
      clusterUser: 'viewer',
      act: 'endReminder',
    });

    const policy = lab.policy as { owners: readonly string[] };
    policy.owners = [who.viewer];
    assert.equal((await backups.dismiss(asked(who.viewer), input)).outcome, 'dismissed');
  });

  it('needs a reason that can be read', async () => {
    const { watch, id } = await reminded();
    await using _ = watch;
    const { backups, asked } = watch.lab;
    assert.deepEqual(await backups.dismiss(asked(who.requester), { cluster, id, reason: '  \n' }), {
      outcome: 'reason-missing',
    });
    const reason = 'x'.repeat(maxReasonLength + 1);
    assert.deepEqual(await backups.dismiss(asked(who.requester), { cluster, id, reason }), {
      outcome: 'reason-too-long',
      length: maxReasonLength + 1,
      max: maxReasonLength,
    });
    assert.equal((await watch.state())?.reminder?.end, undefined);
  });

  it('ends the reminder for good, with who and why on record', async () => {
    const { watch, id } = await reminded();
    await using _ = watch;
    const { backups, asked } = watch.lab;
    const answer = await backups.dismiss(asked(who.requester), {
      cluster,
      id,
      reason: ' replaced tomorrow ',
    });
    assert.equal(answer.outcome, 'dismissed', JSON.stringify(answer));
    const end = (await watch.state())?.reminder?.end;
    assert.ok(end?.kind === 'dismissed');
    assert.deepEqual(
      [end.by.slackUser, end.by.clusterUser, end.reason],
      [who.requester, 'requester', 'replaced tomorrow'],
    );
    const event = await lastEvent(watch);
    assert.equal(event?.kind, 'reminder-dismissed');
    assert.equal(event.detail.reason, 'replaced tomorrow');
    assert.equal(event.detail.clusterUser, 'requester');
    const again = await backups.dismiss(asked(who.requester), { cluster, id, reason: 'again' });
    assert.equal(again.outcome, 'reminder-over');
    assert.equal((await backups.snooze(asked(who.viewer), { cluster, id })).outcome, 'reminder-over');
    watch.watch();
    await watch.moreLooks(3);
    assert.deepEqual(
      (await watch.events()).filter((kind) => kind === 'reminder').length,
      1,
      'the same arrival is not reminded of again',
    );
  });

  it('of another reminder, by a stranger, a guest or in another channel changes nothing', async () => {
    const { watch, id } = await reminded({ policy: { allowedChannels: ['C7'] } });
    await using _ = watch;
    const { backups, asked, people } = watch.lab;
    const reason = 'not needed';
    const of = (by: string, channel = 'C1', which = id) =>
      backups.dismiss(asked(by, channel), { cluster, id: which, reason });
    assert.equal((await of(who.requester, 'C1', `${cluster}/other`)).outcome, 'reminder-over');
    assert.equal((await of(who.unmapped)).outcome, 'unknown-person');
    assert.equal((await of(who.requester, 'C9')).outcome, 'wrong-channel');
    people.set(who.viewer, { guest: true });
    assert.equal((await of(who.viewer)).outcome, 'refused-person');
    assert.equal((await watch.state())?.reminder?.end, undefined);
  });
});

describe('a click while Slack does not say who clicked', { timeout }, () => {
  it('snoozes, because that comes back; it does not dismiss', async () => {
    const { watch, id } = await reminded();
    await using _ = watch;
    const { backups, asked, people } = watch.lab;
    const patience: (number | undefined)[] = [];
    people.profile = async (_slackUser, withinMs) => {
      patience.push(withinMs);
      return unknown('timeout', 'users.info');
    };
    assert.deepEqual(await backups.dismiss(asked(who.requester), { cluster, id, reason: 'not needed' }), {
      outcome: 'profile-unreadable',
      reason: 'timeout',
      detail: 'users.info',
    });
    assert.equal((await watch.state())?.reminder?.end, undefined);
    assert.equal((await backups.snooze(asked(who.requester), { cluster, id })).outcome, 'snoozed');
    assert.ok(patience.length === 2 && patience.every((ms) => ms !== undefined && ms < 2_500), `${patience}`);
    people.profile = async () => unknown('absent', 'users.info');
    const unknownToSlack = await backups.snooze(asked(who.viewer), { cluster, id });
    assert.equal(unknownToSlack.outcome, 'profile-unreadable');
  });
});

describe('the question whether a cluster may be updated', { timeout }, () => {
  it('is answered from a fresh look: no without a backup, yes with one, unclear without an answer', async () => {
    await using watch = await openWatchLab();
    const { backups, asked } = watch.lab;
    const ready = async () => {
      const answer = await backups.ready(asked(who.viewer), { cluster });
      assert.ok(answer.outcome === 'readiness', JSON.stringify(answer));
      return answer.readiness;
    };
    assert.deepEqual([(await ready()).ready, (await ready()).reasons[0]?.kind], [false, 'no-backup']);
    await watch.lab.approved();
    const run = await watch.lab.turn();
    assert.equal(run?.status, 'succeeded', JSON.stringify(run?.failed));
    assert.deepEqual([(await ready()).ready, (await ready()).reasons[0]?.kind], [true, 'fresh-backup']);
    watch.lab.clock.forward(25 * hourMs);
    assert.deepEqual([(await ready()).ready, (await ready()).reasons[0]?.kind], [false, 'too-old']);
    watch.lab.lab.cluster.faults.add({ kind: 'reset', match: () => true });
    assert.deepEqual([(await ready()).ready, (await ready()).reasons[0]?.kind], [false, 'unreadable']);
    assert.equal(await watch.state(), undefined, 'asking leaves no trace');
  });
});

describe('the board', { timeout }, () => {
  it('shows what may be asked about here, all of it at home, and worst first', async () => {
    await using watch = await openWatchLab({
      clusters: [{ name: 'elsewhere', channel: 'C5' }],
      policy: { allowedChannels: ['C7'] },
    });
    const { backups, asked } = watch.lab;
    const names = async (channel: string, by: string = who.viewer) => {
      const answer = await backups.board(asked(by, channel));
      assert.ok(answer.outcome === 'board', JSON.stringify(answer));
      return answer.rows.map((row) => `${row.cluster} ${row.coverage.state}`);
    };
    assert.deepEqual((await names('')).toSorted(), ['elsewhere unknown', 'prod-east unknown']);
    assert.deepEqual(await names('C1'), ['prod-east unknown']);
    assert.equal((await backups.board(asked(who.unmapped, ''))).outcome, 'unknown-person');
    await watch.lab.approved();
    await watch.lab.turn();
    watch.watch();
    await watch.seen((each) => each.seen !== undefined);
    await watch.seen((each) => each.seen !== undefined, 'elsewhere');
    assert.deepEqual(await names(''), ['elsewhere uncovered', 'prod-east covered']);
  });
});
