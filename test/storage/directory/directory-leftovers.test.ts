import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { directoryDestination } from '../../../src/storage/directory/directory.ts';
import { chunksOf, pattern } from '../../contracts/destination-samples.ts';
import { filesIn, placeAt, temporaryDirectory } from '../directory-lab.ts';

const signal = new AbortController().signal;
const child = join(import.meta.dirname, '../put-child.ts');
const hourMs = 60 * 60 * 1000;
const uuid = '01234567-89ab-cdef-0123-456789abcdef';

async function killedWriter(path: string, key: string): Promise<void> {
  const writer = spawn(process.execPath, [child, path, key, '3', 'hang'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(writer.stdout, 'data');
  writer.kill('SIGKILL');
  await once(writer, 'exit');
}

async function file(root: string, name: string, ageMs: number): Promise<void> {
  await mkdir(dirname(join(root, name)), { recursive: true });
  await writeFile(join(root, name), 'left');
  const at = new Date(Date.now() - ageMs);
  await utimes(join(root, name), at, at);
}

async function aged(t: TestContext): Promise<string> {
  const path = await temporaryDirectory(t);
  await killedWriter(path, 'c/run-1/a');
  const [part = ''] = await filesIn(path);
  await utimes(join(path, part), new Date(Date.now() - 2 * hourMs), new Date(Date.now() - 2 * hourMs));
  return path;
}

suite('directory: what killed bots left', () => {
  test('a check removes it wherever it lies, and the directories that it kept', async (t) => {
    const path = await aged(t);
    await file(path, `.check.${uuid}.part`, 2 * hourMs);
    await file(path, 'c/run-2/.b.claim', 2 * hourMs);
    await placeAt(path).put('c/run-3/kept', chunksOf(pattern(9)), { signal });
    await placeAt(path).check();
    assert.deepEqual(await filesIn(path), ['c/run-3/kept']);
    assert.deepEqual(await readdir(join(path, 'c')), ['run-3']);
  });

  test('a put of another key removes it too: a bot may not be started for months', async (t) => {
    const path = await aged(t);
    await placeAt(path).put('d/run/a', chunksOf(pattern(9)), { signal });
    assert.deepEqual(await filesIn(path), ['d/run/a']);
  });

  test('neither does, while it could belong to a living writer', async (t) => {
    const path = await temporaryDirectory(t);
    await file(path, `c/run/.a.${uuid}.part`, hourMs / 2);
    await placeAt(path).check();
    await placeAt(path).put('d', chunksOf(pattern(9)), { signal });
    assert.deepEqual(await filesIn(path), [`c/run/.a.${uuid}.part`, 'd']);
  });

  test('its age is measured by the clock of the place, not by that of the bot', async (t) => {
    const path = await aged(t);
    await file(path, `c/run-2/.b.${uuid}.part`, hourMs / 2);
    await placeAt(path, {}, () => Date.now() + 24 * hourMs).check();
    assert.deepEqual(await filesIn(path), [`c/run-2/.b.${uuid}.part`]);
    await file(path, `c/run-3/.c.${uuid}.part`, 2 * hourMs);
    await placeAt(path, {}, () => 0).check();
    assert.deepEqual(await filesIn(path), [`c/run-2/.b.${uuid}.part`]);
  });

  test('files of others stay, however old', async (t) => {
    const path = await temporaryDirectory(t);
    const others = [
      '.a.part',
      '.nfs0000000000000001',
      `a.${uuid}.part`,
      `.a.${uuid}`,
      'c/run/.b.XyZ123',
      '.git/.x.claim',
      `.trash/.a.${uuid}.part`,
      'c/run/snapshot.db',
    ];
    for (const name of others) await file(path, name, 99 * hourMs);
    await placeAt(path).check();
    assert.deepEqual(await filesIn(path), others.toSorted());
  });

  test('what cannot be read or removed does not fail the check', async (t) => {
    const path = await aged(t);
    const denied = () => Promise.reject(Object.assign(new Error('no'), { code: 'EACCES' }));
    await placeAt(path, { readdir: denied }).check();
    assert.equal((await filesIn(path)).length, 1);
  });
});

test('a writer whose source is silent for hours looks alive all the time', async (t) => {
  const path = await temporaryDirectory(t);
  const clock = { now: () => Date.now() };
  const place = directoryDestination({ name: 'nas', path, clock, touchEveryMs: 20 });
  const { promise: goOn, resolve } = Promise.withResolvers<void>();
  const { promise: silent, resolve: atSilence } = Promise.withResolvers<void>();
  async function* body(): AsyncGenerator<Uint8Array> {
    yield pattern(9);
    atSilence();
    await goOn;
  }
  const storing = place.put('run/a', body(), { signal });
  await silent;
  const [part = ''] = await filesIn(path);
  const longAgo = new Date(Date.now() - 2 * hourMs);
  await utimes(join(path, part), longAgo, longAgo);
  while ((await stat(join(path, part))).mtimeMs < Date.now() - hourMs)
    await new Promise((next) => setImmediate(next));
  await placeAt(path).check();
  resolve();
  assert.equal((await storing).size, 9);
  assert.deepEqual(await filesIn(path), ['run/a']);
});

test('names that no backup can have are no objects', async (t) => {
  const path = await temporaryDirectory(t);
  await file(path, 'c/run/notes of the night (1).txt', 0);
  await file(path, 'c/run/.hidden', 0);
  await file(path, 'c/run/snapshot.db', 0);
  const keys = (await placeAt(path).list('')).map(({ key }) => key);
  assert.deepEqual(keys, ['c/run/snapshot.db']);
});
