import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { KubeObject } from '../../../sandbox/cluster/kube-object.ts';
import type { FailureKind } from '../../../src/domain/backup/failure.ts';
import type { Plan } from '../../../src/domain/preflight/plan.ts';
import { openWorkflowLab, type WorkflowLab, who } from '../../support/workflow-lab.ts';

const timeout = 600_000;
let lab: WorkflowLab;

before(
  async () => {
    lab = await openWorkflowLab();
  },
  { timeout },
);
after(() => lab?.[Symbol.asyncDispose]());
afterEach(() => lab.tidy());

/** Approves, lets this change happen, starts; the change is undone. */
async function startAfter(change: () => () => void, node?: string) {
  const { id } = await lab.approved(node === undefined ? {} : { node });
  await lab.notices(id);
  const requests = lab.lab.cluster.requests.length;
  const undo = change();
  const run = (await lab.turn().finally(undo)) ?? assert.fail('nothing was due');
  const since = lab.lab.cluster.requests.slice(requests);
  const touched = since.some(
    ({ resource, verb, dryRun }) => resource === 'pods' && verb === 'create' && !dryRun,
  );
  return { id, run, touched };
}

async function failsAfter(change: () => () => void, node?: string) {
  const { id, run, touched } = await startAfter(change, node);
  assert.equal(run.status, 'failed', JSON.stringify(run));
  assert.ok(!touched, 'no session was opened');
  const failed = run.failed ?? assert.fail();
  assert.equal(failed.step, 'checking-again');
  assert.equal(failed.left, undefined, 'nothing can be left: no session was on the node');
  const usual = ['requested', 'checked', 'vote-received', 'approved', 'started', 'step', 'failed'];
  assert.deepEqual(await lab.actions(id), usual);
  const notices = (await lab.notices(id)).map((each) =>
    each.kind === 'thread' ? each.entry.type : each.kind,
  );
  assert.deepEqual(notices, ['card', 'failure']);
  return failed.failure;
}

/** People are asked again; the answer is what they are shown as changed. */
async function asksAgainAfter(change: () => () => void) {
  const { id, run, touched } = await startAfter(change);
  assert.equal(run.status, 'waiting', JSON.stringify(run.failed));
  assert.ok(!touched, 'no session was opened');
  assert.deepEqual(run.votes, []);
  assert.equal(run.planRevision, 2);
  const chosen = run.findings.find(({ code }) => code === 'node.chosen');
  assert.ok(chosen && !JSON.stringify(chosen).includes('named'), 'no person named the node');
  assert.equal(run.startedAt, undefined);
  assert.ok((run.expiresAt ?? 0) > lab.clock.now());
  assert.deepEqual((await lab.actions(id)).slice(-3), ['started', 'step', 'plan-void']);
  const messages = (await lab.notices(id)).flatMap((each) => (each.kind === 'private' ? [each] : []));
  assert.deepEqual(
    messages.map(({ slackUser, say }) => [slackUser, say.type]),
    [[who.approver, 'vote-void']],
  );
  const click = { runId: id, decision: 'approve', reason: undefined, planRevision: 1 } as const;
  assert.equal((await lab.backups.vote(lab.asked(who.approver), click)).outcome, 'old-plan');
  return run.planChanges ?? [];
}

function status(change: (status: Record<string, never>) => void) {
  return (object: KubeObject) => change(object.status);
}

function setCondition(resource: string, name: string, type: string, value: 'True' | 'False' | 'Unknown') {
  const { objects } = lab.lab.cluster;
  const before = structuredClone(objects.get(resource, name));
  objects.setCondition(resource, name, { type, status: value });
  return () => void objects.put(before);
}

