import assert from 'node:assert/strict';
import { mkdir, readFile, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { StorageError } from '../../../src/workflow/ports/destination.ts';
import { bytesOf, chunksOf, pattern, storageError } from '../../contracts/destination-samples.ts';
import { filesIn, placeAt, temporaryDirectory } from '../directory-lab.ts';

const signal = new AbortController().signal;

suite('directory: a root that is a symbolic link', () => {
  test('is used for everything, and named as it is configured', async (t) => {
    const base = await temporaryDirectory(t);
    await mkdir(join(base, 'volume/deep'), { recursive: true });
    await symlink(join(base, 'volume'), join(base, 'way'));
    await symlink(join(base, 'way/deep'), join(base, 'backups'));
    const place = placeAt(join(base, 'backups'));
    assert.deepEqual(await place.check(), []);
    const stored = await place.put('c/run/a', chunksOf(pattern(9)), { signal });
    assert.equal(place.label, join(base, 'backups'));
    assert.equal(stored.location, join(base, 'backups/c/run/a'));
    assert.deepEqual(await place.stat('c/run/a'), stored);
    assert.deepEqual(await bytesOf(await place.open('c/run/a', { signal })), pattern(9));
    const [listed] = await place.list('c/run/');
    assert.deepEqual([listed?.key, listed?.location], ['c/run/a', stored.location]);
    assert.deepEqual(await filesIn(join(base, 'volume')), ['deep/c/run/a']);
    assert.deepEqual(await place.remove('c/run/a'), { kind: 'removed' });
    assert.deepEqual(await filesIn(join(base, 'volume')), []);
  });

  test('is resolved again for each operation', async (t) => {
    const base = await temporaryDirectory(t);
    for (const volume of ['one', 'two']) await mkdir(join(base, volume));
    await symlink(join(base, 'one'), join(base, 'backups'));
    const place = placeAt(join(base, 'backups'));
    await place.put('run/a', chunksOf(pattern(9)), { signal });
    await rm(join(base, 'backups'));
    await symlink(join(base, 'two'), join(base, 'backups'));
    assert.deepEqual(await place.list(''), []);
    await place.put('run/b', chunksOf(pattern(9)), { signal });
    assert.deepEqual(
      [await filesIn(join(base, 'one')), await filesIn(join(base, 'two'))],
      [['run/a'], ['run/b']],
    );
  });

  test('that leads nowhere is a place that is not there', async (t) => {
    const base = await temporaryDirectory(t);
    await symlink(join(base, 'gone'), join(base, 'backups'));
    const place = placeAt(join(base, 'backups'));
    await assert.rejects(place.check(), storageError('not-found'));
    await assert.rejects(place.put('run/a', chunksOf(pattern(9)), { signal }), storageError('not-found'));
    await assert.rejects(place.stat('run/a'), storageError('unreachable'));
  });
});

/** A backup that was moved away, with a link where it lay. */
async function moved(t: TestContext, what: 'c' | 'c/run' | 'c/run/a') {
  const base = await temporaryDirectory(t);
  const root = join(base, 'backups');
  await mkdir(root);
  const place = placeAt(root);
  await place.put('c/run/a', chunksOf(pattern(9)), { signal });
  await place.put('d/run/b', chunksOf(pattern(9)), { signal });
  await rename(join(root, what), join(base, 'elsewhere'));
  await symlink(join(base, 'elsewhere'), join(root, what));
  return { base, root, place };
}

function linkError(error: unknown): true {
  storageError('other')(error);
  assert.match((error as StorageError).message, /is a symbolic link/);
  return true;
}

for (const what of ['c', 'c/run', 'c/run/a'] as const) {
  suite(`directory: a symbolic link at ${what}`, () => {
    test('is not read, written through or removed, and never "absent"', async (t) => {
      const { base, place } = await moved(t, what);
      const before = await filesIn(join(base, 'elsewhere')).catch(() => []);
      await assert.rejects(place.stat('c/run/a'), linkError);
      await assert.rejects(place.open('c/run/a', { signal }), linkError);
      await assert.rejects(place.put('c/run/a', chunksOf(pattern(1)), { signal }), linkError);
      if (what !== 'c/run/a')
        await assert.rejects(place.put('c/run/new', chunksOf(pattern(1)), { signal }), linkError);
      await assert.rejects(place.remove('c/run/a'), linkError);
      assert.deepEqual(await filesIn(join(base, 'elsewhere')).catch(() => []), before);
      if (what === 'c/run/a') assert.deepEqual(await readFile(join(base, 'elsewhere')), pattern(9));
    });

    test('is not listed; asked for by name it is an error, not an empty run', async (t) => {
      const { place } = await moved(t, what);
      assert.deepEqual(
        (await place.list('')).map(({ key }) => key),
        ['d/run/b'],
      );
      if (what === 'c/run/a') assert.deepEqual(await place.list('c/run/'), []);
      else await assert.rejects(place.list('c/run/'), linkError);
    });

    test('is not followed by the sweep for what killed bots left', async (t) => {
      const { base, root, place } = await moved(t, what);
      const outside = join(base, what === 'c/run/a' ? 'other' : 'elsewhere');
      await mkdir(outside, { recursive: true });
      await symlink(outside, join(root, 'outside'));
      const part = join(outside, '.x.01234567-89ab-cdef-0123-456789abcdef.part');
      await writeFile(part, '');
      await utimes(part, 1, 1);
      await place.check();
      assert.equal((await readFile(part)).byteLength, 0);
    });
  });
}

test('a link that is put in the way while a file is read is not followed', async (t) => {
  const { base, root, place } = await moved(t, 'c/run');
  const reading = await place.open('d/run/b', { signal });
  await rename(join(root, 'd'), join(base, 'moved'));
  await symlink(join(base, 'moved'), join(root, 'd'));
  await assert.rejects(bytesOf(reading), (error) => error instanceof StorageError && linkError(error));
});
