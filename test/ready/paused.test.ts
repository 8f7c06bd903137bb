import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Readiness } from '../../src/domain/fleet/readiness.ts';
import { readinessLines, verdictOf } from '../../src/ready/lines.ts';
import { aBackup, aCoverage } from '../slack/messages/boards.ts';
import { aPause } from '../slack/messages/pause-samples.ts';
import { askedAt } from '../slack/messages/runs.ts';

const paused: Readiness = {
  cluster: 'prod-east',
  ready: false,
  reasons: [
    { kind: 'paused', pause: aPause },
    { kind: 'fresh-backup', backup: aBackup() },
  ],
  coverage: aCoverage(),
};

test('a paused cluster is a no that names the pause, and the backup that there is', () => {
  const [verdict, pause, backup] = readinessLines(paused, 'en', askedAt);
  assert.equal(verdict, 'no: prod-east is not ready for an update');
  assert.match(
    pause ?? '',
    /^it is paused until 2026-11-26 17:31 UTC by requester \(moves to the new rack\)/,
  );
  assert.match(backup ?? '', /is a verified backup of 4\.16\.8/);
  assert.match(readinessLines(paused, 'ko', askedAt)[1] ?? '', /일시 중지되어 있습니다/);
});

test('a paused cluster that does not answer is a no, not unclear', () => {
  const why = { reason: 'timeout', detail: 'no answer' } as const;
  const silent: Readiness = {
    ...paused,
    reasons: [...paused.reasons.slice(0, 1), { kind: 'unreadable', why }],
  };
  assert.equal(verdictOf(silent), 'not-ready');
  assert.equal(verdictOf({ ...silent, reasons: silent.reasons.slice(1) }), 'unclear');
});
