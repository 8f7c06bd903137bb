import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BackupRun } from '../../src/domain/run/run.ts';
import { accepted, claimed, type OpenStore, requestedRun, t0, withStore } from './records-samples.ts';
import { clusterEvent, quietWatch, scheduledRequest, viewOf, watchChange, watched } from './watch-samples.ts';

/** Runs that a watch's decision asks for, and what it is shown of them. */
export function watchRequestContract(open: OpenStore): void {
  test('a run that the schedule asks for is on record with its audit, and a worker gets it', () =>
    withStore(open, async ({ records }) => {
      const request = scheduledRequest('r-1', 'prod-east');
      const answer = await watched(records, quietWatch('prod-east'), { request });
      assert.equal(answer.outcome, 'changed');
      assert.deepEqual(await records.run('r-1'), { ...request.run, copyProgress: undefined });
      assert.deepEqual(
        (await records.auditLines('r-1')).map(({ action }) => action),
        ['requested'],
      );
      assert.equal(await records.takeNotice({ now: t0 }), undefined);
      assert.equal((await claimed(records, t0)).run.id, 'r-1');
      const view = await viewOf(records, 'prod-east');
      assert.equal(view.active?.id, 'r-1');
      assert.deepEqual(view.scheduled, [], 'one that is not over is reported as the active one');
    }));

  test('while another run is active nothing of the decision is written, and it is made again', () =>
    withStore(open, async ({ records }) => {
      await accepted(records, 'r-1');
      const events = [clusterEvent('schedule-run')];
      const seen: (string | undefined)[] = [];
      const answer = await records.decideWatch({
        cluster: 'prod-east',
        now: t0,
        deliveryId: 'd-1',
        decision: (view) => {
          seen.push(view.active?.id);
          const request = seen.length === 1 ? { request: scheduledRequest('r-2', 'prod-east') } : {};
          return watchChange(quietWatch('prod-east'), { events, ...request });
        },
      });
      assert.equal(answer.outcome, 'changed');
      assert.deepEqual(seen, ['r-1', 'r-1']);
      assert.equal((await records.clusterEvents('prod-east', { limit: 9 })).length, 1);
      assert.equal(await records.run('r-2'), undefined);
      assert.deepEqual(await records.auditLines('r-2'), []);
    }));

  test('a decision that insists on its run while another one is active is an error, not a loop', () =>
    withStore(open, async ({ records }) => {
      await accepted(records, 'r-1');
      const insisting = watched(records, quietWatch('prod-east'), {
        request: scheduledRequest('r-2', 'prod-east'),
        events: [clusterEvent('schedule-run')],
      });
      await assert.rejects(
        insisting,
        /run r-2 of cluster prod-east could not be put on record: another run is/,
      );
      assert.equal(await records.watch('prod-east'), undefined);
      assert.deepEqual(await records.clusterEvents('prod-east', { limit: 9 }), []);
    }));

  test('of requests of people and of the schedule at once exactly one is accepted', () =>
    withStore(open, async ({ records, reopen }) => {
      const openers = [records, await reopen()];
      const bySchedule: string[] = [];
      const byPeople = await Promise.all(
        Array.from({ length: 20 }, async (_, n) => {
          const store = openers[n % 2] ?? records;
          if (n % 4 < 2) {
            const run = requestedRun(`r-${n}`, 'prod-east');
            return (await store.accept({ run, deliveryId: `d-${n}`, audit: [], notices: [] })).outcome;
          }
          await store.decideWatch({
            cluster: 'prod-east',
            now: t0,
            decision: ({ active }) =>
              active
                ? undefined
                : watchChange(quietWatch('prod-east'), { request: scheduledRequest(`s-${n}`, 'prod-east') }),
          });
          return 'schedule';
        }),
      );
      for (const { id } of await records.runs({ active: true, limit: 9 })) {
        if (id.startsWith('s-')) bySchedule.push(id);
      }
      const accepted = byPeople.filter((outcome) => outcome === 'accepted').length;
      assert.equal(accepted + bySchedule.length, 1);
      assert.equal((await records.runs({ limit: 99 })).length, 1);
    }));

  test("a decision is shown its cluster's ten newest scheduled runs that are over, newest first", () =>
    withStore(open, async ({ records }) => {
      for (let n = 0; n < 12; n += 1) await records.importRun(ended(`s-${n}`, 'prod-east', t0 + n), []);
      await records.importRun({ ...ended('r-1', 'prod-east', t0 + 90), origin: { kind: 'command' } }, []);
      await records.importRun(ended('s-west', 'prod-west', t0 + 91), []);
      const { scheduled: shown } = await viewOf(records, 'prod-east');
      assert.deepEqual(
        shown.map(({ id }) => id),
        Array.from({ length: 10 }, (_, n) => `s-${11 - n}`),
      );
      assert.deepEqual(shown[0], await records.run('s-11'));
    }));
}

function ended(id: string, cluster: string, at: number): BackupRun {
  return requestedRun(id, cluster, {
    origin: { kind: 'schedule' },
    status: 'failed',
    requestedAt: at,
    finishedAt: at + 1,
    copyProgress: undefined,
  });
}
