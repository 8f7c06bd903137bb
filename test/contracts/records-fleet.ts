import assert from 'node:assert/strict';
import { test } from 'node:test';
import { provenBackup } from '../../src/domain/run/proven-backup.ts';
import type { RunSuccess } from '../../src/domain/run/run.ts';
import type { Records } from '../../src/workflow/ports/records.ts';
import { backedUp, copy, endedRun } from './ended-runs-samples.ts';
import { withoutSeq } from './records-fleet-property.ts';
import { accepted, change, claimed, later, type OpenStore, t0, withStore } from './records-samples.ts';
import { openReminder, quietWatch, viewOf, watched } from './watch-samples.ts';

const hour = 3_600_000;

/** `fleet`, `runFigures`, and what a decision is shown of proven backups. */
export function fleetContract(open: OpenStore): void {
  test('every cluster with a watch or a run is there once, by name, with its watch and its active run', () =>
    withStore(open, async ({ records }) => {
      assert.deepEqual(await records.fleet({ now: later }), []);
      const watch = quietWatch('prod-west', { reminder: openReminder('m-1') });
      await watched(records, watch);
      await watched(records, quietWatch('lab'));
      await accepted(records, 'r-1', 'prod-east');
      await records.cardPosted('r-1', { channel: 'C0OPS', ts: '1.1' });
      await accepted(records, 'r-2', 'lab');
      const nothing = { proven: [], lastFailure: undefined, lastDrill: undefined };
      const run = { status: 'requested', requestedAt: t0, finishedAt: undefined } as const;
      assert.deepEqual(await records.fleet({ now: later }), [
        {
          cluster: 'lab',
          watch: quietWatch('lab'),
          active: { ...run, id: 'r-2', card: undefined },
          ...nothing,
        },
        {
          cluster: 'prod-east',
          watch: undefined,
          active: { ...run, id: 'r-1', card: { channel: 'C0OPS', ts: '1.1' } },
          ...nothing,
        },
        { cluster: 'prod-west', watch, active: undefined, ...nothing },
      ]);
    }));

  test('the newest proven backup of each release and cluster id is reported, newest first', () =>
    withStore(open, async ({ records }) => {
      const runs = [
        backedUp('r-1', 'prod-east', t0),
        backedUp('r-2', 'prod-east', t0 + hour),
        backedUp('r-3', 'prod-east', t0 + 2 * hour, { plan: { zStream: '4.16.9' } }),
        backedUp('r-4', 'prod-east', t0 + 3 * hour, { plan: { clusterId: 'installed-again' } }),
        backedUp('r-5', 'prod-east', t0 + 4 * hour, { success: { copies: [copy('snapshot', undefined)] } }),
        backedUp('r-6', 'prod-west', t0 + 5 * hour, { success: { copies: [] } }),
        endedRun('r-7', 'prod-east', t0 + 6 * hour),
      ];
      for (const run of runs.toReversed()) await records.importRun(run, []);
      const of = (id: string) => provenBackup(runs.find((run) => run.id === id) ?? assert.fail(id));
      const [east, west] = await records.fleet({ now: later });
      assert.deepEqual(east && withoutSeq(east).proven, [of('r-4'), of('r-3'), of('r-2')]);
      assert.deepEqual(west && withoutSeq(west).proven, [of('r-6')]);
      assert.equal(west?.proven[0]?.place, 'node');
      assert.deepEqual((await viewOf(records, 'prod-east')).proven, east?.proven);
    }));

  test('a backup that is pruned, or found damaged, or proven again, counts in its current state', () =>
    withStore(open, async ({ records }) => {
      const older = backedUp('r-1', 'prod-east', t0);
      const newer = backedUp('r-2', 'prod-east', t0 + hour);
      for (const run of [older, newer]) await records.importRun(run, []);
      const proven = async () => (await viewOf(records, 'prod-east')).proven.map(({ runId }) => runId);
      assert.deepEqual(await proven(), ['r-2']);

      await copiesBecome(records, 'r-2', (each) => ({ ...each, provenAt: undefined }));
      assert.deepEqual(await proven(), ['r-1'], 'the next newest takes its place');
      await copiesBecome(records, 'r-1', (each) => ({ ...each, provenAt: undefined, prunedAt: t0 + 1 }));
      assert.deepEqual(await proven(), []);
      assert.deepEqual((await records.fleet({ now: later }))[0]?.proven, []);
      await copiesBecome(records, 'r-2', (each) => ({ ...each, provenAt: t0 + 9 * hour }));
      assert.deepEqual(await proven(), ['r-2']);
      assert.equal((await records.fleet({ now: later }))[0]?.proven[0]?.provenAt, t0 + 9 * hour);
    }));

  test('figures name a backup that does not restore or has no verified copies, and none that retention removed', () =>
    withStore(open, async ({ records }) => {
      const disproved = { ok: false, failure: { kind: 'no-keys' }, why: '', at: t0 } as const;
      const runs = ['r-1', 'r-2', 'r-3', 'r-4'].map((id, n) => backedUp(id, 'prod-east', t0 + n));
      for (const run of runs) await records.importRun(run, []);
      await copiesBecome(records, 'r-2', (each) => ({ ...each, provenAt: undefined }));
      await copiesBecome(records, 'r-3', ({ stored: _, ...each }) => ({
        ...each,
        stored: undefined,
        provenAt: undefined,
        prunedAt: t0 + 1,
      }));
      await records.decide({
        runId: 'r-3',
        deliveryId: 'node-3',
        now: later,
        decision: ({ success }) => ({
          set: { success: success && { ...success, onNode: 'removed' } },
          audit: [],
          notices: [],
        }),
      });
      await records.decide({
        runId: 'r-4',
        deliveryId: 'drill-4',
        now: later,
        decision: ({ success }) => ({
          set: { success: success && { ...success, drill: disproved } },
          audit: [],
          notices: [],
        }),
      });
      const flaws = (await records.runFigures({ since: 0 })).map(({ runId, flaw }) => [runId, flaw]);
      assert.deepEqual(flaws, [
        ['r-1', undefined],
        ['r-2', 'unverified'],
        ['r-3', undefined],
        ['r-4', 'disproven'],
      ]);
    }));

  test('a run that a worker brings to its end is reported at once', () =>
    withStore(open, async ({ records }) => {
      await accepted(records, 'r-1');
      const claim = await claimed(records, t0);
      const { plan, success } = backedUp('r-1', 'prod-east', t0);
      for (const status of ['waiting', 'approved', 'running'] as const) {
        await records.advance(claim, change({ status, plan }));
      }
      await records.advance(claim, change({ success }));
      assert.deepEqual((await records.fleet({ now: later }))[0]?.proven, [], 'not before its end');
      assert.deepEqual(await records.runFigures({ since: 0 }), []);
      await records.advance(claim, change({ status: 'succeeded', finishedAt: t0 + 70_000 }));
      const [cluster] = await records.fleet({ now: later });
      assert.equal(cluster?.proven[0]?.runId, 'r-1');
      assert.equal(cluster?.active, undefined);
      assert.equal((await records.runFigures({ since: 0 })).length, 1);
    }));

  test('the newest failure is reported until a success follows it', () =>
    withStore(open, async ({ records }) => {
      const card = { channel: 'C0OPS', ts: '1.1' };
      const failure = async () => (await records.fleet({ now: later }))[0]?.lastFailure;
      await records.importRun(endedRun('r-1', 'prod-east', t0, { status: 'cancelled' }), []);
      assert.equal(await failure(), undefined, 'somebody changed their mind');
      await records.importRun(endedRun('r-2', 'prod-east', t0 + hour, { card }), []);
      await records.importRun(endedRun('r-3', 'prod-east', t0 - hour), []);
      assert.deepEqual(await failure(), {
        id: 'r-2',
        status: 'failed',
        requestedAt: t0 + hour,
        finishedAt: t0 + hour + 60_000,
        card,
      });
      await records.importRun(backedUp('r-4', 'prod-east', t0 + 2 * hour), []);
      assert.equal(await failure(), undefined);
      await records.importRun(endedRun('r-5', 'prod-east', t0 + 3 * hour), []);
      assert.equal((await failure())?.id, 'r-5');
    }));

  test('a scheduled run that was not let run is a failure; one that a person asked for, or took back, is none', () =>
    withStore(open, async ({ records }) => {
      const schedule = { kind: 'schedule' } as const;
      const failure = async () => {
        const found = (await records.fleet({ now: later }))[0]?.lastFailure;
        return found && `${found.id} ${found.status}`;
      };
      const ends = (id: string, hours: number, fields: Parameters<typeof endedRun>[3]) =>
        records.importRun(endedRun(id, 'prod-east', t0 + hours * hour, fields), []);
      await ends('r-0', 0, {});
      for (const [n, status] of (['blocked', 'refused', 'expired'] as const).entries()) {
        await ends(`r-slot-${status}`, 2 * n + 1, { status, origin: schedule });
        assert.equal(await failure(), `r-slot-${status} ${status}`);
        await ends(`r-person-${status}`, 2 * n + 2, { status });
        assert.equal(await failure(), `r-slot-${status} ${status}`);
      }
      await ends('r-rejected', 7, { status: 'rejected', origin: schedule });
      await ends('r-cancelled', 8, { status: 'cancelled', origin: schedule });
      assert.equal(await failure(), 'r-slot-expired expired');
      await records.importRun(backedUp('r-good', 'prod-east', t0 + 9 * hour), []);
      assert.equal(await failure(), undefined);
    }));

  test('the newest drill is reported, whichever run it was made of', () =>
    withStore(open, async ({ records }) => {
      const good = { ok: true, revision: 7, keys: 9, at: t0 + 9 * hour } as const;
      const bad = { ok: false, disproven: true, why: 'damaged', at: t0 + 5 * hour } as const;
      const nothing = { ok: false, why: 'no such file', at: t0 + 7 * hour } as const;
      await records.importRun(backedUp('r-1', 'prod-east', t0), []);
      await records.importRun(backedUp('r-2', 'prod-east', t0 + hour, { success: { drill: bad } }), []);
      const drill = async () => (await records.fleet({ now: later }))[0]?.lastDrill;
      assert.deepEqual(await drill(), { ok: false, at: bad.at, runId: 'r-2' });
      await successBecomes(records, 'r-1', (success) => ({ ...success, drill: good }));
      assert.deepEqual(await drill(), { ok: true, at: good.at, runId: 'r-1' });
      await records.importRun(backedUp('r-3', 'prod-east', t0 + hour, { success: { drill: nothing } }), []);
      assert.deepEqual(
        await drill(),
        { ok: true, at: good.at, runId: 'r-1' },
        'one without a verdict is no news',
      );
    }));

  test('backups that a drill has restored are ordered by the newest drill, of any cluster, none too small', () =>
    withStore(open, async ({ records }) => {
      const drilled = (id: string, hours: number, ok: boolean) => {
        const at = t0 + hours * hour;
        const drill = ok
          ? ({ ok, revision: 7, keys: 9, at } as const)
          : ({ ok, disproven: true, why: 'damaged', at } as const);
        return records.importRun(backedUp(id, `cluster-${id}`, t0, { success: { drill } }), []);
      };
      await drilled('r-1', 1, true);
      await drilled('r-2', 3, true);
      await drilled('r-3', 5, false);
      await records.importRun(backedUp('r-4', 'prod-east', t0), []);
      const size = (await records.run('r-1'))?.success?.artifacts.snapshot.size ?? 0;
      const restored = async (minBytes: number, limit = 9) =>
        (await records.restoredBackups({ minBytes, limit })).map(({ id }) => id);
      assert.deepEqual(await restored(size), ['r-2', 'r-1']);
      assert.deepEqual(await restored(size, 1), ['r-2']);
      assert.deepEqual(await restored(size + 1), []);
    }));
}

