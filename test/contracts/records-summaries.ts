import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SummaryPost } from '../../src/workflow/ports/records.ts';
import { accepted, cardNotice, type OpenStore, t0, threadNotice, withStore } from './records-samples.ts';

const post: SummaryPost = { slot: t0, rule: 'x', at: t0 + 1, place: undefined, tries: 0, end: undefined };

export function summariesContract(open: OpenStore): void {
  test('the newest slot comes back as it was written last, also to another opener', () =>
    withStore(open, async ({ records, reopen }) => {
      assert.equal(await records.newestSummary({ now: t0 + 60_000 }), undefined);
      await records.putSummary(post);
      assert.deepEqual(await records.newestSummary({ now: t0 + 60_000 }), post);
      const done: SummaryPost = { ...post, tries: 2, place: { channel: 'C1', ts: '1.2' }, end: 'done' };
      await records.putSummary(done);
      const other = await reopen();
      assert.deepEqual(await other.newestSummary({ now: t0 + 60_000 }), done);
      const next = { ...post, slot: t0 + 60_000 };
      await records.putSummary(next);
      await records.putSummary({ ...done, tries: 3 });
      assert.deepEqual(
        await other.newestSummary({ now: t0 + 60_000 }),
        next,
        'the newest by slot, not by writing',
      );
      await records.putSummary({ ...post, slot: t0 + 400 * 86_400_000 });
      assert.deepEqual(await other.newestSummary({ now: t0 + 60_000 }), next, 'of a clock that went ahead');
    }));

  test('the outbox tells how many messages are not sent yet, and since when', () =>
    withStore(open, async ({ records }) => {
      assert.deepEqual(await records.outboxStanding(), { unsent: 0, oldestAt: undefined });
      await accepted(records, 'r-a2345678', 'a', { notices: [cardNotice, threadNotice(t0)] });
      assert.deepEqual(await records.outboxStanding(), { unsent: 2, oldestAt: t0 });
      const item = await records.takeNotice({ now: t0 });
      assert.ok(item);
      assert.equal((await records.outboxStanding()).unsent, 2, 'one that is being posted is not sent yet');
      await records.noticeSent(item.id, { now: t0 + 1, ts: '1.2' });
      await accepted(records, 'r-b2345678', 'b', { run: { requestedAt: t0 + 9 }, notices: [cardNotice] });
      assert.deepEqual(await records.outboxStanding(), { unsent: 2, oldestAt: t0 });
      const second = await records.takeNotice({ now: t0 });
      assert.ok(second);
      await records.noticeGivenUp(second.id, { now: t0 + 2, error: 'x' });
      assert.deepEqual(await records.outboxStanding(), { unsent: 1, oldestAt: t0 + 9 });
    }));
}
