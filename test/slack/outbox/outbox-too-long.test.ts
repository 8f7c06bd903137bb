import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Notice } from '../../../src/domain/run/notice.ts';
import type { BackupRun } from '../../../src/domain/run/run.ts';
import type { ClusterNotice } from '../../../src/domain/watch/cluster-notice.ts';
import { newWatch } from '../../../src/domain/watch/watch-turn.ts';
import type { Slack } from '../../../src/slack/app/app.ts';
import { type Installed, install } from '../installed-app.ts';
import { runs } from '../messages/runs.ts';
import { anAlarm, aReminder } from '../messages/watch-samples.ts';

const card: Notice = { kind: 'card' };
const report: Notice = { kind: 'thread', entry: { type: 'report' } };
const cluster = 'prod-east';
const timeoutMs = 30_000;

describe('what Slack finds too long', () => {
  let app: Installed;
  let slack: Slack;

  beforeEach(async () => {
    app = await install();
    slack = await app.open();
  });
  afterEach(() => app.close());

  const roots = () => app.workspace.messages(app.channel).filter((each) => each.threadTs === undefined);
  const thread = () => app.workspace.thread(app.channel, roots()[0]?.ts ?? '').slice(1);
  const shown = () => roots().map((each) => app.workspace.renderMessage(each));
  const buttons = () => JSON.stringify(roots()[0]?.blocks).includes('"type":"actions"');
  const toldOfRefusal = () =>
    ['requester', 'approver'].flatMap((who) =>
      app.workspace.private(who).filter((each) => /did not take/.test(each.text)),
    );

  const succeeded = () => own(app, runs.succeeded);

  async function change(run: BackupRun, set: Partial<BackupRun>, notices: readonly Notice[]) {
    const decision = () => ({ set, audit: [], notices });
    await app.records.decide({ runId: run.id, deliveryId: crypto.randomUUID(), now: Date.now(), decision });
  }

  for (const error of ['msg_too_long', 'msg_blocks_too_long', 'invalid_blocks']) {
    it(`an edit of the card (${error}): the card shows the end in a few words, and where the rest is`, async () => {
      const run = await app.put(own(app, runs.running), [card]);
      const sender = app.sender(slack);
      sender.start();
      await app.outboxEmpty();
      app.workspace.faults.add({ method: 'chat.update', kind: 'error', error });
      const { failed, finishedAt } = runs.failed;
      await change(run, { status: 'failed', step: undefined, failed, finishedAt }, [card]);
      sender.wake();
      await app.outboxEmpty();
      const [text = ''] = shown();
      assert.equal(roots().length, 1);
      assert.doesNotMatch(text, /Running since/);
      assert.match(text, /failed/i);
      assert.match(text, new RegExp(`/etcd-backup show ${run.id}`));
      assert.deepEqual(toldOfRefusal(), []);
    });
  }

  it('every form with blocks: the card is posted as text alone', async () => {
    const when = (args: Readonly<Record<string, unknown>>) => args.blocks !== undefined;
    app.workspace.faults.add({
      method: 'chat.postMessage',
      kind: 'error',
      error: 'msg_blocks_too_long',
      times: Infinity,
      when,
    });
    const run = await app.put(own(app, runs.waiting), [card]);
    app.sender(slack).start();
    await app.outboxEmpty();
    assert.equal(roots().length, 1);
    assert.match(roots()[0]?.text ?? '', new RegExp(`approve ${run.id}`));
    assert.deepEqual(toldOfRefusal(), []);
  });

  it('a card that waits keeps its buttons', async () => {
    app.workspace.faults.add({ method: 'chat.postMessage', kind: 'error', error: 'msg_blocks_too_long' });
    await app.put(own(app, runs.waiting), [card]);
    app.sender(slack).start();
    await app.outboxEmpty();
    assert.equal(roots().length, 1);
    assert.ok(buttons());
  });

  it('the report comes as a file with both SHA-256 sums', async () => {
    const run = await app.put(succeeded(), [card]);
    const sender = app.sender(slack);
    sender.start();
    await app.outboxEmpty();
    app.workspace.faults.add({ method: 'chat.postMessage', kind: 'error', error: 'msg_blocks_too_long' });
    await change(run, {}, [report]);
    sender.wake();
    await app.outboxEmpty();
    assert.equal(thread().length, 1);
    assert.match(thread()[0]?.text ?? '', /is complete/);
    const [file] = thread()[0]?.files ?? [];
    assert.match(file?.name ?? '', /^report-/);
    const content = Buffer.from(file?.bytes ?? []).toString();
    for (const { sha256 } of Object.values(runs.succeeded.success?.artifacts ?? {}))
      assert.ok(content.includes(sha256), sha256);
    assert.deepEqual(toldOfRefusal(), []);
  });

  it('the report comes as a file once, though the answer of the upload is lost', async () => {
    const run = await app.put(succeeded(), [card]);
    const sender = app.sender(slack);
    sender.start();
    await app.outboxEmpty();
    app.workspace.faults.add({
      method: 'chat.postMessage',
      kind: 'error',
      error: 'msg_blocks_too_long',
      times: Infinity,
    });
    app.workspace.faults.add({ method: 'files.completeUploadExternal', kind: 'lost-response' });
    await change(run, {}, [report]);
    sender.wake();
    await app.outboxEmpty();
    assert.equal(thread().length, 1);
  });

  it('and where no files are taken: its short text, with the command that shows all of it', async () => {
    const run = await app.put(succeeded(), [card]);
    const sender = app.sender(slack);
    sender.start();
    await app.outboxEmpty();
    app.workspace.faults.add({ method: 'chat.postMessage', kind: 'error', error: 'msg_blocks_too_long' });
    app.workspace.faults.add({
      method: 'files.getUploadURLExternal',
      kind: 'error',
      error: 'missing_scope',
      times: Infinity,
    });
    await change(run, {}, [report]);
    sender.wake();
    await app.outboxEmpty();
    assert.equal(thread().length, 1);
    assert.match(app.workspace.renderMessage(at(thread())), new RegExp(`show ${run.id}`));
    assert.deepEqual(toldOfRefusal(), []);
  });

  it('reminders, alarms, repetitions and escalations are posted in a few words', async () => {
    const reminder = { ...aReminder(), id: `${cluster}/r`, openedAt: Date.now(), checkedAt: Date.now() };
    const alarm = { ...anAlarm(), id: `${cluster}/a`, openedAt: Date.now() };
    const full = (args: Readonly<Record<string, unknown>>) => !JSON.stringify(args).includes('All of it');
    for (const method of ['chat.postMessage', 'chat.update'])
      app.workspace.faults.add({
        method,
        kind: 'error',
        error: 'msg_blocks_too_long',
        times: Infinity,
        when: full,
      });
    const notices: readonly ClusterNotice[] = [
      { kind: 'reminder', id: reminder.id },
      { kind: 'alarm', id: alarm.id },
      { kind: 'nag', id: reminder.id, nag: 1 },
      { kind: 'escalation', failures: 3, runId: 'r-none2345', nextStartAt: undefined },
    ];
    const watch = { ...newWatch(cluster), reminder: { ...reminder, repeats: 1 }, alarm };
    await app.records.decideWatch({
      cluster,
      deliveryId: 'test',
      now: Date.now(),
      decision: () => ({ watch, events: [], notices }),
    });
    app.sender(slack).start();
    await app.workspace.waitFor(() => roots().length >= 3, { what: 'three messages', timeoutMs });
    await app.outboxEmpty();
    const said = app.workspace.messages(app.channel).map((each) => app.workspace.renderMessage(each));
    assert.equal(said.filter((text) => text.includes('All of it')).length, said.length);
    assert.equal(roots().length, 3);
    assert.equal(thread().length, 1);
  });
});

