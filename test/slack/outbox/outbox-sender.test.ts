import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Notice } from '../../../src/domain/run/notice.ts';
import type { BackupRun } from '../../../src/domain/run/run.ts';
import type { Slack } from '../../../src/slack/app/app.ts';
import { progressEveryMs } from '../../../src/slack/outbox/live-messages.ts';
import { runEventType } from '../../../src/slack/outbox/marked-posts.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { aPlan } from '../../support/runs.ts';
import { fleetOf, gate, type Installed, install } from '../installed-app.ts';

const card: Notice = { kind: 'card' };
const waiting: Partial<BackupRun> = { status: 'waiting', plan: aPlan, expiresAt: Date.now() + 3_600_000 };
const timeoutMs = 30_000;

function audit(reason: string): Notice {
  const event = { at: Date.now(), actor: { kind: 'bot' }, action: 'checked', detail: { reason } } as const;
  return { kind: 'thread', entry: { type: 'audit', event } };
}

describe('outbox sender', () => {
  let app: Installed;
  let slack: Slack;

  beforeEach(async () => {
    app = await install();
    slack = await app.open();
  });
  afterEach(() => app.close());

  const roots = () => app.workspace.messages(app.channel);
  const replies = () => app.workspace.thread(app.channel, roots()[0]?.ts ?? '').slice(1);
  const posts = () => app.workspace.calls('chat.postMessage');
  const replied = (count: number) =>
    app.workspace.waitFor(() => replies().length >= count, { what: `${count} thread entries`, timeoutMs });

  /** The run once everything that it has to say is said. */
  async function sent(runId: string): Promise<BackupRun> {
    await app.outboxEmpty();
    const run = await app.records.run(runId);
    assert.ok(run);
    return run;
  }

  it('posts the card, remembers its place, and puts the thread under it in order', async () => {
    await app.put({ ...waiting, id: 'r-card2345' }, [
      card,
      audit('first'),
      audit('second'),
      { kind: 'thread', entry: { type: 'details' } },
    ]);
    app.sender(slack).start();
    await replied(3);
    const run = await sent('r-card2345');
    const [root, ...others] = roots();
    assert.equal(others.length, 0);
    assert.deepEqual(run.card, { channel: app.channel, ts: root?.ts });
    assert.deepEqual(root?.metadata, { event_type: runEventType, event_payload: { run_id: run.id } });
    assert.match(replies()[0]?.text ?? '', /first/);
    assert.match(replies()[1]?.text ?? '', /second/);
    const marks = replies().map((each) => (each.metadata as { event_payload: object }).event_payload);
    assert.deepEqual(Object.keys(marks[0] ?? {}).sort(), ['outbox_id', 'run_id']);
  });

  it('edits the card in place, blocks and all, and leaves no “edited” mark', async () => {
    await app.put({ ...waiting, id: 'r-edit2345' }, [card]);
    const sender = app.sender(slack);
    sender.start();
    await app.workspace.waitFor(() => roots().length === 1, { what: 'the card', timeoutMs });
    const cancelled = {
      set: { status: 'cancelled', finishedAt: Date.now() },
      audit: [],
      notices: [card],
    } as const;
    await app.records.decide({
      runId: 'r-edit2345',
      deliveryId: 'c',
      now: Date.now(),
      decision: () => cancelled,
    });
    sender.wake();
    const [root] = roots();
    await app.workspace.waitFor(() => (root?.revisions.length ?? 0) > 1, { what: 'the edit', timeoutMs });
    await sent('r-edit2345');
    assert.equal(roots().length, 1);
    assert.equal(root?.markedEdited, false);
    assert.equal(
      JSON.stringify(root?.blocks).includes('"button"'),
      false,
      'a cancelled request has no buttons',
    );
  });

  it('looks for a card whose answer was lost instead of posting a second one', async () => {
    app.workspace.faults.add({ method: 'chat.postMessage', kind: 'lost-response' });
    await app.put({ ...waiting, id: 'r-2card345' }, [card, audit('after')]);
    app.sender(slack).start();
    await replied(1);
    const run = await sent('r-2card345');
    assert.equal(roots().length, 1);
    assert.equal(run.card?.ts, roots()[0]?.ts);
    assert.equal(app.workspace.calls('conversations.history').length, 1);
  });

  it('finds what has arrived also when the clock was three hours ahead as it was written', async () => {
    app.workspace.faults.add({ method: 'chat.postMessage', kind: 'lost-response' });
    app.workspace.faults.add({
      method: 'chat.postMessage',
      kind: 'lost-response',
      when: (args) => args.thread_ts !== undefined,
    });
    const requestedAt = Date.now() + 3 * 3_600_000;
    await app.put({ ...waiting, id: 'r-ahead234', requestedAt }, [card, audit('only once')]);
    app.sender(slack).start();
    await replied(1);
    await sent('r-ahead234');
    assert.deepEqual([roots().length, replies().length], [1, 1]);
  });

  it('looks for a thread entry whose answer was lost, too', async () => {
    await app.put({ ...waiting, id: 'r-2thr2345' }, [card, audit('only once'), audit('after')]);
    app.workspace.faults.add({
      method: 'chat.postMessage',
      kind: 'lost-response',
      when: (args) => args.thread_ts !== undefined,
    });
    app.sender(slack).start();
    await replied(2);
    await sent('r-2thr2345');
    assert.deepEqual(
      replies().map((each) => /only once|after/.exec(each.text)?.[0]),
      ['only once', 'after'],
    );
  });

  it('posts again what had not arrived, though others put our mark on messages of theirs', async () => {
    app.workspace.faults.add({ method: 'chat.postMessage', kind: 'reset' });
    const forged = app.workspace.say({ user: 'requester', channel: app.channel, text: 'not the card' });
    forged.metadata = { event_type: runEventType, event_payload: { run_id: 'r-forg2345' } };
    await app.put({ ...waiting, id: 'r-forg2345' }, [card]);
    app.sender(slack).start();
    const run = await sent('r-forg2345');
    assert.equal(app.workspace.calls('conversations.history').length, 1);
    assert.notEqual(run.card?.ts, forged.ts);
    assert.equal(roots().length, 2);
  });

  it('posts again where it may not look, and says so: a second message is the lesser evil', async () => {
    app.workspace.setScopes(['commands', 'chat:write', 'users:read', 'im:write']);
    app.workspace.faults.add({ method: 'chat.postMessage', kind: 'lost-response' });
    await app.put({ ...waiting, id: 'r-noht2345' }, [card]);
    app.sender(slack).start();
    await sent('r-noht2345');
    assert.equal(roots().length, 2);
    assert.ok(app.lines.some((line) => line.level === 'warn' && line.message.includes('channels:history')));
  });

  it('waits as long as Slack says at a 429, and loses nothing', async () => {
    app.workspace.faults.add({ method: 'chat.postMessage', kind: 'ratelimited', retryAfterS: 2 });
    await app.put({ ...waiting, id: 'r-rate2345' }, [card, audit('one')]);
    app.sender(slack).start();
    await replied(1);
    const [first, second] = posts();
    assert.equal(first?.outcome, 'ratelimited');
    assert.ok((second?.at ?? 0) - (first?.at ?? 0) >= 1_900, 'Retry-After is honoured');
    assert.equal(roots().length, 1);
  });

  it('tries again after errors of the server and of the network', async () => {
    app.workspace.faults.add({ method: 'chat.postMessage', kind: 'http', status: 503 });
    await app.put({ ...waiting, id: 'r-http2345' }, [card]);
    app.workspace.faults.add({ method: 'conversations.history', kind: 'reset' });
    app.sender(slack).start();
    await sent('r-http2345');
    assert.equal(roots().length, 1);
    const pauses = app.lines
      .filter((line) => line.level === 'warn')
      .map((line) => (line.fields as { pauseMs?: number }).pauseMs);
    assert.deepEqual(pauses, [1_000, 2_000], 'longer each time');
  });

  it('gives up what Slack will never take, says once what to do, and goes on with the others', async () => {
    app.workspace.faults.add({
      method: 'chat.postMessage',
      kind: 'error',
      error: 'invalid_blocks',
      times: Number.POSITIVE_INFINITY,
      when: (args) => args.channel === app.channel,
    });
    await app.put({ ...waiting, id: 'r-nobt2345' }, [card, audit('a'), audit('b')]);
    const elsewhere = app.workspace.addChannel({ name: 'other', members: ['requester'] }).id;
    const base = app.fleet.clusters[0];
    assert.ok(base);
    const fleet = fleetOf([base, { ...base, name: 'other', channel: elsewhere }], [app.requester]);
    await app.put({ ...waiting, cluster: 'other', id: 'r-othr2345' }, [card]);
    app.sender(slack, { fleet }).start();
    await app.workspace.waitFor(() => app.workspace.messages(elsewhere).length === 1, {
      what: 'the other card',
      timeoutMs,
    });
    await sent('r-nobt2345');
    assert.equal(roots().length, 0);
    const errors = app.lines.filter((line) => line.level === 'error');
    assert.equal(errors.length, 1, JSON.stringify(errors));
    assert.match(errors[0]?.message ?? '', /is given up: invalid_blocks; .*in the records/);
    const messages = app.workspace.private('requester').map((each) => each.text);
    assert.equal(messages.length, 1, 'the requester is notified, once');
    assert.match(
      messages[0] ?? '',
      /did not take a message about `r-nobt2345`.*`invalid_blocks`.*show r-nobt2345/s,
    );
  });

  it('posts a new card when somebody deleted it', async () => {
    await app.put({ ...waiting, id: 'r-gone2345' }, [card]);
    const sender = app.sender(slack);
    sender.start();
    const first = (await sent('r-gone2345')).card;
    assert.ok(first);
    app.workspace.deleteMessage(app.channel, first.ts);
    const change = {
      set: { status: 'cancelled', finishedAt: Date.now() },
      audit: [],
      notices: [card],
    } as const;
    await app.records.decide({
      runId: 'r-gone2345',
      deliveryId: 'd',
      now: Date.now(),
      decision: () => change,
    });
    sender.wake();
    await app.workspace.waitFor(() => roots().length === 1, { what: 'the new card', timeoutMs });
    assert.notEqual(roots()[0]?.ts, first.ts);
  });

  it('posts one new card when somebody deleted it and the answer to the new one is lost', async () => {
    await app.put({ ...waiting, id: 'r-gon22345' }, [card]);
    const sender = app.sender(slack);
    sender.start();
    const first = (await sent('r-gon22345')).card;
    assert.ok(first);
    app.workspace.deleteMessage(app.channel, first.ts);
    app.workspace.faults.add({ method: 'chat.postMessage', kind: 'lost-response' });
    const change = {
      set: { status: 'cancelled', finishedAt: Date.now() },
      audit: [],
      notices: [card],
    } as const;
    await app.records.decide({
      runId: 'r-gon22345',
      deliveryId: 'd',
      now: Date.now(),
      decision: () => change,
    });
    sender.wake();
    await app.workspace.waitFor(() => app.workspace.calls('chat.update').length === 2, {
      what: 'the second try',
      timeoutMs,
    });
    const run = await sent('r-gon22345');
    assert.equal(roots().length, 1);
    assert.equal(run.card?.ts, roots()[0]?.ts);
  });

  it('goes on with the thread under a new card when the old one is gone, each line once and in order', async () => {
    await app.put({ ...waiting, id: 'r-gon32345' }, [card]);
    const sender = app.sender(slack);
    sender.start();
    const first = (await sent('r-gon32345')).card;
    assert.ok(first);
    app.workspace.deleteMessage(app.channel, first.ts);
    // The answer to the new card is lost, then the one to the first line under it.
    const lost = { method: 'chat.postMessage', kind: 'lost-response' } as const;
    app.workspace.faults.add({ ...lost, when: (args) => args.thread_ts === undefined });
    app.workspace.faults.add({
      ...lost,
      when: (args) => args.thread_ts !== undefined && args.thread_ts !== first.ts,
    });
    const change = {
      set: {},
      audit: [],
      notices: [audit('one'), audit('two'), card, audit('three')],
    } as const;
    await app.records.decide({
      runId: 'r-gon32345',
      deliveryId: 'd',
      now: Date.now(),
      decision: () => change,
    });
    sender.wake();
    await replied(3);
    const run = await sent('r-gon32345');
    assert.equal(roots().length, 1);
    assert.equal(run.card?.ts, roots()[0]?.ts);
    assert.deepEqual(
      replies().map((each) => /one|two|three/.exec(each.text)?.[0]),
      ['one', 'two', 'three'],
    );
  });

  it('speaks to one person alone, in their language, in the channel or else directly', async () => {
    const say = { type: 'vote-too-late', runId: 'r-priv2345', status: 'cancelled' } as const;
    const to = (slackUser: string): Notice => ({ kind: 'private', slackUser, channel: app.channel, say });
    const away = app.workspace.addUser({ name: 'away' }).id;
    await app.put({ ...waiting, id: 'r-priv2345' }, [to(app.requester), to(app.viewer), to(away)]);
    app.sender(slack).start();
    await app.workspace.waitFor(() => app.workspace.private('away').length === 1, {
      what: 'the direct message',
      timeoutMs,
    });
    assert.match(app.workspace.private('requester')[0]?.text ?? '', /too late/);
    assert.match(app.workspace.private('viewer')[0]?.text ?? '', /[\uac00-\ud7a3]/);
    assert.equal(app.workspace.private('requester')[0]?.channel, app.channel);
    assert.notEqual(app.workspace.private('away')[0]?.channel, app.channel);
    assert.equal(roots().length, 0, 'nothing of it is public');
  });

  it('shows progress at most every 3 s, and the end at once', async () => {
    const running = { ...waiting, status: 'running', startedAt: Date.now() } as const;
    await app.put({ ...running, id: 'r-prog2345', step: 'checking-again' }, [card]);
    const sender = app.sender(slack);
    sender.start();
    await app.workspace.waitFor(() => roots().length === 1, { what: 'the card', timeoutMs });
    const claim = await app.records.claim({ owner: 'test', now: Date.now(), monotonic: 0, leaseMs: 60_000 });
    assert.ok(claim);
    for (const step of ['opening-session', 'checking-node', 'running-script'] as const) {
      await app.records.advance(claim, { set: { step }, audit: [], notices: [card, audit(step)] });
      sender.wake();
    }
    await replied(3);
    const [root] = roots();
    assert.ok(root);
    await app.workspace.waitFor(() => root.revisions.length > 1, { what: 'the put off edit', timeoutMs });
    assert.equal(root.revisions.length, 2, 'one edit for three steps');
    assert.ok((root.revisions[1]?.at ?? 0) - (root.revisions[0]?.at ?? 0) >= progressEveryMs - 100);

    const before = Date.now();
    const failed = { set: { status: 'failed', finishedAt: Date.now() }, audit: [], notices: [card] } as const;
    await app.records.advance(claim, failed);
    sender.wake();
    await app.workspace.waitFor(() => root.revisions.length > 2, { what: 'the end', timeoutMs });
    assert.ok((root.revisions[2]?.at ?? 0) - before < progressEveryMs - 500, 'the end does not wait');
  });

  it('does not edit a card that says the same already', async () => {
    await app.put({ ...waiting, id: 'r-same2345' }, [card]);
    const fixed = { ...systemClock(), now: () => 1_795_414_484_000 };
    app.sender(slack, { clock: fixed }).start();
    await sent('r-same2345');
    const again = () => ({ set: {}, audit: [], notices: [card] });
    await app.records.decide({ runId: 'r-same2345', deliveryId: 'again', now: Date.now(), decision: again });
    await sent('r-same2345');
    assert.equal(app.workspace.calls('chat.update').length, 0);
  });

  it('does not lose or repeat a message when its outcome cannot be written', async () => {
    let refusals = 2;
    const records = {
      ...app.records,
      run: (id: string) => app.records.run(id),
      noticeSent: async (...args: Parameters<typeof app.records.noticeSent>) => {
        refusals -= 1;
        if (refusals >= 0) throw new Error('disk full');
        return app.records.noticeSent(...args);
      },
    };
    await app.put({ ...waiting, id: 'r-disk2345' }, [card, audit('one')]);
    // The pause after such an error, made short.
    const clock = {
      ...systemClock(),
      sleep: (ms: number, signal?: AbortSignal) => systemClock().sleep(Math.min(ms, 20), signal),
    };
    app.sender(slack, { records, clock }).start();
    await replied(1);
    await sent('r-disk2345');
    assert.equal(roots().length, 1);
    assert.equal(replies().length, 1);
    assert.ok(app.lines.some((line) => line.level === 'error' && line.message.includes('outbox cannot be')));
  });

  it('ends when Slack refuses the token itself, saying so once, and loses nothing', async () => {
    const fatal: Error[] = [];
    const called = gate();
    const onFatal = (error: Error) => {
      fatal.push(error);
      called.open();
    };
    await app.put({ ...waiting, id: 'r-auth2345' }, [card, audit('one')]);
    app.workspace.revokeTokens();
    const sender = app.sender(slack, { onFatal });
    sender.start();
    await called.opened;
    assert.match(fatal[0]?.message ?? '', /refuses the bot token \(invalid_auth\).*reinstall/);
    await sender.stop();
    assert.equal(fatal.length, 1);
    const left = await app.records.takeNotice({ now: Date.now() + 3_600_000 });
    assert.equal(left?.notice.kind, 'card', 'still to be sent');
  });

  it('does not take Slack’s word for it when one call alone says that the token is bad', async () => {
    const fatal: Error[] = [];
    app.workspace.faults.add({ method: 'chat.postMessage', kind: 'error', error: 'invalid_auth' });
    await app.put({ ...waiting, id: 'r-once2345' }, [card]);
    app.sender(slack, { onFatal: (error) => void fatal.push(error) }).start();
    await sent('r-once2345');
    assert.equal(roots().length, 1);
    assert.deepEqual(fatal, []);
  });

  it('stops after an answer was lost, and the next sender finds what had arrived', async () => {
    await app.put({ ...waiting, id: 'r-stop2345' }, [card]);
    const first = app.sender(slack);
    app.workspace.faults.add({ method: 'chat.postMessage', kind: 'lost-response' });
    first.start();
    await app.workspace.waitFor(() => roots().length === 1, { what: 'the card', timeoutMs });
    await first.stop();
    app.sender(slack).start();
    const run = await sent('r-stop2345');
    assert.equal(roots().length, 1);
    assert.equal(run.card?.ts, roots()[0]?.ts);
  });
});
