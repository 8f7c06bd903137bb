import assert from 'node:assert/strict';
import { chmod, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { readRemoteFile } from '../../../src/openshift/node/remote-file.ts';
import { RunFailureError } from '../../../src/workflow/ports/run-failure-error.ts';

const pod = { namespace: 'sessions', pod: 'session', container: 'session' };
let dir: string;
let clients = 0;

before(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'remote-file-'));
});

after(() => rm(dir, { recursive: true, force: true }));

/** A client that does what a script says, whatever it is asked. */
async function clientThat(script: string) {
  clients += 1;
  const file = path.join(dir, `client-${clients}`);
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o700);
  return { path: file, args: [], env: { PATH: process.env.PATH ?? '' } };
}

interface Way {
  readonly name: string;
  read(
    client: Awaited<ReturnType<typeof clientThat>>,
    options?: { stallMs?: number; signal?: AbortSignal },
  ): Promise<Buffer>;
}

async function gathered(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of body) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}

const never = new AbortController().signal;
const ways: readonly Way[] = [
  {
    name: 'through the bot',
    read: (client, { stallMs = 5_000, signal = never } = {}) =>
      gathered(readRemoteFile(client, pod, '/file', { stallMs, signal })),
  },
  {
    name: 'written by the client',
    async read(client, { stallMs = 5_000, signal = never } = {}) {
      const name = path.join(dir, `part-${clients}`);
      await using into = await open(name, 'wx+');
      const bytes = await gathered(readRemoteFile(client, pod, '/file', { stallMs, signal, into }));
      assert.deepEqual(bytes, await readFile(name));
      return bytes;
    },
  },
];

for (const { name, read } of ways) {
  describe(`a file of the node, ${name}`, { timeout: 60_000 }, () => {
    it('comes whole, also what was written just before the end', async () => {
      const client = await clientThat('head -c 3000000 /dev/zero; sleep 0.2; printf end');
      const bytes = await read(client);
      assert.equal(bytes.byteLength, 3_000_003);
      assert.equal(bytes.subarray(-3).toString(), 'end');
    });

    it('may be empty', async () => {
      assert.equal((await read(await clientThat('true'))).byteLength, 0);
    });

    it('is refused at the end when the client says that cat failed', async () => {
      await assert.rejects(read(await clientThat('printf half; echo "cat: gone" >&2; exit 1')), (error) => {
        assert.ok(error instanceof RunFailureError);
        assert.equal(error.failure.kind, 'command-failed');
        return true;
      });
    });

    it('is given up when nothing comes for too long, not when it comes slowly', async () => {
      const slow = 'for i in 1 2 3 4 5 6; do printf x; sleep 0.2; done';
      assert.equal((await read(await clientThat(slow), { stallMs: 1_000 })).toString(), 'xxxxxx');
      const started = performance.now();
      await assert.rejects(
        read(await clientThat('printf half; exec sleep 30'), { stallMs: 1_000 }),
        (error) => {
          assert.ok(error instanceof RunFailureError);
          assert.equal(error.failure.kind, 'command-deadline');
          return true;
        },
      );
      assert.ok(performance.now() - started < 10_000);
    });

    it('ends with the reason when it is aborted, and so does the client', async () => {
      const stop = new AbortController();
      const reason = new Error('claim lost');
      setTimeout(() => stop.abort(reason), 300);
      const mark = path.join(dir, `mark-${clients}`);
      const client = await clientThat(`printf half; sleep 2; touch ${mark}`);
      await assert.rejects(read(client, { signal: stop.signal }), (error) => error === reason);
      await new Promise((resolve) => setTimeout(resolve, 2_500));
      await assert.rejects(readFile(mark), /ENOENT/);
    });

    it('has no client to bring it', async () => {
      const client = { ...(await clientThat('true')), path: path.join(dir, 'no-such-client') };
      await assert.rejects(read(client), (error) => {
        assert.ok(error instanceof RunFailureError);
        assert.equal(error.failure.kind, 'client-missing');
        return true;
      });
    });
  });
}
