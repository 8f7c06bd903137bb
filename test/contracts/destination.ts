import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { markerKey } from '../../src/domain/copies/place-marker.ts';
import type { Destination } from '../../src/workflow/ports/destination.ts';
import { bytesOf, chunksOf, digestOf, pattern, storageError } from './destination-samples.ts';

export interface PlaceUnderTest {
  readonly destination: Destination;
  /** A second destination on the same place, as another process would have one. */
  readonly another: Destination;
  /** Bytes of which the place makes several requests or writes: sizes around it are tried. */
  readonly partBytes: number;
  /** Everything that lies in the place, by any name: parts, unfinished uploads, hidden versions. */
  readonly remains: () => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
}

/** A fresh, empty place; undefined: the test was skipped, since the machine has not what it needs. */
export type OpenPlace = (t: TestContext) => Promise<PlaceUnderTest | undefined>;

const signal = new AbortController().signal;

/** What every destination must do. */
export interface ContractOptions {
  /**
   * False for a server that ignores a condition on writes that arrive in the same instant (radosgw 16 in a bucket that keeps
   * versions): then one of the writers wins and none of the others' bytes are mixed in, but more than one may learn that it won.
   */
  readonly exclusive?: boolean;
}

export function destinationContract(name: string, open: OpenPlace, options: ContractOptions = {}): void {
  function on(title: string, check: (place: PlaceUnderTest) => Promise<void>): void {
    test(title, async (t) => {
      const place = await open(t);
      if (!place) return;
      try {
        await check(place);
      } finally {
        await place.close();
      }
    });
  }
  suite(`destination: ${name}`, () => {
    suite('storing and reading back', () => storing(on));
    suite('a body that does not end well', () => torn(on));
    suite('a key that is taken', () => taken(on, options.exclusive ?? true));
    suite('looking and removing', () => looking(on));
  });
}

type On = (title: string, check: (place: PlaceUnderTest) => Promise<void>) => void;

function storing(on: On): void {
  on('gives back what was stored, around every border of its parts', async ({ destination, partBytes }) => {
    const sizes = [0, 1, partBytes - 1, partBytes, partBytes + 1, 3 * partBytes + 7];
    for (const size of sizes) {
      const content = pattern(size);
      const stored = await destination.put(`run/file-${size}`, chunksOf(content), { signal });
      assert.equal(stored.size, size);
      assert.deepEqual(await destination.stat(`run/file-${size}`), stored);
      const read = await bytesOf(await destination.open(`run/file-${size}`, { signal }));
      assert.equal(digestOf(read), digestOf(content), `${size} bytes came back`);
    }
  });

  on('says where it is and when it was stored', async ({ destination }) => {
    const before = Date.now();
    const stored = await destination.put('c-1/r-1/snapshot.db', chunksOf(pattern(10)), { signal });
    assert.equal(stored.location, `${destination.label}/c-1/r-1/snapshot.db`);
    assert(Math.abs(stored.storedAt - before) < 60_000, `${stored.storedAt} is about now`);
  });

  on('takes chunks of any size, empty ones too', async ({ destination }) => {
    const chunks = [pattern(0), pattern(1), pattern(0), pattern(70_001), pattern(3), pattern(2_000_000)];
    const stored = await destination.put('odd', chunksOf(...chunks), { signal });
    const read = await bytesOf(await destination.open('odd', { signal }));
    assert.equal(stored.size, 2_070_005);
    assert.equal(digestOf(read), digestOf(Buffer.concat(chunks)));
  });

  on('does not read the body before it has somewhere to put it', async ({ destination }) => {
    await destination.put('a', chunksOf(pattern(1)), { signal });
    let asked = false;
    async function* body(): AsyncGenerator<Uint8Array> {
      asked = true;
      yield pattern(1);
    }
    await assert.rejects(destination.put('a', body(), { signal }), storageError('exists'));
    assert.equal(asked, false);
  });

  on('shows nothing of an object before its body has ended', async ({ destination, partBytes }) => {
    const { promise: goOn, resolve } = Promise.withResolvers<void>();
    const { promise: halfway, resolve: atHalf } = Promise.withResolvers<void>();
    async function* body(): AsyncGenerator<Uint8Array> {
      yield pattern(partBytes * 2 + 1);
      atHalf();
      await goOn;
      yield pattern(1);
    }
    const storing = destination.put('run/slow', body(), { signal });
    await halfway;
    assert.deepEqual(await destination.list(''), []);
    await assert.rejects(destination.stat('run/slow'), storageError('not-found'));
    resolve();
    assert.equal((await storing).size, partBytes * 2 + 2);
  });

  on('a check that finds all well says nothing and leaves nothing', async ({ destination, remains }) => {
    await destination.check();
    await destination.check();
    assert.deepEqual(await remains(), []);
  });
}

