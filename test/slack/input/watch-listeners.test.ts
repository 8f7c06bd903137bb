import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { known, unknown } from '../../../src/domain/cluster/reading.ts';
import type { Reminder, UpdateAlarm } from '../../../src/domain/watch/cluster-watch.ts';
import { newWatch } from '../../../src/domain/watch/watch-turn.ts';
import type { Slack } from '../../../src/slack/app/app.ts';
import { slashCommand } from '../../../src/slack/client/slash-command.ts';
import { reminderForm } from '../../../src/slack/messages/form/reminder-form.ts';
import { actionIds } from '../../../src/slack/messages/index.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { randomIds } from '../../../src/system/ids.ts';
import { type Backups, createBackups } from '../../../src/workflow/answers/create-backups.ts';
import { unusedPorts } from '../../support/unused-ports.ts';
import { aPolicy, fleetOf, gate, type Installed, install } from '../installed-app.ts';
import { anAlarm, aReminder } from '../messages/watch-samples.ts';

const cluster = 'prod-east';
const hourMs = 3_600_000;

for (const mode of ['socket', 'http'] as const)
  describe(`buttons of reminders and alarms, mode ${mode}`, () => {
    let app: Installed;
    let slack: Slack;

    beforeEach(async () => {
      app = await install({}, mode);
      slack = await app.open();
    });
    afterEach(() => app.close());

    /** The real workflow on real records; tests put something else in the place of single operations. */
    async function listen(change: Partial<Backups> = {}, language: 'en' | 'ko' = 'en'): Promise<void> {
      const fleet = fleetOf([aPolicy(app.channel, { language })], [app.requester, app.approver]);
      const real = createBackups({
        records: app.records,
        fleet,
        ...unusedPorts,
        clusters: {
          ...unusedPorts.clusters,
          version: async () => unknown('timeout', 'no answer within 20 s'),
          clusterAdmin: async () => known(true),
        },
        people: slack.people,
        self: slack.self,
        clock: systemClock(),
        ids: randomIds(),
        log: app.log,
        wake: () => undefined,
      });
      const backups = { ...real, ...change };
      slack.listen({ watch: app.records.watch, backups, fleet, language: 'en' });
      await slack.start();
      const sender = app.sender(slack, { fleet });
      sender.start();
    }

    /** Puts it on record and waits for its message. */
    async function post(what: { reminder: Reminder } | { alarm: UpdateAlarm }): Promise<string> {
      const notice =
        'reminder' in what
          ? ({ kind: 'reminder', id: what.reminder.id } as const)
          : ({ kind: 'alarm', id: what.alarm.id } as const);
      await app.records.decideWatch({
        cluster,
        now: Date.now(),
        decision: () => ({ watch: { ...newWatch(cluster), ...what }, events: [], notices: [notice] }),
      });
      const live = await app.workspace.waitFor(() => app.workspace.messages(app.channel)[0], {
        what: 'the message',
      });
      await app.outboxEmpty();
      return live.ts;
    }

    /** What is on record changes without a word in Slack, as it would on a stale screen. */
    async function changeQuietly(change: { reminder?: Partial<Reminder>; alarm?: Partial<UpdateAlarm> }) {
      await app.records.decideWatch({
        cluster,
        now: Date.now(),
        decision: ({ watch }) => {
          assert.ok(watch);
          const { reminder, alarm } = watch;
          const after = {
            ...watch,
            reminder: reminder && { ...reminder, ...change.reminder },
            alarm: alarm && { ...alarm, ...change.alarm },
          };
          return { watch: after, events: [], notices: [] };
        },
      });
    }

    const reminderNow = () =>
      aReminder({ openedAt: Date.now(), checkedAt: Date.now(), nextRepeatAt: Date.now() + hourMs });
    /** The cluster refuses the update: a backup may run. */
    const alarmNow = () => anAlarm({ openedAt: Date.now(), refusal: 'no recent backup' });
    const click = (ts: string, actionId: string, user = 'requester') =>
      app.workspace.click({ user, channel: app.channel, ts, actionId });
    const runs = () => app.records.runs({ limit: 10 });
    const watch = () => app.records.watch(cluster);
    const root = () => app.workspace.messages(app.channel)[0];
    const type = (text: string) =>
      app.workspace.slash({ user: 'requester', channel: app.channel, command: slashCommand, text });
    async function send(reason: string) {
      const opened = () => app.workspace.modals('requester').length > 0;
      await app.workspace.waitFor(opened, { what: 'the form' });
      return app.workspace.submitView({ user: 'requester', values: { [reminderForm.reason]: reason } });
    }
    const privateMessage = (what: RegExp, user = 'requester') =>
      app.workspace.waitFor(() => app.workspace.private(user).find((each) => what.test(each.text)), {
        what: `a private message like ${what}`,
      });

    it('[Back up now] asks for a backup once, says why on record, and answers the clicker alone', async () => {
      await listen();
      const ts = await post({ reminder: reminderNow() });
      const outcome = await click(ts, actionIds.reminderBackUp);
      assert.equal(outcome.status, 'acked');
      await outcome.nextPrivate();
      await app.workspace.redeliver(outcome.envelopeId);
      await app.workspace.waitFor(() => outcome.privately().length === 2, { what: 'the second answer' });
      const [run, ...others] = await runs();
      assert.equal(others.length, 0);
      assert.equal(run?.cluster, cluster);
      assert.equal(run?.reason, 'after the update to 4.16.9');
      assert.equal(run?.requester.slackUser, app.requester);
      const answer = outcome.privately().map((each) => each.text);
      assert.ok(run && answer[0]?.includes(run.id), answer[0]);
    });

    it('the reason is in the language of the channel, regardless of the clicker', async () => {
      await listen({}, 'ko');
      const ts = await post({ reminder: reminderNow() });
      await (await click(ts, actionIds.reminderBackUp)).nextPrivate();
      assert.equal((await runs())[0]?.reason, '4.16.9 업데이트 후');
    });

    it('an alarm’s button asks for a backup before the update', async () => {
      await listen();
      const ts = await post({ alarm: alarmNow() });
      await (await click(ts, actionIds.alarmBackUp)).nextPrivate();
      assert.equal((await runs())[0]?.reason, 'before the update to 4.16.10');
    });

    it('a click on what is over or too late gets an answer, and nothing is run', async () => {
      await listen();
      const ts = await post({ reminder: reminderNow() });
      await changeQuietly({ reminder: { end: { kind: 'resolved', at: Date.now(), runId: 'r-done2345' } } });
      for (const actionId of [actionIds.reminderBackUp, actionIds.reminderSnooze]) {
        const outcome = await click(ts, actionId);
        assert.match((await outcome.nextPrivate()).text, /reminder is over.*r-done2345/s, actionId);
      }
      await changeQuietly({ reminder: { id: 'another', end: undefined } });
      const moved = await click(ts, actionIds.reminderBackUp);
      assert.match((await moved.nextPrivate()).text, /reminder is over: the cluster has moved on/);
      assert.deepEqual(await runs(), []);
    });

    it('an alarm’s button does nothing once the update has begun or the alarm is over', async () => {
      await listen();
      const ts = await post({ alarm: alarmNow() });
      await changeQuietly({ alarm: { phase: 'begun' } });
      assert.match(
        (await (await click(ts, actionIds.alarmBackUp)).nextPrivate()).text,
        /Too late.*has begun/s,
      );
      await changeQuietly({ alarm: { end: { kind: 'withdrawn', at: Date.now() } } });
      assert.match((await (await click(ts, actionIds.alarmBackUp)).nextPrivate()).text, /alarm is over/);
      assert.deepEqual(await runs(), []);
    });

    it('carries ids and nothing else: any other value is answered and does nothing', async () => {
      await listen();
      const ts = await post({ reminder: reminderNow() });
      const good = await click(ts, actionIds.reminderSnooze);
      await good.nextPrivate();
      const before = await watch();
      for (const value of ['', 'prod-east', '<!channel> <!here>', `prod-east ${'x'.repeat(1_900)}`]) {
        const payload = structuredClone(good.payload) as { trigger_id: string; actions: { value: string }[] };
        payload.trigger_id = `other ${value.length}`;
        for (const action of payload.actions) action.value = value;
        const { text } = await (await app.workspace.clickStale({ payload })).nextPrivate();
        assert.doesNotMatch(text, /<!(channel|here)>/);
      }
      assert.deepEqual(await watch(), before);
    });

    it('[Snooze 4 h] puts the repetition off, once, and the message says until when', async () => {
      await listen();
      const ts = await post({ reminder: reminderNow() });
      const outcome = await click(ts, actionIds.reminderSnooze);
      assert.match((await outcome.nextPrivate()).text, /not repeated before/);
      const next = (await watch())?.reminder?.nextRepeatAt ?? 0;
      assert.ok(next >= Date.now() + 4 * hourMs - 60_000, String(next));
      await app.workspace.waitFor(() => (root()?.revisions.length ?? 0) > 1, { what: 'the edit' });
      const shown = JSON.stringify(root()?.blocks);
      assert.ok(shown.includes(`<!date^${Math.floor(next / 1000)}^`), shown);
      await app.workspace.redeliver(outcome.envelopeId);
      await privateMessage(/on record already/);
      assert.equal((await watch())?.reminder?.nextRepeatAt, next);
    });

    it('[Not needed, because …] asks for the reason before anything is read, and ends the reminder with it', async () => {
      await listen();
      const ts = await post({ reminder: reminderNow() });
      const before = app.workspace.calls().length;
      app.workspace.faults.add({ method: 'users.info', kind: 'freeze' });
      const outcome = await click(ts, actionIds.reminderDismiss);
      assert.equal(outcome.status, 'acked');
      const first = await app.workspace.waitFor(() => app.workspace.calls()[before], { what: 'a call' });
      assert.equal(first.method, 'views.open');
      app.workspace.faults.clear();
      const sent = await send('  is torn down\ntomorrow ');
      assert.equal(sent.status, 'acked');
      assert.deepEqual(sent.errors, {});
      assert.equal(app.workspace.modals('requester').length, 0);
      await privateMessage(/is over, with your reason on record/);
      const end = (await watch())?.reminder?.end;
      assert.equal(end?.kind === 'dismissed' && end.reason, 'is torn down\ntomorrow');
      assert.equal(end?.kind === 'dismissed' && end.by.slackUser, app.requester);
      await app.workspace.waitFor(() => (root()?.revisions.length ?? 0) > 1, { what: 'the edit' });
      assert.match(root()?.text ?? '', /no backup needed.*is torn down tomorrow/);
      assert.doesNotMatch(JSON.stringify(root()?.blocks), /"button"/);
    });

    it('a reason of spaces stays in the form; one that comes too late is answered', async () => {
      await listen();
      const ts = await post({ reminder: reminderNow() });
      await click(ts, actionIds.reminderDismiss);
      const empty = await send('   ');
      assert.match(empty.errors[reminderForm.reason] ?? '', /Say why/);
      assert.equal(app.workspace.modals('requester').length, 1);
      await changeQuietly({ reminder: { end: { kind: 'resolved', at: Date.now(), runId: 'r-done2345' } } });
      const late = await send('not needed');
      assert.deepEqual(late.errors, {});
      await privateMessage(/reminder is over.*r-done2345/s);
      const end = (await watch())?.reminder?.end;
      assert.equal(end?.kind, 'resolved');
    });

    it('says so when Slack does not open the form, and when a reason cannot be recorded', async () => {
      const dismiss = () => Promise.reject(new Error('disk full'));
      await listen({ dismiss });
      const ts = await post({ reminder: reminderNow() });
      app.workspace.faults.add({ method: 'views.open', kind: 'error', error: 'expired_trigger_id' });
      const outcome = await click(ts, actionIds.reminderDismiss);
      assert.match((await outcome.nextPrivate()).text, /did not open the form/);
      await click(ts, actionIds.reminderDismiss);
      const sent = await send('not needed');
      assert.match(sent.errors[reminderForm.reason] ?? '', /could not be put on record/);
      assert.equal((await watch())?.reminder?.end, undefined);
    });

    it('corrects the answer when a reason comes onto the record after all', async () => {
      const disk = gate();
      const reminder = reminderNow();
      await listen({
        dismiss: async () => {
          await disk.opened;
          return { outcome: 'dismissed', reminder, cluster };
        },
      });
      const ts = await post({ reminder });
      await click(ts, actionIds.reminderDismiss);
      const sent = await send('not needed');
      assert.match(sent.errors[reminderForm.reason] ?? '', /could not be put on record/);
      disk.open();
      await privateMessage(/is over, with your reason on record/);
    });

    it('refuses people whom the bot does not know, and people of other workspaces', async () => {
      await listen();
      app.workspace.addUser({ name: 'stranger', teamId: 'T0OTHER' });
      app.workspace.invite(app.channel, 'stranger');
      const reminder = reminderNow();
      const ts = await post({ reminder });
      for (const actionId of [
        actionIds.reminderBackUp,
        actionIds.reminderSnooze,
        actionIds.reminderDismiss,
      ]) {
        const outcome = await click(ts, actionId, 'stranger');
        assert.match((await outcome.nextPrivate()).text, /other workspaces/, actionId);
      }
      const unknownToUs = await click(ts, actionIds.reminderSnooze, 'viewer');
      assert.match((await unknownToUs.nextPrivate()).text, /어느 클러스터 사용자/);
      assert.equal((await watch())?.reminder?.nextRepeatAt, reminder.nextRepeatAt);
      assert.deepEqual(await runs(), []);
    });

    it('answers ready-to-update, also when the cluster does not', async () => {
      await listen();
      const outcome = await type('ready-to-update prod-east');
      assert.equal(outcome.status, 'acked');
      assert.match((await outcome.nextPrivate()).text, /No: prod-east is not ready.*no answer within 20 s/s);
      assert.match((await (await type('ready')).nextPrivate()).text, /Did you mean .*ready-to-update/);
      assert.match((await (await type('help ready-to-update')).nextPrivate()).text, /npm run ready/);
      assert.match(
        (await (await type('ready-to-update prod-eats')).nextPrivate()).text,
        /Did you mean .prod-east/,
      );
    });
  });
