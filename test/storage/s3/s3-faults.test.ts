import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { inspect } from 'node:util';
import type { S3Options } from '../../../src/storage/s3/s3-options.ts';
import type { Destination, StorageErrorKind } from '../../../src/workflow/ports/destination.ts';
import { bytesOf, chunksOf, digestOf, pattern, storageError } from '../../contracts/destination-samples.ts';
import { partBytes, type S3Lab, s3Lab } from '../s3-lab.ts';
import { type Tamper, type TcpProxy, tcpProxy } from '../tcp-proxy.ts';

const signal = new AbortController().signal;
const large = partBytes * 3 + 1;

suite('S3: what is wrong is named', () => {
  test('a wrong secret, an unknown key, no credentials', async (t) => {
    const lab = await s3Lab(t);
    if (!lab) return;
    const { accessKeyId } = lab.server.owner;
    const secret = 'hJ7kq-not-the-secret';
    for (const credentials of [
      { accessKeyId, secretAccessKey: secret },
      { accessKeyId: 'nobody', secretAccessKey: secret },
    ]) {
      const error = await refusedEverywhere(lab.destination({ credentials }), 'denied');
      assert(!inspect(error, { depth: 9, showHidden: true }).includes(secret), 'no secret in the error');
    }
    assert.deepEqual(await lab.remains(), []);
  });

  test('credentials without rights to the bucket', async (t) => {
    const lab = await s3Lab(t);
    if (!lab) return;
    await refusedEverywhere(lab.destination({ credentials: lab.server.stranger }), 'denied');
  });

  test('an unknown bucket', async (t) => {
    const lab = await s3Lab(t);
    if (!lab) return;
    const place = lab.destination({ bucket: 'no-such-bucket' });
    // Of a single object nothing is known then: it must not count as gone.
    await refusedEverywhere(place, 'not-found', 'unreachable');
    await assert.rejects(place.open('run/a', { signal }), storageError('unreachable'));
    await assert.rejects(place.remove('run/a'), storageError('not-found'));
  });

  test('clocks that differ', async (t) => {
    const lab = await s3Lab(t);
    if (!lab) return;
    t.mock.timers.enable({ apis: ['Date'], now: Date.now() + 60 * 60 * 1000 });
    await assert.rejects(lab.destination().check(), storageError('clock-skew'));
    t.mock.timers.reset();
    await lab.destination().check();
  });

  test('a server that is not there, and one that never answers', async (t) => {
    const far = await throughProxy(t);
    if (!far) return;
    far.proxy.down = () => () => 'hold';
    await refusedEverywhere(far.place({ limits: impatient }), 'timeout');
    await far.proxy.die();
    await refusedEverywhere(far.place({ limits: impatient }), 'unreachable');
  });
});

