import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClusterWatch } from '../../src/domain/watch/cluster-watch.ts';
import type { WatchView } from '../../src/workflow/ports/records.ts';
import { later, type OpenStore, t0, withStore } from './records-samples.ts';
import {
  clusterEvent,
  next,
  openAlarm,
  openReminder,
  quietWatch,
  release,
  scheduledRequest,
  watchChange,
  watched,
} from './watch-samples.ts';

/** `decideWatch`, `watch`, `watchMessagePosted`, `clusterEvents`. */
export function watchContract(open: OpenStore): void {
  for (const [what, watch] of Object.entries(watches())) {
    test(`a watch reads back as it was written, field by field: ${what}`, () =>
      withStore(open, async ({ records, reopen }) => {
        assert.equal(await records.watch('prod-east'), undefined);
        const answer = await watched(records, watch);
        assert.deepEqual(answer, { outcome: 'changed', watch });
        const other = await reopen();
        assert.deepEqual(await other.watch('prod-east'), watch);
        assert.equal(await other.watch('prod-west'), undefined);
      }));
  }

  test('a decision sees the watch as it is, and nothing else of it stays but what it says', () =>
    withStore(open, async ({ records }) => {
      await watched(records, quietWatch('prod-east', { previewBackups: true }));
      const seen: WatchView[] = [];
      const answer = await records.decideWatch({
        cluster: 'prod-east',
        now: t0 + 1,
        decision: (view) => {
          seen.push(view);
          assert.ok(view.watch);
          return watchChange({ ...view.watch, reminder: openReminder('prod-east/1') });
        },
      });
      assert.deepEqual(seen, [
        {
          watch: quietWatch('prod-east', { previewBackups: true }),
          proven: [],
          active: undefined,
          scheduled: [],
        },
      ]);
      assert.equal(answer.outcome, 'changed');
      assert.equal(answer.watch?.previewBackups, true);
      assert.equal(answer.watch?.reminder?.id, 'prod-east/1');
    }));

  test('a decision that says nothing, or the very watch that it was shown, leaves everything as it is', () =>
    withStore(open, async ({ records }) => {
      const nothing = await records.decideWatch({ cluster: 'prod-east', now: t0, decision: () => undefined });
      assert.deepEqual(nothing, { outcome: 'unchanged', watch: undefined });
      const watch = quietWatch('prod-east');
      await watched(records, watch);
      const same = await records.decideWatch({
        cluster: 'prod-east',
        now: t0,
        decision: (view) => view.watch && watchChange(view.watch),
      });
      assert.deepEqual(same, { outcome: 'unchanged', watch });
      const again = await records.decideWatch({
        cluster: 'prod-east',
        now: t0,
        decision: (view) => view.watch && watchChange(view.watch, { events: [clusterEvent('reachable')] }),
      });
      assert.equal(again.outcome, 'changed', 'an event is news, also with the same watch');
    }));

  test('a delivery is decided on once for ever, for any decision and any process', () =>
    withStore(open, async ({ records, reopen }) => {
      let asked = 0;
      const decide = (deliveryId: string, decision: () => ReturnType<typeof watchChange> | undefined) =>
        records.decideWatch({
          cluster: 'prod-east',
          now: t0,
          deliveryId,
          decision: () => {
            asked += 1;
            return decision();
          },
        });
      const watch = quietWatch('prod-east');
      assert.equal((await decide('d-1', () => undefined)).outcome, 'unchanged');
      assert.equal((await decide('d-1', () => watchChange(watch))).outcome, 'duplicate');
      assert.equal((await decide('d-2', () => watchChange(watch))).outcome, 'changed');
      const again = await (await reopen()).decideWatch({
        cluster: 'prod-east',
        now: t0,
        deliveryId: 'd-2',
        decision: () => assert.fail('was decided on'),
      });
      assert.deepEqual(again, { outcome: 'duplicate', watch });
      assert.equal(asked, 2);
    }));

  test('a refusal is returned and writes nothing but its delivery', () =>
    withStore(open, async ({ records }) => {
      const refuse = () =>
        records.decideWatch({
          cluster: 'prod-east',
          now: t0,
          deliveryId: 'd-1',
          decision: () => ({ refusal: 'no-reminder' as const }),
        });
      assert.deepEqual(await refuse(), { outcome: 'refused', refusal: 'no-reminder', watch: undefined });
      assert.equal((await refuse()).outcome, 'duplicate');
      assert.deepEqual((await records.fleet({ now: later })).length, 0);
    }));

  test('a decision that throws, or names another cluster, or could not be read again, writes nothing at all', () =>
    withStore(open, async ({ records }) => {
      const watch = quietWatch('prod-east');
      const rest = {
        events: [clusterEvent('first-seen')],
        notices: [{ kind: 'reminder' as const, id: 'prod-east/1' }],
      };
      const decide = (decision: () => ReturnType<typeof watchChange>) =>
        records.decideWatch({ cluster: 'prod-east', now: t0, deliveryId: 'd-1', decision });
      await assert.rejects(
        decide(() => assert.fail('cannot decide')),
        /cannot decide/,
      );
      await assert.rejects(
        decide(() => watchChange(quietWatch('prod-west'), rest)),
        /watch of cluster prod-east names cluster prod-west/,
      );
      await assert.rejects(
        decide(() => watchChange(watch, { ...rest, request: scheduledRequest('r-1', 'prod-west') })),
        /names cluster prod-west/,
      );
      const strange = { ...watch, settled: { release, clusterId: 'id-1', since: Number.NaN, arrival: 'a' } };
      await assert.rejects(
        decide(() => watchChange(strange, rest)),
        /row "prod-east" of table watches/,
      );
      assert.deepEqual(await records.fleet({ now: later }), []);
      assert.deepEqual(await records.clusterEvents('prod-east', { limit: 5 }), []);
      assert.equal(await records.takeNotice({ now: t0 }), undefined);
      assert.equal((await decide(() => watchChange(watch, rest))).outcome, 'changed', 'nor the delivery');
    }));

  test('events are numbered per cluster and listed newest first', () =>
    withStore(open, async ({ records, reopen }) => {
      const watch = quietWatch('prod-east');
      const detail = { from: '4.16.8', to: 'quotes \' " and 한국어' };
      await watched(records, watch, { events: [clusterEvent('first-seen'), clusterEvent('reminder')] });
      await watched(records, quietWatch('prod-west'), { events: [clusterEvent('first-seen')] });
      await watched(await reopen(), watch, { events: [clusterEvent('upgrade-finished', t0 + 9, detail)] });
      assert.deepEqual(await records.clusterEvents('prod-east', { limit: 2 }), [
        { seq: 3, at: t0 + 9, kind: 'upgrade-finished', detail },
        { seq: 2, at: t0, kind: 'reminder', detail: {} },
      ]);
      assert.equal((await records.clusterEvents('prod-east', { limit: 9 })).length, 3);
      assert.equal((await records.clusterEvents('prod-west', { limit: 9 })).length, 1);
    }));

  test('where a message was posted is remembered beside any decision, each for its own reminder or alarm', () =>
    withStore(open, async ({ records }) => {
      const watch = quietWatch('prod-east', { reminder: openReminder('m-1'), alarm: openAlarm('a-1') });
      await watched(records, watch);
      const place = { channel: 'C0OPS', ts: '1736910000.000100' };
      await records.watchMessagePosted('prod-east', 'm-1', { channel: 'C0OPS', ts: '1736910000.000001' });
      await records.watchMessagePosted('prod-east', 'm-1', place);
      // A decision on a watch that was read before the message was posted.
      const answer = await watched(records, { ...watch, previewBackups: false });
      assert.deepEqual(answer.watch?.reminder?.message, place);
      assert.equal(answer.watch?.alarm?.message, undefined);
      assert.deepEqual((await records.fleet({ now: later }))[0]?.watch?.reminder?.message, place);

      await records.watchMessagePosted('prod-east', 'a-1', place);
      const after = await watched(records, {
        ...watch,
        reminder: openReminder('m-2', { message: place }),
        earlier: [{ kind: 'reminder', reminder: openReminder('m-1') }],
      });
      assert.deepEqual(after.watch?.alarm?.message, place);
      assert.equal(after.watch?.reminder?.message, undefined, 'another reminder has a message of its own');
      assert.deepEqual(
        after.watch?.earlier,
        [{ kind: 'reminder', reminder: openReminder('m-1', { message: place }) }],
        'the one that gave way keeps its place',
      );
      await assert.rejects(
        records.watchMessagePosted('prod-west', 'm-1', place),
        /prod-west was never watched/,
      );
    }));

  test('the place of a message is forgotten with the last that could show it, and of no other cluster', () =>
    withStore(open, async ({ records }) => {
      const place = { channel: 'C0OPS', ts: '1736910000.000100' };
      for (const cluster of ['prod-east', 'prod-west']) {
        await watched(records, quietWatch(cluster, { reminder: openReminder('m-1') }));
        await records.watchMessagePosted(cluster, 'm-1', place);
      }
      await watched(records, quietWatch('prod-east', { alarm: openAlarm('a-1') }));
      const again = await watched(records, quietWatch('prod-east', { reminder: openReminder('m-1') }));
      assert.equal(again.watch?.reminder?.message, undefined);
      await watched(
        records,
        quietWatch('prod-west', { earlier: [{ kind: 'reminder', reminder: openReminder('m-1') }] }),
      );
      const west = await watched(records, quietWatch('prod-west', { reminder: openReminder('m-1') }));
      assert.deepEqual(west.watch?.reminder?.message, place);
    }));

  test('decisions at once from two openers all count', () =>
    withStore(open, async ({ records, reopen }) => {
      const openers = [records, await reopen()];
      await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          openers[n % 2]?.decideWatch({
            cluster: 'prod-east',
            now: t0 + n,
            decision: ({ watch }) => {
              const repeats = (watch?.reminder?.repeats ?? 0) + 1;
              return watchChange(quietWatch('prod-east', { reminder: openReminder('m-1', { repeats }) }), {
                events: [clusterEvent('reminder-repeated', t0 + n)],
              });
            },
          }),
        ),
      );
      assert.equal((await records.watch('prod-east'))?.reminder?.repeats, 20);
      const events = await records.clusterEvents('prod-east', { limit: 50 });
      assert.deepEqual(
        events.map(({ seq }) => seq),
        Array.from({ length: 20 }, (_, n) => 20 - n),
      );
    }));
}

