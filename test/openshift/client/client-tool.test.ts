import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { createClientTool } from '../../../src/openshift/client/client-tool.ts';

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('the client’s version', { timeout: 60_000 }, () => {
  let directory: string;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'client-tool-'));
  });
  after(() => rm(directory, { recursive: true, force: true }));

  /** A program that does what the shell text says. */
  async function ask(shell: string, deadlineMs = 20_000, mode = 0o755) {
    const path = join(directory, `client-${Math.random().toString(36).slice(2)}`);
    await writeFile(path, `#!/bin/sh\n${shell}\n`, { mode });
    return createClientTool({ path, env: { PATH: process.env.PATH ?? '' }, deadlineMs }).version();
  }

  it('is kubectl’s own, or oc’s with the Kubernetes release it is made of', async () => {
    const kubectl = `echo '{"clientVersion":{"gitVersion":"v1.35.2"},"kustomizeVersion":"v5.7.1"}'`;
    assert.deepEqual(await ask(kubectl), { ok: true, value: 'v1.35.2' });
    const oc = `echo '{"clientVersion":{"gitVersion":"v1.29.1"},"releaseClientVersion":"4.16.8"}'`;
    assert.deepEqual(await ask(oc), { ok: true, value: '4.16.8 (Kubernetes v1.29.1)' });
  });

  it('is asked for in words that need no cluster', async () => {
    const echo = `printf '{"clientVersion":{"gitVersion":"%s"}}' "$*"`;
    assert.deepEqual(await ask(echo), { ok: true, value: 'version --client -o json' });
  });

  it('is absent where there is no program, or none that may be run', async () => {
    for (const path of [join(directory, 'not-there'), 'no-such-client-in-path', directory]) {
      const reading = await createClientTool({ path, env: { PATH: process.env.PATH ?? '' } }).version();
      assert.equal(reading.ok ? reading.value : reading.why.reason, 'absent', path);
    }
    const reading = await ask('echo never', 20_000, 0o644);
    assert.equal(reading.ok ? reading.value : reading.why.reason, 'absent');
  });

  it('is malformed when the program is something else, with its exit code and its first words, without secrets', async () => {
    const failing = await ask(
      'echo "cannot open https://me:hunter2@proxy.example" >&2; echo more >&2; exit 3',
    );
    assert.ok(!failing.ok);
    assert.equal(failing.why.reason, 'malformed');
    assert.match(failing.why.detail, /^exit code 3: cannot open [^\n]*proxy\.example$/);
    assert.doesNotMatch(failing.why.detail, /hunter2/);
    for (const shell of ['echo Client Version: v1.2.3', 'echo "{}"', 'true']) {
      const reading = await ask(shell);
      assert.equal(reading.ok ? reading.value : reading.why.reason, 'malformed', shell);
    }
  });

  it('ends in time, with the whole process group, when the program hangs', async () => {
    const startedAt = Date.now();
    const pidFile = join(directory, 'pid');
    const reading = await ask(`sleep 300 & echo $! > ${pidFile}; wait`, 2_000);
    assert.equal(reading.ok ? reading.value : reading.why.reason, 'timeout');
    const pid = Number(await readFile(pidFile, 'utf8'));
    for (const end = Date.now() + 10_000; isAlive(pid); await setTimeout(20)) {
      assert.ok(Date.now() < end, 'the grandchild lives on');
    }
    assert.ok(Date.now() - startedAt < 20_000);
  });
});
