import assert from 'node:assert/strict';
import { test } from 'node:test';
import { afterDrill, verdictOf } from '../../../src/domain/run/drill-outcome.ts';
import { isDisproven } from '../../../src/domain/run/proven-backup.ts';
import type { DrillOutcome, RunSuccess } from '../../../src/domain/run/run.ts';

const at = 1_764_000_000_000;
const restores: DrillOutcome = { ok: true, revision: 61, keys: 60, at };
const disproves: DrillOutcome = {
  ok: false,
  failure: { kind: 'restore-failed', detail: 'panic: page 2 already freed' },
  verdict: 'does-not-restore',
  because: 'page-error',
  why: 'x',
  at: at + 1,
};
const tellsNothing: DrillOutcome = { ...disproves, verdict: 'not-made', because: 'place', at: at + 2 };
const doubts: DrillOutcome = { ...disproves, verdict: 'inconclusive', because: 'no-control', at: at + 3 };

function after(...outcomes: readonly DrillOutcome[]): RunSuccess {
  return outcomes.reduce(afterDrill, { drillBegunAt: at } as RunSuccess);
}

test('a drill without a verdict takes no earlier verdict back', () => {
  for (const later of [tellsNothing, doubts]) {
    const disproven = after(disproves, later);
    assert.equal(isDisproven(disproven), true);
    assert.equal(disproven.drillTry, later);
    const good = after(restores, later);
    assert.deepEqual([good.drill, good.drillTry], [restores, later]);
  }
  assert.deepEqual(after(tellsNothing, doubts).drill, doubts);
  assert.deepEqual(after(tellsNothing, restores).drill, restores);
});

test('one with a verdict replaces the earlier one, and ends what was begun', () => {
  assert.equal(isDisproven(after(restores, disproves)), true);
  assert.equal(isDisproven(after(disproves, doubts, restores)), false);
  const ended = after(disproves, doubts, restores);
  assert.deepEqual([ended.drillTry, ended.drillBegunAt], [undefined, undefined]);
});

test('records of earlier releases say what they said then', () => {
  const old = (failure: NonNullable<Extract<DrillOutcome, { ok: false }>['failure']>) =>
    verdictOf({ ok: false, failure, why: 'x', at });
  assert.equal(old({ kind: 'snapshot-damaged', size: 1 }), 'does-not-restore');
  assert.equal(old({ kind: 'no-keys' }), 'does-not-restore');
  assert.equal(old({ kind: 'revision-differs', expected: 61, found: 62 }), 'does-not-restore');
  assert.equal(old({ kind: 'status-failed', detail: 'panic: page 2 already freed' }), 'inconclusive');
  assert.equal(old({ kind: 'not-run', detail: 'ENOENT' }), 'not-made');
  assert.equal(verdictOf({ ok: false, why: 'x', at }), 'inconclusive');
  assert.equal(verdictOf({ ok: false, disproven: true, why: 'x', at }), 'does-not-restore');
  assert.equal(verdictOf({ ok: true, revision: 1, keys: 1, at }), 'restores');
});
