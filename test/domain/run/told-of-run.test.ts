import assert from 'node:assert/strict';
import { it } from 'node:test';
import { toldOfRun } from '../../../src/domain/run/told-of-run.ts';
import { aRun } from '../../support/runs.ts';

it('what concerns whoever asked for a run goes to that person, behind a schedule to the owners', () => {
  const owners = ['U7', 'U8'];
  assert.deepEqual(toldOfRun(aRun(), { owners }), ['U1']);
  const scheduled = aRun({ origin: { kind: 'schedule' } });
  assert.deepEqual(toldOfRun(scheduled, { owners }), owners);
  assert.deepEqual(toldOfRun(scheduled, { owners: [] }), []);
});