suite('S3: a line that breaks', () => {
  test('while a body is sent: nothing gets its name, though the body falls silent', async (t) => {
    const far = await throughProxy(t);
    if (!far) return;
    async function* body(): AsyncGenerator<Uint8Array> {
      // Enough that the first part is under way; a read for more waits until the place's failure ends it.
      yield pattern(partBytes * 2);
      await far?.proxy.die();
      await new Promise<never>(() => undefined);
    }
    await assert.rejects(
      far.place({ limits: impatient }).put('run/a', body(), { signal }),
      storageError('unreachable'),
    );
    await assert.rejects(far.lab.destination().stat('run/a'), storageError('not-found'));
  });

  test('once: a part is sent again', async (t) => {
    const far = await throughProxy(t);
    if (!far) return;
    let cuts = 0;
    far.proxy.up = () => afterBytes(partBytes / 2, () => (cuts++ === 0 ? 'cut' : 'pass'));
    await far.place().put('run/a', chunksOf(pattern(large)), { signal });
    assert(cuts > 0);
    const read = await bytesOf(await far.lab.destination().open('run/a', { signal }));
    assert.equal(digestOf(read), digestOf(pattern(large)));
  });

  for (const [name, size, request] of [
    ['of one request', 10, 'PUT /'],
    ['in parts', large, 'POST /.*uploadId='],
  ] as const) {
    test(`whose answer is lost, ${name}: the object is found to be stored`, async (t) => {
      const far = await throughProxy(t);
      if (!far) return;
      for (const attempts of [1, 3]) {
        const lost = loseAnswerOnce(far.proxy, new RegExp(request));
        const stored = await far
          .place({ limits: { ...impatient, attempts } })
          .put(`run/${attempts}`, chunksOf(pattern(size)), {
            signal,
          });
        assert.equal(lost(), true, 'the answer was lost');
        assert.equal(stored.size, size);
      }
      assert.deepEqual(await far.lab.remains(), ['object etcd/prod/run/1', 'object etcd/prod/run/3']);
    });
  }

  test('while it is read back: fewer bytes than the object has are torn', async (t) => {
    const far = await throughProxy(t);
    if (!far) return;
    await far.lab.destination().put('run/a', chunksOf(pattern(large)), { signal });
    far.proxy.down = () => afterBytes(partBytes, () => 'cut');
    const reading = await far.place().open('run/a', { signal });
    await assert.rejects(bytesOf(reading), storageError('torn'));
  });

  test('that falls silent while it is read back is ended', async (t) => {
    const far = await throughProxy(t);
    if (!far) return;
    await far.lab.destination().put('run/a', chunksOf(pattern(large)), { signal });
    far.proxy.down = () => afterBytes(partBytes, () => 'hold');
    const reading = await far.place({ limits: impatient }).open('run/a', { signal });
    await assert.rejects(bytesOf(reading), storageError('timeout'));
  });

  test('a body that throws while the server is silent is not held up for ever', async (t) => {
    const far = await throughProxy(t);
    if (!far) return;
    const failure = new Error('torn');
    async function* body(): AsyncGenerator<Uint8Array> {
      yield pattern(partBytes * 2 + 1);
      if (far) far.proxy.down = () => () => 'hold';
      throw failure;
    }
    const storing = far.place({ limits: impatient }).put('run/a', body(), { signal });
    await assert.rejects(storing, (error) => error === failure);
  });

  test('an abort between the last byte and the name ends the parts under way, and nothing is stored', async (t) => {
    const far = await throughProxy(t);
    if (!far) return;
    const aborting = new AbortController();
    const reason = new Error('handed over');
    far.proxy.up = holdsLastPart(() => aborting.abort(reason));
    const patient = { ...impatient, requestMs: 60_000, stallMs: 60_000 };
    const storing = far
      .place({ limits: patient })
      .put('run/a', chunksOf(pattern(large)), { signal: aborting.signal });
    await assert.rejects(storing, (error) => error === reason);
    assert.deepEqual(await far.lab.remains(), []);
  });
});

/** Part 4 never arrives; what is sent later does. */
function holdsLastPart(onHeld: () => void): () => Tamper {
  return () => {
    let held = false;
    return (data) => {
      if (!held && /partNumber=4/.test(data.toString('latin1', 0, 2_000))) {
        held = true;
        onHeld();
      }
      return held ? 'hold' : data;
    };
  };
}

const impatient = {
  partBytes,
  parallelParts: 2,
  connectMs: 2_000,
  requestMs: 3_000,
  stallMs: 2_000,
  attempts: 1,
};

interface Far {
  readonly lab: S3Lab;
  readonly proxy: TcpProxy;
  readonly place: (changes?: Partial<S3Options>) => Destination;
}

async function throughProxy(t: TestContext): Promise<Far | undefined> {
  const lab = await s3Lab(t);
  if (!lab) return undefined;
  const proxy = await tcpProxy(lab.server);
  t.after(() => proxy.die());
  return { lab, proxy, place: (changes) => lab.destination({ endpoint: proxy.endpoint, ...changes }) };
}

/** What every operation says; the last error, for looking closer. */
async function refusedEverywhere(
  place: Destination,
  kind: StorageErrorKind,
  ofOneObject = kind,
): Promise<unknown> {
  let last: unknown;
  const seen = (error: unknown): true => {
    last = error;
    return storageError(kind)(error);
  };
  await assert.rejects(place.check(), seen);
  await assert.rejects(place.list(''), seen);
  await assert.rejects(place.put('run/a', chunksOf(pattern(10)), { signal }), seen);
  await assert.rejects(place.stat('run/a'), storageError(ofOneObject));
  return last;
}

function afterBytes(count: number, then: () => 'cut' | 'hold' | 'pass'): Tamper {
  let passed = 0;
  return (data) => {
    passed += data.byteLength;
    if (passed < count) return data;
    const what = then();
    return what === 'pass' ? data : what;
  };
}

/** The server carries the request out; its answer never arrives. Returns whether that has happened. */
function loseAnswerOnce(proxy: TcpProxy, request: RegExp): () => boolean {
  let state: 'waiting' | 'sent' | 'lost' = 'waiting';
  proxy.up = () => (data) => {
    if (state === 'waiting' && request.test(data.toString('latin1', 0, 2_000))) state = 'sent';
    return data;
  };
  proxy.down = () => (data) => {
    if (state !== 'sent' || data.toString('latin1').startsWith('HTTP/1.1 100')) return data;
    state = 'lost';
    return 'cut';
  };
  return () => state === 'lost';
}