describe('an edit of a card that Slack refuses', () => {
  let app: Installed;
  let slack: Slack;

  beforeEach(async () => {
    app = await install();
    slack = await app.open();
  });
  afterEach(() => app.close());

  const roots = () => app.workspace.messages(app.channel).filter((each) => each.threadTs === undefined);
  const cancelled = { status: 'cancelled', finishedAt: Date.now() } as const;

  async function refused(fault: { error: string; times?: number }): Promise<void> {
    const run = await app.put(own(app, runs.waiting), [card]);
    const sender = app.sender(slack);
    sender.start();
    await app.outboxEmpty();
    app.workspace.faults.add({ method: 'chat.update', kind: 'error', ...fault });
    const decision = () => ({ set: cancelled, audit: [], notices: [card] });
    await app.records.decide({ runId: run.id, deliveryId: 'cancel', now: Date.now(), decision });
    sender.wake();
    await app.outboxEmpty();
  }
  const messages = () => app.workspace.private('requester');

  it('once: is tried again, without a notice that it is missing', async () => {
    await refused({ error: 'access_denied' });
    assert.match(app.workspace.renderMessage(at(roots())), /cancelled/i);
    assert.deepEqual(messages(), []);
  });

  it('for good: the requester is notified that the card may be out of date, not that nothing is shown', async () => {
    await refused({ error: 'access_denied', times: Infinity });
    await app.workspace.waitFor(() => messages().length > 0, { what: 'word to the requester', timeoutMs });
    assert.match(messages()[0]?.text ?? '', /may be out of date, or missing/);
  });

  it('cant_update_message: a new card, and the thread of the old one says where the run goes on, once', async () => {
    app.workspace.faults.add({ method: 'chat.postMessage', kind: 'lost-response', when: isMoved });
    await refused({ error: 'cant_update_message', times: Infinity });
    assert.equal(roots().length, 2);
    const [old, next] = roots();
    const replies = app.workspace.thread(app.channel, old?.ts ?? '').slice(1);
    assert.equal(replies.length, 1);
    assert.match(app.workspace.renderMessage(at(replies)), /no longer lets the bot edit this card/);
    assert.ok(JSON.stringify(replies[0]).includes(`p${next?.ts.replace('.', '')}`), 'a link to the new card');
  });

  it('and where that thread takes nothing, the new card is there all the same', async () => {
    app.workspace.faults.add({
      method: 'chat.postMessage',
      kind: 'error',
      error: 'restricted_action_thread_locked',
      when: isMoved,
    });
    await refused({ error: 'cant_update_message', times: Infinity });
    assert.equal(roots().length, 2);
  });
});

/** As others have drawn it, on record here. */
function own({ requester }: Installed, run: BackupRun): Partial<BackupRun> {
  const asked = { requester: { slackUser: requester, clusterUser: 'requester' }, requestedAt: Date.now() };
  return { ...run, ...asked, cluster, card: undefined };
}

function isMoved(args: Readonly<Record<string, unknown>>): boolean {
  return args.thread_ts !== undefined && JSON.stringify(args).includes('lets the bot edit');
}

function at<Each>([first]: readonly Each[]): Each {
  assert.ok(first !== undefined);
  return first;
}
