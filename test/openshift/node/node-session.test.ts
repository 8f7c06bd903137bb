import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { ExecFault, RequestFault } from '../../../sandbox/cluster/faults.ts';
import type { RequestInfo } from '../../../sandbox/cluster/request-info.ts';
import { judgeArtifacts } from '../../../src/domain/backup/artifact-judgement.ts';
import type { FailureKind } from '../../../src/domain/backup/failure.ts';
import { parseScriptOutput, scriptFailure } from '../../../src/domain/backup/script-output.ts';
import {
  backupScript,
  inspectScript,
  leftScript,
  nodeFactsScript,
  removeScript,
} from '../../../src/openshift/node/node-scripts.ts';
import type { NodeSession, ScriptRequest, SessionRequest } from '../../../src/workflow/ports/ports.ts';
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
after(async () => {
  await lab[Symbol.asyncDispose]();
});

function request(change: Partial<SessionRequest> = {}): SessionRequest {
  return { runId: 'r-aaaaaaaa', node: 'master-0', image: etcdImage(), ...change };
}

function etcdImage(): string {
  const [pod] = lab.cluster.objects.list('pods', 'openshift-etcd');
  const { containers } = (pod as unknown as { spec: { containers: { image: string }[] } }).spec;
  return containers[0]?.image ?? '';
}

function script(change: Partial<ScriptRequest> = {}): ScriptRequest {
  number += 1;
  return {
    directory: `${root}/run-${number}`,
    scriptPath: '/usr/local/bin/cluster-backup.sh',
    proxy: undefined,
    nodeIp: '172.31.77.10',
    deadlineMs: 30_000,
    ...change,
  };
}

async function inSession<T>(work: (session: NodeSession) => Promise<T>): Promise<T> {
  const session = await lab.sessions.open(lab.policy, request(), never);
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}

async function failsAs(kind: FailureKind, work: Promise<unknown>): Promise<RunFailureError> {
  const error = await work.then(
    () => assert.fail(`expected the failure ${kind}, but it worked`),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof RunFailureError, String(error));
  assert.equal(error.failure.kind, kind, error.message);
  return error;
}

/** Strikes the next exec of this script. */
function faultOnce(text: string, fault: ExecFault | RequestFault): void {
  lab.cluster.faults.add({ ...fault, times: 1, match: ({ command }) => command.includes(text) });
}

function sessionPods() {
  return lab.cluster.objects.list('pods', 'etcd-backup-sessions');
}

