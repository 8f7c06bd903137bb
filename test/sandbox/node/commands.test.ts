import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PassThrough, Readable, Writable } from 'node:stream';
import { test } from 'node:test';
import { collector, eventually, isAlive, makeNode, run, start } from './harness.ts';

test('commands run in the tree and print the paths of the node', async (t) => {
  const node = await makeNode(t);
  await writeFile(path.join(node.dir, 'home/core/x'), 'content');
  const digest = createHash('sha256').update('content').digest('hex');
  assert.deepEqual(await run(node, ['sha256sum', '/home/core/x']), {
    code: 0,
    stdout: `${digest}  /home/core/x\n`,
    stderr: '',
  });
  assert.equal((await run(node, ['cat', '/etc/hostname'])).stdout, 'master-0\n');
  assert.equal((await run(node, ['pwd'])).stdout, '/\n');
  assert.equal((await run(node, ['id', '-u'])).stdout, '0\n');
  assert.equal((await run(node, ['cat', '/nope'])).stderr, 'cat: /nope: No such file or directory\n');
});

test('a constant shell text gets paths as positional parameters and values on stdin', async (t) => {
  const node = await makeNode(t);
  const text = `set -eu; umask 077; mkdir -p "$1"; while IFS= read -r line; do export "$line"; done
printf '%s\\n' "$HTTPS_PROXY" >"$1/out.part"; mv "$1/out.part" "$1/out"; stat -c '%a %s' "$1/out"
head -c -2 "$1/out" | sha256sum; tail -c 2 "$1/out" | od -An -tx1; df -Pk "$1" | wc -l; ls "$1"; exit 7`;
  const ran = await run(node, ['sh', '-c', text, 'etcd-backup', '/home/core/run 1'], {
    stdin: 'HTTPS_PROXY=http://u:p@h:1\n',
  });
  const digest = createHash('sha256').update('http://u:p@h:').digest('hex');
  assert.deepEqual(ran, { code: 7, stdout: `600 15\n${digest}  -\n 31 0a\n2\nout\n`, stderr: '' });
  assert.equal(await readFile(path.join(node.dir, 'home/core/run 1/out'), 'utf8'), 'http://u:p@h:1\n');
  assert.equal((await run(node, ['rm', '-rf', '--', '/home/core/run 1'])).code, 0);
  await assert.rejects(stat(path.join(node.dir, 'home/core/run 1')), { code: 'ENOENT' });
});

test('exit codes: of the command, of its signal, 127, 126', async (t) => {
  const node = await makeNode(t);
  assert.equal((await run(node, ['sh', '-c', 'exit 3'])).code, 3);
  assert.equal((await run(node, ['sh', '-c', 'kill -TERM $$'])).code, 143);
  assert.deepEqual(await run(node, ['/usr/local/bin/nothere.sh']), {
    code: 127,
    stdout: '',
    stderr: "chroot: can't execute '/usr/local/bin/nothere.sh': No such file or directory\n",
  });
  assert.equal((await run(node, ['no-such-program'])).code, 127);
  await writeFile(path.join(node.dir, 'usr/local/bin/plain'), 'text', { mode: 0o644 });
  assert.deepEqual(await run(node, ['/usr/local/bin/plain']), {
    code: 126,
    stdout: '',
    stderr: "chroot: can't execute '/usr/local/bin/plain': Permission denied\n",
  });
});

