import assert from 'node:assert/strict';
import { lookup } from 'node:dns/promises';
import { readdirSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { directoryDestination } from '../../../src/storage/directory/directory.ts';
import { StorageError } from '../../../src/workflow/ports/destination.ts';
import { hungMount, placeOnMount } from '../../support/hung-mount.ts';
import { filesIn, temporaryDirectory } from '../directory-lab.ts';

const timeout = 60_000;
const { signal } = new AbortController();

async function* bytes(text: string): AsyncGenerator<Uint8Array, void> {
  yield Buffer.from(text);
}

async function textAt(place: ReturnType<typeof placeOnMount>, key: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of await place.open(key, { signal })) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}

async function onMount(t: TestContext) {
  const path = await temporaryDirectory(t);
  const mount = hungMount(t);
  const place = placeOnMount(mount, path);
  await place.put('a/one', bytes('one'), { signal });
  return { path, mount, place };
}

function noAnswer(error: unknown): true {
  assert.ok(error instanceof StorageError, String(error));
  assert.equal(error.kind, 'timeout');
  assert.match(error.message, /does not answer|did not answer/);
  return true;
}

/** Long before a person would give up, with a machine under load in mind. */
async function soon<T>(work: Promise<T>, ms = 15_000): Promise<T> {
  const late = delay(ms, undefined, { ref: false }).then(() => assert.fail(`not over after ${ms} ms`));
  return Promise.race([work, late]);
}

function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const looking = async () => {
    while (!(await holds())) await delay(5);
  };
  return soon(looking());
}

/** On a loaded machine the call after a hung one may have no answer in time, too. */
function answered(ask: () => Promise<boolean>): Promise<void> {
  return until(() => ask().catch((error: unknown) => !noAnswer(error)));
}

async function putAgain(place: ReturnType<typeof placeOnMount>): Promise<boolean> {
  await place.put('a/one', bytes('one'), { signal }).catch((error: StorageError) => {
    if (error.kind !== 'exists') throw error;
  });
  return true;
}

const operations: Record<string, (place: ReturnType<typeof placeOnMount>) => Promise<unknown>> = {
  stat: (place) => place.stat('a/one'),
  open: (place) => textAt(place, 'a/one'),
  list: (place) => place.list(''),
  remove: (place) => place.remove('a/one'),
  put: (place) => place.put('a/two', bytes('two'), { signal }),
  check: (place) => place.check(),
};

