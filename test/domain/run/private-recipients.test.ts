import assert from 'node:assert/strict';
import { it } from 'node:test';
import { privateRecipients } from '../../../src/domain/run/private-recipients.ts';
import { aRun } from '../../support/runs.ts';

it('what concerns the requester of a run goes to that person, for a schedule to the owners', () => {
  const owners = ['U7', 'U8'];
  assert.deepEqual(privateRecipients(aRun(), { owners }), ['U1']);
  const scheduled = aRun({ origin: { kind: 'schedule' } });
  assert.deepEqual(privateRecipients(scheduled, { owners }), owners);
  assert.deepEqual(privateRecipients(scheduled, { owners: [] }), []);
});
