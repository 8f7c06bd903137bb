import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, afterEach, before, describe, it, type TestContext } from 'node:test';
import type { ExecFault } from '../../../sandbox/cluster/faults.ts';
import { scriptFailure } from '../../../src/domain/backup/script-output.ts';
import {
  backupScript,
  inspectScript,
  leftScript,
  nodeFactsScript,
  removeScript,
} from '../../../src/openshift/node/node-scripts.ts';
import { createNodeSessions } from '../../../src/openshift/node/node-sessions.ts';
import { readRemoteFile } from '../../../src/openshift/node/remote-file.ts';
import { systemClock } from '../../../src/system/clock.ts';
import type { NodeSession, ScriptRequest } from '../../../src/workflow/ports/ports.ts';
import { RunFailureError } from '../../../src/workflow/ports/run-failure-error.ts';
import { type ClusterLab, labPolicy, openLab } from '../../support/cluster-lab.ts';
import { need } from '../../support/need.ts';

const root = '/home/core/assets/backup';
const never = new AbortController().signal;
let lab: ClusterLab;
let number = 0;

before(async () => {
  lab = await openLab();
});
afterEach(() => {
  lab.cluster.faults.clear();
  lab.cluster.execOver('any');
});
after(() => lab[Symbol.asyncDispose]());

function clientEnv(websockets: boolean): Record<string, string> {
  const env = { PATH: process.env.PATH ?? '', HOME: lab.dir };
  return websockets ? env : { ...env, KUBECTL_REMOTE_COMMAND_WEBSOCKETS: 'false' };
}

const policy = labPolicy();
/** A client over SPDY that is cut before its streams are accepted waits for 30 s by itself. */
const patient = { ...policy, session: { ...policy.session, commandDeadlineMs: 300_000 } };
const quick = { ...policy, session: { ...policy.session, commandDeadlineMs: 4_000 } };

/** A session whose client is configured not to use WebSocket, as `client.env` can. */
async function inSession<T>(
  work: (session: NodeSession) => Promise<T>,
  options: { websockets?: boolean; policy?: typeof policy } = {},
): Promise<T> {
  const sessions = createNodeSessions({
    connections: [lab.connection],
    clientPath: lab.client.path,
    clientEnv: clientEnv(options.websockets ?? false),
    cacheDir: path.join(lab.dir, 'client-cache'),
    clock: systemClock(),
  });
  const [pod] = lab.cluster.objects.list('pods', 'openshift-etcd');
  const { containers } = (pod as unknown as { spec: { containers: { image: string }[] } }).spec;
  const request = { runId: 'r-aaaaaaaa', node: 'master-0', image: containers[0]?.image ?? '' };
  const session = await sessions.open(options.policy ?? policy, request, never);
  try {
    return await work(session);
  } finally {
    lab.cluster.faults.clear();
    await session.close();
  }
}

function script(change: Partial<ScriptRequest> = {}): ScriptRequest {
  number += 1;
  const scriptPath = '/usr/local/bin/cluster-backup.sh';
  const directory = `${root}/run-${number}`;
  return { directory, scriptPath, proxy: undefined, nodeIp: '172.31.77.10', deadlineMs: 30_000, ...change };
}

const isExec = ({ subresource }: { subresource?: string | undefined }) => subresource === 'exec';

function faultOnce(text: string, fault: ExecFault): void {
  lab.cluster.faults.add({ ...fault, times: 1, match: ({ command }) => command.includes(text) });
}

/** How the execs since `from` came: WebSocket is a GET, SPDY a POST. */
function protocols(from: number): readonly string[] {
  const verbs = lab.cluster.requests.slice(from).filter((each) => isExec(each) && each.status === 101);
  return [...new Set(verbs.map(({ verb }) => (verb === 'create' ? 'SPDY' : 'WebSocket')))];
}

function spdyClient(t: TestContext): boolean {
  return need(t, 'a real oc or kubectl, which speaks SPDY', lab.client.kind !== 'stand-in');
}

