import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cancelAnswer } from '../../../../src/slack/messages/index.ts';
import { aPlan, aRun } from '../../../support/runs.ts';

const context = {
  language: 'en',
  timeZone: 'Asia/Seoul',
  now: Date.UTC(2026, 10, 24),
  command: '/etcd-backup',
} as const;
const said = (change: Parameters<typeof aRun>[0]) =>
  cancelAnswer({ outcome: 'not-yours', run: aRun(change) }, context).text;

test('who may cancel is named as it is decided; rejecting only while it waits for approval', () => {
  const plan = { ...aPlan, approvers: ['U0SECOND'] };
  const waiting = said({ status: 'waiting', plan });
  assert.match(waiting, /who asked for it, or .*U0SECOND.* can\..*reject/s);
  const approved = said({ status: 'approved', plan });
  assert.match(approved, /U0SECOND/);
  assert.doesNotMatch(approved, /reject/, 'it is approved: it can no longer be rejected');
  assert.match(
    said({ status: 'approved', plan: { ...aPlan, approvers: [] } }),
    /Only .* who asked for it can\./,
  );
  assert.match(said({ status: 'approved', plan, emergency: 'down' }), /owners whom the policy names/);
  assert.match(said({ status: 'waiting', origin: { kind: 'schedule' } }), /cluster's owners/);
});
