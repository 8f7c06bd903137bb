import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BackupRun } from '../../src/domain/run/run.ts';
import type { RunChange } from '../../src/workflow/ports/records.ts';
import {
  accepted,
  approver,
  cardNotice,
  change,
  event,
  lead,
  type OpenStore,
  requestedRun,
  t0,
  vote,
  withStore,
} from './records-samples.ts';

/** `accept`, `decide` and reading. */
export function requestsContract(open: OpenStore): void {
  test('a request is on record as it was given, also for the next process that opens the records', () =>
    withStore(open, async ({ records, reopen }) => {
      const run = requestedRun('r-1', 'prod-east', {
        reason: 'quotes \' " and \u0000, 한국어, \u{1f6df}',
        nodeWanted: 'master-1',
        votes: [vote(t0)],
      });
      const answer = await records.accept({ run, deliveryId: 'd-1', audit: [], notices: [] });
      assert.equal(answer.outcome, 'accepted');
      const again = await reopen();
      const read = await again.run('r-1');
      assert.deepEqual(answer.run, read);
      assert.equal(read?.reason, run.reason);
      assert.equal(read?.votes[0]?.person.slackUser, approver.slackUser);
      assert.ok(read && 'plan' in read && read.plan === undefined, 'fields without a value are there');
      assert.equal(await again.run('r-none'), undefined);
    }));

  test('a delivery that comes twice is a duplicate, whatever it asks for and in any process', () =>
    withStore(open, async ({ records, reopen }) => {
      await accepted(records, 'r-1');
      const second = await (await reopen()).accept({
        run: requestedRun('r-2', 'prod-west'),
        deliveryId: 'delivery-of-r-1',
        audit: [event('requested', t0)],
        notices: [cardNotice],
      });
      assert.equal(second.outcome, 'duplicate');
      assert.equal(second.run?.id, 'r-1');
      assert.equal(await records.run('r-2'), undefined);
      assert.deepEqual(await records.auditLines('r-2'), []);
    }));

  for (const path of [
    [],
    ['waiting'],
    ['waiting', 'approved'],
    ['waiting', 'approved', 'running'],
  ] as const) {
    test(`a cluster with a run that is ${path.at(-1) ?? 'requested'} is busy, and nothing but the delivery is on record`, () =>
      withStore(open, async ({ records }) => {
        await accepted(records, 'r-1');
        await lead(records, ...path);
        const ask = { run: requestedRun('r-2', 'prod-east'), audit: [], notices: [cardNotice] };
        const busy = await records.accept({ ...ask, deliveryId: 'd-2' });
        assert.equal(busy.outcome, 'busy');
        assert.equal(busy.run?.id, 'r-1');
        assert.equal(await records.run('r-2'), undefined);
        assert.equal(await records.takeNotice({ now: t0 }), undefined);
        const again = await records.accept({
          ...ask,
          run: requestedRun('r-3', 'prod-west'),
          deliveryId: 'd-2',
        });
        assert.equal(again.outcome, 'duplicate', 'a delivery that was answered starts nothing later');
        assert.equal(await records.run('r-3'), undefined);
      }));
  }

  test('a cluster whose run is over takes the next one', () =>
    withStore(open, async ({ records }) => {
      await accepted(records, 'r-1');
      await lead(records, 'cancelled');
      await accepted(records, 'r-2');
    }));

  test('of many requests at once for one cluster exactly one is accepted', () =>
    withStore(open, async ({ records, reopen }) => {
      const openers = [records, await reopen()];
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          openers[n % 2]?.accept({
            run: requestedRun(`r-${n}`, 'prod-east'),
            deliveryId: `d-${n}`,
            audit: [],
            notices: [],
          }),
        ),
      );
      const winners = answers.filter((answer) => answer?.outcome === 'accepted');
      assert.equal(winners.length, 1);
      for (const answer of answers) assert.equal(answer?.run?.id, winners[0]?.run?.id);
    }));

  test('a decision sees the run as it is and changes only what it names', () =>
    withStore(open, async ({ records }) => {
      const run = await accepted(records, 'r-1');
      await lead(records, 'waiting');
      const seen: BackupRun[] = [];
      const answer = await records.decide({
        runId: 'r-1',
        deliveryId: 'd-vote',
        now: t0 + 5,
        decision: (now): RunChange => {
          seen.push(now);
          return change({ votes: [vote(t0 + 5)] }, { audit: [event('vote-received', t0 + 5)] });
        },
      });
      assert.equal(seen[0]?.status, 'waiting');
      assert.equal(answer.outcome, 'changed');
      const read = await records.run('r-1');
      assert.equal(read?.votes.length, 1);
      assert.equal(read?.status, 'waiting');
      assert.equal(read?.reason, run.reason);
      assert.equal((await records.auditLines('r-1')).at(-1)?.action, 'vote-received');
    }));

  test('one delivery is decided on once, also when the decision was a refusal', () =>
    withStore(open, async ({ records }) => {
      await accepted(records, 'r-1');
      let asked = 0;
      const decide = () =>
        records.decide({
          runId: 'r-1',
          deliveryId: 'd-click',
          now: t0,
          decision: () => {
            asked += 1;
            return { refusal: 'not-waiting' as const };
          },
        });
      const first = await decide();
      assert.equal(first.outcome === 'refused' && first.refusal, 'not-waiting');
      assert.equal(first.outcome !== 'no-such-run' && first.run.id, 'r-1');
      assert.equal((await decide()).outcome, 'duplicate');
      assert.equal(asked, 1);
      assert.deepEqual(await records.auditLines('r-1'), []);
    }));

  test('a decision on an unknown run is not asked for', () =>
    withStore(open, async ({ records }) => {
      const answer = await records.decide({
        runId: 'r-none',
        deliveryId: 'd-1',
        now: t0,
        decision: () => assert.fail('nothing to decide on'),
      });
      assert.deepEqual(answer, { outcome: 'no-such-run' });
    }));

  test('an illegal transition and a decision that throws write nothing, not even the delivery', () =>
    withStore(open, async ({ records }) => {
      await accepted(records, 'r-1');
      const decide = (decision: () => RunChange) =>
        records.decide({ runId: 'r-1', deliveryId: 'd-1', now: t0, decision });
      await assert.rejects(
        decide(() => change({ status: 'succeeded' }, { audit: [event('succeeded', t0)] })),
        /r-1 may not go from requested to succeeded/,
      );
      await assert.rejects(
        decide(() => assert.fail('cannot decide')),
        /cannot decide/,
      );
      assert.deepEqual(await records.auditLines('r-1'), []);
      assert.equal((await decide(() => change({ status: 'cancelled' }))).outcome, 'changed');
      await assert.rejects(
        records.decide({
          runId: 'r-1',
          deliveryId: 'd-2',
          now: t0,
          decision: () => change({ status: 'waiting' }),
        }),
        /from cancelled to waiting/,
      );
    }));

  test('votes from two openers at once are all kept', () =>
    withStore(open, async ({ records, reopen }) => {
      await accepted(records, 'r-1');
      await lead(records, 'waiting');
      const openers = [records, await reopen()];
      await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          openers[n % 2]?.decide({
            runId: 'r-1',
            deliveryId: `d-${n}`,
            now: t0 + n,
            decision: (run) =>
              change({ votes: [...run.votes, vote(t0 + n)] }, { audit: [event('vote-received', t0 + n)] }),
          }),
        ),
      );
      assert.equal((await records.run('r-1'))?.votes.length, 20);
      assert.equal((await records.auditLines('r-1')).length, 20);
    }));

  test('runs are listed newest first, by cluster, by being active, by success', () =>
    withStore(open, async ({ records }) => {
      await accepted(records, 'r-1', 'prod-east', { run: { requestedAt: t0 } });
      await lead(records, 'waiting', 'approved', 'running', 'succeeded');
      await accepted(records, 'r-2', 'prod-east', { run: { requestedAt: t0 - 2 } });
      await lead(records, 'failed');
      await accepted(records, 'r-3', 'prod-east', { run: { requestedAt: t0 + 3 } });
      await accepted(records, 'r-4', 'prod-west', { run: { requestedAt: t0 + 1 } });
      const ids = async (filter: Omit<Parameters<typeof records.runs>[0], 'limit'>, limit = 10) =>
        (await records.runs({ ...filter, limit })).map((run) => run.id);
      // As they came, whatever their dates say.
      assert.deepEqual(await ids({}), ['r-4', 'r-3', 'r-2', 'r-1']);
      assert.deepEqual(await ids({}, 2), ['r-4', 'r-3']);
      assert.deepEqual(await ids({ cluster: 'prod-east' }), ['r-3', 'r-2', 'r-1']);
      assert.deepEqual(await ids({ active: true }), ['r-4', 'r-3']);
      assert.deepEqual(await ids({ active: false }), ['r-2', 'r-1']);
      assert.deepEqual(await ids({ succeeded: true }), ['r-1']);
      assert.deepEqual(await ids({ succeeded: false, active: false }), ['r-2']);
      assert.deepEqual(await ids({ cluster: 'prod-west', succeeded: true }), []);
    }));
}
