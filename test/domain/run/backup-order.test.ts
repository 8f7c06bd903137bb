import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { inOrder, type OrderKey, placeAmong } from '../../../src/domain/run/backup-order.ts';

type Key = OrderKey & { readonly cluster: string };

const anyKey = fc.record({
  cluster: fc.constantFrom('prod', 'test'),
  clusterId: fc.constantFrom('id-1', 'id-2', undefined),
  revision: fc.option(fc.nat({ max: 20 }), { nil: undefined }),
  at: fc.nat({ max: 30 }),
});
const anyKeys = fc
  .array(anyKey, { maxLength: 25 })
  .map((keys) => keys.map((key, n): Key => ({ ...key, id: `r-${String(n).padStart(2, '0')}` })));
const idsOf = (keys: readonly OrderKey[]) => keys.map(({ id }) => id);
const ordered = (keys: readonly Key[]) => inOrder(keys, (key) => key);

test('the order is the same one from whatever order the runs come in: it is total, and goes in no circle', () => {
  fc.assert(
    fc.property(anyKeys, fc.infiniteStream(fc.nat()), (keys, random) => {
      const shuffled = keys
        .map((key) => ({ key, at: random.next().value }))
        .sort((a, b) => a.at - b.at)
        .map(({ key }) => key);
      assert.deepEqual(idsOf(ordered(shuffled)), idsOf(ordered(keys)));
      assert.deepEqual(idsOf(ordered(keys)).toSorted(), idsOf(keys).toSorted());
    }),
    { numRuns: 300 },
  );
});

test('within one cluster id etcd’s revision only rises, whatever the dates say', () => {
  fc.assert(
    fc.property(anyKeys, (keys) => {
      const groups = Map.groupBy(ordered(keys), ({ cluster, clusterId }) => `${cluster} ${clusterId}`);
      for (const group of groups.values()) {
        const revisions = group.flatMap(({ revision }) => revision ?? []);
        assert.deepEqual(
          revisions,
          revisions.toSorted((a, b) => a - b),
        );
      }
    }),
  );
});

test('what is added later is placed where it belongs, and moves nothing that is there', () => {
  fc.assert(
    fc.property(anyKeys, anyKey, (keys, more) => {
      const there = ordered(keys.filter(({ cluster }) => cluster === 'prod'));
      const added = { ...more, id: 'r-added' };
      const index = placeAmong(there, added);
      assert.ok(index >= 0 && index <= there.length);
      const { revision, clusterId } = added;
      const same = (each: OrderKey) => each.clusterId === clusterId && each.revision !== undefined;
      if (revision === undefined) return;
      assert.ok(there.slice(0, index).every((each) => !same(each) || (each.revision ?? 0) <= revision));
      assert.ok(there.slice(index).every((each) => !same(each) || (each.revision ?? 0) >= revision));
    }),
    { numRuns: 300 },
  );
});

test('a clock that was a year ahead once does not make its backup the newest', () => {
  const key = (id: string, revision: number | undefined, at: number): Key => {
    return { id, cluster: 'prod', clusterId: 'id-1', revision, at };
  };
  assert.deepEqual(idsOf(ordered([key('ahead', 5, 900), key('b', 7, 20), key('a', 3, 10)])), [
    'a',
    'ahead',
    'b',
  ]);
  const unmeasured = [key('a', undefined, 10), key('ahead', undefined, 900), key('b', undefined, 20)];
  assert.equal(placeAmong(unmeasured, key('c', undefined, 30)), 3);
});

const left = (key: Key, from: string, at: number): Key => ({
  ...key,
  abandoned: { id: `restored@${at}`, from, at },
});
const measured = (id: string, revision: number, at: number): Key => {
  return { id, cluster: 'prod', clusterId: 'id-1', revision, at };
};

test('after a restore the revision counts within each time line: what was left comes before what was taken since', () => {
  // From a, 300 and 400 were left; the line goes on at 150.
  const lines = [
    measured('a', 100, 10),
    left(measured('b', 300, 20), 'a', 35),
    left(measured('c', 400, 30), 'a', 35),
    measured('d', 150, 40),
    measured('e', 350, 50),
  ];
  assert.deepEqual(idsOf(ordered(lines.toReversed())), ['a', 'b', 'c', 'd', 'e']);
  const without = (id: string) => lines.filter((each) => each.id !== id);
  for (const [index, each] of lines.entries())
    assert.equal(placeAmong(ordered(without(each.id)), each), index, each.id);
});

test('time lines that were left one after the other stay in the order of the restores', () => {
  const lines = [
    measured('a', 100, 10),
    measured('b', 200, 20),
    left(measured('c', 300, 30), 'b', 35),
    left(measured('d', 250, 40), 'b', 45),
    measured('e', 220, 50),
  ];
  assert.deepEqual(idsOf(ordered(lines.toReversed())), ['a', 'b', 'c', 'd', 'e']);
  // The second restore went further back than the first one: b was left as well.
  const nested = [
    measured('a', 100, 10),
    left(measured('b', 200, 20), 'a', 45),
    left(measured('c', 300, 30), 'b', 35),
    left(measured('d', 250, 40), 'a', 45),
    measured('e', 120, 50),
  ];
  assert.deepEqual(idsOf(ordered(nested.toReversed())), ['a', 'b', 'c', 'd', 'e']);
});
