import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { type SourceKey, sources } from '../../src/domain/restore/release-lines.ts';
import { type RestorePlan, restorePlan } from '../../src/domain/restore/restore-plan.ts';
import { phases, type RestoreStep } from '../../src/domain/restore/restore-steps.ts';
import { en } from '../../src/restore/en.ts';
import { ko } from '../../src/restore/ko.ts';
import type { StepWords } from '../../src/restore/wording.ts';
import { anotherManifest, startedAt } from '../support/manifests.ts';

const minors = Array.from({ length: 17 }, (_, index) => index + 6);
const topologies = ['HighlyAvailable', 'HighlyAvailableArbiter', 'SingleReplica', 'DualReplica'] as const;

function planOf(minor: number, topology: string): RestorePlan {
  const zStream = `4.${minor}.8`;
  const manifest = anotherManifest({ runId: 'r-abcdefgh', zStream, topology });
  const need = { zStream, clusterId: undefined, runId: undefined, now: startedAt };
  const answer = restorePlan([manifest], need);
  assert.ok(answer.outcome === 'plan');
  return answer.plan;
}

const all = minors.flatMap((minor) =>
  topologies.map((topology) => ({
    name: `4.${minor} ${topology}`,
    minor,
    topology,
    plan: planOf(minor, topology),
  })),
);

test('every release and topology has each phase, or says why not', () => {
  for (const { name, plan } of all) {
    if (plan.reach === 'files') continue;
    const present = new Set([...plan.steps, ...plan.absent].map(({ phase }) => phase));
    assert.deepEqual(
      phases.filter((phase) => !present.has(phase)),
      [],
      name,
    );
    for (const { phase } of plan.absent)
      assert.ok(
        plan.steps.every((step) => step.phase !== phase),
        `${name} ${phase}`,
      );
  }
});

test('only what is not documented ends at the files, and says why', () => {
  const files = all
    .filter(({ plan }) => plan.reach === 'files')
    .map(({ minor, topology }) => `${minor} ${topology}`);
  assert.deepEqual(
    files,
    minors.filter((minor) => minor < 22).map((minor) => `${minor} DualReplica`),
  );
  for (const { topology, plan } of all)
    assert.equal(plan.notes.includes('arbiter'), topology === 'HighlyAvailableArbiter');
});

test('every step of the cluster names its source, in the document as well', async () => {
  const file = new URL('../../docs/restore-sources.md', import.meta.url);
  if (process.env.UPDATE_GOLDEN === '1') {
    const [head = ''] = (await readFile(file, 'utf8')).split(/^\| key +\|/m);
    const keys = Object.entries(sources).map(([key, text]) => `| ${key} | ${text} |`);
    await writeFile(
      file,
      `${head}${['| key | source |', '| --- | --- |', ...keys].join('\n')}\n\n${sourceTable()}\n`,
    );
  }
  // The formatter pads the columns.
  const document = (await readFile(file, 'utf8')).replace(/ {2,}/g, ' ').replace(/-{3,}/g, '---');
  for (const { name, plan } of all) {
    for (const { kind, source, phase } of plan.steps) {
      const isOwn = phase === 'fetch' || kind === 'tidy' || kind === 'chapter' || source !== 'own';
      assert.ok(isOwn || phase === 'check', `${name}: ${kind}`);
    }
  }
  for (const [key, text] of Object.entries(sources))
    assert.ok(document.includes(`| ${key} | ${text} |`), key);
  assert.ok(document.includes(sourceTable()), 'the table of lines; UPDATE_GOLDEN=1 writes it');
});

/** Per line the kinds of steps with their sources, for several nodes. */
function sourceTable(): string {
  const cell = (steps: readonly RestoreStep[]) =>
    steps
      .filter((each): each is RestoreStep & { source: SourceKey } => each.source !== 'own')
      .map(({ kind, source }) => `${kind} ${source}`)
      .join(', ');
  const rows = minors.map((minor) => `| 4.${minor} | ${cell(planOf(minor, 'HighlyAvailable').steps)} |`);
  return ['| line | steps, each with its source |', '| --- | --- |', ...rows].join('\n');
}

test('every step says what must be seen and what to do if it is not', () => {
  for (const words of [en, ko]) {
    for (const { name, plan } of all) {
      for (const step of plan.steps) {
        if (step.kind === 'chapter') continue;
        const say = words.steps[step.kind] as (params: RestoreStep['params']) => StepWords;
        const { expect, otherwise } = say(step.params);
        assert.ok(expect && otherwise, `${name}: ${step.kind}`);
      }
    }
  }
});
