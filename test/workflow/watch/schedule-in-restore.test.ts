import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { activePause } from '../../../src/domain/policy/pause.ts';
import { recordObservation } from '../../../src/workflow/watch/record-observation.ts';
import { importBackup, noPlaces } from '../../support/restorable.ts';
import { hourMs, openWatchLab, type WatchLab } from '../../support/watch-lab.ts';
import { who } from '../../support/workflow-lab.ts';

const timeout = 300_000;

async function look(watch: WatchLab) {
  const { policy } = watch.lab.lab;
  const reading = await watch.deps.clusters.version(policy);
  const seen = await recordObservation(watch.deps, policy, { reading });
  return seen?.schedule ?? assert.fail('there is no schedule');
}

describe('a restore room that was opened while people had paused the cluster', { timeout }, () => {
  it('keeps the schedule waiting when their pause runs out in the middle of the restore, until the room is over', async () => {
    await using watch = await openWatchLab({
      offCluster: noPlaces(),
      policy: { schedule: { cron: '0 * * * *', jitterMs: 0, approval: 'auto' }, owners: [who.deputy] },
    });
    const { backups, asked, clock, records, lab } = watch.lab;
    const { name: cluster } = lab.policy;
    await importBackup(records);
    await backups.pause(asked(who.deputy), { cluster, until: '1h', reason: 'moves to the new rack' });
    const opened = await backups.openRoom(asked(who.viewer), { what: cluster, zStream: undefined });
    assert.ok(opened.outcome === 'room-opened' && opened.room.pause === undefined);
    await look(watch);
    for (let hour = 0; hour < 3; hour += 1) {
      clock.forward(hourMs + 5_000);
      assert.equal((await look(watch)).openRun, undefined, `hour ${hour}`);
    }
    assert.equal(activePause(await records.watch(cluster), clock.now()), undefined, 'it has run out');

    await backups.stopRoom(asked(who.viewer), { room: opened.room.id });
    await look(watch);
    clock.forward(hourMs + 5_000);
    assert.ok((await look(watch)).openRun, 'then it goes on');
  });
});
