import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AuthorizationV1Api, CoreV1Api, CustomObjectsApi, KubeConfig } from '@kubernetes/client-node';
import { ruleAllows } from '../../../sandbox/cluster/rbac.ts';
import { api, clusterForTests, send } from './harness.ts';

const timeout = 600_000;
const cluster = await clusterForTests();
const ask = api(cluster);
const bot = 'system:serviceaccount:etcd-backup:etcd-backup';

function client<T>(kind: Parameters<KubeConfig['makeApiClient']>[0]): T {
  const config = new KubeConfig();
  config.loadFromString(cluster.kubeconfig('bot'));
  return config.makeApiClient(kind) as T;
}

async function mayDoAnything(user: string, groups: string[]): Promise<[boolean, boolean]> {
  const reviews = client<AuthorizationV1Api>(AuthorizationV1Api);
  const review = async (attributes: object) => {
    const body = {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      spec: { user, groups, ...attributes },
    };
    return (await reviews.createSubjectAccessReview({ body })).status?.allowed ?? false;
  };
  return [
    await review({ resourceAttributes: { verb: '*', group: '*', resource: '*' } }),
    await review({ nonResourceAttributes: { verb: '*', path: '*' } }),
  ];
}

test('client-node lists nodes and custom objects', { timeout }, async () => {
  const nodes = await client<CoreV1Api>(CoreV1Api).listNode();
  assert.equal(nodes.items.length, 4);
  const selected = await client<CoreV1Api>(CoreV1Api).listNode({
    labelSelector: 'node-role.kubernetes.io/control-plane',
  });
  assert.deepEqual(
    selected.items.map((node) => node.metadata?.name),
    ['master-0', 'master-1', 'master-2'],
  );
  const custom = client<CustomObjectsApi>(CustomObjectsApi);
  const at = { group: 'config.openshift.io', version: 'v1', plural: 'proxies', name: 'cluster' };
  const proxy = (await custom.getClusterCustomObject(at)) as { status: { noProxy: string } };
  assert.match(proxy.status.noProxy, /172\.31\.77\.0\/24/);
});

test('a review knows names and groups that it is given, and no OpenShift group by itself', {
  timeout,
}, async () => {
  assert.deepEqual(await mayDoAnything('requester', []), [true, true], 'bound by name');
  assert.deepEqual(
    await mayDoAnything('approver', ['system:authenticated']),
    [false, false],
    'group not given',
  );
  assert.deepEqual(await mayDoAnything('approver', ['cluster-admins']), [true, true], 'group given');
  assert.deepEqual(await mayDoAnything('viewer', ['system:authenticated']), [false, false]);
  assert.deepEqual(await mayDoAnything(bot, ['system:authenticated']), [false, false]);
});

test('a rule for many things is no rule for everything', () => {
  const all = { verb: '*', group: '*', resource: '*' };
  assert.equal(ruleAllows({ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }, all), true);
  assert.equal(ruleAllows({ verbs: ['get', 'list'], apiGroups: ['*'], resources: ['*'] }, all), false);
  assert.equal(ruleAllows({ verbs: ['*'], apiGroups: ['*'], resources: ['pods'] }, all), false);
  assert.equal(
    ruleAllows({ verbs: ['*'], apiGroups: ['*'], resources: ['*'], resourceNames: ['x'] }, all),
    false,
  );
});

test('rules match subresources, names and paths as Kubernetes does', () => {
  const exec = { verb: 'create', group: '', resource: 'pods', subresource: 'exec', name: 'x' };
  const rule = (resources: string[], more: object = {}) => ({
    verbs: ['create'],
    apiGroups: [''],
    resources,
    ...more,
  });
  assert.equal(ruleAllows(rule(['pods']), exec), false);
  assert.equal(ruleAllows(rule(['pods/exec']), exec), true);
  assert.equal(ruleAllows(rule(['*/exec']), exec), true);
  assert.equal(ruleAllows(rule(['*/log']), exec), false);
  assert.equal(ruleAllows(rule(['*']), exec), true);
  assert.equal(ruleAllows(rule(['pods/exec'], { resourceNames: ['y'] }), exec), false);
  const path = { verb: 'get', path: '/apis/x' };
  assert.equal(ruleAllows({ verbs: ['get'], nonResourceURLs: ['/apis/*'] }, path), true);
  assert.equal(ruleAllows({ verbs: ['get'], nonResourceURLs: ['/apis'] }, path), false);
});

test('resourceNames: the two CA bundles and no other ConfigMap', { timeout }, async () => {
  const base = '/api/v1/namespaces/openshift-config-managed/configmaps';
  const bundle = await ask('bot', 'GET', `${base}/csr-controller-ca`);
  assert.match(bundle.body.data['ca-bundle.crt'], /BEGIN CERTIFICATE/);
  assert.equal((await ask('bot', 'GET', `${base}/other`)).status, 403);
  assert.equal((await ask('bot', 'GET', base)).status, 403);
});

test('401, 403 and an unknown API group answer as recorded', { timeout }, async () => {
  const wrong = await send(cluster, 'GET', '/api/v1/nodes', { authorization: 'Bearer wrong' });
  const unauthorized = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: 'Unauthorized',
    reason: 'Unauthorized',
    code: 401,
  };
  assert.deepEqual(wrong, { status: 401, body: unauthorized });
  const unknown = await ask('bot', 'GET', '/apis/nothere.io/v1/things');
  assert.equal(unknown.status, 403);
  assert.deepEqual(unknown.body.details, { group: 'nothere.io', kind: 'things' });
  assert.equal(
    unknown.body.message,
    `things.nothere.io is forbidden: User "${bot}" cannot list resource "things" in API group "nothere.io" at the cluster scope`,
  );
  assert.equal((await ask('admin', 'GET', '/apis/nothere.io/v1/things')).status, 404);
  const anonymous = await send(cluster, 'GET', '/api/v1/nodes', {});
  assert.match(anonymous.body.message, /User "system:anonymous" cannot list resource "nodes"/);
  assert.equal((await send(cluster, 'GET', '/healthz', {})).body, 'ok');
});

test('each rule of the bot can be taken away and given back', { timeout }, async () => {
  const rules = cluster.botRules();
  assert.equal(rules.length, 14);
  const nodes = rules.find(({ rule }) => rule.resources?.includes('nodes'));
  assert.ok(nodes);
  const giveBack = cluster.withoutRule(nodes);
  assert.equal((await ask('bot', 'GET', '/api/v1/nodes')).status, 403);
  giveBack();
  assert.equal((await ask('bot', 'GET', '/api/v1/nodes')).status, 200);
});

test('a revoked token is unknown', { timeout }, async () => {
  const token = cluster.token('viewer');
  const status = async (bearer: string) =>
    (await send(cluster, 'GET', '/api/v1/nodes', { authorization: `Bearer ${bearer}` })).status;
  cluster.revoke('viewer');
  assert.equal(await status(token), 401);
  cluster.reissue('viewer');
  assert.equal(await status(token), 401);
  assert.notEqual(await status(cluster.token('viewer')), 401);
});