function torn(on: On): void {
  const phases = [
    ['before the first byte', () => 0],
    ['after the first bytes', () => 10],
    ['at the border of two parts', (part: number) => part],
    ['in the second part', (part: number) => part + 10],
    ['after many parts', (part: number) => part * 6 + 1],
  ] as const;
  for (const [phase, length] of phases) {
    on(`a body that throws ${phase} leaves nothing`, async ({ destination, remains, partBytes }) => {
      const failure = new Error('the digest is another');
      async function* body(): AsyncGenerator<Uint8Array> {
        const content = pattern(length(partBytes));
        for (let at = 0; at < content.length; at += 65_536) yield content.subarray(at, at + 65_536);
        throw failure;
      }
      await assert.rejects(destination.put('run/torn', body(), { signal }), (error) => error === failure);
      assert.deepEqual(await remains(), []);
      await assert.rejects(destination.stat('run/torn'), storageError('not-found'));
      await destination.put('run/torn', chunksOf(pattern(3)), { signal });
    });
  }

  on('an aborted put of a silent body ends at once and leaves nothing', async (place) => {
    for (const length of [0, 10, place.partBytes * 2 + 1]) {
      const stop = new AbortController();
      const reason = new Error('nothing came for a while');
      async function* body(): AsyncGenerator<Uint8Array> {
        if (length > 0) yield pattern(length);
        setImmediate(() => stop.abort(reason));
        await new Promise<never>(() => undefined);
      }
      const storing = place.destination.put('run/silent', body(), { signal: stop.signal });
      await assert.rejects(storing, (error) => error === reason);
      assert.deepEqual(await place.remains(), [], `after ${length} bytes`);
    }
  });

  on('a put that was aborted before it began stores nothing', async ({ destination, remains }) => {
    const reason = new Error('stopping');
    const storing = destination.put('a', chunksOf(pattern(5)), { signal: AbortSignal.abort(reason) });
    await assert.rejects(storing, (error) => error === reason);
    assert.deepEqual(await remains(), []);
  });

  on('closes a body that is not needed any more', async ({ destination }) => {
    const stop = new AbortController();
    const { promise: dismissed, resolve } = Promise.withResolvers<void>();
    async function* body(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) {
          yield pattern(10);
          stop.abort(new Error('stop'));
          await new Promise((next) => setImmediate(next));
        }
      } finally {
        resolve();
      }
    }
    await assert.rejects(destination.put('a', body(), { signal: stop.signal }), /stop/);
    await dismissed;
  });
}

function taken(on: On, exclusive: boolean): void {
  on('is never overwritten, by small or large', async ({ destination, another, partBytes }) => {
    const first = pattern(100);
    await destination.put('run/a', chunksOf(first), { signal });
    for (const size of [0, 5, partBytes * 2 + 1]) {
      for (const writer of [destination, another]) {
        const again = writer.put('run/a', chunksOf(pattern(size, 9)), { signal });
        await assert.rejects(again, storageError('exists'));
      }
    }
    assert.deepEqual(await bytesOf(await destination.open('run/a', { signal })), first);
  });

  on(
    'by a writer that was slower keeps the first one',
    async ({ destination, another, partBytes, remains }) => {
      for (const size of [10, partBytes * 2 + 1]) {
        const key = `run/${size}`;
        async function* slow(): AsyncGenerator<Uint8Array> {
          yield pattern(size, 1);
          await another.put(key, chunksOf(pattern(size, 2)), { signal });
        }
        await assert.rejects(destination.put(key, slow(), { signal }), storageError('exists'));
        const read = await bytesOf(await destination.open(key, { signal }));
        assert.equal(digestOf(read), digestOf(pattern(size, 2)));
      }
      assert.equal((await remains()).length, 2);
    },
  );

  on('by several writers at once goes to exactly one', async ({ destination, another }) => {
    const writers = [destination, another, destination, another];
    const tries = writers.map((writer, at) => writer.put('same', chunksOf(pattern(50, at)), { signal }));
    const settled = await Promise.allSettled(tries);
    const won = settled.flatMap((each, at) => (each.status === 'fulfilled' ? [at] : []));
    assert.ok(exclusive ? won.length === 1 : won.length > 0, `${won.length} writers won`);
    for (const each of settled) if (each.status === 'rejected') storageError('exists')(each.reason);
    const stored = await bytesOf(await destination.open('same', { signal }));
    assert.ok(won.some((at) => stored.equals(pattern(50, at))));
  });
}

