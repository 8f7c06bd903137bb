import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Fleet } from '../../../src/domain/policy/policy.ts';
import type { ClusterNotice } from '../../../src/domain/watch/cluster-notice.ts';
import type { ClusterWatch, Reminder, UpdateAlarm } from '../../../src/domain/watch/cluster-watch.ts';
import { newWatch } from '../../../src/domain/watch/watch-turn.ts';
import type { Slack } from '../../../src/slack/app/app.ts';
import { clusterEventType } from '../../../src/slack/outbox/marked-posts.ts';
import { keptForMs } from '../../../src/slack/outbox/refusals.ts';
import { systemClock } from '../../../src/system/clock.ts';
import type { Clock } from '../../../src/workflow/ports/ports.ts';
import { aPlan } from '../../support/runs.ts';
import { aPolicy, fleetOf, type Installed, install } from '../installed-app.ts';
import { aPause } from '../messages/pause-samples.ts';
import { anAlarm, aReminder, release } from '../messages/watch-samples.ts';

const cluster = 'prod-east';
const timeoutMs = 30_000;
const onCall = 'S0ONCALL';

describe('messages about a cluster', () => {
  let app: Installed;
  let slack: Slack;
  let fleet: Fleet;
  let aheadMs: number;

  beforeEach(async () => {
    app = await install();
    slack = await app.open();
    aheadMs = 0;
    // An owner may have no cluster user.
    const policy = aPolicy(app.channel, { owners: [app.approver, app.viewer], onCall });
    fleet = fleetOf([policy], [app.requester]);
  });
  afterEach(() => app.close());

  /** Real time that a test can put forward; pauses are cut to the next look. */
  const clock: Clock = {
    now: () => Date.now() + aheadMs,
    monotonic: () => performance.now() + aheadMs,
    sleep: (ms, signal) => systemClock().sleep(Math.min(ms, 50), signal),
  };

  const roots = () => app.workspace.messages(app.channel).filter((each) => each.threadTs === undefined);
  const replies = () => app.workspace.thread(app.channel, roots()[0]?.ts ?? '').slice(1);
  const lost = (who: string) =>
    app.workspace.private(who).filter((each) => each.text.includes('reminders and alarms'));
  const lostKo = (who: string) =>
    app.workspace.private(who).filter((each) => each.text.includes('알림과 경보'));

  /** Owners are notified once a day: a test that counts may not see midnight. */
  function untilNoon(): number {
    const dayMs = 24 * 3_600_000;
    return dayMs - ((Date.now() + dayMs / 2) % dayMs);
  }

  function start() {
    const sender = app.sender(slack, { fleet, clock });
    sender.start();
    return sender;
  }

  async function put(change: Partial<ClusterWatch>, notices: readonly ClusterNotice[]): Promise<void> {
    const decided = await app.records.decideWatch({
      cluster,
      now: clock.now(),
      decision: ({ watch }) => ({
        watch: { ...(watch ?? newWatch(cluster)), ...change },
        events: [],
        notices,
      }),
    });
    assert.equal(decided.outcome, 'changed');
  }

  const reminderNow = (change: Partial<Reminder> = {}) =>
    aReminder({ openedAt: Date.now(), checkedAt: Date.now(), ...change });
  const alarmNow = (change: Partial<UpdateAlarm> = {}) => anAlarm({ openedAt: Date.now(), ...change });
  const shown = (
    { id }: { readonly id: string },
    kind: 'reminder' | 'alarm' = 'reminder',
  ): ClusterNotice => ({
    kind,
    id,
  });

  /** The reminder as it is on record, changed. */
  async function changeReminder(change: Partial<Reminder>, notices: readonly ClusterNotice[]) {
    const now = (await app.records.watch(cluster))?.reminder;
    assert.ok(now);
    await put({ reminder: { ...now, ...change } }, notices);
  }

  /** Pauses between tries grow: time is put forward until it has come. */
  async function passTimeUntil(come: () => boolean): Promise<void> {
    for (let minutes = 0; !come(); minutes += 1) {
      assert.ok(minutes < 600, 'it did not come in 600 minutes');
      aheadMs += 60_000;
      await delay(20);
    }
  }

  it('posts a reminder once, remembers its place, and edits it in place until it is resolved', async () => {
    const reminder = reminderNow();
    await put({ reminder }, [shown(reminder)]);
    const sender = start();
    await app.outboxEmpty();
    const [root, ...others] = roots();
    assert.equal(others.length, 0);
    assert.match(root?.text ?? '', /4\.16\.8 → 4\.16\.9/);
    assert.deepEqual(root?.metadata, {
      event_type: clusterEventType,
      event_payload: { cluster, message: reminder.id },
    });
    const place = (await app.records.watch(cluster))?.reminder?.message;
    assert.deepEqual(place, { channel: app.channel, ts: root?.ts });

    const run = await app.put({ id: 'r-done2345', status: 'waiting', plan: aPlan }, [{ kind: 'card' }]);
    sender.wake();
    // The link is to the card: it must be there when the reminder is drawn.
    await app.outboxEmpty();
    const end = { kind: 'resolved', at: Date.now(), runId: run.id } as const;
    await changeReminder({ end, nextRepeatAt: undefined }, [shown(reminder)]);
    sender.wake();
    await app.workspace.waitFor(() => (root?.revisions.length ?? 0) > 1, { what: 'the edit', timeoutMs });
    await app.outboxEmpty();
    assert.match(root?.text ?? '', /✅ .*covered.*r-done2345/);
    const card = (await app.records.run(run.id))?.card;
    const link = await slack.client.chat.getPermalink({ channel: app.channel, message_ts: card?.ts ?? '' });
    assert.ok(root?.text.includes(link.permalink ?? 'none'), 'with a link to the run');
    assert.doesNotMatch(JSON.stringify(root?.blocks), /"button"/);
    assert.equal(root?.markedEdited, false);
    assert.equal(roots().length, 2, 'reminder and card');
  });

  it('looks for a reminder whose answer was lost instead of posting a second one', async () => {
    app.workspace.faults.add({ method: 'chat.postMessage', kind: 'lost-response' });
    const reminder = reminderNow();
    await put({ reminder }, [shown(reminder)]);
    start();
    await app.outboxEmpty();
    assert.equal(roots().length, 1);
    assert.equal((await app.records.watch(cluster))?.reminder?.message?.ts, roots()[0]?.ts);
  });

  it('a pause that changes while its lost answer is waited for: one message, and not a second one', async () => {
    app.workspace.faults.add({ method: 'chat.postMessage', kind: 'lost-response' });
    const pause = { ...aPause, openedAt: Date.now(), until: Date.now() + 3_600_000 };
    const shownPause: ClusterNotice = { kind: 'pause', id: pause.id };
    await put({ pauses: [pause] }, [shownPause]);
    const sender = start();
    await app.workspace.waitFor(() => roots().length === 1, { what: 'the message', timeoutMs });
    const end = { kind: 'ended', at: Date.now() } as const;
    await put({ pauses: [{ ...pause, end }] }, [shownPause]);
    sender.wake();
    await app.outboxEmpty();
    assert.equal(roots().length, 1);
    assert.match(roots()[0]?.text ?? '', /is watched again/);
  });

  it('an archived channel and another one configured that lacks the bot: the owners read of that one', async () => {
    const reminder = reminderNow();
    await put({ reminder }, [shown(reminder)]);
    const first = start();
    await app.outboxEmpty();
    await first.stop();
    app.workspace.archive(app.channel);
    const hidden = app.workspace.addChannel({ name: 'hidden', private: true, bot: false, members: [] });
    fleet = fleetOf([aPolicy(hidden.id, { owners: [app.approver] })], [app.requester]);
    await changeReminder({ nextRepeatAt: Date.now() + 3_600_000 }, [shown(reminder)]);
    start();
    await app.workspace.waitFor(() => lost('approver').length > 0, { what: 'word to the owners', timeoutMs });
    assert.match(lost('approver')[0]?.text ?? '', new RegExp(`no channel .${hidden.id}`));
  });

  it('an archived channel and another one configured: reminder and alarm go on there', async () => {
    const reminder = reminderNow();
    const alarm = alarmNow();
    await put({ reminder }, [shown(reminder)]);
    const first = start();
    await app.outboxEmpty();
    await first.stop();
    app.workspace.archive(app.channel);
    const other = app.workspace.addChannel({ name: 'platform-new', members: ['requester', 'approver'] });
    fleet = fleetOf([aPolicy(other.id, { owners: [app.approver] })], [app.requester]);
    await changeReminder({ nextRepeatAt: Date.now() + 3_600_000 }, [shown(reminder)]);
    await put({ alarm }, [shown(alarm, 'alarm')]);
    start();
    await app.outboxEmpty();
    assert.equal(app.workspace.messages(other.id).length, 2);
    assert.equal((await app.records.watch(cluster))?.reminder?.message?.channel, other.id);
    assert.equal(lost('approver').length, 0);
  });

  it('shows what became of it meanwhile, when it finds one whose answer was lost', async () => {
    app.workspace.faults.add({ method: 'chat.postMessage', kind: 'lost-response' });
    const reminder = reminderNow();
    await put({ reminder }, [shown(reminder)]);
    const first = start();
    await app.workspace.waitFor(() => roots().length === 1, { what: 'the message', timeoutMs });
    await first.stop();
    const by = { slackUser: app.requester, clusterUser: 'requester' };
    const end = { kind: 'dismissed', at: Date.now(), by, reason: 'is torn down' } as const;
    await changeReminder({ end }, [shown(reminder)]);
    start();
    await app.outboxEmpty();
    assert.equal(roots().length, 1);
    assert.match(roots()[0]?.text ?? '', /no backup needed.*is torn down/);
  });

  it('Slack down during a reminder: delivered later, once, as it is then', async () => {
    app.workspace.faults.add({ method: '*', kind: 'http', status: 503, times: Number.POSITIVE_INFINITY });
    const reminder = reminderNow();
    await put({ reminder }, [shown(reminder)]);
    start();
    // The second try looks first whether the first has arrived.
    await passTimeUntil(() => app.workspace.calls('conversations.history').length > 0);
    await changeReminder({ repeats: 1 }, [{ kind: 'nag', id: reminder.id, nag: 1 }]);
    await changeReminder({ repeats: 2 }, [{ kind: 'nag', id: reminder.id, nag: 2 }]);
    assert.equal(roots().length, 0);
    app.workspace.faults.clear();
    await passTimeUntil(() => replies().length > 0);
    await app.outboxEmpty();
    assert.equal(roots().length, 1);
    assert.equal(replies().length, 1, 'what was to be said again and again is said again once');
  });

  it('posts a reminder again that a person deleted', async () => {
    const reminder = reminderNow();
    await put({ reminder }, [shown(reminder)]);
    const sender = start();
    await app.outboxEmpty();
    const first = roots()[0]?.ts ?? '';
    app.workspace.deleteMessage(app.channel, first);
    await changeReminder({ nextRepeatAt: Date.now() + 9 * 3_600_000 }, [shown(reminder)]);
    sender.wake();
    await app.outboxEmpty();
    assert.equal(roots().length, 1);
    assert.notEqual(roots()[0]?.ts, first);
    assert.equal((await app.records.watch(cluster))?.reminder?.message?.ts, roots()[0]?.ts);
  });

  it('repeats it under it for the channel to see, mentions the on-call group, and finds a lost repetition', async () => {
    const reminder = reminderNow();
    await put({ reminder }, [shown(reminder)]);
    const sender = start();
    await app.outboxEmpty();
    app.workspace.faults.add({ method: 'chat.postMessage', kind: 'lost-response' });
    await changeReminder({ repeats: 1 }, [{ kind: 'nag', id: reminder.id, nag: 1 }]);
    sender.wake();
    await app.outboxEmpty();
    assert.equal(replies().length, 1);
    const [repeat] = replies();
    assert.equal(repeat?.broadcast, true);
    assert.ok(repeat?.text.includes(`<!subteam^${onCall}>`), repeat?.text);
    const by = { slackUser: app.requester, clusterUser: 'requester' };
    await changeReminder({ repeats: 2, end: { kind: 'dismissed', at: Date.now(), by, reason: 'enough' } }, [
      shown(reminder),
      { kind: 'nag', id: reminder.id, nag: 2 },
    ]);
    sender.wake();
    await app.outboxEmpty();
    assert.equal(replies().length, 1, 'what is over is not repeated');
  });

  it('drops quietly what another reminder took the place of long ago', async () => {
    const reminder = reminderNow({ id: 'newer', to: release('4.16.10') });
    await put({ reminder }, [shown({ id: 'older' }), { kind: 'nag', id: 'older', nag: 1 }, shown(reminder)]);
    start();
    await app.outboxEmpty();
    assert.deepEqual(
      roots().map((each) => /4\.16\.\d+ → 4\.16\.\d+/.exec(each.text)?.[0]),
      ['4.16.8 → 4.16.10'],
    );
    assert.deepEqual(
      app.lines.filter((each) => each.level !== 'info'),
      [],
    );
  });

  it('does not take another message of the cluster for the one whose answer was lost', async () => {
    const reminder = reminderNow();
    await put({ reminder }, [shown(reminder)]);
    const sender = start();
    await app.outboxEmpty();
    app.workspace.faults.add({ method: 'chat.postMessage', kind: 'reset' });
    const alarm = alarmNow();
    await put({ alarm }, [shown(alarm, 'alarm')]);
    sender.wake();
    await app.outboxEmpty();
    assert.equal(roots().length, 2);
    assert.equal((await app.records.watch(cluster))?.alarm?.message?.ts, roots()[1]?.ts);
  });

  it('takes the button from an alarm when the update has begun', async () => {
    const alarm = { ...alarmNow(), refusal: 'Cluster operator etcd is not upgradeable' };
    await put({ alarm }, [shown(alarm, 'alarm')]);
    const sender = start();
    await app.outboxEmpty();
    const [root] = roots();
    assert.match(JSON.stringify(root?.blocks), /alarm-back-up/);
    const posted = (await app.records.watch(cluster))?.alarm;
    assert.ok(posted?.message);
    await put({ alarm: { ...posted, phase: 'begun' } }, [shown(alarm, 'alarm')]);
    sender.wake();
    await app.outboxEmpty();
    assert.equal(roots().length, 1);
    assert.doesNotMatch(JSON.stringify(root?.blocks), /alarm-back-up/);
    assert.match(root?.text ?? '', /is being updated/);
  });

  it('says in its thread, once, what is new about a reminder that cannot be edited any more: one message has buttons', async () => {
    const reminder = reminderNow();
    await put({ reminder }, [shown(reminder)]);
    start();
    await app.workspace.waitFor(() => roots().length === 1, { what: 'the reminder', timeoutMs });
    app.workspace.setEditWindow(0);
    app.workspace.faults.add({ method: 'chat.postMessage', kind: 'lost-response' });
    const at = Date.now();
    await changeReminder({ nextRepeatAt: at + 3_600_000 }, [shown(reminder)]);
    await app.workspace.waitFor(() => replies().length === 1, { what: 'the word in the thread', timeoutMs });
    await app.outboxEmpty();
    await changeReminder({ nextRepeatAt: at + 7_200_000 }, [shown(reminder)]);
    await app.workspace.waitFor(() => replies().length === 2, { what: 'the next one', timeoutMs });
    await changeReminder({ repeats: 1 }, [{ kind: 'nag', id: reminder.id, nag: 1 }]);
    await app.workspace.waitFor(() => replies().length === 3, { what: 'the repetition', timeoutMs });
    await app.outboxEmpty();
    assert.equal(replies().length, 3);
    assert.equal(roots().length, 1);
    assert.equal((await app.records.watch(cluster))?.reminder?.message?.ts, roots()[0]?.ts);
    const withButtons = [...roots(), ...replies()].filter((each) =>
      JSON.stringify(each.blocks).includes('reminder-back-up'),
    );
    assert.deepEqual(withButtons, [roots()[0]]);
    app.workspace.setEditWindow(undefined);
    await changeReminder({ nextRepeatAt: at + 10_800_000 }, [shown(reminder)]);
    await app.outboxEmpty();
    assert.ok((roots()[0]?.revisions.length ?? 0) > 1, 'it is edited as soon as Slack lets it be');
    assert.equal(replies().length, 3);
  });

  it('says of a pause that can no longer be edited under it that a newer one took its place', async () => {
    const openedAt = Date.now();
    const first = { ...aPause, id: `${cluster}/pause@1`, openedAt, end: undefined, message: undefined };
    await put({ pauses: [first] }, [{ kind: 'pause', id: first.id }]);
    start();
    await app.workspace.waitFor(() => roots().length === 1, { what: 'the pause', timeoutMs });
    await app.outboxEmpty();
    const message = (await app.records.watch(cluster))?.pauses?.[0]?.message;
    app.workspace.setEditWindow(0);
    const second = { ...first, id: `${cluster}/pause@2` };
    const over = { ...first, message, end: { kind: 'replaced', at: openedAt } as const };
    await put({ pauses: [second, over] }, [
      { kind: 'pause', id: over.id },
      { kind: 'pause', id: second.id },
    ]);
    await app.workspace.waitFor(() => roots().length === 2, { what: 'the newer pause', timeoutMs });
    await app.outboxEmpty();
    assert.equal(roots().length, 2);
    assert.match(replies()[0]?.text ?? '', /took the place of this one/);
    assert.equal(app.workspace.messages(app.channel).length, 2, 'the channel sees the newer pause instead');
  });

  it('promises nothing of a paused cluster that others back up, in the channel and to its owners', async () => {
    const policy = aPolicy(app.channel, { owners: [app.approver], backedUpBy: 'OADP' });
    fleet = fleetOf([policy], [app.requester]);
    const pause = { ...aPause, id: `${cluster}/pause@1`, openedAt: Date.now() };
    await put({ pauses: [pause] }, [
      { kind: 'pause', id: pause.id },
      { kind: 'private', slackUser: app.approver, say: { type: 'paused', pause } },
    ]);
    start();
    await app.outboxEmpty();
    for (const each of [roots()[0], app.workspace.private('approver')[0]])
      assert.match(each?.text ?? '', /This bot does not back it up/);
  });

  it('shows the channel the end of a reminder that can no longer be edited', async () => {
    const reminder = reminderNow();
    await put({ reminder }, [shown(reminder)]);
    start();
    await app.workspace.waitFor(() => roots().length === 1, { what: 'the reminder', timeoutMs });
    await app.outboxEmpty();
    app.workspace.setEditWindow(0);
    const end = { kind: 'superseded', at: Date.now(), by: release('4.16.9') } as const;
    await changeReminder({ end }, [shown(reminder)]);
    await app.outboxEmpty();
    await app.workspace.waitFor(() => replies().length === 1, { what: 'its end', timeoutMs });
    assert.equal(app.workspace.messages(app.channel).length, 2, 'the reply is in the channel, too');
  });

  it('escalates in the channel, once, to the owners and the on-call group', async () => {
    app.workspace.faults.add({ method: 'chat.postMessage', kind: 'lost-response' });
    const notice = { kind: 'escalation', failures: 3, runId: 'r-none2345', nextStartAt: undefined } as const;
    await put({}, [notice]);
    start();
    await app.outboxEmpty();
    assert.equal(roots().length, 1);
    for (const whom of [`<@${app.approver}>`, `<@${app.viewer}>`, `<!subteam^${onCall}>`])
      assert.ok(roots()[0]?.text.includes(whom), whom);
  });

  it('says once in the channel that the cluster was restored, and asks there whether it was', async () => {
    app.workspace.faults.add({ method: 'chat.postMessage', kind: 'lost-response' });
    const by = { slackUser: app.approver, clusterUser: 'approver' };
    const restored = { kind: 'restored', restore: 'x', from: 'r-none2345', at: 0, by, marked: [] } as const;
    const before = { runId: 'r-none2345', revision: 9 };
    const fell = { kind: 'revision-fell', runId: 'r-none2346', revision: 5, before, at: 0 } as const;
    await put({}, [restored, fell]);
    start();
    await app.outboxEmpty();
    const [said, question, ...more] = roots();
    assert.deepEqual(more, []);
    assert.match(said?.text ?? '', new RegExp(`<@${app.approver}> says: prod-east was restored`));
    assert.ok(said?.text.startsWith(`🔀 <@${app.viewer}> `), 'the other owner is mentioned');
    assert.match(question?.text ?? '', /Was prod-east restored\?/);
    for (const owner of [app.approver, app.viewer]) assert.ok(question?.text.includes(`<@${owner}>`));
  });

  it('notifies an owner alone, in their language', async () => {
    const say = {
      type: 'schedule-failed',
      runId: 'r-none2345',
      failures: 1,
      nextStartAt: undefined,
    } as const;
    await put({}, [{ kind: 'private', slackUser: app.viewer, say }]);
    start();
    await app.outboxEmpty();
    assert.match(app.workspace.private('viewer')[0]?.text ?? '', /예약 백업/);
    assert.equal(roots().length, 0);
  });

  for (const { what, away, back, next } of [
    {
      what: 'archived',
      away: () => app.workspace.archive(app.channel),
      back: () => app.workspace.unarchive(app.channel),
      next: /is archived.*Unarchive it and send `\/invite @etcd-backup`/s,
    },
    {
      what: 'left',
      away: () => app.workspace.removeMember(app.channel, 'app'),
      back: () => app.workspace.invite(app.channel, 'app'),
      next: /not in <#.*Send `\/invite @etcd-backup`/s,
    },
  ]) {
    it(`a channel that was ${what}: the owners are notified once, despite restarts, and nothing is lost`, async () => {
      aheadMs = untilNoon();
      away();
      const reminder = reminderNow();
      await put({ reminder }, [shown(reminder)]);
      const first = start();
      const notified = () => lost('approver').length > 0 && lostKo('viewer').length > 0;
      await app.workspace.waitFor(notified, { what: 'word to the owners', timeoutMs });
      assert.match(lost('approver')[0]?.text ?? '', next);
      await first.stop();
      start();
      await changeReminder({ repeats: 1 }, [{ kind: 'nag', id: reminder.id, nag: 1 }]);
      const tries = () =>
        (['chat.postMessage', 'conversations.history'] as const)
          .flatMap((method) => app.workspace.calls(method))
          .filter((each) => each.args.channel === app.channel);
      const before = tries().length;
      await passTimeUntil(() => tries().length >= before + 2);
      assert.deepEqual(roots(), []);
      back();
      await passTimeUntil(() => replies().length === 1);
      await app.outboxEmpty();
      assert.equal(roots().length, 1);
      assert.equal(lost('approver').length, 1);
      assert.equal(lostKo('viewer').length, 1);
      assert.equal(app.workspace.private('requester').length, 0);
    });
  }

  it('a channel that is lost again another day: the owners are notified again', async () => {
    aheadMs = untilNoon();
    app.workspace.archive(app.channel);
    const reminder = reminderNow();
    await put({ reminder }, [shown(reminder)]);
    start();
    await app.workspace.waitFor(() => lost('approver').length === 1, {
      what: 'word to the owners',
      timeoutMs,
    });
    app.workspace.unarchive(app.channel);
    await passTimeUntil(() => roots().length === 1);
    await app.outboxEmpty();
    aheadMs += keptForMs;
    app.workspace.archive(app.channel);
    await changeReminder({ repeats: 1 }, [{ kind: 'nag', id: reminder.id, nag: 1 }]);
    await app.workspace.waitFor(() => lost('approver').length === 2, {
      what: 'word to the owners',
      timeoutMs,
    });
    app.workspace.unarchive(app.channel);
    await passTimeUntil(() => replies().length === 1);
    await app.outboxEmpty();
    assert.equal(lost('approver').length, 2);
  });

  it('gives up after a day what a channel does not take, and says so in the log', async () => {
    app.workspace.archive(app.channel);
    const reminder = reminderNow();
    await put({ reminder }, [shown(reminder)]);
    start();
    await app.workspace.waitFor(() => lost('approver').length > 0, { what: 'word to the owners', timeoutMs });
    aheadMs += keptForMs;
    await app.outboxEmpty();
    const errors = app.lines.filter((each) => each.level === 'error').map((each) => each.message);
    assert.match(errors[0] ?? '', /about cluster prod-east waits: is_archived; .*watched all the same/);
    assert.match(errors[1] ?? '', /about cluster prod-east is given up: is_archived/);
    assert.equal(errors.length, 2);
  });

  it('without owners, the log alone says that the channel is lost', async () => {
    fleet = fleetOf([aPolicy(app.channel)], [app.requester]);
    app.workspace.archive(app.channel);
    const reminder = reminderNow();
    await put({ reminder }, [shown(reminder)]);
    start();
    const said = () =>
      app.lines.some((each) => each.level === 'error' && /waits: is_archived/.test(each.message));
    await passTimeUntil(said);
    app.workspace.unarchive(app.channel);
    await passTimeUntil(() => roots().length === 1);
  });
});
