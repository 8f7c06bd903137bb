import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fromRow, toRow } from '../../src/records/runs/run-row.ts';
import { fromWatchRow, toWatchRow } from '../../src/records/watch/watch-row.ts';
import { openReminder, quietWatch } from '../contracts/watch-samples.ts';
import { aRun } from '../support/runs.ts';

const by = { slackUser: 'U2', clusterUser: 'bob' };

/** The JSON of a row as an earlier or a later version of the program finds it. */
function json(text: string) {
  return JSON.parse(text);
}

describe('the JSON of a row keeps the names of its first format', () => {
  it('for the repeats of a reminder, also of one that gave way, and for a silence that was reported', () => {
    const reminder = openReminder('m-2', { repeats: 3, nextRepeatAt: 42 });
    const gaveWay = openReminder('m-1', { repeats: 1, nextRepeatAt: undefined });
    const watch = quietWatch('prod-east', {
      silent: { since: 1, why: { reason: 'timeout', detail: 'x' }, reported: true },
      reminder,
      earlier: [{ kind: 'reminder', reminder: gaveWay }],
    });
    const row = toWatchRow(watch);
    const stored = json(row.watch);
    assert.deepEqual([stored.reminder.nags, stored.reminder.nextNagAt], [3, 42]);
    assert.equal(stored.earlier[0].reminder.nags, 1);
    assert.equal(stored.silent.told, true);
    assert.deepEqual(fromWatchRow(row, []), watch);
  });

  it('for the status of a vote', () => {
    const vote = { person: by, decision: 'approve', reason: undefined, at: 1, status: 'counted' } as const;
    const row = toRow(aRun({ votes: [vote] }));
    assert.equal(json(row.run).votes[0].standing, 'counted');
    const [read] = fromRow(row).votes;
    assert.deepEqual([read?.status, read && 'standing' in read], ['counted', false]);
  });
});
