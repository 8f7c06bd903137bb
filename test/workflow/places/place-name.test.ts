import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { nas, placeDirectory } from '../../support/place-lab.ts';

test('a directory asks once more before a file gets its name, and leaves nothing where the answer is no', async (t) => {
  const mount = await placeDirectory(t);
  const reason = new Error('not the known place');
  const { signal } = new AbortController();
  async function* body() {
    yield Buffer.from('bytes');
  }
  const order: string[] = [];
  const beforeName = async () => {
    // All bytes are there, under no name that anybody would read.
    order.push(...(await readdir(mount, { recursive: true })));
    throw reason;
  };
  await assert.rejects(nas(mount).put('a/b/file', body(), { signal, beforeName }), /not the known place/);
  assert.ok(
    order.some((name) => name.endsWith('.part')),
    order.join(),
  );
  assert.deepEqual(await readdir(mount), []);
});
