import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClusterNotice } from '../../src/domain/watch/cluster-notice.ts';
import {
  accepted,
  cardNotice,
  type OpenStore,
  sendAll,
  t0,
  threadNotice,
  withStore,
} from './records-samples.ts';
import { openReminder, quietWatch, watchChange, watched } from './watch-samples.ts';

const reminder: ClusterNotice = { kind: 'reminder', id: 'm-1' };
const repeat: ClusterNotice = { kind: 'nag', id: 'm-1', nag: 1 };

function toOwner(slackUser: string): ClusterNotice {
  const say = { type: 'schedule-failed', runId: 'r-1', failures: 2, nextStartAt: undefined } as const;
  return { kind: 'private', slackUser, say };
}

/** Messages about clusters: their order, beside that of runs, and live messages that say the same. */
export function watchOutboxContract(open: OpenStore): void {
  test('a message about a cluster names it, and is dated with the time of its decision', () =>
    withStore(open, async ({ records }) => {
      await records.decideWatch({
        cluster: 'prod-east',
        now: t0 + 5,
        decision: () => watchChange(quietWatch('prod-east'), { notices: [repeat] }),
      });
      const item = await records.takeNotice({ now: t0 + 5 });
      assert.deepEqual(
        { ...item, id: 0 },
        {
          id: 0,
          about: 'cluster',
          cluster: 'prod-east',
          notice: repeat,
          state: 'posting',
          attempts: 0,
          mayHaveArrived: false,
          createdAt: t0 + 5,
        },
      );
    }));

  test('a cluster has an order of its own, beside those of its runs and of other clusters', () =>
    withStore(open, async ({ records }) => {
      // A run that is called as the cluster is: they must not wait for each other.
      await accepted(records, 'prod-east', 'prod-east', { notices: [cardNotice, threadNotice(t0 + 1)] });
      await watched(records, quietWatch('prod-east'), { notices: [reminder, repeat] });
      await watched(records, quietWatch('prod-west'), { notices: [repeat] });
      const card = await records.takeNotice({ now: t0 });
      await records.noticeDelayed(card?.id ?? 0, { retryAt: t0 + 100, error: 'ratelimited' });
      const first = await records.takeNotice({ now: t0 });
      assert.deepEqual(first?.notice, reminder);
      await records.noticeDelayed(first?.id ?? 0, { retryAt: t0 + 50, error: 'ratelimited' });
      assert.deepEqual(await sendAll(records, t0), ['prod-west nag']);
      assert.deepEqual(await sendAll(records, t0 + 50), ['prod-east reminder', 'prod-east nag']);
      assert.deepEqual(await sendAll(records, t0 + 100), ['prod-east card', 'prod-east thread+1']);
    }));

  test('what goes to owners alone does not wait for the channel, and keeps an order of its own', () =>
    withStore(open, async ({ records }) => {
      const notices = [reminder, toOwner('U1'), repeat, toOwner('U2'), toOwner('U1')];
      await watched(records, quietWatch('prod-east'), { notices });
      const lost = await records.takeNotice({ now: t0 });
      await records.noticeDelayed(lost?.id ?? 0, { retryAt: t0 + 100, error: 'is_archived' });
      const first = await records.takeNotice({ now: t0 });
      assert.equal(first?.notice.kind === 'private' && first.notice.slackUser, 'U1');
      await records.noticeDelayed(first?.id ?? 0, { retryAt: t0 + 50, error: 'missing_scope' });
      const other = await records.takeNotice({ now: t0 });
      assert.equal(other?.notice.kind === 'private' && other.notice.slackUser, 'U2', 'nothing waits for U1');
      await records.noticeSent(other?.id ?? 0, { now: t0, ts: undefined });
      assert.equal(
        await records.takeNotice({ now: t0 }),
        undefined,
        'the repeat waits for the reminder, U1 for U1',
      );
      assert.deepEqual(await sendAll(records, t0 + 50), ['prod-east private', 'prod-east private']);
      assert.deepEqual(await sendAll(records, t0 + 100), ['prod-east reminder', 'prod-east nag']);
    }));

  test('a live message that waits for its first try covers every later one of the same id, and no other', () =>
    withStore(open, async ({ records, reopen }) => {
      const alarm: ClusterNotice = { kind: 'alarm', id: 'm-1' };
      await watched(records, quietWatch('prod-east'), { notices: [reminder, alarm, repeat, reminder] });
      await watched(records, quietWatch('prod-west'), { notices: [reminder] });
      await watched(await reopen(), quietWatch('prod-east'), {
        notices: [reminder, { kind: 'reminder', id: 'm-2' }, alarm, repeat],
      });
      assert.deepEqual(await sendAll(records, t0), [
        'prod-east reminder',
        'prod-east alarm',
        'prod-east nag',
        'prod-west reminder',
        'prod-east reminder',
        'prod-east nag',
      ]);
    }));

  test('a live message that is being posted, or was tried, does not cover a later change', () =>
    withStore(open, async ({ records }) => {
      await watched(records, quietWatch('prod-east'), { notices: [reminder] });
      const posting = await records.takeNotice({ now: t0 });
      await watched(records, quietWatch('prod-east'), { notices: [reminder] });
      await records.noticeDelayed(posting?.id ?? 0, { retryAt: t0, error: 'timeout' });
      assert.deepEqual(await sendAll(records, t0), ['prod-east reminder', 'prod-east reminder']);
    }));

  test('what was being posted when the bot died is handed out again, and says that it was tried', () =>
    withStore(open, async ({ records, reopen }) => {
      const watch = quietWatch('prod-east', { reminder: openReminder('m-1') });
      await watched(records, watch, { notices: [reminder, repeat] });
      const lost = await records.takeNotice({ now: t0 });
      await records.close();
      const restarted = await reopen();
      await restarted.recover();
      const again = await restarted.takeNotice({ now: t0 });
      assert.deepEqual([again?.id, again?.attempts], [lost?.id, 1]);
      assert.deepEqual(await restarted.watch('prod-east'), watch);
    }));
}