describe('everything once more at the start', { timeout }, () => {
  it('stops when the requester is cluster-admin no more', async () => {
    const failure = await failsAfter(() =>
      lab.change('clusterrolebindings', 'cluster-admin-people', { subjects: [] }),
    );

    assert.deepEqual(failure, { kind: 'requester-not-cluster-admin', params: { clusterUser: 'requester' } });
  });

  it('stops when an approver is cluster-admin no more', async () => {
    const failure = await failsAfter(() => lab.change('groups', 'cluster-admins', { users: [] }));

    assert.deepEqual(failure, { kind: 'approver-not-cluster-admin', params: { clusterUser: 'approver' } });
  });

  it('stops when it cannot be known who is cluster-admin', async () => {
    const failure = await failsAfter(() =>
      lab.lab.cluster.faults.add({
        match: ({ resource }) => resource === 'subjectaccessreviews',
        kind: 'status',
        code: 500,
      }),
    );

    assert.equal(failure.kind, 'rights-unreadable');
  });

  it('asks again when Slack is silent for a moment: nothing that people approved fails by it', async () => {
    const { run, touched } = await startAfter(() => {
      lab.people.silence(3);
      return () => lab.people.silence(0);
    });

    assert.equal(run.status, 'succeeded', JSON.stringify(run.failed));
    assert.ok(touched);
  });

  it('stops when Slack goes on being silent', async () => {
    const failure = await failsAfter(() => {
      lab.people.silence(Number.POSITIVE_INFINITY);
      return () => lab.people.silence(0);
    });

    assert.equal(failure.kind, 'account-unreadable');
  });

  for (const role of ['requester', 'approver'] as const)
    it(`stops when the ${role} was deactivated in Slack since`, async () => {
      const failure = await failsAfter(() => {
        lab.people.set(who[role], { deleted: true });
        return () => lab.people.set(who[role], {});
      });

      const params = { slackUser: who[role], role, standing: 'deactivated' };
      assert.deepEqual(failure, { kind: 'account-refused', params });
    });

  it('stops when an approver is mapped to no cluster user any more', async () => {
    const failure = await failsAfter(() => {
      const fleet = lab.deps.fleet as { person: (typeof lab.deps.fleet)['person'] };
      const before = fleet.person;
      fleet.person = (slackUser) => (slackUser === who.approver ? undefined : before(slackUser));
      return () => {
        fleet.person = before;
      };
    });

    const params = { slackUser: who.approver, clusterUser: 'approver', role: 'approver' };
    assert.deepEqual(failure, { kind: 'person-unmapped', params });
  });

  it('stops when the policy no longer lets the requester run alone', async () => {
    const approval = lab.lab.policy.approval as { breakGlass: object | undefined };
    approval.breakGlass = { people: [who.requester], owners: [] };
    try {
      await lab.request({ reason: 'r', emergency: 'the site is down' });
      const asked = (await lab.turn()) ?? assert.fail('nothing was due');
      assert.equal(asked.status, 'approved', JSON.stringify(asked));
      approval.breakGlass = undefined;

      const run = (await lab.turn()) ?? assert.fail('nothing was due');

      assert.deepEqual(run.failed?.failure, {
        kind: 'break-glass-withdrawn',
        params: { slackUser: who.requester },
      });
    } finally {
      approval.breakGlass = undefined;
    }
  });

  const blocked: readonly (readonly [string, () => () => void, string, string?])[] = [
    [
      'an operator began to progress',
      () => setCondition('clusteroperators', 'kube-scheduler', 'Progressing', 'True'),
      'operator.progressing',
    ],
    [
      'the node that was named is not Ready',
      () => setCondition('nodes', 'master-0', 'Ready', 'Unknown'),
      'node.unfit',
      'master-0',
    ],
    [
      'the node that was named is short of disk',
      () => setCondition('nodes', 'master-0', 'DiskPressure', 'True'),
      'node.unfit',
      'master-0',
    ],
    ['the node that was named is gone', () => removeNode('master-0'), 'node.not-found', 'master-0'],
    [
      'an update began',
      () => setCondition('clusterversions', 'version', 'Progressing', 'True'),
      'version.updating',
    ],
  ];
  for (const [what, change, code, node] of blocked) {
    it(`stops when ${what}`, async () => {
      const failure = await failsAfter(change, node);

      assert.equal(failure.kind satisfies FailureKind, 'preflight-blocked', JSON.stringify(failure));
      const codes =
        failure.kind === 'preflight-blocked' ? failure.params.findings.map((each) => each.code) : [];
      assert.ok(codes.includes(code as never), codes.join(' '));
    });
  }

  const changed: readonly (readonly [keyof Plan, () => () => void])[] = [
    [
      'zStream',
      () =>
        lab.change(
          'clusterversions',
          'version',
          status((now: Record<string, { version: string }[] & { version: string }>) => {
            for (const each of [now.desired, now.history?.[0]]) if (each) each.version = '4.16.9';
          }),
        ),
    ],
    [
      'releaseImage',
      () =>
        lab.change(
          'clusterversions',
          'version',
          status((now: Record<string, { image: string }[] & { image: string }>) => {
            for (const each of [now.desired, now.history?.[0]])
              if (each) each.image = 'quay.io/other@sha256:1';
          }),
        ),
    ],
    [
      'nodeIp',
      () =>
        lab.change('nodes', 'master-0', {
          status: { addresses: [{ type: 'InternalIP', address: '172.31.77.99' }] },
        }),
    ],
    [
      'encryptionType',
      () => lab.change('apiservers', 'cluster', { spec: { encryption: { type: 'aesgcm' } } }),
    ],
    [
      'proxyInUse',
      () => lab.change('proxies', 'cluster', { status: { httpProxy: '', httpsProxy: '', noProxy: '' } }),
    ],
    [
      'infrastructureName',
      () => lab.change('infrastructures', 'cluster', { status: { infrastructureName: 'rebuilt-b2b2b' } }),
    ],
    [
      'members',
      () =>
        lab.change('etcds', 'cluster', {
          status: { nodeStatuses: [{ nodeName: 'master-0', currentRevision: 2 }] },
        }),
    ],
    ['sessionImage', () => lab.change('pods', 'etcd-master-0', otherImage, 'openshift-etcd')],
  ];
  for (const [field, change] of changed) {
    it(`asks people again when the plan is another: ${field}`, async () => {
      const changes = await asksAgainAfter(change);

      assert.deepEqual(
        changes.map((each) => each.field),
        [field],
      );
      assert.notEqual(changes[0]?.approved, changes[0]?.now);
    });
  }

  it('asks people again with another node when the one that the bot chose is not Ready', async () => {
    const changes = await asksAgainAfter(() => setCondition('nodes', 'master-0', 'Ready', 'Unknown'));

    assert.deepEqual(
      changes.map(({ field, approved, now }) => [field, approved, now]),
      [
        ['node', 'master-0', 'master-1'],
        ['nodeIp', '172.31.77.10', '172.31.77.11'],
      ],
    );
  });

  it('runs the new plan once people have said yes to it', async () => {
    const { run } = await startAfter(() => setCondition('nodes', 'master-0', 'Ready', 'Unknown'));
    assert.equal(run.plan?.node, 'master-1');

    await lab.vote(run.id, who.approver);
    const end = await lab.turn();

    assert.equal(end?.status, 'succeeded', JSON.stringify(end?.failed));
    assert.equal(end.plan?.node, 'master-1', 'the approved node stays, although the first choice is back');
  });

  it('starts when nothing that was approved is different', async () => {
    const { id } = await lab.approved();
    // Another node, another reading order: not what people approved.
    const undo = setCondition('nodes', 'master-2', 'MemoryPressure', 'True');
    const run = await lab.turn().finally(undo);

    assert.equal(run?.status, 'succeeded', JSON.stringify(run?.failed));
    assert.equal(run.requester.slackUser, who.requester);
    assert.equal((await lab.actions(id)).at(-1), 'succeeded');
  });
});

function removeNode(name: string): () => void {
  const { objects } = lab.lab.cluster;
  const { resourceVersion: _version, ...metadata } = objects.get('nodes', name).metadata;
  const before = { ...structuredClone(objects.get('nodes', name)), metadata };
  objects.delete('nodes', name);
  return () => void objects.put(before);
}

function otherImage(pod: KubeObject): void {
  for (const each of [...pod.spec.containers, ...pod.status.containerStatuses]) {
    each.image = 'quay.io/other-etcd@sha256:2';
    if (each.imageID) each.imageID = each.image;
  }
}
