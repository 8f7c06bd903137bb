import assert from 'node:assert/strict';
import { access, readFile, writeFile } from 'node:fs/promises';
import { uptime } from 'node:os';
import path from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { createNodeSessions } from '../../../src/openshift/node/node-sessions.ts';
import type { NodeSession, ScriptRequest } from '../../../src/workflow/ports/ports.ts';
import { RunFailureError } from '../../../src/workflow/ports/run-failure-error.ts';
import { type ClusterLab, openLab } from '../../support/cluster-lab.ts';
import { labClock } from '../../support/workflow-lab.ts';

const root = '/home/core/assets/backup';
let lab: ClusterLab;
let number = 0;

before(async () => {
  lab = await openLab();
});
afterEach(async () => {
  await node().behave({});
  for (const pod of lab.cluster.objects.list('pods', 'etcd-backup-sessions'))
    lab.cluster.objects.delete('pods', pod.metadata.name, 'etcd-backup-sessions');
});
after(() => lab[Symbol.asyncDispose]());

function node() {
  return lab.plane.nodes[0] ?? assert.fail();
}

/** `aheadMs`: how far this bot's clock is ahead of the one before. */
function open(signal: AbortSignal, aheadMs = 0): Promise<NodeSession> {
  const sessions = createNodeSessions({
    connections: [lab.connection],
    clientPath: lab.client.path,
    clientEnv: { PATH: process.env.PATH ?? '', HOME: lab.dir },
    cacheDir: path.join(lab.dir, 'client-cache'),
    clock: labClock(aheadMs),
  });
  const [pod] = lab.cluster.objects.list('pods', 'openshift-etcd');
  const { containers } = (pod as unknown as { spec: { containers: { image: string }[] } }).spec;
  const request = { runId: 'r-aaaaaaaa', node: 'master-0', image: containers[0]?.image ?? '' };
  return sessions.open(lab.policy, request, signal);
}

function script(deadlineMs: number): ScriptRequest {
  number += 1;
  const directory = `${root}/run-${number}`;
  const scriptPath = '/usr/local/bin/cluster-backup.sh';
  return { directory, scriptPath, proxy: undefined, nodeIp: '172.31.77.10', deadlineMs };
}

async function until(there: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 30_000; Date.now() < end; await delay(20)) if (await there()) return;
  assert.fail('waited 30 s');
}

/** The node's clock for this is the time since it booted, so nothing began before that: at most so many seconds ago, s. */
function secondsAgo(wanted: number): number {
  return Math.min(wanted, Math.floor(uptime()) - 1);
}

/** A bot starts the script and dies; the script is then as if it had begun so much earlier. Returns the next bot's session. */
async function takenOver(asked: ScriptRequest, earlierS: number, aheadMs: number): Promise<NodeSession> {
  const death = new AbortController();
  const first = await open(death.signal);
  const running = first.runScript({ ...asked, deadlineMs: 60_000 }).catch(() => undefined);
  const file = (name: string) => path.join(node().dir, asked.directory, '.run', name);
  await until(() =>
    access(file('stdout')).then(
      () => true,
      () => false,
    ),
  );
  death.abort(new Error('the bot was killed'));
  await running;
  const startedAt = Number(await readFile(file('started'), 'utf8'));
  await writeFile(file('started'), `${(startedAt - earlierS).toFixed(2)}\n`);
  return open(new AbortController().signal, aheadMs);
}

describe('the time of a script that another bot takes over', { timeout: 120_000 }, () => {
  for (const [clock, aheadMs] of [
    ['the same clock', 0],
    ['a clock three hours ahead', 3 * 3_600_000],
    ['a clock three hours behind', -3 * 3_600_000],
  ] as const) {
    it(`is what is left of its deadline on the node, by ${clock}`, async () => {
      await node().behave({ slowSeconds: 60 });
      // All but a second of its time is over.
      const earlierS = secondsAgo(600);
      const deadlineMs = (earlierS + 1) * 1_000;
      const asked = script(deadlineMs);
      const session = await takenOver(asked, earlierS, aheadMs);

      const before = performance.now();
      const error = await session.runScript(asked).then(
        () => assert.fail('it ended'),
        (reason: unknown) => reason,
      );

      assert.ok(error instanceof RunFailureError, String(error));
      assert.deepEqual(error.failure, { kind: 'script-deadline', params: { deadlineMs } });
      assert.ok(performance.now() - before < 60_000);
      await session.close();
    });

    it(`is reported from its start on the node to its end, by ${clock}`, async () => {
      await node().behave({ slowSeconds: 2 });
      const asked = script(900_000);
      const earlierS = secondsAgo(100);
      const session = await takenOver(asked, earlierS, aheadMs);

      const said = await session.runScript(asked);

      assert.equal(said.exitCode, 0);
      assert.ok(
        said.durationMs >= (earlierS + 2) * 1_000 && said.durationMs < (earlierS + 60) * 1_000,
        `${said.durationMs} ms`,
      );
      await session.close();
    });
  }

  it('is that of this bot where an earlier release did not note the start', async () => {
    await node().behave({ slowSeconds: 2 });
    const asked = script(30_000);
    const session = await takenOver(asked, 0, 0);
    await writeFile(path.join(node().dir, asked.directory, '.run', 'started'), '');

    const said = await session.runScript(asked);

    assert.equal(said.exitCode, 0);
    assert.ok(said.durationMs < 30_000, `${said.durationMs} ms`);
    await session.close();
  });
});
