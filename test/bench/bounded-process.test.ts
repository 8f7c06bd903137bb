import assert from 'node:assert/strict';
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { runBounded } from '../../bench/bounded-process.ts';

const timeout = 600_000;

/** Starts a child in a process group of its own, writes both pids and where its temporary files are, and never ends. */
const endless = `
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
const child = spawn('sleep', ['3600'], { detached: true, stdio: 'ignore' });
writeFileSync(process.argv[2], JSON.stringify({ pids: [process.pid, child.pid], dir: tmpdir() }));
setInterval(() => undefined, 1000);
`;

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('a part that does not end in time is ended with all that it started, and leaves no files', {
  timeout,
  skip: process.platform === 'linux' ? false : 'children are found through /proc',
}, async () => {
  const dir = await mkdtemp(path.join(tmpdir(), 'bounded-'));
  try {
    const [program, started] = [path.join(dir, 'endless.mjs'), path.join(dir, 'started.json')];
    await writeFile(program, endless);
    assert.equal(await runBounded([program, started], 3_000), 'late');
    const { pids, dir: temporary } = JSON.parse(await readFile(started, 'utf8')) as {
      pids: number[];
      dir: string;
    };
    // A killed child of a killed parent is reaped by init.
    for (const pid of pids) while (lives(pid)) await delay(20);
    await assert.rejects(access(temporary), { code: 'ENOENT' });
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});

test('a part that ends by itself gives its exit code', { timeout }, async () => {
  assert.equal(await runBounded(['-e', 'process.exitCode = 3'], 60_000), 3);
  assert.equal(await runBounded(['-e', ''], 60_000), 0);
});
