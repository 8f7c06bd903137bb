import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { directoryDestination } from '../../../src/storage/directory/directory.ts';
import type { Destination } from '../../../src/workflow/ports/destination.ts';
import { destinationContract } from '../../contracts/destination.ts';
import { bytesOf, chunksOf, LongBody, pattern, storageError } from '../../contracts/destination-samples.ts';
import { writtenBy } from '../written-by.ts';

const run = promisify(execFile);
const signal = new AbortController().signal;
const clock = { now: () => Date.now() };
const mounts = new Set<string>();
const child = join(import.meta.dirname, '../put-child.ts');

destinationContract('directory', async () => {
  const path = await mkdtemp(join(tmpdir(), 'destination-'));
  return {
    destination: at(path),
    another: at(path),
    partBytes: 1024 * 1024,
    remains: () => filesIn(path),
    close: () => rm(path, { recursive: true, force: true }),
  };
});

suite('directory: names, modes and what is left', () => {
  test('files are for their owner only, their directories too, and empty directories go', async (t) => {
    const path = await temporary(t);
    const place = at(path);
    await place.put('c-1/r-1/a', chunksOf(pattern(10)), { signal });
    assert.equal((await stat(join(path, 'c-1/r-1/a'))).mode & 0o777, 0o600);
    assert.equal((await stat(join(path, 'c-1/r-1'))).mode & 0o777, 0o700);
    assert.equal((await stat(join(path, 'c-1'))).mode & 0o777, 0o700);
    await place.remove('c-1/r-1/a');
    assert.deepEqual(await readdir(path), []);
    await assert.rejects(place.put('c-1/r-1/a', failing(), { signal }), /torn/);
    assert.deepEqual(await readdir(path), []);
  });

  test('a place that does not exist is not made: its volume may not be mounted', async (t) => {
    const place = at(join(await temporary(t), 'not-mounted'));
    await assert.rejects(place.put('a/b', chunksOf(pattern(1)), { signal }), storageError('not-found'));
    await assert.rejects(place.check(), storageError('not-found'));
    await assert.rejects(place.list(''), storageError('not-found'));
    await assert.rejects(place.remove('a/b'), storageError('not-found'));
  });

  test('a place that is a file is refused', async (t) => {
    const path = join(await temporary(t), 'file');
    await writeFile(path, '');
    await assert.rejects(at(path).check(), storageError('not-found'));
    await assert.rejects(at(path).put('a', chunksOf(pattern(1)), { signal }), storageError('not-found'));
  });

  test('a relative path is refused', () => {
    assert.throws(() => at('backups'), /absolute/);
  });

  test('a killed process leaves a part only, which a later put of the same key clears when it is old', async (t) => {
    const path = await temporary(t);
    const writer = spawn(process.execPath, [child, path, 'run/a', '3', 'hang'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(writer.stdout, 'data');
    writer.kill('SIGKILL');
    await once(writer, 'exit');
    const [part = ''] = await filesIn(path);
    assert.match(part, /^run\/\.a\..+\.part$/);
    assert.deepEqual(await at(path).list(''), []);

    await at(path).put('run/a', chunksOf(pattern(1)), { signal });
    assert.deepEqual((await filesIn(path)).toSorted(), [part, 'run/a']);
    await rm(join(path, 'run/a'));
    const longAgo = new Date(Date.now() - 2 * 60 * 60 * 1000);
    await utimes(join(path, part), longAgo, longAgo);
    await at(path).put('run/a', chunksOf(pattern(1)), { signal });
    assert.deepEqual(await filesIn(path), ['run/a']);
  });

  test('what a killed process left of a key goes when the key is removed, and what is being written is never visible there', async (t) => {
    const path = await temporary(t);
    const writer = spawn(process.execPath, [child, path, 'run/a', '3', 'hang'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(writer.stdout, 'data');
    writer.kill('SIGKILL');
    await once(writer, 'exit');
    assert.equal((await filesIn(path)).length, 1);

    assert.deepEqual(await at(path).remove('run/a'), { kind: 'absent' });

    assert.deepEqual(await filesIn(path), []);
  });
});

suite('directory: faults of the place', () => {
  test('a full disk is named, and leaves nothing', async (t) => {
    const path = await temporary(t);
    if (await mounted(path, 'size=4m')) {
      const failed = at(path).put('run/big', new LongBody(8), { signal });
      await assert.rejects(failed, storageError('full'));
      await at(path).put('run/small', chunksOf(pattern(100)), { signal });
      assert.deepEqual(await filesIn(path), ['run/small']);
    }
    await rm(join(path, 'run'), { recursive: true, force: true });
    assert.equal(JSON.parse(await putLimited(path, 'run/big', '')).kind, 'full');
    assert.deepEqual(await filesIn(path), []);
  });

  test('a place that may not be written to is named; what is there is refused to be removed', async (t) => {
    const path = await temporary(t);
    const mount = await mounted(path, 'size=4m');
    await at(path).put('run/a', chunksOf(pattern(1)), { signal });
    if (mount) await run('mount', ['-o', 'remount,ro', path]);
    else for (const each of [join(path, 'run'), path]) await chmod(each, 0o500);
    const kind = mount ? 'read-only' : 'denied';
    await assert.rejects(at(path).put('run/b', chunksOf(pattern(1)), { signal }), storageError(kind));
    await assert.rejects(at(path).check(), storageError(kind));
    const removal = await at(path).remove('run/a');
    assert.equal(removal.kind, 'refused');
    assert.equal((await bytesOf(await at(path).open('run/a', { signal }))).byteLength, 1);
    if (!mount) for (const each of [path, join(path, 'run')]) await chmod(each, 0o700);
  });

  test('a file that shrinks or grows while it is read back is torn', async (t) => {
    const path = await temporary(t);
    for (const size of [100_000, 2_000_000, 4_000_000]) {
      const key = `run/${size}`;
      await at(path).put(key, chunksOf(pattern(2_000_000)), { signal });
      const reading = await at(path).open(key, { signal });
      await truncate(join(path, key), size);
      if (size === 2_000_000) await bytesOf(reading);
      else await assert.rejects(bytesOf(reading), storageError('torn'));
    }
  });

  test('a file that is cut off after it was stored shows in its size', async (t) => {
    const path = await temporary(t);
    const stored = await at(path).put('a', chunksOf(pattern(1000)), { signal });
    await truncate(stored.location, 999);
    assert.equal((await at(path).stat('a')).size, 999);
  });

  test('a directory or link under the name of an object is no object', async (t) => {
    const path = await temporary(t);
    await mkdir(join(path, 'run'));
    await assert.rejects(at(path).stat('run'), storageError('not-found'));
    await assert.rejects(at(path).put('run', chunksOf(pattern(1)), { signal }), storageError('exists'));
  });
});

suite('directory: a source that writes into the file by itself', () => {
  test('is stored as it wrote it, to its last byte, for the owner only', async (t) => {
    const path = await temporary(t);
    const body = writtenBy('head -c 3000000 /dev/urandom; sleep 0.3; printf the-end');
    const stored = await at(path).put('run/a', body, { signal });
    const bytes = await readFile(stored.location);
    assert.deepEqual([stored.size, bytes.byteLength, body.seen.size], [3_000_007, 3_000_007, 3_000_007]);
    assert.equal(body.seen.hash.digest('hex'), createHash('sha256').update(bytes).digest('hex'));
    assert.equal(bytes.subarray(-7).toString(), 'the-end');
    assert.equal((await stat(stored.location)).mode & 0o777, 0o600);
    assert.deepEqual(await filesIn(path), ['run/a']);
  });

  test('that fails leaves nothing, and what it threw is thrown on unchanged', async (t) => {
    const path = await temporary(t);
    const failure = new Error('not the file of the node');
    const failed = at(path).put('run/a', writtenBy('printf wrong', failure), { signal });
    await assert.rejects(failed, (error) => error === failure);
    assert.deepEqual(await filesIn(path), []);
  });

  test('that cannot write fails by the name of the full disk, whatever it says itself', async (t) => {
    const path = await temporary(t);
    if (await mounted(path, 'size=1m')) {
      const body = writtenBy('head -c 3000000 /dev/zero 2>/dev/null', new Error('ended early'));
      await assert.rejects(at(path).put('run/a', body, { signal }), storageError('full'));
    } else {
      assert.equal(JSON.parse(await putLimited(path, 'run/a', 'itself')).kind, 'full');
    }
    assert.deepEqual(await filesIn(path), []);
  });

  test('that is aborted in mid-file leaves nothing, at once', async (t) => {
    const path = await temporary(t);
    const stop = new AbortController();
    const reason = new Error('enough');
    const storing = at(path).put('run/a', writtenBy('printf some; sleep 3'), { signal: stop.signal });
    setTimeout(() => stop.abort(reason), 300);
    const started = performance.now();
    await assert.rejects(storing, (error) => error === reason);
    assert.ok(performance.now() - started < 2_000);
    assert.deepEqual(await filesIn(path), []);
  });
});

test('a stream of 300 MB needs no memory of its size', async (t) => {
  const place = at(await temporary(t));
  await place.put('warm-up', new LongBody(20), { signal });
  const before = process.memoryUsage.rss();
  const body = new LongBody(300);
  const stored = await place.put('big', body, { signal });
  let read = 0;
  for await (const chunk of await place.open('big', { signal })) {
    read += chunk.byteLength;
    body.peakRss = Math.max(body.peakRss, process.memoryUsage.rss());
  }
  assert.deepEqual([stored.size, read], [body.size, body.size]);
  const growth = (body.peakRss - before) / 1024 / 1024;
  assert(growth < 100, `grew by ${growth.toFixed(0)} MiB`);
});

function at(path: string): Destination {
  return directoryDestination({ name: 'nas', path, clock });
}

/** Eight mebibytes from a process that may write four of them into one file. */
async function putLimited(path: string, key: string, how: '' | 'itself'): Promise<string> {
  // ulimit counts in units of 1024 bytes.
  const script = 'ulimit -f 4096 && exec "$@"';
  const argv = ['-c', script, 'sh', process.execPath, child, path, key, '8', how];
  return (await run('bash', argv)).stdout;
}

async function* failing(): AsyncGenerator<Uint8Array> {
  yield pattern(10);
  throw new Error('torn');
}

async function temporary(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'destination-'));
  t.after(async () => {
    if (mounts.delete(path)) await run('umount', [path]);
    await rm(path, { recursive: true, force: true });
  });
  return path;
}

/** A file system of its own for `path`; false where we may not mount: the test then takes its other way. */
async function mounted(path: string, options: string): Promise<boolean> {
  try {
    await run('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path]);
    mounts.add(path);
    return true;
  } catch {
    return false;
  }
}

async function filesIn(path: string): Promise<readonly string[]> {
  const entries = await readdir(path, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1));
}
