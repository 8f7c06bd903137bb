import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, beforeEach, describe, it, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import { Decrypter, generateIdentity, identityToRecipient } from 'age-encryption';
import type { FileCopy } from '../../../src/domain/copies/file-copy.ts';
import { openDestinations } from '../../../src/storage/open-destinations.ts';
import { copyTools } from '../../../src/storage/verify/copy-tools.ts';
import { type CopySource, copyFile } from '../../../src/workflow/copies/copy-file.ts';
import { proveCopy } from '../../../src/workflow/copies/prove-copy.ts';
import { StorageError } from '../../../src/workflow/ports/destination.ts';
import type { NodeSession } from '../../../src/workflow/ports/ports.ts';
import { type ClusterLab, openLab } from '../../support/cluster-lab.ts';
import { knownPlaces } from '../../support/known-places.ts';
import { wrapped } from '../../support/wrapped-destination.ts';

const run = promisify(execFile);
const never = new AbortController().signal;
const nodeFile = '/home/core/assets/backup/copy/snapshot_2026-11-23_061444.db';
const key = 'prod-east/copy/snapshot_2026-11-23_061444.db';

let lab: ClusterLab;
let session: NodeSession;
let file: { readonly bytes: Buffer; readonly size: number; readonly sha256: string };
let place: string;
let pauses: number[];

before(async () => {
  lab = await openLab();
  const [pod] = lab.cluster.objects.list('pods', 'openshift-etcd');
  const { spec } = pod as unknown as { spec: { containers: { image: string }[] } };
  const image = spec.containers[0]?.image ?? '';
  session = await lab.sessions.open(lab.policy, { runId: 'r-aaaaaaaa', node: 'master-0', image }, never);
  const bytes = snapshot(3 * 1024 * 1024);
  file = { bytes, size: bytes.byteLength, sha256: sha256(bytes) };
  const onNode = path.join(lab.plane.nodes[0]?.dir ?? assert.fail(), nodeFile);
  await mkdir(path.dirname(onNode), { recursive: true });
  await writeFile(onNode, bytes);
});

after(async () => {
  await session.close();
  await lab[Symbol.asyncDispose]();
});

let places = 0;
beforeEach(async () => {
  lab.cluster.faults.clear();
  pauses = [];
  places += 1;
  place = path.join(lab.dir, `place-${places}`);
  await mkdir(place);
});

