import assert from 'node:assert/strict';
import { test } from 'node:test';
import { restorePlan } from '../../src/domain/restore/restore-plan.ts';
import { restoreText } from '../../src/restore/restore-text.ts';
import { aManifest, anotherManifest, dayMs, startedAt } from '../support/manifests.ts';

const abandoned = {
  id: 'prod-east/restored@1',
  restoredFrom: 'r-restored',
  restoredAt: '2026-11-23T09:00:00.000Z',
  marked: '2026-11-23T09:05:00.000Z',
  by: { slackUser: 'U0', clusterUser: 'requester' },
};
const left = { ...aManifest(), abandoned };

test('the paper beside a backup of a time line that the cluster left says so first; others name why it is not taken', () => {
  const need = { zStream: '4.16.8', clusterId: undefined, now: startedAt + dayMs };
  const paper = (language: 'en' | 'ko') =>
    restoreText(restorePlan([left], { ...need, runId: left.runId }), 'prod-east', language);
  const [english, korean] = [paper('en'), paper('ko')];
  assert.match(english, /is of a time line that the cluster left:\*\* .* from `r-restored`/);
  assert.match(korean, /갈라진 이전 타임라인의 것입니다\.\*\* .*`r-restored`/);
  for (const text of [english, korean])
    assert.ok(text.indexOf('r-restored') < text.indexOf('```'), 'before the first command');
  const other = (language: 'en' | 'ko') => {
    const answer = restorePlan([left, anotherManifest({ runId: 'r-right000' })], {
      ...need,
      runId: undefined,
    });
    return restoreText(answer, 'prod-east', language);
  };
  assert.match(other('en'), /`r-abcdefgh`.*time line that the cluster left.*by its run id only/);
  assert.match(other('ko'), /`r-abcdefgh`.*이전 타임라인의 백업입니다\. 실행 ID를 지정해야만/);
});