describe('a directory whose file system hangs', { timeout }, () => {
  for (const [name, operate] of Object.entries(operations)) {
    it(`${name} ends as not answered, and works again when it answers`, async (t) => {
      const { path, mount, place } = await onMount(t);
      mount.hang();
      await assert.rejects(soon(operate(place)), noAnswer);
      assert.deepEqual(await filesIn(path), ['a/one'], 'nothing was changed');
      await mount.letGo();
      await until(() =>
        place.stat('a/one').then(
          () => true,
          () => false,
        ),
      );
      await operate(place);
    });
  }

  it('whichever call hangs: no file is said to be gone', async (t) => {
    for (const call of ['realpath', 'lstat', 'open', 'read', 'readdir']) {
      const { mount, place } = await onMount(t);
      for (const name of ['stat', 'open', 'list', 'remove']) {
        const operate = operations[name] ?? assert.fail();
        mount.hang(call);
        // Not every operation makes every call.
        await soon(operate(place).then(() => undefined, noAnswer));
        await mount.letGo();
        await until(() => mount.hanging.length === 0);
        await delay(20);
        if (name === 'remove') await answered(() => putAgain(place));
        await answered(async () => {
          assert.equal(await textAt(place, 'a/one'), 'one', `${name} with ${call}`);
          return true;
        });
      }
    }
  });

  it('asks nothing more of it meanwhile, and leaves threads for everything else', async (t) => {
    const { mount, place } = await onMount(t);
    mount.hang();
    const asked = Array.from({ length: 20 }, () => place.stat('a/one'));
    await until(() => mount.hanging.length > 0);
    assert.ok((await soon(lookup('localhost'))).address, 'names are still looked up');
    for (const each of await soon(Promise.allSettled(asked))) {
      noAnswer(each.status === 'rejected' && each.reason);
    }
    const before = mount.hanging.length;
    assert.ok(before <= 2, `${before} threads`);
    const from = performance.now();
    await assert.rejects(place.list(''), noAnswer);
    await assert.rejects(place.stat('a/one'), /lstat has waited|realpath has waited/);
    assert.ok(performance.now() - from < 5_000, 'at once');
    assert.equal(mount.hanging.length, before);
  });

  it('a file that is opened or read too late is closed', async (t) => {
    const { mount, place } = await onMount(t);
    const open = () => readdirSync('/proc/self/fd').length;
    const before = open();
    for (const call of ['open', 'read']) {
      mount.hang(call);
      await assert.rejects(soon(textAt(place, 'a/one')), noAnswer);
      await mount.letGo();
      await until(() => open() <= before);
      assert.equal(await textAt(place, 'a/one'), 'one');
    }
  });

  it('a put that hangs while it writes leaves no file under the name', async (t) => {
    for (const call of ['writev', 'sync', 'close']) {
      const { path, mount, place } = await onMount(t);
      mount.hang(call);
      await assert.rejects(soon(place.put('a/two', bytes('two'), { signal })), noAnswer);
      await mount.letGo();
      await until(() => mount.hanging.length === 0);
      await delay(50);
      assert.ok(!(await filesIn(path)).includes('a/two'), call);
      await place.put('a/two', bytes('two'), { signal });
      assert.equal(await textAt(place, 'a/two'), 'two');
    }
  });

  it('a put that hangs over its name says that the name may be there', async (t) => {
    const { path, mount, place } = await onMount(t);
    mount.hang('link');
    const failed = assert.rejects(soon(place.put('a/two', bytes('two'), { signal })), (error) => {
      noAnswer(error);
      assert.match(String(error), /Whether the file has its name could not be seen/);
      return true;
    });
    await failed;
    await mount.letGo();
    await until(async () => (await filesIn(path)).includes('a/two'));
    assert.equal(await textAt(place, 'a/two'), 'two', 'the server carried it out late, and as a whole');
  });

  it('notifies its listener once, and once that it answers again', async (t) => {
    const path = await temporaryDirectory(t);
    const mount = hungMount(t);
    const reported: string[] = [];
    const place = directoryDestination({
      name: 'nas',
      path,
      clock: { now: () => Date.now() },
      files: mount.files,
      bounds: { lookMs: 200, dataMs: 200 },
      listener: {
        hangs: (call, ms) => reported.push(`${call} ${ms}`),
        answersAgain: (call) => reported.push(`${call} again`),
      },
    });
    mount.hang();
    await assert.rejects(soon(place.list('')), noAnswer);
    await assert.rejects(soon(place.list('')), noAnswer);
    assert.deepEqual(reported, ['realpath 200']);
    await mount.letGo();
    await until(() => reported.length >= 2);
    assert.deepEqual(reported, ['realpath 200', 'realpath again']);
    await place.list('');
  });

  it('other directories go on', async (t) => {
    const { mount, place } = await onMount(t);
    const path = await temporaryDirectory(t);
    await writeFile(join(path, 'x'), 'x');
    const other = placeOnMount(hungMount(t), path);
    mount.hang();
    const hung = assert.rejects(soon(place.list('')), noAnswer);
    await until(() => mount.hanging.length > 0);
    assert.deepEqual(
      (await other.list('')).map(({ key }) => key),
      ['x'],
    );
    await hung;
    await rename(join(path, 'x'), join(path, 'y'));
    assert.equal(await textAt(other, 'y'), 'x');
  });
});
