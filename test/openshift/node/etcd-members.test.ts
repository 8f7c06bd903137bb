import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { findProgram } from '../../../sandbox/node/etcd.ts';
import { parseMembers } from '../../../src/openshift/node/etcd-members.ts';
import { membersScript } from '../../../src/openshift/node/node-scripts.ts';
import type { NodeSession } from '../../../src/workflow/ports/ports.ts';
import { RunFailureError } from '../../../src/workflow/ports/run-failure-error.ts';
import { type ClusterLab, openLab } from '../../support/cluster-lab.ts';
import { need } from '../../support/need.ts';

const never = new AbortController().signal;
const fixture = (name: string) => readFile(new URL(`../../fixtures/etcd/${name}`, import.meta.url), 'utf8');

let lab: ClusterLab;
before(async () => {
  lab = await openLab();
});
after(async () => {
  await lab[Symbol.asyncDispose]();
});

async function inSession<T>(work: (session: NodeSession) => Promise<T>, at = lab): Promise<T> {
  const [pod] = at.cluster.objects.list('pods', 'openshift-etcd');
  const image = (pod as unknown as { spec: { containers: { image: string }[] } }).spec.containers[0]?.image;
  const request = { runId: 'r-aaaaaaaa', node: 'master-0', image: image ?? '' };
  const session = await at.sessions.open(at.policy, request, never);
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}

async function notRead(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => assert.fail('members were read'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof RunFailureError, String(error));
  return JSON.stringify(error.failure);
}

describe('what etcd says of its members', () => {
  it('is read as it was recorded: ids longer than a number holds, and who leads', async () => {
    const read = parseMembers([(await fixture('endpoint-status.three.json')).trim(), 'said ', 'code 0'], 7);
    assert.deepEqual(
      read.answered.map(({ id, raftIndex, learner, leader }) => [id, raftIndex, learner, leader]),
      [
        ['20841a002de00821', 208, false, false],
        ['248ff1817228a82b', 208, false, true],
        ['b12c0c72d112e294', 208, false, false],
      ],
    );
    assert.deepEqual([read.at, read.silent], [7, []]);
  });

  it('names the member that did not answer', async () => {
    const said = (await fixture('endpoint-status.one-down.stderr.txt')).trim().split('\n');
    const lines = [
      (await fixture('endpoint-status.one-down.json')).trim(),
      ...said.map((each) => `said ${each}`),
    ];
    const read = parseMembers([...lines, 'code 1'], 0);
    assert.deepEqual(read.silent, ['http://127.0.0.1:11373']);
    assert.equal(read.answered.length, 2);
  });

  it('takes what Go leaves out for 0 and false', () => {
    const status = '{"header":{"member_id":9007199254740993},"leader":1,"isLearner":true}';
    const { answered } = parseMembers([`[{"Endpoint":"https://[fd00::1]:2379","Status":${status}}]`], 0);
    const member = { id: '20000000000001', raftIndex: 0, learner: true, leader: false };
    assert.deepEqual(answered, [{ endpoint: 'https://[fd00::1]:2379', ...member }]);
  });

  it('is not guessed where the answer is of another form', async () => {
    const forms = ['[{"Endpoint":"x"}]', '[not json', 'Error: context deadline exceeded', 'no-container'];
    for (const form of forms) {
      assert.match(await notRead(Promise.resolve().then(() => parseMembers([form], 0))), /command-failed/);
    }
  });

  it('comes through a session, silent members and learners among them', async () => {
    const [node] = lab.plane.nodes;
    const read = await inSession((session) => session.etcdMembers());
    assert.deepEqual(
      read.answered.map(({ endpoint }) => endpoint),
      ['https://172.31.77.10:2379', 'https://172.31.77.11:2379', 'https://172.31.77.12:2379'],
    );
    assert.equal(new Set(read.answered.map(({ id }) => id)).size, 3);
    assert.deepEqual(read.silent, []);

    await node?.behave({ silentMembers: ['172.31.77.11'], learners: ['172.31.77.12'] });
    const less = await inSession((session) => session.etcdMembers());
    assert.deepEqual(less.silent, ['https://172.31.77.11:2379']);
    assert.deepEqual(
      less.answered.map(({ learner }) => learner),
      [false, true],
    );

    await node?.behave({ outcome: 'manifests-missing' });
    assert.match(await notRead(inSession((session) => session.etcdMembers())), /no container etcdctl/);
    await node?.behave({});
  });

  it('is not waited for when etcd never answers', async () => {
    const [node] = lab.plane.nodes;
    await node?.behave({ silentMembers: 'all' });
    const begun = performance.now();
    assert.match(await notRead(inSession((session) => session.etcdMembers())), /no answer in 8 s/);
    assert.ok(performance.now() - begun < 25_000);
    await node?.behave({});
  });

  it('is the form that a real etcd has', async (t) => {
    await using real = await openLab({ etcd: {} });
    const { etcd } = real.plane;
    if (!need(t, 'etcd and etcdctl', etcd)) return;
    const args = ['--endpoints', etcd.clientUrl, 'endpoint', 'status', '--cluster', '-w', 'json'];
    const programs = [etcd.etcdctl, findProgram('etcdctl', process.env.ETCD_3_5_DIR ?? '')];
    for (const etcdctl of programs.filter((each) => each !== undefined)) {
      const env = { ...process.env, ETCDCTL_API: '3' };
      const { stdout } = spawnSync(etcdctl, args, { encoding: 'utf8', env });
      const own = parseMembers([stdout.trim()], 0).answered[0];
      assert.deepEqual([own?.endpoint, own?.learner, own?.leader], [etcd.clientUrl, false, true]);
      assert.ok((own?.raftIndex ?? 0) > 0);
    }
    const { answered } = await inSession((session) => session.etcdMembers(), real);
    assert.equal(answered.length, 3);
    assert.ok(answered.every(({ raftIndex }) => raftIndex > 0));
  });

  it('is asked of the container of the etcd pod alone, whatever a workload is called', () => {
    assert.match(membersScript, /--label io\.kubernetes\.pod\.namespace=openshift-etcd --name '\^etcdctl\$'/);
  });
});