/** Random pages with bbolt's magic and etcd's own digest at the end. */
function snapshot(pages: number): Buffer {
  const bytes = randomBytes(pages);
  bytes.write('edda0ced', 16, 'hex');
  return Buffer.concat([bytes, createHash('sha256').update(bytes).digest()]);
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function deps(at = place) {
  const clock = {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    sleep: async (ms: number) => void pauses.push(ms),
  };
  const destinations = openDestinations([{ kind: 'directory', name: 'nas-1', path: at }], clock);
  return { destinations, places: knownPlaces, tools: copyTools(), clock };
}

function planned(change: Partial<FileCopy> = {}): FileCopy {
  return {
    file: 'snapshot',
    destination: 'nas-1',
    place: { kind: 'directory', path: place },
    custodians: [],
    encryptFor: [],
    key,
    location: path.join(place, key),
    tries: 0,
    stored: undefined,
    provenAt: undefined,
    failure: undefined,
    nextTryAt: undefined,
    ...change,
  };
}

function source(change: Partial<CopySource> = {}): CopySource {
  return {
    open: () => session.readFile(nodeFile),
    // A test with a stream of its own has no client that could write.
    into: change.open ? undefined : (part) => session.readFile(nodeFile, part),
    size: file.size,
    sha256: file.sha256,
    onProgress: () => undefined,
    ...change,
  };
}

/** The first `tries` streams are spoiled on their way; later ones are as they come. */
function spoiled(tries: number, spoil: (body: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>) {
  let opened = 0;
  const open = () => {
    opened += 1;
    const body = session.readFile(nodeFile);
    return opened <= tries ? spoil(body) : body;
  };
  return { open, opened: () => opened };
}

async function* cutAfter(body: AsyncIterable<Uint8Array>, bytes: number) {
  let left = bytes;
  for await (const chunk of body) {
    yield chunk.subarray(0, left);
    left -= chunk.byteLength;
    if (left <= 0) return;
  }
}

async function* withFlippedBit(body: AsyncIterable<Uint8Array>, at: number) {
  let passed = 0;
  for await (const chunk of body) {
    const copy = Buffer.from(chunk);
    if (at >= passed && at < passed + copy.byteLength)
      copy.writeUInt8(copy.readUInt8(at - passed) ^ 1, at - passed);
    passed += copy.byteLength;
    yield copy;
  }
}

/** Everything below the place, parts too. */
async function remains(): Promise<readonly string[]> {
  const entries = await readdir(place, { recursive: true, withFileTypes: true });
  return entries.filter((each) => each.isFile()).map((each) => each.name);
}

async function assertWhole(copy: FileCopy): Promise<void> {
  assert.equal(copy.failure, undefined, JSON.stringify(copy.failure));
  assert.equal(typeof copy.provenAt, 'number');
  assert.deepEqual([copy.stored?.size, copy.stored?.sha256], [file.size, file.sha256]);
  assert.ok((await readFile(path.join(place, key))).equals(file.bytes));
  assert.deepEqual(await remains(), [path.basename(key)]);
}

/** Failed as `kind` after so many tries, and nothing lies under the final name. */
async function assertNothing(copy: FileCopy, kind: string, tries: number): Promise<void> {
  assert.deepEqual([copy.failure?.kind, copy.tries], [kind, tries], copy.failure?.detail);
  assert.deepEqual([copy.stored, copy.provenAt], [undefined, undefined]);
  assert.deepEqual(await remains(), []);
}

/** A file system of its own at the place; false where we may not mount. */
async function mount(t: TestContext, options: string): Promise<boolean> {
  try {
    await run('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', place]);
  } catch {
    return false;
  }
  const mounted = place;
  t.after(() => run('umount', [mounted]));
  return true;
}

function fullPlace() {
  const real = deps();
  const put = async (at: string, body: AsyncIterable<Uint8Array>) => {
    for await (const _ of body) break;
    throw new StorageError({
      op: 'put',
      key: at,
      kind: 'full',
      message: 'put failed: ENOSPC',
      hint: 'Free space',
    });
  };
  const get = (name: string) => wrapped(real.destinations.get(name), { put });
  return { ...real, destinations: { get } };
}

describe('a file on its way off the cluster', { timeout: 120_000 }, () => {
  it('arrives byte for byte, is read back, and reports its progress', async () => {
    const progress: number[] = [];
    const copy = await copyFile(
      deps(),
      planned(),
      source({ onProgress: (bytes) => progress.push(bytes) }),
      never,
    );
    await assertWhole(copy);
    assert.equal(copy.tries, 1);
    assert.equal(progress.at(-1), file.size);
    assert.deepEqual(
      progress,
      progress.toSorted((a, b) => a - b),
    );
  });

  it('a stream that ends early as if all were well is never stored: three tries, with pauses between them', async () => {
    const stream = spoiled(9, (body) => cutAfter(body, file.size - 1));
    const copy = await copyFile(deps(), planned(), source(stream), never);
    await assertNothing(copy, 'size', 3);
    assert.deepEqual([stream.opened(), pauses], [3, [1_000, 5_000]]);
  });

  it('one flipped bit on the way is never stored', async () => {
    const stream = spoiled(9, (body) => withFlippedBit(body, 1_234_567));
    await assertNothing(await copyFile(deps(), planned(), source(stream), never), 'sha256', 3);
  });

  it('the next try begins from the start, and what the first ones lost does not show', async () => {
    const stream = spoiled(2, (body) => cutAfter(body, 100_000));
    const progress: number[] = [];
    const copy = await copyFile(
      deps(),
      planned({ tries: 3 }),
      source({ ...stream, onProgress: (bytes) => progress.push(bytes) }),
      never,
    );
    await assertWhole(copy);
    assert.equal(copy.tries, 6);
    assert.equal(progress.at(-1), file.size);
  });

  it('exit 1 after the last byte is a failure although every byte came', async () => {
    lab.cluster.faults.add({
      match: ({ command }) => command.includes('cat'),
      kind: 'exec-exit-code',
      code: 1,
    });
    await assertNothing(await copyFile(deps(), planned(), source(), never), 'command-failed', 3);
  });

  it('a file that is no whole etcd snapshot on the node already is refused by its trailer', async () => {
    const bytes = Buffer.from(file.bytes);
    bytes.fill(0, file.size - 32);
    const name = `${nodeFile}.bad`;
    await writeFile(path.join(lab.plane.nodes[0]?.dir ?? '', name), bytes);
    const other = { open: () => session.readFile(name), sha256: sha256(bytes) };
    await assertNothing(await copyFile(deps(), planned(), source(other), never), 'trailer', 3);
  });

  it('an encrypted copy is stored with its own digest, and its recipient opens it to the very bytes', async () => {
    const identity = await generateIdentity();
    const encryptFor = [{ name: 'ops-a', publicKey: await identityToRecipient(identity) }];
    const copy = await copyFile(deps(), planned({ encryptFor }), source(), never);
    assert.equal(typeof copy.provenAt, 'number', JSON.stringify(copy.failure));
    const stored = await readFile(path.join(place, key));
    assert.deepEqual([copy.stored?.sha256, copy.stored?.size], [sha256(stored), stored.byteLength]);
    assert.notEqual(copy.stored?.sha256, file.sha256);
    const decrypter = new Decrypter();
    decrypter.addIdentity(identity);
    assert.ok(file.bytes.equals(await decrypter.decrypt(stored)));
  });

  it('an aborted one throws the reason and leaves nothing', async () => {
    const stop = new AbortController();
    const reason = new Error('claim lost');
    const onProgress = () => stop.abort(reason);
    await assert.rejects(copyFile(deps(), planned(), source({ onProgress }), stop.signal), reason);
    assert.deepEqual(await remains(), []);
  });
});

describe('a place that does not take it', { timeout: 120_000 }, () => {
  it('is gone: reported as not found, tried again', async () => {
    await rm(place, { recursive: true });
    const copy = await copyFile(deps(), planned(), source(), never);
    assert.deepEqual([copy.failure?.kind, copy.tries, copy.stored], ['not-found', 3, undefined]);
    await assert.rejects(stat(place), /ENOENT/);
  });

  it('goes away in mid-upload, comes back, and has the whole file in the end', async () => {
    const away = `${place}-away`;
    let passed = 0;
    const open = async function* () {
      for await (const chunk of session.readFile(nodeFile)) {
        yield chunk;
        if (passed <= 1_000_000 && passed + chunk.byteLength > 1_000_000) await rename(place, away);
        passed += chunk.byteLength;
      }
    };
    const { clock, ...rest } = deps();
    const sleep = () => rename(away, place);
    const copy = await copyFile({ ...rest, clock: { ...clock, sleep } }, planned(), source({ open }), never);
    assert.deepEqual([copy.failure, copy.tries, copy.provenAt !== undefined], [undefined, 2, true]);
    assert.ok((await readFile(path.join(place, key))).equals(file.bytes));
    const others = (await remains()).filter((name) => name !== path.basename(key));
    assert.ok(
      others.every((name) => name.startsWith('.') && name.endsWith('.part')),
      'a part that went away with its place never has a final name',
    );
  });

  // Without the right to mount, the directory's own tests show what a full disk does; here its word is enough.
  it('is full: reported as full, and not tried again, as waiting does not fix it', async (t) => {
    const mounted = await mount(t, 'size=1m');
    const copy = await copyFile(mounted ? deps() : fullPlace(), planned(), source(), never);
    await assertNothing(copy, 'full', 1);
    assert.deepEqual(pauses, []);
  });

  it('takes no writes: reported as denied or read-only, once', async (t) => {
    const mounted = await mount(t, 'ro');
    if (!mounted) await chmod(place, 0o500);
    t.after(() => mounted || chmod(place, 0o700));
    await assertNothing(
      await copyFile(deps(), planned(), source(), never),
      mounted ? 'read-only' : 'denied',
      1,
    );
  });

  it('has another file of that name: that one stays, and there is no retry', async () => {
    await mkdir(path.dirname(path.join(place, key)), { recursive: true });
    await writeFile(path.join(place, key), 'what is there');
    const copy = await copyFile(deps(), planned(), source(), never);
    assert.deepEqual([copy.failure?.kind, copy.tries, copy.stored], ['exists', 1, undefined]);
    assert.equal(await readFile(path.join(place, key), 'utf8'), 'what is there');
  });

  it('of two that bring the same key at once one wins whole, the other reports that it exists', async () => {
    const both = await Promise.all([0, 1].map(() => copyFile(deps(), planned(), source(), never)));
    const [won, lost] = both.toSorted((a) => (a.provenAt === undefined ? 1 : -1));
    await assertWhole(won ?? assert.fail());
    assert.deepEqual([lost?.failure?.kind, lost?.stored], ['exists', undefined]);
  });
});

describe('reading a copy back', { timeout: 120_000 }, () => {
  async function storedCopy(): Promise<FileCopy> {
    const copy = await copyFile(deps(), planned(), source(), never);
    await assertWhole(copy);
    return copy;
  }

  it('finds it whole again, with the time of this reading', async () => {
    const copy = await storedCopy();
    const again = await proveCopy(deps(), { ...copy, provenAt: 1 }, never);
    assert.ok((again.provenAt ?? 0) >= (copy.provenAt ?? Number.POSITIVE_INFINITY));
  });

  it('finds one changed byte of the same length', async () => {
    const copy = await storedCopy();
    const bytes = Buffer.from(file.bytes);
    bytes.writeUInt8(bytes.readUInt8(77) ^ 4, 77);
    await writeFile(path.join(place, key), bytes);
    const again = await proveCopy(deps(), copy, never);
    assert.deepEqual([again.provenAt, again.failure?.kind], [undefined, 'sha256']);
    assert.match(again.failure?.detail ?? '', new RegExp(`${sha256(bytes)}.*${file.sha256}`));
    assert.ok(
      (await readFile(path.join(place, key))).equals(bytes),
      'a person has to look at it: it is left',
    );
  });

  it('finds it cut short, gone, or not to be read', async () => {
    const copy = await storedCopy();
    const stored = path.join(place, key);
    await writeFile(stored, file.bytes.subarray(0, -1));
    assert.equal((await proveCopy(deps(), copy, never)).failure?.kind, 'sha256');
    await rm(stored);
    const again = await proveCopy(deps(), copy, never);
    assert.deepEqual([again.provenAt, again.failure?.kind], [undefined, 'not-found']);
  });

  it('what the place damages while it stores is taken away and brought again', async () => {
    const real = deps();
    let puts = 0;
    const destinations = {
      get: (name: string) => {
        const destination = real.destinations.get(name);
        return wrapped(destination, {
          async put(...args: Parameters<typeof destination.put>) {
            const stored = await destination.put(...args);
            puts += 1;
            if (puts === 1) await writeFile(stored.location, Buffer.alloc(file.size, 7));
            return stored;
          },
        });
      },
    };
    const copy = await copyFile({ ...real, destinations }, planned(), source(), never);
    await assertWhole(copy);
    assert.deepEqual([puts, copy.tries], [2, 2]);
  });
});
