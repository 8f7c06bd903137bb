import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { waitForCoverage } from '../../sandbox/demos/bot-coverage.ts';
import { clusterName, until } from '../../sandbox/world.ts';
import { isActive } from '../../src/domain/run/run-status.ts';

import { eventKinds, openWatchedStage, untilWatch, type WatchedStage } from '../support/watching.ts';

const timeout = 600_000;
const hourMs = 3_600_000;
const schedule = { cron: '0 2 * * *', jitter: '0s', approval: 'auto' };

async function scheduledRuns({ records }: WatchedStage) {
  const runs = await records.runs({ cluster: clusterName, limit: 10 });
  assert.ok(runs.every(({ origin }) => origin.kind === 'schedule'));
  return runs;
}

/** When the schedule starts the next run, ms UTC. */
async function nextStart(stage: WatchedStage): Promise<number> {
  const watch = await untilWatch(stage, 'a planned run', (each) => each.schedule?.next !== undefined);
  return watch.schedule?.next?.startAt ?? assert.fail();
}

describe('a schedule that needs no approval', { timeout }, () => {
  it('takes a proven backup at its time, catches one missed night up once, and plans the next', async () => {
    await using stage = await openWatchedStage({ clusterConfig: { schedule } });
    const { world, records } = stage;
    const first = await nextStart(stage);
    assert.equal(new Date(first).toISOString().slice(11), '17:00:00.000Z', '02:00 in Seoul');

    // Shortly before; where the bot takes longer than that to start, it is late and starts the run at once.
    await stage.restart(() => world.setClock(first - 3_000 - Date.now()));
    const [run] = await until('the run’s end', async () => {
      const runs = await scheduledRuns(stage);
      return runs[0] && !isActive(runs[0].status) && runs;
    });
    assert.equal(run?.status, 'succeeded', JSON.stringify(run?.failed));
    assert.ok((run?.requestedAt ?? 0) >= first, 'not before its time');
    assert.deepEqual(run?.votes, []);
    await waitForCoverage(stage.metrics, 'covered');
    const { lines } = await records.auditTrail(run?.id ?? '');
    assert.ok(lines.some((line) => JSON.stringify(line).includes('schedule policy')));

    const second = await nextStart(stage);
    assert.equal(second - first, 24 * hourMs);
    // Down over two nights: one run, not two.
    await stage.restart(() => world.setClock(first + 50 * hourMs - Date.now()));
    await until('the one that was missed', async () => {
      const runs = await scheduledRuns(stage);
      return runs.length === 2 && runs.every(({ status }) => status === 'succeeded');
    });
    const watch = await untilWatch(
      stage,
      'the next night',
      (each) => (each.schedule?.next?.startAt ?? 0) > first + 50 * hourMs,
    );
    assert.equal(watch.schedule?.next?.startAt, first + 72 * hourMs);
    assert.equal((await scheduledRuns(stage)).length, 2);
    assert.equal((await eventKinds(stage)).filter((kind) => kind === 'schedule-run').length, 2);
  });
});
