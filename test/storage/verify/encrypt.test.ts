import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { promisify } from 'node:util';
import { Decrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { recipientProblem } from '../../../src/domain/copies/recipient.ts';
import { encrypted, RecipientError } from '../../../src/storage/verify/encrypt.ts';
import { bytesOf, chunksOf, LongBody, pattern } from '../../contracts/destination-samples.ts';
import { need } from '../../support/need.ts';

const run = promisify(execFile);
const piece = 64 * 1024;

interface Person {
  readonly identity: string;
  readonly recipient: string;
}

async function person(): Promise<Person> {
  const identity = await generateX25519Identity();
  return { identity, recipient: await identityToRecipient(identity) };
}

async function opened(file: Uint8Array, by: Person): Promise<Uint8Array> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(by.identity);
  return await decrypter.decrypt(file);
}

suite('encryption', () => {
  test('each of the recipients alone can open it, and no other person', async () => {
    const [one, two, other] = [await person(), await person(), await person()];
    for (const size of [0, 1, piece - 1, piece, piece + 1, 3 * piece, 500_000]) {
      const content = pattern(size);
      const file = await bytesOf(encrypted(chunksOf(content), [one.recipient, two.recipient]));
      assert(Buffer.from(await opened(file, one)).equals(content), `${size} bytes, first recipient`);
      assert(Buffer.from(await opened(file, two)).equals(content), `${size} bytes, second recipient`);
      await assert.rejects(opened(file, other), /no identity/);
    }
  });

  test('the age command opens it', async (t) => {
    const age = await run('age', ['--version']).then(
      () => 'age',
      () => undefined,
    );
    if (!need(t, 'the age command', age)) return;
    const directory = await mkdtemp(join(tmpdir(), 'age-'));
    try {
      const { identity, recipient } = await person();
      const second = await person();
      await writeFile(join(directory, 'key'), `${identity}\n`, { mode: 0o600 });
      for (const size of [1, piece, 1_000_000]) {
        const file = await bytesOf(encrypted(chunksOf(pattern(size)), [second.recipient, recipient]));
        await writeFile(join(directory, 'file.age'), file);
        const args = [
          '-d',
          '-i',
          join(directory, 'key'),
          '-o',
          join(directory, 'file'),
          join(directory, 'file.age'),
        ];
        await run('age', args);
        const { stdout } = await run('sha256sum', [join(directory, 'file')]);
        assert.equal(stdout.slice(0, 64), createHash('sha256').update(pattern(size)).digest('hex'));
      }
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });

  test('no two encryptions of one file are the same', async () => {
    const { recipient } = await person();
    const [a, b] = [
      encrypted(chunksOf(pattern(9)), [recipient]),
      encrypted(chunksOf(pattern(9)), [recipient]),
    ];
    assert.notDeepEqual(await bytesOf(a), await bytesOf(b));
  });

  test('a body that throws, throws through it unchanged', async () => {
    const failure = new Error('torn');
    async function* body(): AsyncGenerator<Uint8Array> {
      yield pattern(3 * piece);
      throw failure;
    }
    const { recipient } = await person();
    await assert.rejects(bytesOf(encrypted(body(), [recipient])), (error) => error === failure);
  });

  test('a reader that leaves early lets go of the body', async () => {
    const { promise: dismissed, resolve } = Promise.withResolvers<void>();
    async function* body(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield pattern(piece);
      } finally {
        resolve();
      }
    }
    for await (const _ of encrypted(body(), [(await person()).recipient])) break;
    await dismissed;
  });

  test('a stream of 200 MB needs no memory of its size', async () => {
    const { recipient } = await person();
    await bytesOf(encrypted(new LongBody(4), [recipient]));
    const before = process.memoryUsage.rss();
    const body = new LongBody(200);
    let size = 0;
    for await (const chunk of encrypted(body, [recipient])) size += chunk.byteLength;
    assert(size > body.size);
    const growth = (body.peakRss - before) / 1024 / 1024;
    assert(growth < 100, `grew by ${growth.toFixed(0)} MiB`);
  });
});

suite('recipients', () => {
  test('that cannot be used are refused before the body is read, with the reason', async () => {
    const { recipient, identity } = await person();
    const broken = `${recipient.slice(0, -1)}${recipient.endsWith('q') ? 'p' : 'q'}`;
    const wrong = [
      [[], /no recipient/],
      [[recipient, recipient], /twice/],
      [['somebody'], /does not look like what age-keygen prints/],
      [[recipient.toUpperCase()], /does not look like what age-keygen prints/],
      [[` ${recipient}`], /does not look like what age-keygen prints/],
      [[broken], /check sum/],
      [['ssh-ed25519 AAAA'], /does not look like what age-keygen prints/],
      [[`age1pq1${'q'.repeat(60)}`], /post-quantum/],
      [['age1yubikey1qwertyuiop'], /plug-in/],
      [[identity], /SECRET key/],
    ] as const;
    for (const [recipients, why] of wrong) {
      let asked = false;
      async function* body(): AsyncGenerator<Uint8Array> {
        asked = true;
        yield pattern(1);
      }
      const refused = (error: unknown): boolean => error instanceof RecipientError && why.test(error.message);
      await assert.rejects(bytesOf(encrypted(body(), recipients)), refused, String(why));
      assert.equal(asked, false);
    }
  });

  test('a secret key is never repeated', async () => {
    const { identity } = await person();
    for (const text of [identity, identity.toLowerCase()]) {
      const problem = recipientProblem(text, () => undefined) ?? '';
      assert.match(problem, /SECRET key/);
      assert(!problem.toUpperCase().includes(identity.slice(16, 40)));
    }
  });
});
