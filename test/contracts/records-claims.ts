import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClaimLostError } from '../../src/workflow/records.ts';
import { backedUp, copy } from './ended-runs-samples.ts';
import {
  accepted,
  cardNotice,
  change,
  claimed,
  event,
  lead,
  leaseMs,
  type OpenStore,
  requestedRun,
  t0,
  vote,
  withStore,
} from './records-samples.ts';

/** `claim`, `renew`, `advance`, `release`. */
export function claimsContract(open: OpenStore): void {
  test('the run that has been due longest is claimed first, and by one worker only', () =>
    withStore(open, async ({ records, reopen }) => {
      await accepted(records, 'r-young', 'prod-east', { run: { requestedAt: t0 + 1 } });
      await accepted(records, 'r-old', 'prod-west', { run: { requestedAt: t0 } });
      const other = await reopen();
      assert.equal((await claimed(records, t0 + 9)).run.id, 'r-old');
      assert.equal((await claimed(other, t0 + 9)).run.id, 'r-young');
      assert.equal(await other.claim({ owner: 'worker-3', now: t0 + 9, leaseMs }), undefined);
    }));

  test('people go before schedules and copies that are tried again, emergencies before all, however late they came', () =>
    withStore(open, async ({ records }) => {
      const schedule = { kind: 'schedule' } as const;
      await accepted(records, 'r-copy', 'c-0', { run: { requestedAt: t0 - 9 } });
      const held = await claimed(records, t0 - 9);
      const copies = [{ ...copy('snapshot', undefined), nextTryAt: t0 - 8 }];
      const { success } = backedUp('r-copy', 'c-0', t0 - 9, { success: { copies } });
      for (const status of ['waiting', 'approved', 'running', 'succeeded'] as const)
        await records.advance(held, change({ status, success }));
      await accepted(records, 'r-slot', 'c-1', { run: { requestedAt: t0, origin: schedule } });
      await accepted(records, 'r-voted', 'c-2', {
        run: { requestedAt: t0 + 1, origin: schedule, votes: [vote(t0 + 1)] },
      });
      await accepted(records, 'r-person', 'c-3', { run: { requestedAt: t0 + 2 } });
      await accepted(records, 'r-alarm', 'c-4', { run: { requestedAt: t0 + 3, emergency: 'now' } });
      const next = async (forPeople: boolean) =>
        (await records.claim({ owner: 'worker-1', now: t0 + 9, leaseMs, forPeople }))?.run.id;
      assert.equal(await next(false), 'r-alarm');
      assert.deepEqual([await next(true), await next(true)], ['r-voted', 'r-person']);
      assert.equal(await next(true), undefined, 'nobody waits for the others');
      assert.deepEqual([await next(false), await next(false)], ['r-copy', 'r-slot']);
    }));

  test('a run that is not due yet is left alone until it is', () =>
    withStore(open, async ({ records }) => {
      await accepted(records, 'r-1');
      const early = await records.claim({ owner: 'worker-1', now: t0 - 1, leaseMs });
      assert.equal(early, undefined);
      const claim = await claimed(records, t0);
      await records.advance(claim, change({ status: 'waiting', expiresAt: t0 + 1000 }));
      await records.release(claim);
      assert.equal(await records.claim({ owner: 'worker-1', now: t0 + 999, leaseMs }), undefined);
      const answer = await records.decide({
        runId: 'r-1',
        deliveryId: 'd-vote',
        now: t0 + 10,
        decision: () => change({ votes: [vote(t0 + 10)] }),
      });
      assert.equal(answer.outcome, 'changed');
      const byVote = await claimed(records, t0 + 11);
      await records.advance(byVote, change({ votes: [] }));
      await records.release(byVote);
      assert.equal(await records.claim({ owner: 'worker-1', now: t0 + 999, leaseMs }), undefined);
      await claimed(records, t0 + 1000);
    }));

  test('a lease that ran out is taken over with a higher fence, and the old claim can do nothing more', () =>
    withStore(open, async ({ records, reopen }) => {
      await accepted(records, 'r-1');
      const old = await claimed(records, t0, 'worker-1');
      const other = await reopen();
      assert.equal(await other.claim({ owner: 'worker-2', now: t0 + leaseMs - 1, leaseMs }), undefined);
      const held = await claimed(other, t0 + leaseMs, 'worker-2');
      assert.ok(held.fence > old.fence);

      const step = change({ status: 'waiting' }, { audit: [event('checked', t0)], notices: [cardNotice] });
      await assert.rejects(records.advance(old, step), ClaimLostError);
      assert.equal(await records.renew(old, { now: t0 + leaseMs, leaseMs: 10 * leaseMs }), false);
      await records.release(old);
      assert.equal((await records.run('r-1'))?.status, 'requested');
      assert.deepEqual(await records.auditLines('r-1'), []);
      assert.equal(await records.takeNotice({ now: t0 }), undefined);
      assert.equal(await records.claim({ owner: 'worker-3', now: t0 + 2 * leaseMs - 1, leaseMs }), undefined);
      assert.equal((await other.advance(held, step)).status, 'waiting');
    }));

  test('the same worker that claims again after its lease ran out has lost its old claim too', () =>
    withStore(open, async ({ records }) => {
      await accepted(records, 'r-1');
      const old = await claimed(records, t0);
      await claimed(records, t0 + leaseMs);
      await assert.rejects(records.advance(old, change({ status: 'waiting' })), ClaimLostError);
      assert.equal(await records.renew(old, { now: t0 + leaseMs, leaseMs }), false);
    }));

  test('a renewed lease holds, a released one is free at once', () =>
    withStore(open, async ({ records }) => {
      await accepted(records, 'r-1');
      const first = await claimed(records, t0);
      assert.equal(await records.renew(first, { now: t0 + leaseMs - 1, leaseMs }), true);
      assert.equal(await records.claim({ owner: 'worker-2', now: t0 + leaseMs, leaseMs }), undefined);
      await records.release(first);
      await records.release(first);
      const second = await claimed(records, t0 + leaseMs, 'worker-2');
      assert.ok(second.fence > first.fence);
      await records.release(first);
      assert.equal(await records.renew(second, { now: t0 + leaseMs, leaseMs }), true);
    }));

  test('of many workers at once exactly one gets the run', () =>
    withStore(open, async ({ records, reopen }) => {
      await accepted(records, 'r-1');
      const openers = [records, await reopen()];
      const claims = await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          openers[n % 2]?.claim({ owner: `worker-${n}`, now: t0, leaseMs }),
        ),
      );
      assert.equal(claims.filter((claim) => claim !== undefined).length, 1);
    }));

  test('people may decide while a worker holds the run: its step sees the newest and keeps what it does not name', () =>
    withStore(open, async ({ records }) => {
      await accepted(records, 'r-1', 'prod-east', { run: { votes: [vote(t0)] } });
      await lead(records, 'waiting');
      const claim = await claimed(records, t0);
      for (const n of [1, 2]) {
        await records.decide({
          runId: 'r-1',
          deliveryId: `d-${n}`,
          now: t0 + n,
          decision: (run) => change({ votes: [...run.votes, vote(t0 + n)] }),
        });
      }
      const plain = await records.advance(claim, change({ expiresAt: t0 + 50 }));
      assert.equal(plain.votes.length, 3);
      const byFunction = await records.advance(claim, (run) => change({ votes: run.votes.slice(1) }));
      assert.equal(byFunction.votes.length, 2);
      assert.equal(byFunction.expiresAt, t0 + 50);
      const cleared = await records.advance(claim, change({ expiresAt: undefined }));
      assert.equal(cleared.expiresAt, undefined);
      assert.deepEqual(await records.run('r-1'), cleared);
    }));

  test('an illegal step throws and writes nothing, the claim stays', () =>
    withStore(open, async ({ records }) => {
      await accepted(records, 'r-1');
      const claim = await claimed(records, t0);
      await assert.rejects(
        records.advance(claim, change({ status: 'running' }, { audit: [event('started', t0)] })),
        /r-1 may not go from requested to running/,
      );
      assert.deepEqual(await records.auditLines('r-1'), []);
      assert.equal((await records.advance(claim, change({ status: 'waiting' }))).status, 'waiting');
    }));

  test('a run that is over belongs to nobody, whoever ended it', () =>
    withStore(open, async ({ records }) => {
      await accepted(records, 'r-1');
      const worker = await claimed(records, t0);
      await records.advance(worker, change({ status: 'failed' }));
      await assert.rejects(records.advance(worker, change({ endReason: 'late' })), ClaimLostError);
      assert.equal(await records.renew(worker, { now: t0, leaseMs }), false);

      await accepted(records, 'r-2');
      const holding = await claimed(records, t0);
      await records.decide({
        runId: 'r-2',
        deliveryId: 'd-cancel',
        now: t0,
        decision: () => change({ status: 'cancelled' }),
      });
      await assert.rejects(records.advance(holding, change({ status: 'waiting' })), ClaimLostError);
      assert.equal(await records.renew(holding, { now: t0, leaseMs }), false);
      assert.equal(await records.claim({ owner: 'worker-2', now: t0 + 10 * leaseMs, leaseMs }), undefined);
    }));

  test("the card's place is remembered beside whatever a step writes", () =>
    withStore(open, async ({ records }) => {
      await accepted(records, 'r-1');
      const claim = await claimed(records, t0);
      await records.cardPosted('r-1', { channel: 'C0OPS', ts: '1736910000.000100' });
      const run = await records.advance(claim, change({ status: 'waiting' }));
      assert.deepEqual(run.card, { channel: 'C0OPS', ts: '1736910000.000100' });
      assert.deepEqual((await records.runs({ limit: 1 }))[0]?.card, run.card);
      await assert.rejects(records.cardPosted('r-none', { channel: 'C0OPS', ts: '1' }), /r-none/);
    }));

  test('a run that could not be read again is not written', () =>
    withStore(open, async ({ records }) => {
      const run = requestedRun('r-1', 'prod-east', { requestedAt: Number.NaN });
      await assert.rejects(records.accept({ run, deliveryId: 'd-1', audit: [], notices: [] }), /r-1/);
      await accepted(records, 'r-1');
    }));
}
