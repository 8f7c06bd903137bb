import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DeclaredRestore, markOf } from '../../src/domain/copies/restore-mark.ts';
import type { BackupRun } from '../../src/domain/run/run.ts';
import type { ClusterNotice } from '../../src/domain/watch/cluster-notice.ts';
import type { Records, RestoreChange, RestoreView } from '../../src/workflow/ports/records.ts';
import { backupOf } from '../support/fleet-records.ts';
import { aPlan } from '../support/runs.ts';
import {
  change,
  event,
  later,
  type OpenStore,
  requester,
  sendAll,
  t0,
  withStore,
} from './records-samples.ts';
import { quietWatch, watched } from './watch-samples.ts';

const hour = 3_600_000;
const by = requester;

function restore(from: string, change: Partial<DeclaredRestore> = {}): DeclaredRestore {
  return {
    id: `prod-east/restored@${later}`,
    cluster: 'prod-east',
    clusterId: aPlan.clusterId,
    from,
    at: t0 + 9 * hour,
    declaredAt: later,
    by,
    revoked: undefined,
    ...change,
  };
}

/** Three backups of one cluster, an hour apart; the second was drilled. */
async function threeBackups(records: Records): Promise<readonly BackupRun[]> {
  const drill = { ok: true, revision: 7, keys: 3, at: t0 + 2 * hour } as const;
  const runs = [0, 1, 2].map((hours) => {
    const run = backupOf('prod-east', { at: t0 + hours * hour });
    return hours === 1 ? { ...run, success: run.success && { ...run.success, drill } } : run;
  });
  for (const run of runs) assert.equal(await records.importRun(run, [event('imported', t0)]), 'imported');
  return runs;
}

function marking(declared: DeclaredRestore, ids: readonly string[]): RestoreChange {
  const notice: ClusterNotice = {
    kind: 'restored',
    restore: declared.id,
    from: declared.from,
    at: declared.at,
    by,
    marked: ids,
  };
  const mark = declared.revoked ? undefined : markOf(declared);
  return {
    restore: declared,
    runs: ids.map((runId) => ({
      runId,
      change: change({ abandoned: mark }, { audit: [event(mark ? 'left-behind' : 'back-on-line', later)] }),
    })),
    events: [{ at: later, kind: 'restored', detail: { from: declared.from } }],
    notices: [notice],
  };
}

