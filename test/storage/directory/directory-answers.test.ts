import assert from 'node:assert/strict';
import { lstat, mkdir, readdir, readFile, rename, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { suite, test } from 'node:test';
import { nodeFiles } from '../../../src/storage/directory/place-files.ts';
import { bytesOf, chunksOf, pattern, storageError } from '../../contracts/destination-samples.ts';
import {
  filesIn,
  firstFails,
  inProcess,
  placeAt,
  systemError,
  temporaryDirectory,
  thenFails,
} from '../directory-lab.ts';

const signal = new AbortController().signal;
const linkless = ['EXDEV', 'EINVAL', 'EPERM', 'EOPNOTSUPP', 'ENOTSUP', 'ENOSYS', 'EMLINK'];
const child = join(import.meta.dirname, '../linkless-child.ts');

suite('directory: answers of a file server that saw a request twice', () => {
  for (const code of ['EEXIST', 'EIO', 'ETIMEDOUT']) {
    test(`a link that was made and answers ${code} is ours`, async (t) => {
      const path = await temporaryDirectory(t);
      const place = placeAt(path, { link: thenFails(nodeFiles.link, code) });
      const stored = await place.put('run/a', chunksOf(pattern(70_000)), { signal });
      assert.equal(stored.size, 70_000);
      assert.deepEqual(await bytesOf(await place.open('run/a', { signal })), pattern(70_000));
      assert.deepEqual(await filesIn(path), ['run/a']);
    });
  }

  test('a link that was not made is not ours, whatever is there', async (t) => {
    const path = await temporaryDirectory(t);
    // Another writer comes between our look and our link.
    const link = async (from: string, to: string): Promise<void> => {
      await writeFile(to, pattern(70_000, 7));
      await nodeFiles.link(from, to);
    };
    const storing = placeAt(path, { link }).put('run/a', chunksOf(pattern(70_000)), { signal });
    await assert.rejects(storing, storageError('exists'));
    assert.deepEqual(await readFile(join(path, 'run/a')), pattern(70_000, 7));
    assert.deepEqual(await filesIn(path), ['run/a']);
  });

  test('a link that failed leaves nothing', async (t) => {
    const path = await temporaryDirectory(t);
    const place = placeAt(path, { link: firstFails(nodeFiles.link, 'EIO') });
    await assert.rejects(place.put('run/a', chunksOf(pattern(9)), { signal }), storageError('other'));
    assert.deepEqual(await readdir(path), []);
    await place.put('run/a', chunksOf(pattern(9)), { signal });
  });

  test('a link whose outcome cannot be seen is reported as that', async (t) => {
    const path = await temporaryDirectory(t);
    let linked = false;
    const place = placeAt(path, {
      link: async (from, to) => {
        linked = true;
        await nodeFiles.link(from, to);
        throw systemError('EIO');
      },
      lstat: (each) => (linked ? Promise.reject(systemError('EIO')) : nodeFiles.lstat(each)),
    });
    const storing = place.put('run/a', chunksOf(pattern(9)), { signal });
    await assert.rejects(storing, /could not be seen/);
  });

  test('a part that cannot be removed after its link is no failure of the put', async (t) => {
    const path = await temporaryDirectory(t);
    const place = placeAt(path, { unlink: firstFails(nodeFiles.unlink, 'EIO') });
    await place.put('run/a', chunksOf(pattern(9)), { signal });
    assert.deepEqual(
      (await place.list('')).map(({ key }) => key),
      ['run/a'],
    );
  });

  for (const code of ['EEXIST', 'EIO']) {
    test(`a directory that was made and answers ${code} is used`, async (t) => {
      const path = await temporaryDirectory(t);
      const place = placeAt(path, { mkdir: thenFails(nodeFiles.mkdir, code, 2) });
      await place.put('c/run/a', chunksOf(pattern(9)), { signal });
      assert.deepEqual(await filesIn(path), ['c/run/a']);
    });
  }

  for (const code of ['ENOENT', 'EIO']) {
    test(`a removal that was carried out and answers ${code} is a removal`, async (t) => {
      const path = await temporaryDirectory(t);
      await placeAt(path).put('run/a', chunksOf(pattern(9)), { signal });
      const place = placeAt(path, { unlink: thenFails(nodeFiles.unlink, code) });
      assert.deepEqual(await place.remove('run/a'), { kind: 'removed' });
      assert.deepEqual(await place.remove('run/a'), { kind: 'absent' });
      assert.deepEqual(await readdir(path), []);
    });
  }

  test('a removal that was not carried out is none, whatever the answer', async (t) => {
    const path = await temporaryDirectory(t);
    await placeAt(path).put('run/a', chunksOf(pattern(9)), { signal });
    for (const unlink of [
      firstFails(nodeFiles.unlink, 'EIO'),
      firstFails(nodeFiles.unlink, 'ENOENT'),
      async () => undefined,
    ]) {
      await assert.rejects(placeAt(path, { unlink }).remove('run/a'));
      assert.deepEqual(await filesIn(path), ['run/a']);
    }
  });
});

suite('directory: file systems without hard links', () => {
  for (const code of linkless) {
    test(`${code}: the name is given by a rename that replaces nothing`, async (t) => {
      const path = await temporaryDirectory(t);
      const place = placeAt(path, { link: firstFails(nodeFiles.link, code, 99) });
      await place.put('run/a', chunksOf(pattern(70_000)), { signal });
      await assert.rejects(place.put('run/a', chunksOf(pattern(1)), { signal }), storageError('exists'));
      assert.deepEqual(await bytesOf(await place.open('run/a', { signal })), pattern(70_000));
      assert.deepEqual(await filesIn(path), ['run/a']);
    });
  }

  test('two writers that give the name in the same instant: one wins, and its bytes stay', async (t) => {
    for (let round = 0; round < 20; round += 1) {
      const path = await temporaryDirectory(t);
      const { promise: bothThere, resolve } = Promise.withResolvers<void>();
      let waiting = 0;
      const place = () =>
        placeAt(path, {
          link: async () => {
            waiting += 1;
            if (waiting === 2) resolve();
            await bothThere;
            throw systemError('EPERM');
          },
          // Time for the other one between the look at the name and the rename.
          rename: async (from, to) => {
            await new Promise((next) => setTimeout(next, 10));
            await rename(from, to);
          },
        });
      const puts = [1, 2].map((seed) => place().put('run/a', chunksOf(pattern(500, seed)), { signal }));
      const settled = await Promise.allSettled(puts);
      const won = settled.flatMap((each, at) => (each.status === 'fulfilled' ? [at + 1] : []));
      assert.equal(won.length, 1, `${won.length} writers won`);
      for (const each of settled) if (each.status === 'rejected') storageError('exists')(each.reason);
      assert.deepEqual(await readFile(join(path, 'run/a')), pattern(500, won[0]));
      assert.deepEqual(await filesIn(path), ['run/a']);
    }
  });

  test('writers in processes of their own: one wins each key', async (t) => {
    const path = await temporaryDirectory(t);
    const keys = 60;
    const seeds = [1, 2, 3];
    const startAt = Date.now() + 2_000;
    const outputs = await Promise.all(
      seeds.map((seed) => inProcess(child, [path, `${keys}`, `${seed}`, `${startAt}`])),
    );
    const wins = outputs.map((output) => JSON.parse(output) as readonly string[]);
    for (let at = 0; at < keys; at += 1) {
      const winners = seeds.filter((_, index) => wins[index]?.includes(`run/${at}`));
      assert.equal(winners.length, 1, `run/${at}: ${winners.length} writers won`);
      assert.deepEqual(await readFile(join(path, `run/${at}`)), pattern(500, winners[0]));
    }
    assert.equal((await filesIn(path)).length, keys);
  });

  for (const code of ['ENOENT', 'EIO']) {
    test(`a rename that was carried out and answers ${code} is ours`, async (t) => {
      const path = await temporaryDirectory(t);
      const place = placeAt(path, {
        link: firstFails(nodeFiles.link, 'EPERM', 99),
        rename: thenFails(nodeFiles.rename, code),
      });
      await place.put('run/a', chunksOf(pattern(9)), { signal });
      assert.deepEqual(await filesIn(path), ['run/a']);
    });
  }

  test('a rename that failed leaves nothing', async (t) => {
    const path = await temporaryDirectory(t);
    const link = firstFails(nodeFiles.link, 'EPERM', 99);
    const place = placeAt(path, { link, rename: firstFails(nodeFiles.rename, 'EIO') });
    await assert.rejects(place.put('run/a', chunksOf(pattern(9)), { signal }), storageError('other'));
    assert.deepEqual(await readdir(path), []);
  });

  test('the claim of a process that died in it goes when it is an hour old, and is heeded until then', async (t) => {
    const path = await temporaryDirectory(t);
    const place = placeAt(path, { link: firstFails(nodeFiles.link, 'EPERM', 99) });
    await mkdir(join(path, 'run'));
    const claim = join(path, 'run/.a.claim');
    await writeFile(claim, 'of another process');
    await assert.rejects(place.put('run/a', chunksOf(pattern(9)), { signal }), storageError('exists'));
    assert.deepEqual(await filesIn(path), ['run/.a.claim']);
    const longAgo = new Date(Date.now() - 61 * 60 * 1000);
    await utimes(claim, longAgo, longAgo);
    await place.put('run/a', chunksOf(pattern(9)), { signal });
    assert.deepEqual(await filesIn(path), ['run/a']);
  });
});

suite('directory: handles and volumes that go away', () => {
  test('a stale handle is looked up again', async (t) => {
    const path = await temporaryDirectory(t);
    await placeAt(path).put('c/run/a', chunksOf(pattern(9)), { signal });
    const stale = { times: 2 } as const;
    const place = placeAt(path, {
      readdir: firstFails(nodeFiles.readdir, 'ESTALE', stale.times),
      lstat: firstFails(nodeFiles.lstat, 'ESTALE', stale.times),
      open: firstFails(nodeFiles.open, 'ESTALE', stale.times),
      mkdir: firstFails(nodeFiles.mkdir, 'ESTALE', stale.times),
      link: firstFails(nodeFiles.link, 'ESTALE', stale.times),
      unlink: firstFails(nodeFiles.unlink, 'ESTALE', stale.times),
    });
    assert.deepEqual(
      (await place.list('')).map(({ key }) => key),
      ['c/run/a'],
    );
    await place.put('d/run/b', chunksOf(pattern(9)), { signal });
    assert.equal((await place.stat('d/run/b')).size, 9);
    assert.deepEqual(await place.remove('d/run/b'), { kind: 'removed' });
  });

  test('a handle that stays stale makes the place unreachable, never empty', async (t) => {
    const path = await temporaryDirectory(t);
    await placeAt(path).put('c/run/a', chunksOf(pattern(9)), { signal });
    const below = (each: string): boolean => each !== path;
    const place = placeAt(path, { readdir: firstFails(nodeFiles.readdir, 'ESTALE', 99, below) });
    await assert.rejects(place.list(''), storageError('unreachable'));
    await assert.rejects(place.list('c/run/'), storageError('unreachable'));
  });

  test('a volume that goes away while it is listed does not make a short listing', async (t) => {
    const path = join(await temporaryDirectory(t), 'volume');
    await mkdir(path);
    for (const key of ['a/run/1', 'b/run/1']) await placeAt(path).put(key, chunksOf(pattern(9)), { signal });
    const place = placeAt(path, {
      readdir: async (each) => {
        const entries = await nodeFiles.readdir(each);
        if (each !== path) return entries;
        // The bare mount point comes to light.
        await rename(path, `${path}-gone`);
        await mkdir(path);
        return entries;
      },
    });
    await assert.rejects(place.list(''), storageError('unreachable'));
  });

  test('of single files nothing is known when the directory itself is away', async (t) => {
    const path = join(await temporaryDirectory(t), 'volume');
    await mkdir(path);
    const place = placeAt(path);
    await place.put('run/a', chunksOf(pattern(9)), { signal });
    const reading = await place.open('run/a', { signal });
    await rename(path, `${path}-away`);
    await assert.rejects(place.stat('run/a'), storageError('unreachable'));
    await assert.rejects(place.open('run/a', { signal }), storageError('unreachable'));
    await assert.rejects(bytesOf(reading), storageError('unreachable'));
    await assert.rejects(place.remove('run/a'), storageError('not-found'));
    await writeFile(path, 'a file where the volume was');
    await assert.rejects(place.stat('run/a'), storageError('unreachable'));
    await assert.rejects(place.remove('run/a'), storageError('not-found'));
  });

  test('a directory that may not be read elsewhere does not hide what is asked for', async (t) => {
    const path = await temporaryDirectory(t);
    await placeAt(path).put('c/run/a', chunksOf(pattern(9)), { signal });
    await mkdir(join(path, 'lost+found'));
    await mkdir(join(path, 'closed'));
    const closed = (each: string): boolean => ['lost+found', 'closed'].includes(basename(each));
    const place = placeAt(path, { readdir: firstFails(nodeFiles.readdir, 'EACCES', 99, closed) });
    assert.deepEqual(
      (await place.list('c/')).map(({ key }) => key),
      ['c/run/a'],
    );
    assert.deepEqual(
      (await place.list('c/run/a')).map(({ key }) => key),
      ['c/run/a'],
    );
    await assert.rejects(place.list(''), storageError('denied'));
    assert.equal((await lstat(dirname(join(path, 'c/run/a')))).isDirectory(), true);
  });
});
