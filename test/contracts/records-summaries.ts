import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Records } from '../../src/workflow/ports/records.ts';
import {
  accepted,
  cardNotice,
  type OpenStore,
  sendAll,
  t0,
  threadNotice,
  withStore,
} from './records-samples.ts';

export function summariesContract(open: OpenStore): void {
  test('the newest slot comes back with the place of its message, also to another opener', () =>
    withStore(open, async ({ records, reopen }) => {
      const newest = (from: Records) => from.newestSummary({ now: t0 + 60_000 });
      const rule = 'x';
      assert.equal(await newest(records), undefined);
      await records.openSummary({ slot: t0, rule, now: t0 + 1, post: true });
      assert.deepEqual(await newest(records), { slot: t0, rule, place: undefined });
      const place = { channel: 'C1', ts: '1.2' };
      await records.summaryPosted(t0, place);
      const other = await reopen();
      assert.deepEqual(await newest(other), { slot: t0, rule, place });
      await records.openSummary({ slot: t0 + 60_000, rule, now: t0, post: false });
      await records.summaryPosted(t0, { ...place, ts: '1.3' });
      const next = { slot: t0 + 60_000, rule, place: undefined };
      assert.deepEqual(await newest(other), next, 'the newest by slot, not by writing');
      await records.openSummary({ slot: t0 + 400 * 86_400_000, rule, now: t0, post: false });
      assert.deepEqual(await newest(other), next, 'of a clock that went ahead');
    }));

  test('a slot that is to be posted brings its message, once, and one that is let go brings none', () =>
    withStore(open, async ({ records }) => {
      const opened = { rule: 'x', now: t0 + 1, post: true };
      await records.openSummary({ ...opened, slot: t0 });
      await records.openSummary({ ...opened, slot: t0 });
      await records.openSummary({ ...opened, slot: t0 + 1, post: false });
      await accepted(records, 'r-a2345678', 'a', { notices: [cardNotice] });
      const item = await records.takeNotice({ now: t0 });
      assert.ok(item?.about === 'fleet');
      assert.deepEqual([item.notice, item.createdAt], [{ kind: 'summary', slot: t0 }, t0 + 1]);
      await records.noticeDelayed(item.id, { retryAt: t0 + 100, error: 'not_in_channel' });
      assert.deepEqual(await sendAll(records, t0), ['r-a2345678 card'], 'nothing waits for it');
      assert.deepEqual(await sendAll(records, t0 + 100), ['fleet summary']);
    }));

  test('the outbox reports how many messages are not sent yet, and since when', () =>
    withStore(open, async ({ records }) => {
      assert.deepEqual(await records.outboxStatus(), { unsent: 0, oldestAt: undefined });
      await accepted(records, 'r-a2345678', 'a', { notices: [cardNotice, threadNotice(t0)] });
      assert.deepEqual(await records.outboxStatus(), { unsent: 2, oldestAt: t0 });
      const item = await records.takeNotice({ now: t0 });
      assert.ok(item);
      assert.equal((await records.outboxStatus()).unsent, 2, 'one that is being posted is not sent yet');
      await records.noticeSent(item.id, { now: t0 + 1, ts: '1.2' });
      await accepted(records, 'r-b2345678', 'b', { run: { requestedAt: t0 + 9 }, notices: [cardNotice] });
      assert.deepEqual(await records.outboxStatus(), { unsent: 2, oldestAt: t0 });
      const second = await records.takeNotice({ now: t0 });
      assert.ok(second);
      await records.noticeGivenUp(second.id, { now: t0 + 2, error: 'x' });
      assert.deepEqual(await records.outboxStatus(), { unsent: 1, oldestAt: t0 + 9 });
    }));
}
