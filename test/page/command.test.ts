import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../sandbox/world.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));

describe('npm run sandbox', { timeout: 300_000 }, () => {
  it('serves the page where there is no terminal, until it is asked to end', async (t) => {
    const dir = await temporaryDirectory(t);
    const port = await freePort();
    // No input at all: as with </dev/null.
    const child = spawn(
      process.execPath,
      ['sandbox/main.ts', `--dir=${dir}`, `--port=${port}`, '--lang=ko'],
      {
        cwd: project,
        detached: true,
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    t.after(() => child.exitCode === null && process.kill(-(child.pid ?? 0), 'SIGKILL'));
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      out += chunk;
    });
    while (!out.includes(`http://127.0.0.1:${port}/`)) await once(child.stdout, 'data');

    const answer = await fetch(`http://127.0.0.1:${port}/`);
    assert.equal(answer.status, 200);
    assert.match(await answer.text(), /<script type="module"/);

    const ended = once(child, 'close');
    child.kill('SIGTERM');
    assert.deepEqual(await ended, [0, null], out);
    await assert.rejects(fetch(`http://127.0.0.1:${port}/`));
  });

  for (const port of ['65536', '']) {
    it(`refuses the port “${port}” before anything starts`, async () => {
      const child = spawn(process.execPath, ['sandbox/main.ts', `--port=${port}`], { cwd: project });
      let err = '';
      child.stderr.setEncoding('utf8').on('data', (chunk) => {
        err += chunk;
      });
      assert.deepEqual(await once(child, 'close'), [2, null]);
      assert.ok(err.startsWith(`--port is a number from 0 to 65535, not “${port}”\n`), err);
    });
  }
});
