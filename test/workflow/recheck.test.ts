import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { KubeObject } from '../../sandbox/cluster/kube-object.ts';
import type { FailureKind } from '../../src/domain/failure.ts';
import type { Plan } from '../../src/domain/plan.ts';
import { openWorkflowLab, type WorkflowLab, who } from '../support/workflow-lab.ts';

const timeout = 120_000;
let lab: WorkflowLab;

before(async () => {
  lab = await openWorkflowLab();
}, { timeout });
after(() => lab?.[Symbol.asyncDispose]());

/** What the run failed with when this changed between approval and start; the change is undone. */
async function failsAfter(change: () => () => void) {
  const { id } = await lab.approved();
  await lab.notices(id);
  const requests = lab.lab.cluster.requests.length;
  const undo = change();
  const run = await lab.turn().finally(undo);
  assert.equal(run?.status, 'failed', JSON.stringify(run));
  assert.equal(run.failed?.step, 'checking-again');
  assert.equal(run.failed.left, undefined, 'nothing can be left: nobody was on the node');
  const since = lab.lab.cluster.requests.slice(requests);
  assert.ok(!since.some(({ resource, verb }) => resource === 'pods' && verb === 'create'), 'no session was opened');
  assert.deepEqual(await lab.actions(id), [
    'requested',
    'checked',
    'vote-received',
    'approved',
    'started',
    'step',
    'failed',
  ]);
  assert.deepEqual(
    (await lab.notices(id)).map((notice) => (notice.kind === 'thread' ? notice.entry.type : notice.kind)),
    ['card', 'step', 'card', 'failure'].filter((kind, index) => index !== 2 || kind !== 'card'),
  );
  return run.failed.failure;
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
    const failure = await failsAfter(() => lab.change('clusterrolebindings', 'cluster-admin-people', { subjects: [] }));

    assert.deepEqual(failure, { kind: 'requester-not-cluster-admin', params: { clusterUser: 'requester' } });
  });

  it('stops when an approver is cluster-admin no more', async () => {
    const failure = await failsAfter(() => lab.change('groups', 'cluster-admins', { users: [] }));

    assert.deepEqual(failure, { kind: 'approver-not-cluster-admin', params: { clusterUser: 'approver' } });
  });

  it('stops when nobody can say who is cluster-admin', async () => {
    const failure = await failsAfter(() =>
      lab.lab.cluster.faults.add({
        match: ({ resource }) => resource === 'subjectaccessreviews',
        kind: 'status',
        code: 500,
      }),
    );

    assert.equal(failure.kind, 'rights-unreadable');
  });

  const blocked: readonly (readonly [string, () => () => void, string])[] = [
    [
      'an operator began to progress',
      () => setCondition('clusteroperators', 'kube-scheduler', 'Progressing', 'True'),
      'operator.progressing',
    ],
    ['the node is not Ready', () => setCondition('nodes', 'master-0', 'Ready', 'Unknown'), 'node.unfit'],
    ['the node is short of disk', () => setCondition('nodes', 'master-0', 'DiskPressure', 'True'), 'node.unfit'],
    ['the node is gone', () => removeNode('master-0'), 'node.not-found'],
    [
      'an update began',
      () => setCondition('clusterversions', 'version', 'Progressing', 'True'),
      'version.updating',
    ],
  ];
  for (const [what, change, code] of blocked) {
    it(`stops when ${what}`, async () => {
      const failure = await failsAfter(change);

      assert.equal(failure.kind satisfies FailureKind, 'preflight-blocked', JSON.stringify(failure));
      const codes = failure.kind === 'preflight-blocked' ? failure.params.findings.map((each) => each.code) : [];
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
            for (const each of [now.desired, now.history?.[0]]) if (each) each.image = 'quay.io/other@sha256:1';
          }),
        ),
    ],
    [
      'nodeIp',
      () => lab.change('nodes', 'master-0', { status: { addresses: [{ type: 'InternalIP', address: '172.31.77.99' }] } }),
    ],
    ['encryptionType', () => lab.change('apiservers', 'cluster', { spec: { encryption: { type: 'aesgcm' } } })],
    ['proxyInUse', () => lab.change('proxies', 'cluster', { status: { httpProxy: '', httpsProxy: '', noProxy: '' } })],
    ['clusterId', () => lab.change('clusterversions', 'version', { spec: { clusterID: '00000000-0000-4000-8000-000000000000' } })],
    [
      'members',
      () => lab.change('etcds', 'cluster', { status: { nodeStatuses: [{ nodeName: 'master-0', currentRevision: 2 }] } }),
    ],
    ['sessionImage', () => lab.change('pods', 'etcd-master-0', otherImage, 'openshift-etcd')],
  ];
  for (const [field, change] of changed) {
    it(`voids the approval when the plan is another: ${field}`, async () => {
      const failure = await failsAfter(change);

      assert.equal(failure.kind, 'plan-changed', JSON.stringify(failure));
      const changes = failure.kind === 'plan-changed' ? failure.params.changes : [];
      assert.deepEqual(changes.map((each) => each.field), [field]);
      assert.notEqual(changes[0]?.approved, changes[0]?.now);
    });
  }

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