/** What people say of restores, and the backups that are marked by it. */
export function restoresContract(open: OpenStore): void {
  test('a restore is on record with every mark, audit line, event and message of it, and can be revoked', () =>
    withStore(open, async ({ records, reopen }) => {
      const [first, second, third] = await threeBackups(records);
      assert.ok(first && second && third);
      await watched(records, quietWatch('prod-east'), {});
      const before = await records.run(second.id);
      const declared = restore(first.id);
      const ids = [third.id, second.id];
      const decideOn = (deliveryId: string, decision: (view: RestoreView) => RestoreChange) =>
        records.decideRestore<never>({
          cluster: 'prod-east',
          from: first.id,
          now: later,
          deliveryId,
          decision,
        });
      const made = await decideOn('d-1', (view) => {
        assert.deepEqual(
          view.runs.map(({ id }) => id),
          [first.id, second.id, third.id],
          'oldest first',
        );
        assert.deepEqual(view.restores, []);
        return marking(declared, ids);
      });
      assert.deepEqual(made, { outcome: 'changed', restore: declared });
      const other = await reopen();
      assert.deepEqual(await other.restores('prod-east'), [declared]);
      assert.deepEqual(await other.restores('prod-west'), []);
      assert.deepEqual((await other.run(second.id))?.abandoned, markOf(declared));
      assert.equal((await other.run(first.id))?.abandoned, undefined);
      const { lines, chain } = await other.auditTrail(third.id);
      assert.deepEqual(
        [lines.map(({ action }) => action), chain],
        [['imported', 'left-behind'], { ok: true }],
      );
      assert.deepEqual(
        (await other.clusterEvents('prod-east', { limit: 1 })).map(({ kind }) => kind),
        ['restored'],
      );
      assert.deepEqual(await sendAll(records, later), ['prod-east restored']);
      assert.deepEqual(await decideOn('d-1', () => assert.fail('was decided on')), { outcome: 'duplicate' });

      const revoked = restore(first.id, { revoked: { at: later + 1, by } });
      await decideOn('d-2', (view) => {
        assert.deepEqual(view.restores, [declared]);
        return marking(revoked, ids);
      });
      assert.deepEqual(await other.restores('prod-east'), [revoked]);
      assert.deepEqual(await other.run(second.id), before, 'as it was');
    }));

  test('what is marked covers nothing, is no newest drill, and has no flaw; taken back, it does again', () =>
    withStore(open, async ({ records }) => {
      const [first, second, third] = await threeBackups(records);
      assert.ok(first && second && third);
      const seen = async () => {
        const [record, ...more] = await records.fleet({ now: later });
        assert.deepEqual(more, []);
        const figures = await records.runFigures({ since: 0 });
        return {
          proven: record?.proven.map(({ runId }) => runId),
          drill: record?.lastDrill?.runId,
          flaws: figures.map(({ flaw }) => flaw),
        };
      };
      const none = [undefined, undefined, undefined];
      const before = { proven: [third.id], drill: second.id, flaws: none };
      assert.deepEqual(await seen(), before);
      const declared = restore(first.id);
      const say = (deliveryId: string, said: DeclaredRestore) =>
        records.decideRestore<never>({
          cluster: 'prod-east',
          from: first.id,
          now: later,
          deliveryId,
          decision: () => marking(said, [second.id, third.id]),
        });
      await say('d-1', declared);
      assert.deepEqual(await seen(), { proven: [first.id], drill: undefined, flaws: none });
      await say('d-2', restore(first.id, { revoked: { at: later + 1, by } }));
      assert.deepEqual(await seen(), before);
    }));

  test('a refusal writes nothing, and a decision that names another cluster or an unknown run neither', () =>
    withStore(open, async ({ records }) => {
      const [first, second] = await threeBackups(records);
      assert.ok(first && second);
      const input = { cluster: 'prod-east', from: first.id, now: later };
      const refused = await records.decideRestore({
        ...input,
        deliveryId: 'd-1',
        decision: () => ({ refusal: 'no' }),
      });
      assert.deepEqual(refused, { outcome: 'refused', refusal: 'no' });
      const strange = restore(first.id, { cluster: 'prod-west' });
      await assert.rejects(
        records.decideRestore({ ...input, deliveryId: 'd-2', decision: () => marking(strange, []) }),
        /names cluster prod-west: not written/,
      );
      const unknown = () => marking(restore(first.id), [second.id, 'r-unknown0']);
      await assert.rejects(
        records.decideRestore({ ...input, deliveryId: 'd-3', decision: unknown }),
        /run r-unknown0 is not on record/,
      );
      assert.deepEqual(await records.restores('prod-east'), []);
      assert.equal((await records.run(second.id))?.abandoned, undefined);
      assert.equal(await records.takeNotice({ now: later }), undefined);
    }));

  test('a decision is shown the backups from the oldest one that was restored on, and all that are marked', () =>
    withStore(open, async ({ records }) => {
      const [first, second, third] = await threeBackups(records);
      assert.ok(first && second && third);
      const idsFrom = async (from?: string) =>
        (await records.restoreView('prod-east', from)).runs.map(({ id }) => id);
      assert.deepEqual(await idsFrom(second.id), [second.id, third.id]);
      assert.deepEqual(await idsFrom(), []);
      await records.decideRestore<never>({
        cluster: 'prod-east',
        from: third.id,
        now: later,
        deliveryId: 'd-1',
        decision: () => marking(restore('r-gone0000'), [first.id]),
      });
      assert.deepEqual(await idsFrom(), [first.id], 'the backup of that restore is gone');
      assert.deepEqual(await idsFrom(third.id), [first.id, third.id]);
    }));

  test('an imported backup that bears a mark brings the restore along, so that it can be revoked', () =>
    withStore(open, async ({ records }) => {
      const declared = restore('r-restored');
      const run = { ...backupOf('prod-east', { at: t0 }), abandoned: markOf(declared) };
      const twin = { ...backupOf('prod-east', { at: t0 + hour }), abandoned: markOf(declared) };
      for (const each of [run, twin]) assert.equal(await records.importRun(each, []), 'imported');
      assert.deepEqual((await records.run(run.id))?.abandoned, markOf(declared));
      assert.deepEqual(await records.restores('prod-east'), [declared]);
    }));

  test('what a run says of its cluster is sent in the stream of the cluster, in the same transaction', () =>
    withStore(open, async ({ records }) => {
      const [first] = await threeBackups(records);
      assert.ok(first);
      const before = { runId: 'r-before00', revision: 9 };
      const fell: ClusterNotice = { kind: 'revision-fell', runId: first.id, revision: 5, before, at: t0 };
      const decision = () => ({ ...change({}), ofCluster: [fell] });
      await records.decide({ runId: first.id, deliveryId: 'd-1', now: later, decision });
      const item = await records.takeNotice({ now: later });
      assert.deepEqual(item?.about === 'cluster' && [item.cluster, item.notice], ['prod-east', fell]);
    }));
}