function looking(on: On): void {
  on('lists by prefix, in order, with size and place', async ({ destination }) => {
    for (const key of ['c-2/r-1/b', 'c-1/r-2/a', 'c-1/r-10/a', 'c-1/r-1/b', 'c-1/r-1/a']) {
      await destination.put(key, chunksOf(pattern(key.length)), { signal });
    }
    const keys = async (prefix: string): Promise<readonly string[]> =>
      (await destination.list(prefix)).map((each) => each.key);
    assert.deepEqual(await keys('c-1/r-1/'), ['c-1/r-1/a', 'c-1/r-1/b']);
    assert.deepEqual(await keys('c-1/r-1'), ['c-1/r-1/a', 'c-1/r-1/b', 'c-1/r-10/a']);
    assert.deepEqual(await keys('c-3'), []);
    assert.equal((await keys('')).length, 5);
    for (const { key, location, size } of await destination.list('')) {
      const stored = await destination.stat(key);
      assert.deepEqual({ location, size }, { location: stored.location, size: stored.size });
    }
  });

  on('does not list its own marker, and gives it when it is asked for', async ({ destination }) => {
    await destination.put(markerKey, chunksOf(pattern(9)), { signal });
    await destination.put('run/a', chunksOf(pattern(1)), { signal });
    for (const prefix of ['', 'etcd-']) {
      assert.ok((await destination.list(prefix)).every(({ key }) => key !== markerKey));
    }
    assert.equal((await destination.stat(markerKey)).size, 9);
    assert.equal((await bytesOf(await destination.open(markerKey, { signal }))).byteLength, 9);
    await assert.rejects(
      destination.put(markerKey, chunksOf(pattern(3)), { signal }),
      storageError('exists'),
    );
  });

  on('removes once, and says what is absent', async ({ destination, remains }) => {
    await destination.put('run/a', chunksOf(pattern(5)), { signal });
    assert.deepEqual(await destination.remove('run/a'), { kind: 'removed' });
    assert.deepEqual(await destination.remove('run/a'), { kind: 'absent' });
    assert.deepEqual(await destination.remove('never/was'), { kind: 'absent' });
    await assert.rejects(destination.stat('run/a'), storageError('not-found'));
    await assert.rejects(destination.open('run/a', { signal }), storageError('not-found'));
    assert.deepEqual(await remains(), []);
  });

  on(
    'a removal leaves alone what begins alike and is still being written',
    async ({ destination, another }) => {
      async function* body(): AsyncGenerator<Uint8Array> {
        yield pattern(10);
        assert.deepEqual(await another.remove('run/a'), { kind: 'absent' });
      }
      await destination.put('run/a.b', body(), { signal });
      assert.deepEqual(await bytesOf(await another.open('run/a.b', { signal })), pattern(10));
    },
  );

  on(
    'a check leaves alone what is stored and what is being written',
    async ({ destination, another, remains }) => {
      await destination.put('run/a', chunksOf(pattern(10)), { signal });
      async function* body(): AsyncGenerator<Uint8Array> {
        yield pattern(10);
        await destination.check();
        await another.check();
      }
      await destination.put('run/b', body(), { signal });
      assert.deepEqual(
        (await destination.list('')).map(({ key }) => key),
        ['run/a', 'run/b'],
      );
      assert.equal((await remains()).length, 2);
    },
  );

  on('keys that could lead elsewhere are refused by every operation', async ({ destination, remains }) => {
    const hostile = [
      '',
      '/etc/passwd',
      '../a',
      'a/../../b',
      'a//b',
      'a/',
      '.a',
      'a/.b',
      'a\\b',
      'a b',
      'a\n',
      'ä',
    ];
    for (const key of [...hostile, 'x'.repeat(201), `${'x/'.repeat(400)}x`]) {
      const refused = (error: unknown): boolean => storageError('other')(error) && /key/i.test(String(error));
      await assert.rejects(destination.put(key, chunksOf(pattern(1)), { signal }), refused, key);
      await assert.rejects(destination.open(key, { signal }), refused, key);
      await assert.rejects(destination.stat(key), refused, key);
      await assert.rejects(destination.remove(key), refused, key);
    }
    assert.deepEqual(await remains(), []);
  });

  on('reading may be left early, repeated and aborted', async ({ destination, partBytes }) => {
    const content = pattern(partBytes * 2);
    await destination.put('a', chunksOf(content), { signal });
    for await (const chunk of await destination.open('a', { signal })) {
      assert(chunk.byteLength > 0);
      break;
    }
    const stop = new AbortController();
    const reason = new Error('enough');
    const reading = async (): Promise<void> => {
      for await (const _ of await destination.open('a', { signal: stop.signal })) stop.abort(reason);
    };
    await assert.rejects(reading(), (error) => error === reason);
    await destination.open('a', { signal });
    assert.deepEqual(await bytesOf(await destination.open('a', { signal })), content);
  });
}
