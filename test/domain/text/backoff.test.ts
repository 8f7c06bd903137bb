import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backoffMs, backoffPauses } from '../../../src/domain/text/backoff.ts';

test('each pause is twice the one before, up to the longest, however many failures there were', () => {
  const backoff = { firstMs: 500, maxMs: 3_000 };
  assert.deepEqual(
    [0, 1, 2, 3, 4, 10_000].map((failures) => backoffMs(failures, backoff)),
    [500, 1_000, 2_000, 3_000, 3_000, 3_000],
  );
});

test('a first pause above the longest is cut, too', () => {
  assert.equal(backoffMs(0, { firstMs: 5_000, maxMs: 3_000 }), 3_000);
});

test('another factor, and a limited number of retries', () => {
  assert.deepEqual(backoffPauses(4, { firstMs: 200, maxMs: 500, factor: 1.5 }), [200, 300, 450, 500]);
  assert.deepEqual(backoffPauses(0, { firstMs: 200, maxMs: 500 }), []);
});
