import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ClusterPolicy } from '../../../src/domain/policy/policy.ts';
import { type BackupRun, retryOf } from '../../../src/domain/run/run.ts';
import { recordObservation } from '../../../src/workflow/watch/record-observation.ts';
import { openWatchLab, type WatchLab } from '../../support/watch-lab.ts';
import { who } from '../../support/workflow-lab.ts';

const timeout = 300_000;
const minuteMs = 60_000;

function lab(approval: 'auto' | 'ask', change: Partial<ClusterPolicy> = {}) {
  const schedule = { cron: '0 2 * * *', jitterMs: 0, approval };
  return openWatchLab({ policy: { schedule, owners: [who.viewer], ...change } });
}

async function look(watch: WatchLab) {
  const { policy } = watch.lab.lab;
  const reading = await watch.deps.clusters.version(policy);
  const seen = await recordObservation(watch.deps, policy, { reading });
  return seen?.schedule ?? assert.fail('there is no schedule');
}

/** On to the next slot; the run that it asks for. */
async function nextSlot(watch: WatchLab): Promise<BackupRun> {
  const { next } = await look(watch);
  const { clock } = watch.lab;
  clock.forward((next?.startAt ?? assert.fail('no slot')) - clock.now() + 5_000);
  return watch.lab.run((await look(watch)).openRun ?? assert.fail('no run was asked for'));
}

/** On to the retry that is due next. */
async function nextRetry(watch: WatchLab): Promise<BackupRun> {
  const { retry } = await look(watch);
  const { clock } = watch.lab;
  clock.forward((retry?.nextAt ?? assert.fail('no retry is to come')) - clock.now() + 5_000);
  return watch.lab.run((await look(watch)).openRun ?? assert.fail('no retry was asked for'));
}

function rollOut(watch: WatchLab): () => void {
  const { objects } = watch.lab.lab.cluster;
  const before = structuredClone(objects.get('clusteroperators', 'etcd'));
  objects.setCondition('clusteroperators', 'etcd', { type: 'Progressing', status: 'True' });
  return () => void objects.put(before);
}

describe('a scheduled run that meets an operator which rolls out', { timeout }, () => {
  it('is repeated, and takes the backup once the operator is quiet; no one is notified', async () => {
    await using watch = await lab('auto');
    const first = await nextSlot(watch);
    const quiet = rollOut(watch);
    const blocked = await watch.lab.turn();
    assert.equal(blocked?.status, 'blocked', JSON.stringify(blocked?.findings));
    const waiting = await look(watch);
    assert.equal(waiting.failures, 0);
    assert.ok(waiting.retry?.nextAt, 'a retry is on record');
    const status = await watch.lab.backups.status(watch.lab.asked(who.requester), { cluster: 'prod-east' });
    assert.equal(status.outcome === 'runs' && status.notes?.[0]?.retry?.at, waiting.retry?.nextAt);
    quiet();

    const again = await nextRetry(watch);

    assert.deepEqual(
      [retryOf(again)?.number, retryOf(again)?.after, retryOf(again)?.because.kind],
      [1, first.id, 'blocked'],
    );
    assert.equal((await watch.lab.turn())?.status, 'approved');
    const done = await watch.lab.turn();
    assert.equal(done?.status, 'succeeded', JSON.stringify(done?.failed));
    const after = await look(watch);
    assert.deepEqual([after.failures, after.retry, after.openRun], [0, undefined, undefined]);
    const notified = (await watch.notices()).filter(
      ({ kind }) => kind === 'private' || kind === 'escalation',
    );
    assert.deepEqual(notified, []);
    const lines = await watch.lab.records.auditLines(again.id);
    assert.match(
      lines[0]?.detail.retry ?? '',
      new RegExp(`^1 of 4, after ${first.id}: operator.progressing`),
    );
  });

  it('with approval by people asks once more, when a look shows that it has settled', async () => {
    await using watch = await lab('ask');
    await nextSlot(watch);
    const quiet = rollOut(watch);
    await watch.lab.turn();
    const { retry } = await look(watch);
    const { clock } = watch.lab;
    clock.forward((retry?.nextAt ?? assert.fail('no retry')) - clock.now() + 5_000);
    const watcher = watch.watch();
    await watch.seen((each) => each.schedule?.retry?.looks === 1);
    assert.equal((await watch.state())?.schedule?.openRun, undefined, 'it rolls out still');
    quiet();
    clock.forward(25 * minuteMs);
    const seen = await watch.seen((each) => each.schedule?.openRun !== undefined);
    await watcher.stop();
    const again = await watch.lab.run(seen.schedule?.openRun ?? '');
    assert.deepEqual([retryOf(again)?.number, retryOf(again)?.of], [1, 1]);
    assert.equal((await watch.lab.turn())?.status, 'waiting');
  });

  it('leaves out a node on which it failed twice, where another one is fit', async () => {
    await using watch = await lab('auto');
    const first = await nextSlot(watch);
    const planned = await watch.lab.turn();
    const node = planned?.plan?.node ?? assert.fail('no plan');
    const fail = async (id: string) => {
      const now = watch.lab.clock.now();
      const failure = { kind: 'session-not-started', params: { node, afterMs: 1, detail: '' } } as const;
      await watch.lab.records.decide({
        runId: id,
        deliveryId: `fail-${id}`,
        now,
        decision: () => ({
          set: {
            status: 'failed',
            finishedAt: now,
            failed: { failure, step: 'opening-session', outputTail: [], left: undefined },
          },
          audit: [],
          notices: [],
        }),
      });
    };
    await fail(first.id);
    const second = await nextRetry(watch);
    assert.equal((await watch.lab.turn())?.plan?.node, node, 'one failure says little of a node');
    await fail(second.id);
    const third = await nextRetry(watch);
    assert.deepEqual(retryOf(third)?.avoid, [node]);
    const elsewhere = await watch.lab.turn();
    assert.notEqual(elsewhere?.plan?.node, node);
    const done = await watch.lab.turn();
    assert.equal(done?.status, 'succeeded', JSON.stringify(done?.failed));
    assert.notEqual(done?.plan?.node, node);
  });
});
