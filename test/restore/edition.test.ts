import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { editionMark, editionOf, readEditionMark } from '../../src/domain/restore/edition.ts';
import { firstMinor, lastMinor } from '../../src/domain/restore/release-lines.ts';
import { restorePlan } from '../../src/domain/restore/restore-plan.ts';
import { restoreText } from '../../src/restore/restore-text.ts';
import { anotherManifest, startedAt } from '../support/manifests.ts';

const file = new URL('edition-digests.json', import.meta.url);
const topologies = ['HighlyAvailable', 'HighlyAvailableArbiter', 'SingleReplica', 'DualReplica'] as const;
const minors = Array.from({ length: lastMinor - firstMinor + 1 }, (_, index) => index + firstMinor);

interface Recorded {
  readonly edition: number;
  readonly digest: string;
}

function planOf(zStream: string, topology: string, proxyUsed: boolean) {
  const manifest = { ...anotherManifest({ runId: 'r-abcdefgh', zStream, topology }), proxyUsed };
  const need = { zStream, clusterId: undefined, runId: undefined, now: startedAt };
  const answer = restorePlan([manifest], need);
  assert.ok(answer.outcome === 'plan');
  return answer;
}

/** Of everything about the steps of one line that is not words. */
function digestOf(minor: number): string {
  const steps = topologies.flatMap((topology) =>
    [false, true].map((proxyUsed) => planOf(`4.${minor}.8`, topology, proxyUsed).plan.steps),
  );
  return createHash('sha256').update(JSON.stringify(steps)).digest('hex').slice(0, 16);
}

test('steps or commands of a release line change only together with its edition', async () => {
  const recorded = JSON.parse(await readFile(file, 'utf8')) as Record<string, Recorded>;
  const found = minors.map((minor) => {
    const now = { edition: editionOf(`4.${minor}.8`).number, digest: digestOf(minor) };
    return { line: `4.${minor}`, now, before: recorded[`4.${minor}`] };
  });
  const changed = found
    .filter(({ now, before }) => before && now.digest !== before.digest && now.edition <= before.edition)
    .map(({ line }) => line);
  assert.deepEqual(
    changed,
    [],
    'steps of these lines are not those that their edition was published with: add an entry to `editions` in ' +
      'src/domain/restore/edition.ts, then UPDATE_GOLDEN=1. Only where no release of the bot has that edition yet: take the ' +
      'lines out of test/restore/edition-digests.json, then UPDATE_GOLDEN=1',
  );
  const all = Object.fromEntries(found.map(({ line, now }) => [line, now]));
  if (process.env.UPDATE_GOLDEN === '1') await writeFile(file, `${JSON.stringify(all, null, 2)}\n`);
  assert.deepEqual(JSON.parse(await readFile(file, 'utf8')), all, 'UPDATE_GOLDEN=1 records the new edition');
});

test('the edition of a line is the newest entry that names it; a release of no known line has the newest of all', () => {
  const entries = [
    { number: 1, date: '2026-11-30', lines: 'all' },
    { number: 2, date: '2027-01-10', lines: [16, 17] },
    { number: 3, date: '2027-03-01', lines: [22] },
  ] as const;
  const numbers = ['4.15.9', '4.16.8', '4.17.0-rc.1', '4.22.1', '5.0.1', 'registry/image'].map(
    (zStream) => editionOf(zStream, entries).number,
  );
  assert.deepEqual(numbers, [1, 2, 2, 3, 3, 3]);
  assert.deepEqual(editionOf('4.16.8', entries), { number: 2, date: '2027-01-10' });
});

test('every paper carries its edition, its date and the version of the bot, for people and for programs', () => {
  for (const language of ['en', 'ko'] as const) {
    const text = restoreText(planOf('4.16.8', 'HighlyAvailable', false), 'prod-east', language, '1.2.3');
    const { number, date } = editionOf('4.16.8');
    assert.deepEqual(readEditionMark(text), { runId: 'r-abcdefgh', edition: number, bot: '1.2.3' });
    const line = text.split('\n').find((each) => each.includes('`1.2.3`')) ?? '';
    assert.ok(line.includes(date) && line.includes(String(number)), line);
  }
});

test('a mark is read from the last line alone, and holds nothing that could end it', () => {
  const mark = editionMark({ runId: 'r-abcdefgh', edition: 2, bot: '1.0.0 --> x' });
  assert.deepEqual(readEditionMark(`# Title\n\n${mark}\n\n`)?.bot, '1.0.0_--__x');
  assert.equal(readEditionMark(`${mark}\nmy own notes\n`), undefined);
  assert.equal(readEditionMark('# Restore\n'), undefined);
});
