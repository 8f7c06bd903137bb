import assert from 'node:assert/strict';
import { test } from 'node:test';
import { need } from '../../support/need.ts';
import { clusterForTests, kubectlFor, type Outcome, sessionPod, sessions } from './harness.ts';

const timeout = 600_000;
const cluster = await clusterForTests();
const kubectl = await kubectlFor(cluster);

test('the bot reads what deploy/ allows', { timeout }, async (t) => {
  if (!need(t, 'kubectl or oc', kubectl)) return;
  const nodes = await kubectl('bot', 'get', 'nodes', '-o', 'name').outcome;
  assert.deepEqual(nodes.stdout.toString().trim().split('\n'), [
    'node/master-0',
    'node/master-1',
    'node/master-2',
    'node/worker-0',
  ]);
  const version = await kubectl(
    'bot',
    'get',
    'clusterversion',
    'version',
    '-o',
    'jsonpath={.status.history[0].version}',
  ).outcome;
  assert.equal(version.stdout.toString(), '4.16.8');
});

test('errors read as on a real cluster', { timeout }, async (t) => {
  if (!need(t, 'kubectl or oc', kubectl)) return;
  const cases: [string[], RegExp][] = [
    [['get', 'pod', 'nope', '-n', sessions], /^Error from server \(NotFound\): pods "nope" not found$/m],
    [
      ['get', 'secrets', '-n', 'kube-system'],
      /^Error from server \(Forbidden\): secrets is forbidden: User "system:serviceaccount:etcd-backup:etcd-backup" cannot list resource "secrets" in API group "" in the namespace "kube-system"$/m,
    ],
    [
      ['--token=wrong', 'get', 'nodes'],
      /You must be logged in to the server \(Unauthorized\)|error: the server has asked for the client to provide credentials/,
    ],
  ];
  for (const [args, expected] of cases) {
    const refused: Outcome = await kubectl('bot', ...args).outcome;
    assert.equal(refused.code, 1, args.join(' '));
    assert.match(refused.stderr, expected);
  }
});

test('create, a second of the same name, wait and delete', { timeout }, async (t) => {
  if (!need(t, 'kubectl or oc', kubectl)) return;
  const create = () => {
    const client = kubectl('admin', 'create', '-f', '-');
    client.stdin.end(JSON.stringify(sessionPod('by-hand')));
    return client.outcome;
  };
  const made = await create();
  assert.equal(made.code, 0, made.stderr);
  assert.match(
    (await create()).stderr,
    /Error from server \(AlreadyExists\): .*pods "by-hand" already exists/,
  );
  const ready = await kubectl(
    'admin',
    '-n',
    sessions,
    'wait',
    '--for=condition=Ready',
    'pod/by-hand',
    '--timeout=60s',
  ).outcome;
  assert.equal(ready.code, 0, ready.stderr);
  const deleted = await kubectl('admin', '-n', sessions, 'delete', 'pod', 'by-hand', '--timeout=60s').outcome;
  assert.equal(deleted.code, 0, deleted.stderr);
  assert.equal(cluster.objects.find('pods', 'by-hand', sessions), undefined);
});

test('auth can-i is answered from the RBAC objects', { timeout }, async (t) => {
  if (!need(t, 'kubectl or oc', kubectl)) return;
  const ask = async (account: 'bot' | 'admin' | 'requester', ...args: string[]) =>
    (await kubectl(account, 'auth', 'can-i', ...args).outcome).stdout.toString().trim();
  assert.equal(await ask('bot', 'create', 'pods', '--subresource=exec', '-n', sessions), 'yes');
  assert.equal(await ask('bot', 'create', 'pods', '--subresource=exec', '-n', 'etcd-backup'), 'no');
  assert.equal(await ask('bot', '*', '*'), 'no');
  assert.equal(await ask('requester', '*', '*'), 'yes');
  assert.equal(await ask('bot', 'get', '/version'), 'yes');
  assert.equal(await ask('bot', 'get', '/metrics'), 'no');
});
