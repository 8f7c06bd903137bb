import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { directoryDestination } from '../../../src/storage/directory/directory.ts';
import { existingEditions, putNewest, readNewest } from '../../../src/workflow/copies/editions.ts';
import type { Destination, Removal } from '../../../src/workflow/ports/destination.ts';
import { wrapped } from '../../support/wrapped-destination.ts';

const { signal } = new AbortController();

/** A directory in which, while `locked` says so, nothing can be removed. */
async function openPlace(t: TestContext) {
  const dir = await mkdtemp(path.join(tmpdir(), 'editions-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  const real = directoryDestination({ name: 'vault', path: dir, clock: { now: () => Date.now() } });
  const locked = new Set<string>();
  const remove = async (key: string): Promise<Removal> =>
    locked.has(key) ? { kind: 'refused', why: 'locked' } : real.remove(key);
  const place: Destination = wrapped(real, { remove });
  const existing = async (key = 'run/manifest.json') =>
    existingEditions(
      (await place.list('run/')).map((each) => each.key),
      key,
    );
  return {
    dir,
    locked,
    existing,
    names: async () => (await readdir(path.join(dir, 'run'))).sort(),
    put: async (text: string) => putNewest(place, await existing(), text, signal),
    newest: async () => readNewest(place, await existing(), signal),
  };
}

test('one document that is renewed is alone under its plain name', async (t) => {
  const { put, newest, names, dir } = await openPlace(t);
  assert.equal(await newest(), undefined);
  for (const text of ['one', 'two', 'three']) {
    await put(text);
    assert.equal(await newest(), text);
    assert.deepEqual(await names(), ['manifest.json']);
  }
  assert.equal(await readFile(path.join(dir, 'run/manifest.json'), 'utf8'), 'three');
});

test('where something keeps older editions, the highest number is the newest, whichever of them go first', async (t) => {
  const { put, newest, names, locked } = await openPlace(t);
  await put('one');
  locked.add('run/manifest.json');
  await put('two');
  locked.add('run/manifest.2.json');
  await put('three');
  locked.add('run/manifest.3.json');
  assert.deepEqual(await names(), ['manifest.2.json', 'manifest.3.json', 'manifest.json']);
  locked.delete('run/manifest.json');
  locked.delete('run/manifest.2.json');
  await put('four');
  assert.deepEqual(await names(), ['manifest.3.json', 'manifest.4.json']);
  assert.equal(await newest(), 'four');
  locked.clear();
  await put('five');
  assert.deepEqual(await names(), ['manifest.json']);
  assert.equal(await newest(), 'five');
});

test('what only looks like an edition is none, and is left alone', async (t) => {
  const { put, names, existing, dir } = await openPlace(t);
  await put('one');
  const others = [
    'manifest.json.bak',
    'manifest.0.json',
    'manifest.x.json',
    'manifest.02.json',
    'my-manifest.2.json',
  ];
  for (const name of others) await writeFile(path.join(dir, 'run', name), name);
  assert.deepEqual((await existing()).numbers, [1]);
  await put('two');
  assert.deepEqual(await names(), ['manifest.json', ...others].sort());
});
