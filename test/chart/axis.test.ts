import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { axisFor, pixelOf, unitFor } from '../../src/chart/axis.ts';
import { labelPlaces } from '../../src/chart/label-places.ts';

const positive = fc.double({ min: 1e-3, max: 1e9, noNaN: true });
const values = fc.array(positive, { minLength: 1, maxLength: 40 });

test('an axis begins at zero and ends at a round number with every value inside', () => {
  assert.deepEqual(axisFor([61, 610]), { kind: 'linear', domain: [0, 800], ticks: [0, 200, 400, 600, 800] });
  assert.deepEqual(axisFor([83]), { kind: 'linear', domain: [0, 100], ticks: [0, 25, 50, 75, 100] });
  assert.deepEqual(axisFor([0.3, 0.7]).ticks, [0, 0.2, 0.4, 0.6, 0.8]);
  assert.deepEqual(axisFor([9.6]).ticks, [0, 2.5, 5, 7.5, 10]);
});

test('values of very different sizes get a logarithmic one', () => {
  assert.deepEqual(axisFor([60, 8_000]), {
    kind: 'log',
    domain: [50, 10_000],
    ticks: [100, 1_000, 10_000],
  });
});

test('every axis holds its values, has two to nine ticks inside, and places values in their order', () => {
  fc.assert(
    fc.property(values, (some) => {
      const axis = axisFor(some);
      const [low, high] = axis.domain;
      assert.ok(low < high, JSON.stringify(axis));
      for (const value of some) {
        assert.ok(value <= high * (1 + 1e-9), `${value} of ${JSON.stringify(axis)}`);
        const at = pixelOf(axis, value, 100);
        assert.ok(at >= -1e-6 && at <= 100 + 1e-6, `${at}`);
      }
      assert.ok(axis.ticks.length >= 1 && axis.ticks.length <= 14, JSON.stringify(axis));
      assert.ok(axis.ticks.every((tick) => tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9)));
    }),
  );
});

test('the unit is the largest of which there is more than one', () => {
  const units = [
    { name: 's', size: 1 },
    { name: 'min', size: 60 },
    { name: 'h', size: 3_600 },
  ] as const;
  const names = [30, 89, 90, 5_399, 5_400].map((value) => unitFor([value], [...units]).name);
  assert.deepEqual(names, ['s', 's', 'min', 'min', 'h']);
});

test('labels keep their order and their distance, and stay inside as long as they fit', () => {
  const pixels = fc.array(fc.double({ min: 0, max: 178, noNaN: true }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(pixels, (wanted) => {
      const places = labelPlaces(wanted, 19, 178);
      const order = wanted.map((_, index) => index).sort((a, b) => (places[a] ?? 0) - (places[b] ?? 0));
      for (const [n, index] of order.entries()) {
        const place = places[index] ?? 0;
        assert.ok(place >= -1e-6 && place <= 178 + 1e-6, `${place} of ${places}`);
        const next = order[n + 1];
        if (next === undefined) continue;
        assert.ok((places[next] ?? 0) - place >= 19 - 1e-6, `${places} of ${wanted}`);
        assert.ok((wanted[index] ?? 0) <= (wanted[next] ?? 0), 'in their order');
      }
    }),
  );
  assert.deepEqual(labelPlaces([10, 100], 19, 178), [10, 100], 'what does not touch is not moved');
  assert.deepEqual(labelPlaces([50, 50], 20, 178), [40, 60]);
});