export function figuresContract(open: OpenStore): void {
  test('figures of runs that ended since are reported oldest first, with what is not known left out', () =>
    withStore(open, async ({ records }) => {
      const internal = { kind: 'internal', params: { detail: 'x' } } as never;
      const failed = { failure: internal, step: undefined, outputTail: [], left: undefined };
      await records.importRun(endedRun('r-old', 'prod-east', t0 - hour), []);
      await records.importRun(
        backedUp('r-2', 'prod-west', t0, { run: { origin: { kind: 'schedule' } } }),
        [],
      );
      await records.importRun(endedRun('r-1', 'prod-east', t0, { failed, startedAt: undefined }), []);
      await accepted(records, 'r-active');
      const [first, second, ...more] = await records.runFigures({ since: t0 + 60_000 });
      assert.deepEqual(more, []);
      assert.deepEqual(first, {
        runId: 'r-1',
        cluster: 'prod-east',
        status: 'failed',
        origin: 'command',
        zStream: undefined,
        requestedAt: t0,
        startedAt: undefined,
        finishedAt: t0 + 60_000,
        snapshotBytes: undefined,
        resourcesBytes: undefined,
        failureKind: 'internal',
      });
      assert.deepEqual(second, {
        runId: 'r-2',
        cluster: 'prod-west',
        status: 'succeeded',
        origin: 'schedule',
        zStream: '4.16.8',
        requestedAt: t0,
        startedAt: t0 + 1_000,
        finishedAt: t0 + 60_000,
        snapshotBytes: 104_000_000,
        resourcesBytes: 70_000,
        failureKind: undefined,
      });
    }));

  test('a run that does not say when it ended did so when it was last touched', () =>
    withStore(open, async ({ records }) => {
      await accepted(records, 'r-1');
      await records.decide({
        runId: 'r-1',
        deliveryId: 'd-1',
        now: t0 + hour,
        decision: () => change({ status: 'cancelled' }),
      });
      assert.equal((await records.runFigures({ since: 0 }))[0]?.finishedAt, t0 + hour);
    }));
}

let deliveries = 0;

function successBecomes(records: Records, runId: string, next: (success: RunSuccess) => RunSuccess) {
  deliveries += 1;
  return records.decide({
    runId,
    deliveryId: `later-${deliveries}`,
    now: t0,
    decision: ({ success }) => change({ success: success && next(success) }),
  });
}

function copiesBecome(
  records: Records,
  runId: string,
  next: (copy: NonNullable<RunSuccess['copies']>[number]) => NonNullable<RunSuccess['copies']>[number],
) {
  return successBecomes(records, runId, (success) => ({
    ...success,
    copies: success.copies?.map(next) ?? [],
  }));
}