/** Each field with a value and without one. */
function watches(): Readonly<Record<string, ClusterWatch>> {
  const place = { slackUser: 'U1', clusterUser: 'requester' };
  const empty = quietWatch('prod-east', { seen: undefined, settled: undefined });
  return {
    'nothing is known': empty,
    'settled and quiet': quietWatch('prod-east', { previewBackups: false }),
    'backed up by others, with a reminder that ended for it': quietWatch('prod-east', {
      topology: 'External',
      reminder: openReminder('prod-east/4.16.8@1', {
        end: { kind: 'elsewhere', at: t0, by: 'the vendor' },
      }),
      alarm: openAlarm('prod-east/4.16.9', { end: { kind: 'elsewhere', at: t0, by: 'the vendor' } }),
    }),
    'updating from nowhere': quietWatch('prod-east', {
      seen: {
        at: t0,
        clusterId: 'id-1',
        state: {
          kind: 'updating',
          from: undefined,
          to: next,
          since: undefined,
          failing: true,
          arrived: false,
        },
        requested: next,
      },
    }),
    'silent, with an open reminder and alarm': quietWatch('prod-east', {
      earlier: [
        { kind: 'reminder', reminder: openReminder('prod-east/4.16.7@1') },
        { kind: 'alarm', alarm: openAlarm('prod-east/4.16.8') },
      ],
      silent: { since: t0, why: { reason: 'timeout', detail: 'no answer in 10 s' } },
      reminder: openReminder('prod-east/4.16.8@1'),
      alarm: openAlarm('prod-east/4.16.9'),
      schedule: {
        rule: 'a',
        lastSlot: undefined,
        next: undefined,
        judgedRun: undefined,
        openRun: undefined,
        failures: 0,
      },
    }),
    'paused, and a retry to come': quietWatch('prod-east', {
      pauses: [
        {
          id: 'prod-east/pause@2',
          openedAt: t0,
          by: place,
          reason: 'moves "to" 새 랙',
          until: t0 + 9,
          since: t0 + 1,
          approvedBy: place,
          expiresAt: undefined,
          resumeAsked: { by: place, at: t0 + 2 },
          end: undefined,
          message: undefined,
        },
        {
          id: 'prod-east/pause@1',
          openedAt: t0,
          by: place,
          reason: 'x',
          until: t0 + 5,
          since: undefined,
          approvedBy: undefined,
          expiresAt: t0 + 3,
          resumeAsked: undefined,
          end: { kind: 'replaced', at: t0 },
          message: undefined,
        },
      ],
      schedule: {
        rule: 'c',
        lastSlot: t0,
        next: { slot: t0 + 9, startAt: t0 + 9 },
        judgedRun: 'r-1',
        openRun: undefined,
        failures: 0,
        retry: {
          slot: t0,
          from: t0,
          endsAt: t0 + 5,
          made: 1,
          of: 4,
          nextAt: undefined,
          after: 'r-1',
          because: { kind: 'failed', failure: { kind: 'session-lost', params: { detail: 'x' } } },
          nodes: ['master-0'],
          avoid: [],
        },
      },
    }),
    'everything has a value': quietWatch('prod-east', {
      seen: {
        at: t0,
        clusterId: 'id-1',
        state: { kind: 'updating', from: release, to: next, since: t0 - 1, failing: false, arrived: true },
        requested: { version: '', image: next.image },
      },
      reminder: openReminder('m-1', {
        from: { version: '4.17.0-0.nightly-2025-01-01-000000', image: 'i' },
        findings: [
          { code: 'version.settled', outcome: 'passed', params: { version: '4.16.8 "quoted" 한국어' } },
        ] as never,
        checkedAt: t0,
        repeats: 3,
        end: { kind: 'dismissed', at: t0, by: place, reason: 'a lab' },
      }),
      alarm: openAlarm('a-1', {
        phase: 'begun',
        failing: true,
        backupTakenAt: t0,
        end: { kind: 'update-over', at: t0, on: next },
      }),
      schedule: {
        rule: 'b',
        lastSlot: t0,
        next: { slot: t0, startAt: t0 + 1 },
        judgedRun: 'r-1',
        openRun: 'r-2',
        failures: 2,
      },
      previewBackups: true,
    }),
  };
}
