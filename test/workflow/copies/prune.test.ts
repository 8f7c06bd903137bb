import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BackupRun } from '../../../src/domain/run/run.ts';
import { prunePlans } from '../../../src/workflow/copies/prune.ts';
import { copied } from '../../slack/messages/copied-runs.ts';

test('retention keeps the older backup while the newest is in doubt by its drill', () => {
  const older: BackupRun = { ...copied.proven, id: 'r-older000' };
  const [destination] = (older.success?.copies ?? []).map((copy) => copy.destination);
  assert.ok(destination);
  const rule = { days: undefined, daily: undefined, weekly: undefined, monthly: undefined, timeZone: 'UTC' };
  const facts = { presentZStream: older.plan?.zStream, now: (older.finishedAt ?? 0) + 1_000 };
  const goes = (newest: BackupRun) =>
    prunePlans([newest, older], { [destination]: { ...rule, newest: 1 } }, facts)[0]?.delete.map(
      ({ id }) => id,
    );
  assert.deepEqual(goes(copied.inconclusive), []);
  assert.deepEqual(goes(copied['drill-killed']), ['r-older000'], 'a drill that was not made says nothing');
});

test('retention keeps a backup whose drill is still to come, and relies on none of them alone', () => {
  const { proven } = copied;
  const [destination] = (proven.success?.copies ?? []).map((copy) => copy.destination);
  assert.ok(destination && proven.success);
  const { drill: _, ...success } = proven.success;
  const drillWait = { since: 0, dueAt: 0, tries: 0 };
  const older: BackupRun = { ...proven, id: 'r-older000' };
  const oldest: BackupRun = { ...proven, id: 'r-oldest00' };
  const waits = (id: string): BackupRun => ({ ...proven, id, success: { ...success, drillWait } });
  const rule = { days: undefined, daily: undefined, weekly: undefined, monthly: undefined, timeZone: 'UTC' };
  const facts = { presentZStream: proven.plan?.zStream, now: (proven.finishedAt ?? 0) + 1_000 };
  const goes = (runs: readonly BackupRun[]) =>
    prunePlans(runs, { [destination]: { ...rule, newest: 1 } }, facts)[0]?.delete.map(({ id }) => id);
  assert.deepEqual(goes([waits('r-newest00'), older, oldest]), ['r-oldest00']);
  assert.deepEqual(goes([proven, waits('r-waits000'), oldest]), ['r-oldest00']);
  const drilled = { ok: true, revision: 1, keys: 1, at: 0 } as const;
  const undrilled: BackupRun = { ...proven, success: { ...success, drill: drilled, drillWait } };
  assert.deepEqual(goes([undrilled, older]), ['r-older000'], 'a person had it drilled meanwhile');
});
