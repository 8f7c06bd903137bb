import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutGaps } from '../../src/chart/gaps.ts';

const hourMs = 3_600_000;
const partsOf = (hours: readonly number[]) =>
  withoutGaps(hours.map((hour) => ({ at: hour * hourMs }))).map((part) => part.map(({ at }) => at / hourMs));

test('a line ends where backups are missing, by what is usual for the cluster', () => {
  assert.deepEqual(partsOf([0, 24, 48, 96, 120]), [
    [0, 24, 48],
    [96, 120],
  ]);
  const [week, none] = [168, 336];
  assert.deepEqual(partsOf([0, week, 2 * week, 2 * week + none]), [[0, week, 2 * week], [2 * week + none]]);
});

test('neither a late backup nor several in a day part it', () => {
  assert.equal(partsOf([0, 24, 52, 72, 96]).length, 1);
  assert.equal(partsOf([0, 1, 2, 3, 30, 31, 32]).length, 1);
});

test('one backup is one part, and none is none', () => {
  assert.deepEqual(partsOf([5]), [[5]]);
  assert.deepEqual(partsOf([]), []);
});