test('a way out of the tree and a command outside `chroot /host` are refused, and nothing runs', async (t) => {
  const node = await makeNode(t);
  const outside = path.join(path.dirname(node.dir), 'outside');
  await mkdir(outside);
  await writeFile(path.join(outside, 'keep'), '');
  await symlink(outside, path.join(node.dir, 'home/core/link'));
  const ran = await run(node, ['rm', '-rf', '/home/core/link/keep']);
  assert.equal(ran.code, 126);
  assert.match(ran.stderr, /'\/home\/core\/link\/keep' leads out of the node's tree/);
  assert.equal((await run(node, ['rm', '-rf', '../outside'])).code, 126);
  await stat(path.join(outside, 'keep'));
  const stderr = collector();
  const io = { stdin: Readable.from([]), stdout: collector().stream, stderr: stderr.stream };
  assert.equal(await node.run(['cat', '/etc/passwd'], { ...io, signal: new AbortController().signal }), 126);
  assert.match(stderr.text(), /chroot \/host/);
});

test('nothing of this process’s environment reaches the node', async (t) => {
  const node = await makeNode(t);
  process.env.SANDBOX_TEST_SECRET = 'secret';
  t.after(() => delete process.env.SANDBOX_TEST_SECRET);
  const { stdout } = await run(node, ['env']);
  assert.doesNotMatch(stdout, /SANDBOX_TEST_SECRET/);
  assert.match(stdout, /^HOST=\/host$/m);
});

test('64 MB of random bytes, with the tree’s own path among them, come through cat exactly', async (t) => {
  const node = await makeNode(t);
  const bytes = Buffer.concat([randomBytes(32 << 20), Buffer.from(`${node.dir}/x`), randomBytes(32 << 20)]);
  await writeFile(path.join(node.dir, 'home/core/big'), bytes);
  const stdout = collector();
  const io = { stdin: Readable.from([]), stdout: stdout.stream, stderr: collector().stream };
  const code = await node.run(['chroot', '/host', 'cat', '/home/core/big'], {
    ...io,
    signal: new AbortController().signal,
  });
  assert.equal(code, 0);
  assert.ok(stdout.bytes().equals(bytes), `${stdout.bytes().length} of ${bytes.length} bytes, or others`);
});

test('a slow reader slows the command: nothing is buffered whole', { timeout: 120_000 }, async (t) => {
  const node = await makeNode(t);
  await writeFile(path.join(node.dir, 'home/core/big'), Buffer.alloc(48 << 20, 1));
  for (const command of [
    ['cat', '/home/core/big'],
    ['sh', '-c', 'cat "$1"', 'sh', '/home/core/big'],
  ]) {
    const brake = Promise.withResolvers<() => void>();
    let taken = 0;
    const stdout = new Writable({
      highWaterMark: 65_536,
      write(chunk: Buffer, _encoding, done) {
        const before = taken;
        taken += chunk.length;
        if (before <= 1 << 20 && taken > 1 << 20) brake.resolve(done);
        else done();
      },
    });
    const outside = process.memoryUsage().arrayBuffers;
    const io = {
      stdin: Readable.from([]),
      stdout,
      stderr: collector().stream,
      signal: new AbortController().signal,
    };
    const ended = node.run(['chroot', '/host', ...command], io);
    const release = await brake.promise;
    // Time in which a reader without back-pressure would have taken all of it.
    await run(node, ['sha256sum', '/home/core/big']);
    const held = process.memoryUsage().arrayBuffers - outside;
    assert.ok(held < 16 << 20, `${held} bytes held`);
    release();
    assert.equal(await ended, 0);
    assert.equal(taken, 48 << 20);
  }
});

test('aborting kills the whole group, grandchildren that hold the streams too', {
  timeout: 60_000,
}, async (t) => {
  const node = await makeNode(t);
  const abort = new AbortController();
  const { first, code } = await start(node, ['sh', '-c', 'sleep 600 & echo $$ $!; wait'], abort.signal);
  const pids = first.trim().split(' ').map(Number);
  abort.abort();
  assert.equal(await code, 137);
  for (const pid of pids) await eventually(`process ${pid} is gone`, async () => !(await isAlive(pid)));
});

test('what a command left running dies with the signal, as with its pod', { timeout: 60_000 }, async (t) => {
  const node = await makeNode(t);
  const abort = new AbortController();
  const text = 'sleep 600 >/dev/null 2>&1 </dev/null & echo $!';
  const { first, code } = await start(node, ['sh', '-c', text], abort.signal);
  assert.equal(await code, 0);
  assert.ok(await isAlive(Number(first)));
  abort.abort();
  await eventually('the rest of the group is gone', async () => !(await isAlive(Number(first))));
});

test('close ends what runs', { timeout: 60_000 }, async (t) => {
  const node = await makeNode(t);
  const { first, code } = await start(node, ['sh', '-c', 'echo $$; sleep 600'], new AbortController().signal);
  await node.close();
  assert.equal(await code, 137);
  assert.ok(!(await isAlive(Number(first))));
});

test('a client that is gone breaks the pipe of a writer, and leaves a silent command running', {
  timeout: 60_000,
}, async (t) => {
  const node = await makeNode(t);
  const stdout = new PassThrough();
  const io = {
    stdin: Readable.from([]),
    stdout,
    stderr: collector().stream,
    signal: new AbortController().signal,
  };
  const writer = node.run(['chroot', '/host', 'yes'], io);
  await once(stdout, 'data');
  stdout.destroy();
  // Over a socket pair, as Node makes them, the writer may see a reset before the broken pipe.
  assert.ok([1, 128 + 13].includes(await writer));

  const abort = new AbortController();
  const silent = new PassThrough();
  const run = node.run(['chroot', '/host', 'sh', '-c', 'echo $$; sleep 600'], {
    ...io,
    stdout: silent,
    signal: abort.signal,
  });
  const pid = Number(((await once(silent, 'data')) as [Buffer])[0]);
  silent.destroy();
  assert.equal(await Promise.race([run, once(silent, 'close').then(() => 'closed')]), 'closed');
  assert.ok(await isAlive(pid));
  abort.abort();
  assert.equal(await run, 137);
});

test('a node whose clock is off prints another time, and formats a given one as it is', async (t) => {
  const node = await makeNode(t);
  await node.behave({ clockSkewSeconds: -7_200 });
  const shell = ['sh', '-c', 'date +%s; date -u -d @0 +%F'];
  const [seconds = '', form] = (await run(node, shell)).stdout.split('\n');
  assert.ok(Math.abs(Number(seconds) + 7_200 - Date.now() / 1000) < 60, seconds);
  assert.equal(form, '1970-01-01');
  await node.behave({});
  assert.ok(Math.abs(Number((await run(node, shell)).stdout.split('\n')[0]) - Date.now() / 1000) < 60);
});
