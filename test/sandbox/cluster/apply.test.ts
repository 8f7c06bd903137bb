import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { need } from '../../support/need.ts';
import { api, clusterForTests, kubectlFor, until } from './harness.ts';

const timeout = 600_000;
let now = Date.parse('2026-03-01T00:00:00Z');
const cluster = await clusterForTests({
  deployDirectory: 'none',
  maxTokenSeconds: 7200,
  now: () => new Date(now),
});
const kubectl = await kubectlFor(cluster);
const overlay = fileURLToPath(new URL('../../../deploy/overlays/managed', import.meta.url));
const apply = ['apply', '--server-side', '-k', overlay];

test('kubectl applies the managed overlay server-side, once and again', { timeout }, async (t) => {
  if (!need(t, 'kubectl or oc', kubectl)) return;
  const first = await kubectl('admin', ...apply).outcome;
  assert.equal(first.code, 0, first.stderr);
  assert.equal(first.stdout.toString().match(/serverside-applied$/gm)?.length, 13);
  const before = cluster.objects.get('clusterroles', 'etcd-backup');
  const again = await kubectl('admin', ...apply).outcome;
  assert.equal(again.code, 0, again.stderr);
  assert.deepEqual(cluster.objects.get('clusterroles', 'etcd-backup'), before, 'not even written again');
});

test('a field of another manager is a conflict, and taken only by force', { timeout }, async (t) => {
  if (!need(t, 'kubectl or oc', kubectl)) return;
  await kubectl('admin', ...apply).outcome;
  const role = '/apis/rbac.authorization.k8s.io/v1/clusterroles/etcd-backup';
  const other = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'etcd-backup' },
  };
  const ask = (query: string, body: object) =>
    api(cluster)('admin', 'PATCH', `${role}?${query}`, body, 'application/apply-patch+yaml');
  const refused = await ask('fieldManager=other', { ...other, rules: [] });
  assert.equal(refused.status, 409);
  assert.match(refused.body.message, /^Apply failed with 1 conflict: conflict with "kubectl": \.rules$/);
  assert.equal((await ask('fieldManager=other&force=true', { ...other, rules: [] })).status, 200);
  const stopped = await kubectl('admin', ...apply).outcome;
  assert.match(stopped.stderr, /conflict with "other": \.rules/);
  // What a manager leaves out of its next apply goes.
  assert.equal((await ask('fieldManager=other', other)).status, 200);
  assert.equal(cluster.objects.get('clusterroles', 'etcd-backup').rules, undefined);
  assert.equal((await kubectl('admin', ...apply).outcome).code, 0);
  assert.equal((await ask('', other)).status, 422, 'without a field manager');
});

test('an account cannot grant rights that it lacks', { timeout }, async (t) => {
  if (!need(t, 'kubectl or oc', kubectl)) return;
  const without = await kubectl('viewer', ...apply).outcome;
  assert.equal(without.code, 1);
  assert.match(without.stderr, /User "viewer" cannot patch resource "namespaces"/);
  cluster.objects.put({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'writer' },
    rules: [
      { verbs: ['get', 'patch', 'create'], apiGroups: [''], resources: ['namespaces', 'serviceaccounts'] },
      { verbs: ['get', 'patch', 'create'], apiGroups: ['rbac.authorization.k8s.io'], resources: ['*'] },
    ],
  });
  cluster.objects.put({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'writer' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'writer' },
    subjects: [{ kind: 'User', name: 'viewer' }],
  });
  cluster.objects.delete('clusterroles', 'etcd-backup');
  const escalating = await kubectl('viewer', ...apply, '--force-conflicts').outcome;
  assert.equal(escalating.code, 1);
  assert.match(escalating.stderr, /is attempting to grant RBAC permissions not currently held/);
});

test('tokens: bound ones end, and may be shortened; long-lived ones end with their Secret', {
  timeout,
}, async (t) => {
  if (!need(t, 'kubectl or oc', kubectl)) return;
  await kubectl('admin', ...apply).outcome;
  const made = await kubectl(
    'admin',
    '-n',
    'etcd-backup',
    'create',
    'token',
    'etcd-backup',
    '--duration=8760h',
  ).outcome;
  assert.equal(made.code, 0, made.stderr);
  const token = made.stdout.toString().trim();
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  assert.equal(claims.exp * 1000, now + 7_200_000, 'shortened by the server');
  const asToken = (...args: string[]) =>
    kubectl('viewer', '--user=', `--server=${cluster.url}`, `--token=${token}`, ...args).outcome;
  assert.equal((await asToken('get', 'nodes')).code, 0);
  now += 7_200_000;
  assert.match((await asToken('get', 'nodes')).stderr, /must be logged in|provide credentials/);

  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'kubernetes.io/service-account-token',
    metadata: { name: 'long', annotations: { 'kubernetes.io/service-account.name': 'etcd-backup' } },
  };
  const ask = api(cluster);
  assert.equal((await ask('admin', 'POST', '/api/v1/namespaces/etcd-backup/secrets', secret)).status, 201);
  const data = () => cluster.objects.get('secrets', 'long', 'etcd-backup').data;
  await until(() => data()?.token !== undefined, 'the token controller');
  const long = Buffer.from(data().token, 'base64').toString();
  const asLong = (...args: string[]) =>
    kubectl('viewer', '--user=', `--server=${cluster.url}`, `--token=${long}`, ...args).outcome;
  assert.equal((await asLong('get', 'nodes')).code, 0);
  const removed = await kubectl('admin', 'delete', 'namespace', 'etcd-backup', '--wait=false').outcome;
  assert.equal(removed.code, 0, removed.stderr);
  assert.equal((await asLong('get', 'nodes')).code, 1, 'its account went with the namespace');
});
