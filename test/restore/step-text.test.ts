import assert from 'node:assert/strict';
import { test } from 'node:test';
import { restoreText } from '../../src/restore/restore-text.ts';
import { roomPauseReason, stepTexts } from '../../src/restore/step-text.ts';
import { anotherManifest } from '../support/manifests.ts';
import { planFor } from '../support/rooms.ts';

const plans = (
  [
    ['4.9.5', 'HighlyAvailable'],
    ['4.16.8', 'HighlyAvailable'],
    ['4.20.5', 'HighlyAvailable'],
    ['4.20.5', 'DualReplica'],
    ['4.22.1', 'DualReplica'],
  ] as const
).map(([zStream, topology]) => planFor(anotherManifest({ runId: 'r-abcdefgh', zStream, topology })));

test('a room has the words of RESTORE.md, under the same numbers', () => {
  for (const plan of plans) {
    const paper = restoreText({ outcome: 'plan', plan }, 'prod-east', 'en');
    for (const [index, { title, text, expect = '', otherwise = '' }] of stepTexts(plan, 'en').entries()) {
      assert(paper.includes(`### ${index + 1}. ${title}\n`), title);
      for (const part of [...text, expect, otherwise]) assert(paper.includes(part), part);
    }
  }
});

test('a step that failed has as many causes in Korean as in English, with the same values to look for', () => {
  const values = (texts: readonly string[]) => texts.flatMap((text) => text.match(/`[^`]+`/gu) ?? []);
  for (const plan of plans) {
    const korean = stepTexts(plan, 'ko');
    for (const [index, { causes, wayBack }] of stepTexts(plan, 'en').entries()) {
      const { causes: said = [], wayBack: back = '' } = korean[index] ?? {};
      assert.deepEqual(values(said).sort(), values(causes).sort());
      assert.deepEqual(values([back]).sort(), values([wayBack]).sort());
      for (const text of [...said, back]) assert.match(text, /[가-힣]{2}/);
    }
  }
});

test('before etcd is stopped there is nothing to go back from, and each way of stopping has its own way back', () => {
  const wayBack = (at: number, kind: string) => {
    const plan = plans[at] ?? assert.fail();
    const index = plan.steps.findIndex((step) => step.kind === kind);
    return stepTexts(plan, 'en')[index]?.wayBack ?? assert.fail(kind);
  };
  for (const at of plans.keys()) assert.match(wayBack(at, 'fetch'), /Nothing in the cluster has changed/);
  assert.match(wayBack(1, 'stop-others'), /mv -v \/tmp\/etcd \/var\/lib\/etcd/);
  assert.match(wayBack(2, 'disable-etcd'), /manifests-stopped/);
  assert.match(wayBack(4, 'disable-etcd'), /pcs resource enable etcd/);
  assert.match(wayBack(3, 'chapter'), /Nothing in the cluster has changed/);
  assert.match(wayBack(2, 'restore'), /etcd-backup/);
});

test('why the cluster is paused names the run, in both languages', () => {
  for (const language of ['en', 'ko'] as const)
    assert.match(roomPauseReason('r-abcdefgh', language), /r-abcdefgh/);
});
