import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { SandboxCluster } from '../../../sandbox/cluster/cluster.ts';
import { known, type Reading } from '../../../src/domain/cluster/reading.ts';
import { createClusterReader } from '../../../src/openshift/facts/cluster-reader.ts';
import { policy } from '../../support/cluster-facts.ts';
import { connectionTo, readableCluster } from '../../support/connection.ts';

async function isAdmin(
  t: TestContext,
  cluster: SandboxCluster,
  clusterUser: string,
  groups: readonly string[] = [],
): Promise<Reading<boolean>> {
  const reader = createClusterReader([await connectionTo(t, cluster)], { now: () => Date.now() });
  return reader.clusterAdmin(policy(), { slackUser: 'U1', clusterUser, groups });
}

const yes = { ok: true, value: true };
const no = { ok: true, value: false };

function asked(cluster: SandboxCluster, resource: string): number {
  return cluster.requests.filter((request) => request.resource === resource).length;
}

/** Binds `rules` to a user of the cluster. */
function grant(cluster: SandboxCluster, user: string, rules: readonly object[]): void {
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  cluster.objects.put({ apiVersion, kind: 'ClusterRole', metadata: { name: `r-${user}` }, rules });
  cluster.objects.put({
    apiVersion,
    kind: 'ClusterRoleBinding',
    metadata: { name: `b-${user}` },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: `r-${user}` },
    subjects: [{ kind: 'User', name: user }],
  });
}

function externalOidc(cluster: SandboxCluster): void {
  cluster.objects.patch('authentications', 'cluster', { spec: { type: 'OIDC' } });
}

describe('cluster-admin', () => {
  it('is who is bound by name, and who is bound by a Group, which the API server does not expand itself', async (t) => {
    const cluster = await readableCluster(t);
    assert.deepEqual(await isAdmin(t, cluster, 'requester'), yes);
    assert.deepEqual(await isAdmin(t, cluster, 'approver'), yes);
  });

  it('is not a reader, not a stranger, not somebody with all resources or all paths only', async (t) => {
    const cluster = await readableCluster(t);
    grant(cluster, 'resources-only', [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }]);
    grant(cluster, 'paths-only', [{ verbs: ['*'], nonResourceURLs: ['*'] }]);
    grant(cluster, 'many-verbs', [
      { verbs: ['get', 'list', 'create', 'delete'], apiGroups: ['*'], resources: ['*'] },
      { verbs: ['*'], nonResourceURLs: ['*'] },
    ]);
    for (const user of ['viewer', 'nobody', 'resources-only', 'paths-only', 'many-verbs']) {
      assert.deepEqual(await isAdmin(t, cluster, user), no, user);
    }
  });

  it('is who is bound by a group that the configuration gives', async (t) => {
    const cluster = await readableCluster(t);
    assert.deepEqual(await isAdmin(t, cluster, 'viewer', ['system:cluster-admins']), yes);
  });

  it('is everybody where everybody who logs in through OAuth is', async (t) => {
    const cluster = await readableCluster(t);
    const binding = cluster.objects.get('clusterrolebindings', 'cluster-admins');
    cluster.objects.put({
      ...binding,
      metadata: { name: 'all' },
      subjects: [{ kind: 'Group', name: 'system:authenticated:oauth' }],
    });
    assert.deepEqual(await isAdmin(t, cluster, 'viewer'), yes);
  });
});

describe('with an external OIDC provider', () => {
  it('the Group API is not asked, and the groups of the configuration decide', async (t) => {
    const cluster = await readableCluster(t);
    externalOidc(cluster);
    assert.deepEqual(await isAdmin(t, cluster, 'approver'), no);
    assert.deepEqual(await isAdmin(t, cluster, 'approver', ['cluster-admins']), yes);
    assert.equal(asked(cluster, 'groups'), 0);
  });

  it('no person is in the group of those who log in through OAuth', async (t) => {
    const cluster = await readableCluster(t);
    externalOidc(cluster);
    const binding = cluster.objects.get('clusterrolebindings', 'cluster-admins');
    cluster.objects.put({
      ...binding,
      metadata: { name: 'all' },
      subjects: [{ kind: 'Group', name: 'system:authenticated:oauth' }],
    });
    assert.deepEqual(await isAdmin(t, cluster, 'viewer'), no);
  });

  it('an absent Group API means the same where the type cannot be read', async (t) => {
    const cluster = await readableCluster(t, { absentGroups: ['user.openshift.io'] });
    cluster.faults.add({
      kind: 'status',
      code: 500,
      match: (request) => request.resource === 'authentications',
    });
    assert.deepEqual(await isAdmin(t, cluster, 'viewer'), no);
    assert.deepEqual(await isAdmin(t, cluster, 'approver', ['cluster-admins']), yes);
  });
});

describe('when groups cannot be listed', () => {
  async function withoutGroups(t: TestContext): Promise<SandboxCluster> {
    const cluster = await readableCluster(t);
    const rule = cluster.botRules().find(({ rule }) => rule.resources?.includes('groups'));
    assert.ok(rule);
    cluster.withoutRule(rule);
    return cluster;
  }

  it('a person who is allowed anyway is cluster-admin', async (t) => {
    assert.deepEqual(await isAdmin(t, await withoutGroups(t), 'requester'), yes);
  });

  it('for any other person the answer is unknown: the group that allows may be among the unseen', async (t) => {
    const answer = await isAdmin(t, await withoutGroups(t), 'approver');
    assert.equal(answer.ok ? 'known' : answer.why.reason, 'forbidden');
  });
});

describe('when a review cannot be had', () => {
  it('the answer is unknown', async (t) => {
    const cluster = await readableCluster(t);
    cluster.faults.add({
      kind: 'status',
      code: 500,
      match: (request) => request.resource === 'subjectaccessreviews',
    });
    const answer = await isAdmin(t, cluster, 'requester');
    assert.equal(answer.ok ? 'known' : answer.why.reason, 'server-error');
  });

  it('is asked for again when its connection ended: no vote is lost with it', async (t) => {
    const cluster = await readableCluster(t);
    cluster.faults.add({
      kind: 'lost-response',
      times: 1,
      match: (request) => request.resource === 'subjectaccessreviews',
    });
    const answer = await isAdmin(t, cluster, 'requester');
    assert.deepEqual(answer, known(true));
  });

  it('and half a yes is no yes', async (t) => {
    const cluster = await readableCluster(t);
    cluster.faults.add({
      kind: 'status',
      code: 500,
      times: 1,
      match: (request) => request.resource === 'subjectaccessreviews',
    });
    const answer = await isAdmin(t, cluster, 'requester');
    assert.equal(answer.ok ? 'known' : answer.why.reason, 'server-error');
  });
});