describe('a node session', () => {
  it('runs the script, proves both files on the node, and leaves exactly the two of them', async () => {
    const asked = script();

    await inSession(async (session) => {
      const said = await session.runScript(asked);
      const judged = judgeArtifacts(
        await session.inspect(asked.directory),
        asked.directory,
        parseScriptOutput(said.stdout).status,
      );
      await session.tidy(asked.directory);

      assert.equal(scriptFailure({ ...said, ...asked }), undefined);
      assert.ok('artifacts' in judged, JSON.stringify(judged));
      assert.deepEqual((await session.leftIn(asked.directory)).toSorted(), [
        asked.directory,
        judged.artifacts.snapshot.path,
        judged.artifacts.resources.path,
      ]);
    });

    assert.deepEqual(sessionPods(), []);
  });

  it('takes a snapshot of a real etcd', async (t) => {
    await using real = await openLab({ etcd: {} });
    if (!need(t, 'etcd and etcdctl', real.plane.etcd)) return;
    const session = await real.sessions.open(real.policy, request(), never);
    const asked = script();

    const said = await session.runScript(asked);
    const evidence = await session.inspect(asked.directory);
    await session.close();

    const judged = judgeArtifacts(evidence, asked.directory, parseScriptOutput(said.stdout).status);
    assert.ok('artifacts' in judged, JSON.stringify(judged));
    assert.ok((judged.artifacts.snapshot.status?.revision ?? 0) > 1);
  });

  it('knows the disk, the database and the script', async () => {
    await inSession(async (session) => {
      const facts = await session.diskFacts({ script: '/usr/local/bin/cluster-backup.sh', backupRoot: root });

      assert.equal(facts.scriptPresent, true);
      assert.ok(facts.freeBytes > 0 && facts.databaseBytes > 0, JSON.stringify(facts));
      assert.ok(Math.abs(facts.nodeTime - Date.now()) < 10_000);
    });
  });

  it('sees that the disk is too small and that the script is gone', async () => {
    const [node] = lab.plane.nodes;
    await node?.behave({ outcome: 'script-missing', diskFreeKiB: 7 });
    try {
      await inSession(async (session) => {
        const facts = await session.diskFacts({
          script: '/usr/local/bin/cluster-backup.sh',
          backupRoot: root,
        });

        assert.equal(facts.scriptPresent, false);
        assert.equal(facts.freeBytes, 7 * 1024);
      });
    } finally {
      await node?.behave({});
    }
  });

  const outcomes = [
    ['disk-full', 'script-disk-full'],
    ['script-missing', 'script-missing'],
    ['manifests-missing', 'script-manifests-missing'],
    ['dependencies-missing', 'script-dependencies-missing'],
    ['certificate-missing', 'script-certificate-missing'],
    ['image-unpullable', 'script-image-pull'],
    ['killed-half-way', 'script-killed'],
    ['integrity-failed', 'script-integrity'],
  ] as const;
  for (const [outcome, kind] of outcomes) {
    it(`reports in words why the script failed: ${outcome}`, async () => {
      const [node] = lab.plane.nodes;
      await node?.behave({ outcome });
      try {
        const asked = script();
        const said = await inSession((session) => session.runScript(asked));

        assert.equal(scriptFailure({ ...said, ...asked })?.kind, kind, `${said.stdout}\n${said.stderr}`);
      } finally {
        await node?.behave({});
      }
    });
  }

  const lies = [
    ['torn-snapshot', 'snapshot-trailer'],
    ['half-pair', 'files-missing'],
    ['files-vanish', 'files-missing'],
  ] as const;
  for (const [outcome, kind] of lies) {
    it(`is not fooled by a script that says it worked: ${outcome}`, async () => {
      const [node] = lab.plane.nodes;
      await node?.behave({ outcome });
      try {
        const asked = script();
        await inSession(async (session) => {
          const said = await session.runScript(asked);
          assert.equal(scriptFailure({ ...said, ...asked }), undefined);
          const evidence = await session.inspect(asked.directory);
          const judged = judgeArtifacts(evidence, asked.directory, parseScriptOutput(said.stdout).status);
          assert.equal('failure' in judged && judged.failure.kind, kind);
        });
      } finally {
        await node?.behave({});
      }
    });
  }

  it('follows a script whose connection was cut, and never starts it twice', async () => {
    const [node] = lab.plane.nodes;
    await node?.behave({ slowSeconds: 2 });
    const asked = script();
    try {
      await inSession(async (session) => {
        const running = session.runScript(asked);
        const second = await session.runScript(asked);
        const first = await running;

        assert.equal(first.exitCode, 0);
        assert.equal(second.exitCode, 0);
        assert.equal(first.stdout, second.stdout);
        const { fileNames } = await session.inspect(asked.directory);
        assert.equal(fileNames.length, 2, fileNames.join(' '));
      });
    } finally {
      await node?.behave({});
    }
  });

  it('starts no script in a directory that holds a finished backup', async () => {
    const asked = script();
    await inSession(async (session) => {
      assert.equal((await session.runScript(asked)).exitCode, 0);
      await session.tidy(asked.directory);
      const before = await session.inspect(asked.directory);
      assert.equal(before.fileNames.length, 2);
      const again = await session.runScript(asked);
      assert.equal(again.exitCode, 75, again.stderr);
      assert.deepEqual(await session.inspect(asked.directory), before);
    });
  });

  it('brings output and exit code back when the exec connection breaks before its end', async () => {
    const remove = lab.cluster.faults.add({
      match: (each) => each.subresource === 'exec',
      kind: 'exec-cut',
      afterBytes: 1,
      times: 1,
    });
    const asked = script();
    try {
      const said = await inSession((session) => session.runScript(asked));

      assert.equal(scriptFailure({ ...said, ...asked }), undefined);
    } finally {
      remove();
    }
  });

  const cuts = [0, 1, 40, 300, 'all'] as const;
  for (const afterBytes of cuts) {
    it(`brings every answer back although each connection breaks once, after ${afterBytes} bytes`, async () => {
      const texts = [nodeFactsScript, backupScript, inspectScript, leftScript, removeScript];
      for (const text of texts) faultOnce(text, { kind: 'exec-cut', afterBytes });
      const asked = script();

      await inSession(async (session) => {
        const disk = await session.diskFacts({ script: asked.scriptPath, backupRoot: root });
        assert.equal(disk.scriptPresent, true);
        assert.equal(scriptFailure({ ...(await session.runScript(asked)), ...asked }), undefined);
        assert.equal((await session.inspect(asked.directory)).fileNames.length, 2);
        assert.ok((await session.leftIn(asked.directory)).length > 2);
        await session.remove(asked.directory);
        assert.deepEqual(await session.leftIn(asked.directory), []);
      });
    });
  }

  it('believes what the node printed, not the exit code that the connection reports', async () => {
    const lies = lab.cluster.faults.add({
      match: ({ subresource }) => subresource === 'exec',
      kind: 'exec-exit-code',
      code: 1,
    });
    const asked = script();
    try {
      await inSession(async (session) => {
        const said = await session.runScript(asked);

        assert.equal(said.exitCode, 0);
        assert.equal((await session.inspect(asked.directory)).fileNames.length, 2);
      });
    } finally {
      lies();
    }
    const [node] = lab.plane.nodes;
    await node?.behave({ outcome: 'disk-full' });
    faultOnce(backupScript, { kind: 'exec-exit-code', code: 0 });
    try {
      const failed = script();
      const said = await inSession((session) => session.runScript(failed));

      assert.equal(said.exitCode, 5);
      assert.equal(scriptFailure({ ...said, ...failed })?.kind, 'script-disk-full');
    } finally {
      await node?.behave({});
    }
  });

  it('takes over what a script left that was done while its connection hung', async () => {
    faultOnce(backupScript, { kind: 'exec-hang', afterBytes: 10, ignorePings: true });
    const asked = script({ deadlineMs: 4_000 });

    const said = await inSession((session) => session.runScript(asked));

    assert.equal(scriptFailure({ ...said, ...asked }), undefined);
  });

  it('starts the script again when the way to the node broke before it was started', async () => {
    faultOnce(backupScript, { kind: 'reset' });
    const asked = script();

    const said = await inSession((session) => session.runScript(asked));

    assert.equal(scriptFailure({ ...said, ...asked }), undefined);
  });

  it('names the pod that may be there when the answer to its creation never came', async () => {
    const policy = labPolicy();
    const quick = { ...policy, session: { ...policy.session, startDeadlineMs: 1_500 } };
    const podCall = ({ resource, subresource, namespace }: RequestInfo) =>
      resource === 'pods' && subresource === undefined && namespace === 'etcd-backup-sessions';
    lab.cluster.faults.add({ match: podCall, kind: 'lost-response', times: 1 });
    const cut = lab.cluster.faults.add({ match: podCall, kind: 'reset' });
    try {
      const error = await failsAs('api-connection-lost', lab.sessions.open(quick, request(), never));

      assert.equal(error.sessionPod, 'etcd-backup-session');
      assert.equal(sessionPods().length, 1);
    } finally {
      cut();
    }
    assert.equal(await lab.sessions.removeLeftover(policy, 'r-aaaaaaaa'), true);
    assert.deepEqual(sessionPods(), []);
  });

  it('reports what became of a session that is lost', async () => {
    const session = await lab.sessions.open(lab.policy, request(), never);
    const why = { reason: 'Evicted', message: 'The node was low on resource: memory.' };
    lab.cluster.pods.fail('etcd-backup-session', 'etcd-backup-sessions', why);

    const evicted = await failsAs('session-lost', session.scriptState(`${root}/nothing`));
    lab.cluster.objects.delete('pods', 'etcd-backup-session', 'etcd-backup-sessions');
    const deleted = await failsAs('session-lost', session.scriptState(`${root}/nothing`));
    await session.close();

    assert.deepEqual(evicted.failure.params, {
      detail: 'its pod was ended: Evicted: The node was low on resource: memory.',
    });
    assert.deepEqual(deleted.failure.params, { detail: 'its pod was deleted by somebody else' });
  });

  it('ends at its deadline when the script never does, and kills it with the pod', async () => {
    const [node] = lab.plane.nodes;
    await node?.behave({ outcome: 'etcd-down' });
    try {
      await failsAs(
        'script-deadline',
        inSession((session) => session.runScript(script({ deadlineMs: 2_000 }))),
      );
      assert.deepEqual(lab.cluster.pods.running(), []);
    } finally {
      await node?.behave({});
    }
  });

  it('passes the proxy whole over standard input, and its password through no request and no answer', async () => {
    const [node] = lab.plane.nodes;
    await node?.behave({ outcome: 'image-behind-proxy' });
    const password = 'pr0xy-Passw0rd';
    const url = `http://robot:${password}@proxy.example.com:3128`;
    const asked = script({
      proxy: { httpProxy: url, httpsProxy: url, noProxy: '.cluster.local,172.31.77.0/24' },
    });
    try {
      const said = await inSession((session) => session.runScript(asked));

      assert.equal(scriptFailure({ ...said, ...asked }), undefined, said.stderr + said.stdout);
      assert.ok(!JSON.stringify(lab.cluster.requests).includes(password));
      assert.ok(!JSON.stringify(said).includes(password));
    } finally {
      await node?.behave({});
    }
  });

  it('takes a backup for whole whose script says a word that is the proxy’s password', async () => {
    const [node] = lab.plane.nodes;
    await node?.behave({});
    for (const password of ['kube', 'successfully', 'backup']) {
      const url = `http://robot:${password}@proxy.example.com:3128`;
      const asked = script({ proxy: { httpProxy: url, httpsProxy: url, noProxy: '172.31.77.0/24' } });

      const said = await inSession((session) => session.runScript(asked));

      assert.equal(scriptFailure({ ...said, ...asked }), undefined, said.stdout);
      assert.equal(typeof said.report.status?.revision, 'number');
      assert.match(said.stdout, /\[secret\]/);
    }
  });

  it('without the node in NO_PROXY would hang: the node’s address is added', async () => {
    const url = 'http://proxy.example.com:3128';
    const asked = script({ proxy: { httpProxy: url, httpsProxy: url, noProxy: '.cluster.local' } });

    const said = await inSession((session) => session.runScript(asked));

    assert.equal(scriptFailure({ ...said, ...asked }), undefined, said.stderr + said.stdout);
  });
});

