import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createLimiter } from '../../../src/workflow/ports/limiter.ts';

const never = new AbortController().signal;

/** Work that ends when the test says so. */
function heldWork(names: readonly string[]) {
  const begun: string[] = [];
  const held = new Map(names.map((name) => [name, Promise.withResolvers<string>()]));
  const part = (name: string) => held.get(name) ?? assert.fail(name);
  return {
    begun,
    work: (name: string) => () => {
      begun.push(name);
      return part(name).promise;
    },
    end: (name: string) => part(name).resolve(name),
    fail: (name: string) => part(name).reject(new Error(`${name} failed`)),
  };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('a limiter', () => {
  it('lets so many in at a time, and the others in the order of asking', async () => {
    const limiter = createLimiter(2);
    const { begun, work, end } = heldWork(['a', 'b', 'c', 'd']);
    const all = ['a', 'b', 'c', 'd'].map((name) => limiter(never, work(name)));
    await settle();
    assert.deepEqual(begun, ['a', 'b']);
    end('b');
    await settle();
    assert.deepEqual(begun, ['a', 'b', 'c']);
    for (const name of ['a', 'c', 'd']) end(name);
    assert.deepEqual(await Promise.all(all), ['a', 'b', 'c', 'd']);
  });

  it('hands the place of failed work on, and the error to who asked for that work', async () => {
    const limiter = createLimiter(1);
    const { begun, work, fail, end } = heldWork(['a', 'b']);
    const [a, b] = [limiter(never, work('a')), limiter(never, work('b'))];
    fail('a');
    await assert.rejects(a, /a failed/);
    await settle();
    assert.deepEqual(begun, ['a', 'b']);
    end('b');
    assert.equal(await b, 'b');
  });

  it('never runs what was aborted while it waited, and goes on with the next', async () => {
    const limiter = createLimiter(1);
    const stop = new AbortController();
    const { begun, work, end } = heldWork(['a', 'b', 'c']);
    const [a, b, c] = [limiter(never, work('a')), limiter(stop.signal, work('b')), limiter(never, work('c'))];
    stop.abort(new Error('enough'));
    end('a');
    await assert.rejects(b, /enough/);
    await settle();
    assert.deepEqual(begun, ['a', 'c']);
    end('c');
    assert.deepEqual(await Promise.all([a, c]), ['a', 'c']);
  });

  it('keeps its limit after all of that', async () => {
    const limiter = createLimiter(1);
    await assert.rejects(
      limiter(AbortSignal.abort(new Error('enough')), async () => 'never'),
      /enough/,
    );
    const { begun, work, end } = heldWork(['a', 'b']);
    const both = [limiter(never, work('a')), limiter(never, work('b'))];
    await settle();
    assert.deepEqual(begun, ['a']);
    end('a');
    end('b');
    await Promise.all(both);
  });
});