describe('commands over SPDY, as the usual clients of releases up to 4.16 run them', {
  timeout: 900_000,
}, () => {
  it('run the backup with true exit codes, exact output and standard input', async (t) => {
    if (!spdyClient(t)) return;
    const from = lab.cluster.requests.length;
    const url = 'http://robot:pr0xy-Passw0rd@proxy.example.com:3128';
    const proxy = { httpProxy: url, httpsProxy: url, noProxy: '.cluster.local,172.31.77.0/24' };
    await lab.plane.nodes[0]?.behave({ outcome: 'image-behind-proxy' });
    try {
      await inSession(async (session) => {
        const asked = script({ proxy });
        const said = await session.runScript(asked);
        assert.equal(scriptFailure({ ...said, ...asked }), undefined, said.stderr + said.stdout);
        assert.equal((await session.inspect(asked.directory)).fileNames.length, 2);
        await session.tidy(asked.directory);
        assert.equal((await session.runScript(asked)).exitCode, 75);
      });
    } finally {
      await lab.plane.nodes[0]?.behave({});
    }
    assert.deepEqual(protocols(from), ['SPDY']);
  });

  it('stream a large file exactly', async (t) => {
    if (!spdyClient(t)) return;
    const bytes = randomBytes(24 * 1024 * 1024);
    const place = `${root}/large`;
    const directory = path.join(lab.plane.nodes[0]?.dir ?? '', root);
    await mkdir(directory, { recursive: true });
    await writeFile(path.join(directory, 'large'), bytes);
    await inSession(async (session) => {
      const digest = createHash('sha256');
      for await (const chunk of session.readFile(place)) digest.update(chunk);
      assert.equal(digest.digest('hex'), createHash('sha256').update(bytes).digest('hex'));
    });
  });

  it('are what a client falls back to where the API server knows no WebSocket', async (t) => {
    if (!spdyClient(t)) return;
    lab.cluster.execOver('spdy');
    const from = lab.cluster.requests.length;
    const paths = await inSession((session) => session.leftIn('/home/core/nothing-here'), {
      websockets: true,
    });
    assert.deepEqual(paths, []);
    assert.deepEqual(protocols(from), ['SPDY']);
  });

  const each = [nodeFactsScript, backupScript, inspectScript, leftScript, removeScript];
  // After one byte the client has not seen its streams accepted: it waits for 30 s, so one of them must do.
  for (const [afterBytes, texts] of [
    [1, [leftScript]],
    [300, each],
    ['all', each],
  ] as const) {
    it(`bring every answer although connections break, each once, after ${afterBytes} bytes`, async (t) => {
      if (!spdyClient(t)) return;
      const asked = script({ deadlineMs: 60_000 });
      const work = async (session: NodeSession) => {
        for (const text of texts) faultOnce(text, { kind: 'exec-cut', afterBytes });
        const disk = await session.diskFacts({ script: asked.scriptPath, backupRoot: root });
        assert.equal(disk.scriptPresent, true);
        assert.equal(scriptFailure({ ...(await session.runScript(asked)), ...asked }), undefined);
        assert.equal((await session.inspect(asked.directory)).fileNames.length, 2);
        assert.ok((await session.leftIn(asked.directory)).length > 2);
        await session.remove(asked.directory);
        assert.deepEqual(await session.leftIn(asked.directory), []);
      };
      await inSession(work, { policy: patient });
    });
  }

  it('are believed by what the node printed, not by the exit code of the connection', async (t) => {
    if (!spdyClient(t)) return;
    await inSession(async (session) => {
      lab.cluster.faults.add({ match: isExec, kind: 'exec-exit-code', code: 1 });
      const asked = script();
      assert.equal((await session.runScript(asked)).exitCode, 0);
    });
  });

  it('that hang behind a frozen peer end at our own deadline: the client would wait for ever', async (t) => {
    if (!spdyClient(t)) return;
    await inSession(
      async (session) => {
        lab.cluster.faults.add({ match: isExec, kind: 'exec-hang', afterBytes: 0, ignorePings: true });
        const error = await session.leftIn(root).then(
          () => assert.fail('it answered'),
          (reason: unknown) => reason,
        );
        assert.ok(error instanceof RunFailureError, String(error));
        assert.equal(error.failure.kind, 'command-deadline');
      },
      { policy: quick },
    );
  });

  it('that hang once are run again within the same deadline', async (t) => {
    if (!spdyClient(t)) return;
    const twoAttempts = { ...policy, session: { ...policy.session, commandDeadlineMs: 20_000 } };
    await inSession(
      async (session) => {
        faultOnce(leftScript, { kind: 'exec-hang', afterBytes: 1, ignorePings: true });
        assert.deepEqual(await session.leftIn('/home/core/nothing-here'), []);
      },
      { policy: twoAttempts },
    );
  });

  it('that freeze in the middle of the script lose nothing: the node says how it ended', async (t) => {
    if (!spdyClient(t)) return;
    const asked = script({ deadlineMs: 5_000 });
    await inSession(async (session) => {
      faultOnce(backupScript, { kind: 'exec-hang', afterBytes: 10, ignorePings: true });
      assert.equal(scriptFailure({ ...(await session.runScript(asked)), ...asked }), undefined);
    });
  });

  it('that freeze in the middle of a file are given up by the stall watchdog', async (t) => {
    if (!spdyClient(t)) return;
    const directory = path.join(lab.plane.nodes[0]?.dir ?? '', root);
    await mkdir(directory, { recursive: true });
    await writeFile(path.join(directory, 'frozen'), randomBytes(1024 * 1024));
    await inSession(async () => {
      lab.cluster.faults.add({ match: isExec, kind: 'exec-hang', afterBytes: 100_000, ignorePings: true });
      const client = {
        path: lab.client.path,
        args: [`--kubeconfig=${path.join(lab.dir, 'kubeconfig')}`],
        env: clientEnv(false),
      };
      const pod = { namespace: 'etcd-backup-sessions', pod: 'etcd-backup-session', container: 'session' };
      let bytes = 0;
      const error = await (async () => {
        const options = { stallMs: 2_000, signal: never };
        for await (const chunk of readRemoteFile(client, pod, `${root}/frozen`, options))
          bytes += chunk.length;
        return undefined;
      })().catch((reason: unknown) => reason);
      assert.ok(error instanceof RunFailureError, String(error));
      assert.deepEqual(error.failure, {
        kind: 'command-deadline',
        params: { command: 'read a file', deadlineMs: 2_000 },
      });
      assert.equal(bytes, 100_000);
    });
  });
});
