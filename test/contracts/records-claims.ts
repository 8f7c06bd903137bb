import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Claim, ClaimLostError, type Records } from '../../src/workflow/ports/records.ts';
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

function claimOf(records: Records, now: number, owner = 'worker-1'): Promise<Claim | undefined> {
  return records.claim({ owner, now, monotonic: now, leaseMs });
}

/** Looks for work at a time of its own monotonic clock. */
function watcherOf(records: Records, owner: string): (monotonic: number) => Promise<Claim | undefined> {
  return (monotonic) => records.claim({ owner, now: t0, monotonic, leaseMs });
}

/** `recover`, `claim`, `renew`, `advance`, `release`. */
export function claimsContract(open: OpenStore): void {
  test('the run that has been due longest is claimed first, and by one worker only', () =>
    withStore(open, async ({ records, reopen }) => {
      await accepted(records, 'r-young', 'prod-east', { run: { requestedAt: t0 + 1 } });
      await accepted(records, 'r-old', 'prod-west', { run: { requestedAt: t0 } });
      const other = await reopen();
      assert.equal((await claimed(records, t0 + 9)).run.id, 'r-old');
      assert.equal((await claimed(other, t0 + 9)).run.id, 'r-young');
      assert.equal(await claimOf(other, t0 + 9, 'worker-3'), undefined);
    }));

  test('people go before schedules and copies that are tried again, emergencies before all, however late they came', () =>
    withStore(open, async ({ records }) => {
      const schedule = { kind: 'schedule' } as const;
      await accepted(records, 'r-copy', 'c-0', { run: { requestedAt: t0 - 9 } });
      const held = await claimed(records, t0 - 9);
      const copies = [{ ...copy('snapshot', undefined), nextTryAt: t0 - 8 }];
      const { success } = backedUp('r-copy', 'c-0', t0 - 9, { success: { copies } });
      for (const status of ['waiting', 'approved', 'running'] as const)
        await records.advance(held, change({ status }));
      await records.advance(held, change({ status: 'succeeded', success }));
      await accepted(records, 'r-slot', 'c-1', { run: { requestedAt: t0, origin: schedule } });
      await accepted(records, 'r-voted', 'c-2', {
        run: { requestedAt: t0 + 1, origin: schedule, votes: [vote(t0 + 1)] },
      });
      await accepted(records, 'r-person', 'c-3', { run: { requestedAt: t0 + 2 } });
      await accepted(records, 'r-alarm', 'c-4', { run: { requestedAt: t0 + 3, emergency: 'now' } });
      const next = async (forPeople: boolean) =>
        (await records.claim({ owner: 'worker-1', now: t0 + 9, monotonic: 0, leaseMs, forPeople }))?.run.id;
      assert.equal(await next(false), 'r-alarm');
      assert.deepEqual([await next(true), await next(true)], ['r-voted', 'r-person']);
      assert.equal(await next(true), undefined, 'no person waits for the others');
      assert.deepEqual([await next(false), await next(false)], ['r-copy', 'r-slot']);
    }));

  test('a run that is not due yet is left alone until it is', () =>
    withStore(open, async ({ records }) => {
      await accepted(records, 'r-1');
      const claim = await claimed(records, t0);
      await records.advance(claim, change({ status: 'waiting', expiresAt: t0 + 1000 }));
      await records.release(claim);
      assert.equal(await claimOf(records, t0 + 999), undefined);
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
      assert.equal(await claimOf(records, t0 + 999), undefined);
      await claimed(records, t0 + 1000);
    }));

  test('what people asked for, voted on or began does not wait for a clock that was set back', () =>
    withStore(open, async ({ records }) => {
      const early = t0 - 2 * 3_600_000;
      await accepted(records, 'r-1');
      const requested = await claimed(records, early);
      await records.advance(requested, change({ status: 'waiting', expiresAt: t0 + 1000 }));
      await records.release(requested);
      assert.equal(await claimOf(records, early), undefined, 'it waits for people');
      const decision = () => change({ votes: [vote(early)] });
      await records.decide({ runId: 'r-1', deliveryId: 'd-vote', now: early, decision });
      const voted = await claimed(records, early);
      await records.advance(voted, change({ status: 'approved', votes: [] }));
      await records.release(voted);
      const approved = await claimed(records, early);
      await records.advance(approved, change({ status: 'running', startedAt: t0 }));
      await records.release(approved);
      assert.equal((await claimed(records, early)).run.status, 'running');
    }));

  test('a round of copies that a clock far ahead put off is due once the clock is right, a usual one is waited for', () =>
    withStore(open, async ({ records }) => {
      const hourMs = 3_600_000;
      const putOff = async (id: string, cluster: string, nextTryAt: number) => {
        await accepted(records, id, cluster, { run: { requestedAt: t0 - 9 } });
        const held = await claimed(records, t0 - 9);
        const copies = [{ ...copy('snapshot', undefined), nextTryAt }];
        const { success } = backedUp(id, cluster, t0 - 9, { success: { copies } });
        for (const status of ['waiting', 'approved', 'running'] as const)
          await records.advance(held, change({ status }));
        await records.advance(held, change({ status: 'succeeded', success }));
      };
      await putOff('r-usual', 'c-0', t0 + 6 * hourMs);
      assert.equal(await claimOf(records, t0), undefined);
      await putOff('r-far', 'c-1', t0 + 7 * hourMs);
      assert.equal((await claimed(records, t0)).run.id, 'r-far');
    }));

  test('what a failed run left on its node is not kept there by a clock that went ahead, a usual pause is waited for', () =>
    withStore(open, async ({ records }) => {
      const minuteMs = 60_000;
      const left = { node: 'cp-0', paths: undefined, sessionPod: 'etcd-backup-session' };
      const why = {
        failure: { kind: 'internal', params: { detail: 'x' } },
        step: undefined,
        outputTail: [],
      } as const;
      const putOff = async (id: string, cluster: string, nextTryAt: number) => {
        await accepted(records, id, cluster, { run: { requestedAt: t0 - 9 } });
        const held = await claimed(records, t0 - 9);
        const failed = { ...why, left, cleanUp: { tries: 3, nextTryAt } };
        await records.advance(held, change({ status: 'failed', failed }));
      };
      await putOff('r-usual', 'c-0', t0 + 15 * minuteMs);
      assert.equal(await claimOf(records, t0), undefined);
      await putOff('r-far', 'c-1', t0 + 16 * minuteMs);
      assert.equal((await claimed(records, t0)).run.id, 'r-far');
    }));

  test('a holder without a heartbeat for a lease is given up, its claim with the lower fence can do nothing more', () =>
    withStore(open, async ({ records, reopen }) => {
      await accepted(records, 'r-1');
      const old = await claimed(records, t0, 'worker-1');
      const other = await reopen();
      const watching = watcherOf(other, 'worker-2');
      assert.equal(await watching(0), undefined);
      assert.equal(await watching(leaseMs / 2), undefined);
      assert.equal(await watching(leaseMs - 1), undefined);
      const held = (await watching(leaseMs)) ?? assert.fail('its lease ran out');
      assert.ok(held.fence > old.fence);

      const step = change({ status: 'waiting' }, { audit: [event('checked', t0)], notices: [cardNotice] });
      await assert.rejects(records.advance(old, step), ClaimLostError);
      assert.equal(await records.renew(old, { leaseMs: 10 * leaseMs }), false);
      await records.release(old);
      assert.equal((await records.run('r-1'))?.status, 'requested');
      assert.deepEqual(await records.auditLines('r-1'), []);
      assert.equal(await records.takeNotice({ now: t0 }), undefined);
      assert.equal(await claimOf(records, t0, 'worker-3'), undefined);
      assert.equal((await other.advance(held, step)).status, 'waiting');
    }));

  test('no clock that may be set ends a lease: neither years ahead, nor at the claim', () =>
    withStore(open, async ({ records, reopen }) => {
      await accepted(records, 'r-1');
      const threeHours = 3 * 3_600_000;
      const ahead = await claimed(records, t0 + threeHours, 'worker-1');
      const other = await reopen();
      const look = (now: number, monotonic: number) =>
        other.claim({ owner: 'worker-2', now, monotonic, leaseMs });
      assert.equal(await look(t0, 0), undefined);
      assert.equal(await look(t0 + 365 * 24 * 3_600_000, 1), undefined);
      await look(t0, leaseMs / 2);
      const held = (await look(t0, leaseMs)) ?? assert.fail('held for three hours by a clock that was wrong');
      assert.ok(held.fence > ahead.fence);
    }));

  test('while a process was stopped itself it saw nothing: it watches others for a lease before it gives them up', () =>
    withStore(open, async ({ records, reopen }) => {
      await accepted(records, 'r-1');
      const held = await claimed(records, t0);
      const watching = watcherOf(await reopen(), 'worker-2');
      assert.equal(await watching(0), undefined);
      // Both on a machine that was paused for an hour: the holder had no chance to give a heartbeat either.
      assert.equal(await watching(3_600_000), undefined);
      assert.equal(await records.renew(held, { leaseMs }), true);
      assert.equal(await watching(3_600_000 + leaseMs / 2), undefined);
      assert.equal(await watching(3_600_000 + leaseMs), undefined);
      assert.ok(await watching(3_600_000 + 1.5 * leaseMs));
    }));

  test('a process never takes from itself what it works on, however long it was stopped, and may go on', () =>
    withStore(open, async ({ records }) => {
      await accepted(records, 'r-1');
      const held = await claimed(records, t0);
      const own = { owner: 'worker-1', now: t0, leaseMs, working: ['r-1'] };
      for (const monotonic of [0, leaseMs, 2 * leaseMs, 9 * leaseMs])
        assert.equal(await records.claim({ ...own, monotonic }), undefined);
      assert.equal(await records.renew(held, { leaseMs }), true);
      assert.equal((await records.advance(held, change({ status: 'waiting' }))).status, 'waiting');
    }));

  test('what a process holds and no longer works on is taken up again after the lease, with a higher fence', () =>
    withStore(open, async ({ records }) => {
      await accepted(records, 'r-1');
      const old = await claimed(records, 0);
      const watching = watcherOf(records, 'worker-1');
      assert.equal(await watching(0), undefined);
      assert.equal(await watching(leaseMs / 2), undefined);
      assert.ok(await watching(leaseMs));
      await assert.rejects(records.advance(old, change({ status: 'waiting' })), ClaimLostError);
      assert.equal(await records.renew(old, { leaseMs }), false);
    }));

  test('a heartbeat keeps a lease, a released run is free at once', () =>
    withStore(open, async ({ records }) => {
      await accepted(records, 'r-1');
      const first = await claimed(records, t0);
      const watching = watcherOf(records, 'worker-2');
      await watching(0);
      await watching(leaseMs / 2);
      assert.equal(await records.renew(first, { leaseMs }), true);
      assert.equal(await watching(leaseMs), undefined);
      await records.release(first);
      await records.release(first);
      const second = await claimed(records, t0, 'worker-2');
      assert.ok(second.fence > first.fence);
      await records.release(first);
      assert.equal(await records.renew(second, { leaseMs }), true);
    }));

  test('the only process there is voids what others held before it, at once', () =>
    withStore(open, async ({ records, reopen }) => {
      await accepted(records, 'r-1');
      const dead = await claimed(records, t0 + 3 * 3_600_000, 'worker-1');
      const next = await reopen();
      await next.recover();
      const held = await claimed(next, t0, 'worker-2');
      assert.ok(held.fence > dead.fence);
      await assert.rejects(records.advance(dead, change({ status: 'waiting' })), ClaimLostError);
    }));

  test('of many workers at once exactly one gets the run', () =>
    withStore(open, async ({ records, reopen }) => {
      await accepted(records, 'r-1');
      const openers = [records, await reopen()];
      const claims = await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          openers[n % 2]?.claim({ owner: `worker-${n}`, now: t0, monotonic: 0, leaseMs }),
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

  test('a run that is over has no owner, no matter who ended it', () =>
    withStore(open, async ({ records }) => {
      await accepted(records, 'r-1');
      const worker = await claimed(records, t0);
      await records.advance(worker, change({ status: 'failed' }));
      await assert.rejects(records.advance(worker, change({ endReason: 'late' })), ClaimLostError);
      assert.equal(await records.renew(worker, { leaseMs }), false);

      await accepted(records, 'r-2');
      const holding = await claimed(records, t0);
      await records.decide({
        runId: 'r-2',
        deliveryId: 'd-cancel',
        now: t0,
        decision: () => change({ status: 'cancelled' }),
      });
      await assert.rejects(records.advance(holding, change({ status: 'waiting' })), ClaimLostError);
      assert.equal(await records.renew(holding, { leaseMs }), false);
      assert.equal(await claimOf(records, t0 + 10 * leaseMs, 'worker-2'), undefined);
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