describe('opening a node session', () => {
  it('makes the pod that oc debug would make, with a deadline and without a token', async () => {
    const recorded = JSON.parse(
      await readFile(path.join(import.meta.dirname, '../../fixtures/oc/debug-node-pod.json'), 'utf8'),
    );
    const session = await lab.sessions.open(lab.policy, request(), never);
    const [pod] = sessionPods() as unknown as {
      metadata: { labels: object };
      spec: Record<string, unknown>;
    }[];
    await session.close();

    const spec = pod?.spec ?? {};
    for (const field of [
      'volumes',
      'restartPolicy',
      'hostNetwork',
      'hostPID',
      'hostIPC',
      'priorityClassName',
    ]) {
      assert.deepEqual(spec[field], recorded.spec[field], field);
    }
    assert.equal(spec.nodeName, 'master-0');
    assert.equal(spec.automountServiceAccountToken, false);
    assert.ok(Number(spec.activeDeadlineSeconds) > 60);
    assert.deepEqual(pod?.metadata.labels, {
      'app.kubernetes.io/name': 'etcd-backup',
      'etcd-backup/run': 'r-aaaaaaaa',
    });
  });

  it('is refused while another run has one, and names that run', async () => {
    const session = await lab.sessions.open(lab.policy, request(), never);

    const error = await failsAs(
      'session-taken',
      lab.sessions.open(lab.policy, request({ runId: 'r-bbbbbbbb' }), never),
    );
    await session.close();

    assert.deepEqual(error.failure.params, {
      pod: 'etcd-backup-session',
      namespace: 'etcd-backup-sessions',
      byRun: 'r-aaaaaaaa',
    });
  });

  it('takes over the pod of its own run', async () => {
    await lab.sessions.open(lab.policy, request(), never);

    const again = await lab.sessions.open(lab.policy, request(), never);
    const facts = await again.leftIn('/home/core/assets/nothing-here');
    await again.close();

    assert.deepEqual(facts, []);
    assert.deepEqual(sessionPods(), []);
  });

  it('says that the image cannot be pulled, and leaves no pod', async () => {
    await failsAs(
      'session-image',
      lab.sessions.open(lab.policy, request({ image: 'registry.example.com/no:1' }), never),
    );

    assert.deepEqual(sessionPods(), []);
  });

  it('gives up at its deadline on a node that does not start pods, and leaves no pod', async () => {
    lab.cluster.objects.setCondition('nodes', 'master-1', { type: 'Ready', status: 'Unknown' });
    const policy = labPolicy();
    const quick = { ...policy, session: { ...policy.session, startDeadlineMs: 500 } };

    await failsAs('session-kubelet-silent', lab.sessions.open(quick, request({ node: 'master-1' }), never));

    assert.deepEqual(sessionPods(), []);
  });

  it('says which right is missing', async () => {
    const [rule] = lab.cluster.botRules().filter((each) => JSON.stringify(each).includes('"pods/exec"'));
    assert.ok(rule);
    const giveBack = lab.cluster.withoutRule(rule);
    try {
      const error = await failsAs(
        'session-forbidden',
        inSession((session) => session.leftIn(root)),
      );
      assert.match(JSON.stringify(error.failure.params), /pods\/exec|pods \\"etcd-backup-session/);
    } finally {
      giveBack();
    }
    assert.deepEqual(sessionPods(), []);
  });

  it('says in one line that oc or kubectl is not there', async () => {
    const { createNodeSessions } = await import('../../../src/openshift/node/node-sessions.ts');
    const { systemClock } = await import('../../../src/system/clock.ts');
    const sessions = createNodeSessions({
      connections: [lab.connection],
      clientPath: '/nowhere/oc',
      clientEnv: {},
      cacheDir: lab.dir,
      clock: systemClock(),
    });
    const session = await sessions.open(lab.policy, request(), never);
    try {
      await failsAs('client-missing', session.leftIn(root));
    } finally {
      await session.close();
    }
  });
});
