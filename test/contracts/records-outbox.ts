import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Notice } from '../../src/domain/run/notice.ts';
import {
  accepted,
  cardNotice,
  change,
  claimed,
  event,
  type OpenStore,
  sendAll,
  t0,
  threadNotice,
  withStore,
} from './records-samples.ts';

/** The outbox: order, retries, restarts, cards that say the same. */
export function outboxContract(open: OpenStore): void {
  test('messages are handed out oldest first, each once, dated with the time of what caused them', () =>
    withStore(open, async ({ records }) => {
      await accepted(records, 'r-1', 'prod-east', { notices: [cardNotice, threadNotice(t0)] });
      const claim = await claimed(records, t0 + 5);
      await records.advance(
        claim,
        change({ status: 'waiting' }, { audit: [event('checked', t0 + 7)], notices: [threadNotice(t0 + 7)] }),
      );
      const first = await records.takeNotice({ now: t0 });
      assert.deepEqual(
        { ...first, id: 0 },
        {
          id: 0,
          about: 'run',
          runId: 'r-1',
          notice: cardNotice,
          state: 'posting',
          attempts: 0,
          mayHaveArrived: false,
          createdAt: t0,
        },
      );
      assert.equal(await records.takeNotice({ now: t0 }), undefined, 'the next one waits for the first');
      await records.noticeSent(first?.id ?? 0, { now: t0, ts: '1.1' });
      const second = await records.takeNotice({ now: t0 });
      assert.deepEqual(second?.notice, JSON.parse(JSON.stringify(threadNotice(t0))));
      await records.noticeSent(second?.id ?? 0, { now: t0, ts: undefined });
      const third = await records.takeNotice({ now: t0 });
      assert.equal(third?.createdAt, t0 + 7);
      await records.noticeSent(third?.id ?? 0, { now: t0, ts: '1.3' });
      assert.equal(await records.takeNotice({ now: t0 + 1e9 }), undefined);
    }));

  test('a delayed message holds up its own run only, and is handed out again when its time has come', () =>
    withStore(open, async ({ records }) => {
      await accepted(records, 'r-1', 'prod-east', { notices: [cardNotice, threadNotice(t0)] });
      await accepted(records, 'r-2', 'prod-west', { notices: [cardNotice] });
      const first = await records.takeNotice({ now: t0 });
      await records.noticeDelayed(first?.id ?? 0, { retryAt: t0 + 100, error: 'ratelimited' });
      assert.deepEqual(await sendAll(records, t0 + 99), ['r-2 card']);
      const again = await records.takeNotice({ now: t0 + 100 });
      assert.equal(again?.id, first?.id);
      assert.equal(again?.attempts, 1);
      await records.noticeDelayed(first?.id ?? 0, { retryAt: t0 + 200, error: 'ratelimited' });
      assert.equal((await records.takeNotice({ now: t0 + 200 }))?.attempts, 2);
    }));

  test('that an earlier try may have arrived is remembered, whatever becomes of the next one', () =>
    withStore(open, async ({ records }) => {
      await accepted(records, 'r-1', 'prod-east', { notices: [cardNotice] });
      const { id = 0 } = (await records.takeNotice({ now: t0 })) ?? {};
      await records.noticeDelayed(id, { retryAt: t0, error: 'ratelimited' });
      assert.equal((await records.takeNotice({ now: t0 }))?.mayHaveArrived, false);
      await records.noticeDelayed(id, { retryAt: t0, error: 'timeout', mayHaveArrived: true });
      assert.equal((await records.takeNotice({ now: t0 }))?.mayHaveArrived, true);
      await records.noticeDelayed(id, { retryAt: t0, error: 'ratelimited' });
      assert.equal((await records.takeNotice({ now: t0 }))?.mayHaveArrived, true);
    }));

  test('a message that was put off by a clock two hours ahead goes as soon as the clock is right again', () =>
    withStore(open, async ({ records }) => {
      await accepted(records, 'r-1', 'prod-east', { notices: [cardNotice] });
      const { id = 0 } = (await records.takeNotice({ now: t0 + 7_200_000 })) ?? {};
      await records.noticeDelayed(id, { retryAt: t0 + 7_200_000 + 60_000, error: 'ratelimited' });
      assert.equal((await records.takeNotice({ now: t0 }))?.id, id);
      await records.noticeDelayed(id, { retryAt: t0 + 60_000, error: 'ratelimited' });
      assert.equal(await records.takeNotice({ now: t0 }), undefined, 'a pause of this clock is kept');
    }));

  test('what goes to people alone does not wait for the channel, and keeps an order of its own', () =>
    withStore(open, async ({ records }) => {
      const alone = (slackUser: string): Notice => ({
        kind: 'private',
        slackUser,
        channel: undefined,
        say: { type: 'vote-too-late', runId: 'r-1', status: 'cancelled' },
      });
      const notices = [cardNotice, alone('U1'), threadNotice(t0 + 1), alone('U2'), alone('U1')];
      await accepted(records, 'r-1', 'prod-east', { notices });
      const card = await records.takeNotice({ now: t0 });
      await records.noticeDelayed(card?.id ?? 0, { retryAt: t0 + 100, error: 'not_in_channel' });
      const first = await records.takeNotice({ now: t0 });
      assert.equal(first?.notice.kind === 'private' && first.notice.slackUser, 'U1');
      await records.noticeDelayed(first?.id ?? 0, { retryAt: t0 + 50, error: 'missing_scope' });
      assert.deepEqual(await sendAll(records, t0), ['r-1 private'], 'U2 does not wait for U1');
      assert.deepEqual(await sendAll(records, t0 + 50), ['r-1 private', 'r-1 private']);
      assert.deepEqual(await sendAll(records, t0 + 100), ['r-1 card', 'r-1 thread+1']);
    }));

  test('a card does not wait for a thread that takes nothing; who is led to the card waits for the card', () =>
    withStore(open, async ({ records }) => {
      const pointer: Notice = {
        kind: 'private',
        slackUser: 'U1',
        channel: undefined,
        say: { type: 'request-on-card', runId: 'r-1', cluster: 'prod-east' },
      };
      await accepted(records, 'r-1', 'prod-east', { notices: [cardNotice, threadNotice(t0 + 1), pointer] });
      const card = await records.takeNotice({ now: t0 });
      await records.noticeDelayed(card?.id ?? 0, { retryAt: t0 + 100, error: 'not_in_channel' });
      assert.deepEqual(await sendAll(records, t0), []);
      assert.equal((await records.takeNotice({ now: t0 + 100 }))?.id, card?.id);
      await records.noticeSent(card?.id ?? 0, { now: t0, ts: '1.1' });
      const thread = await records.takeNotice({ now: t0 + 100 });
      await records.noticeDelayed(thread?.id ?? 0, { retryAt: t0 + 200, error: 'thread_locked' });
      const decision = () => change({}, { notices: [threadNotice(t0 + 2), cardNotice] });
      await records.decide({ runId: 'r-1', deliveryId: 'd', now: t0, decision });
      assert.deepEqual(await sendAll(records, t0 + 100), ['r-1 private', 'r-1 card']);
      assert.deepEqual(await sendAll(records, t0 + 200), ['r-1 thread+1', 'r-1 thread+2']);
    }));

  test('the newest message that a cluster’s channel took is known, of its runs as of itself', () =>
    withStore(open, async ({ records }) => {
      const newest = (where: 'threads' | 'top' | 'any') =>
        records.lastPosted({ cluster: 'prod-east', where });
      await accepted(records, 'r-1', 'prod-east', { notices: [cardNotice, threadNotice(t0 + 1)] });
      await accepted(records, 'r-2', 'prod-west', { notices: [cardNotice] });
      assert.equal(await newest('any'), undefined);
      const card = await records.takeNotice({ now: t0 });
      await records.noticeSent(card?.id ?? 0, { now: t0, ts: '1.1' });
      assert.deepEqual(await Promise.all([newest('any'), newest('top'), newest('threads')]), [
        '1.1',
        '1.1',
        undefined,
      ]);
      const thread = await records.takeNotice({ now: t0 });
      await records.noticeGivenUp(thread?.id ?? 0, { now: t0, error: 'thread_locked' });
      assert.deepEqual(await sendAll(records, t0), ['r-2 card']);
      assert.equal(await newest('any'), '1.1');
      const decision = () => change({}, { notices: [threadNotice(t0 + 2), cardNotice] });
      await records.decide({ runId: 'r-1', deliveryId: 'd', now: t0, decision });
      for (const ts of ['1.2', '1.1']) {
        const item = await records.takeNotice({ now: t0 });
        await records.noticeSent(item?.id ?? 0, { now: t0, ts });
      }
      assert.deepEqual(
        await Promise.all([newest('any'), newest('top')]),
        ['1.2', '1.1'],
        'an edit is no new message',
      );
    }));

  test('what became of private messages of one kind is known, each for itself', () =>
    withStore(open, async ({ records }) => {
      const by = { slackUser: 'U0', clusterUser: 'u0' };
      const to = (slackUser: string): Notice => ({
        kind: 'private',
        slackUser,
        channel: undefined,
        say: { type: 'emergency-started', runId: 'r-1', cluster: 'prod-east', by, emergency: 'why' },
      });
      const other: Notice = {
        kind: 'private',
        slackUser: 'U1',
        channel: undefined,
        say: { type: 'vote-too-late', runId: 'r-1', status: 'cancelled' },
      };
      await accepted(records, 'r-1', 'prod-east', { notices: [to('U1'), to('U2'), to('U3'), other] });
      const first = await records.takeNotice({ now: t0 });
      await records.noticeSent(first?.id ?? 0, { now: t0, ts: undefined });
      const second = await records.takeNotice({ now: t0 });
      await records.noticeGivenUp(second?.id ?? 0, { now: t0, error: 'user_disabled' });
      assert.deepEqual(await records.privateDeliveries('r-1', 'emergency-started'), [
        { slackUser: 'U1', state: 'sent', tries: 1 },
        { slackUser: 'U2', state: 'given-up', tries: 1 },
        { slackUser: 'U3', state: 'pending', tries: 0 },
      ]);
    }));

  test('a message that was given up makes way for the next one', () =>
    withStore(open, async ({ records }) => {
      await accepted(records, 'r-1', 'prod-east', { notices: [cardNotice, threadNotice(t0 + 1)] });
      const first = await records.takeNotice({ now: t0 });
      await records.noticeGivenUp(first?.id ?? 0, { now: t0, error: 'channel_not_found' });
      assert.deepEqual(await sendAll(records, t0), ['r-1 thread+1']);
    }));

  test('what a sender says late of a settled message changes nothing; an unknown message is an error', () =>
    withStore(open, async ({ records }) => {
      await accepted(records, 'r-1', 'prod-east', { notices: [cardNotice] });
      const item = await records.takeNotice({ now: t0 });
      const id = item?.id ?? 0;
      await records.noticeSent(id, { now: t0, ts: '1.1' });
      await records.noticeSent(id, { now: t0, ts: '1.1' });
      await records.noticeDelayed(id, { retryAt: t0, error: 'timeout' });
      assert.equal(await records.takeNotice({ now: t0 + 1e9 }), undefined);
      await assert.rejects(records.noticeSent(4711, { now: t0, ts: undefined }), /4711/);
    }));

  test('after a restart a message that was being posted is handed out again and says that it was tried', () =>
    withStore(open, async ({ records, reopen }) => {
      await accepted(records, 'r-1', 'prod-east', { notices: [cardNotice, threadNotice(t0 + 1)] });
      const lost = await records.takeNotice({ now: t0 });
      await records.close();
      const restarted = await reopen();
      assert.equal(await restarted.takeNotice({ now: t0 }), undefined, 'its sender may be alive');
      await restarted.recover();
      const again = await restarted.takeNotice({ now: t0 });
      assert.deepEqual([again?.id, again?.attempts, again?.mayHaveArrived], [lost?.id, 1, true]);
      await restarted.noticeSent(again?.id ?? 0, { now: t0, ts: '1.1' });
      assert.deepEqual(await sendAll(restarted, t0), ['r-1 thread+1']);
    }));

  test('a card that still waits for its first try covers every later one', () =>
    withStore(open, async ({ records }) => {
      await accepted(records, 'r-1', 'prod-east', {
        notices: [cardNotice, threadNotice(t0 + 1), cardNotice],
      });
      await accepted(records, 'r-2', 'prod-west', { notices: [cardNotice] });
      const claim = await claimed(records, t0);
      await records.advance(
        claim,
        change({ status: 'waiting' }, { notices: [cardNotice, threadNotice(t0 + 2)] }),
      );
      assert.deepEqual(await sendAll(records, t0), ['r-1 card', 'r-1 thread+1', 'r-2 card', 'r-1 thread+2']);
    }));

  test('a card that is being posted does not cover a later change', () =>
    withStore(open, async ({ records }) => {
      await accepted(records, 'r-1', 'prod-east', { notices: [cardNotice] });
      const posting = await records.takeNotice({ now: t0 });
      const claim = await claimed(records, t0);
      await records.advance(claim, change({ status: 'waiting' }, { notices: [cardNotice] }));
      await records.noticeSent(posting?.id ?? 0, { now: t0, ts: '1.1' });
      assert.deepEqual(await sendAll(records, t0), ['r-1 card']);
    }));

  test('neither a card that was tried nor another message covers a card', () =>
    withStore(open, async ({ records }) => {
      await accepted(records, 'r-1', 'prod-east', { notices: [cardNotice, threadNotice(t0 + 1)] });
      const tried = await records.takeNotice({ now: t0 });
      await records.noticeDelayed(tried?.id ?? 0, { retryAt: t0, error: 'timeout' });
      const claim = await claimed(records, t0);
      await records.advance(claim, change({ status: 'waiting' }, { notices: [cardNotice] }));
      assert.equal((await records.takeNotice({ now: t0 }))?.attempts, 1, 'what was tried is remembered');
      await records.noticeSent(tried?.id ?? 0, { now: t0, ts: '1.1' });
      assert.deepEqual(await sendAll(records, t0), ['r-1 thread+1', 'r-1 card']);
    }));

  test('messages of a change that fails are not sent', () =>
    withStore(open, async ({ records }) => {
      await accepted(records, 'r-1');
      const claim = await claimed(records, t0);
      const illegal = change({ status: 'succeeded' }, { notices: [cardNotice, threadNotice(t0)] });
      await assert.rejects(records.advance(claim, illegal));
      assert.deepEqual(await sendAll(records, t0), []);
    }));
}
