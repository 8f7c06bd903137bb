import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import type { SandboxCluster } from '../../../sandbox/cluster/cluster.ts';
import type { KubeObject } from '../../../sandbox/cluster/kube-object.ts';
import { releaseImage } from '../../../sandbox/cluster/release-image.ts';
import type { UpgradeStatus } from '../../../sandbox/cluster/upgrade.ts';
import { playUpgrade } from '../../../sandbox/cluster/upgrade-play.ts';
import { whyNotTo } from '../../../sandbox/cluster/upgrade-target.ts';
import { api, clusterForTests, runningPod, sessions, until } from './harness.ts';

const timeout = 600_000;
const config = '/apis/config.openshift.io/v1';
const fresh = () => clusterForTests();

async function versionOf(cluster: SandboxCluster): Promise<KubeObject> {
  const reply = await api(cluster)('bot', 'GET', `${config}/clusterversions/version`);
  assert.equal(reply.status, 200);
  return reply.body;
}

function conditionOf(object: KubeObject, type: string) {
  return object.status.conditions.find((each: { type: string }) => each.type === type);
}

test('a request only raises the generation; the operator follows when it looks', { timeout }, async () => {
  const cluster = await fresh();
  const before = await versionOf(cluster);

  cluster.upgrade.request('4.16.9');
  const asked = await versionOf(cluster);
  assert.equal(asked.metadata.generation, (before.metadata.generation ?? 0) + 1);
  assert.deepEqual(asked.status, before.status);
  assert.equal(asked.spec.desiredUpdate.image, releaseImage('4.16.9'));

  cluster.upgrade.begin();
  const begun = await versionOf(cluster);
  assert.equal(begun.status.observedGeneration, begun.metadata.generation);
  assert.equal(begun.status.desired.image, releaseImage('4.16.9'));
  assert.notEqual(begun.status.desired.image, before.status.desired.image);
  const [newest, second] = begun.status.history;
  assert.deepEqual([newest.state, newest.version, newest.completionTime], ['Partial', '4.16.9', null]);
  assert.deepEqual(second, before.status.history[0]);
  assert.equal(
    conditionOf(begun, 'Progressing').message,
    'Working towards 4.16.9: 112 of 860 done (13% complete)',
  );
});

test('operators come one after the other, and the finish leaves only the worker pool behind', {
  timeout,
}, async () => {
  const cluster = await fresh();
  const { upgrade, objects } = cluster;
  upgrade.request('4.16.9');
  upgrade.begin();

  upgrade.operatorBegins('etcd');
  assert.equal(conditionOf(objects.get('clusteroperators', 'etcd'), 'Progressing').status, 'True');
  assert.match(upgrade.status().says, /waiting on etcd$/);
  upgrade.operatorEnds('etcd');
  assert.equal(conditionOf(objects.get('clusteroperators', 'etcd'), 'Progressing').status, 'False');
  assert.equal(objects.get('clusteroperators', 'etcd').status.versions[0].version, '4.16.9');
  assert.equal(objects.get('clusteroperators', 'kube-apiserver').status.versions[0].version, '4.16.8');
  assert.match(upgrade.status().says, /: 218 of 860 done \(25% complete\)$/);
  // The new etcd image lies on its node, so a session pod can use it.
  const [etcd] = objects.list('pods', 'openshift-etcd');
  assert.ok(
    JSON.stringify(objects.get('nodes', etcd?.spec.nodeName).status.images).includes(
      etcd?.spec.containers[0].image,
    ),
  );

  upgrade.finish();
  const done = await versionOf(cluster);
  assert.equal(done.status.history[0].state, 'Completed');
  assert.ok(done.status.history[0].completionTime);
  assert.equal(conditionOf(done, 'Progressing').status, 'False');
  assert.equal(conditionOf(done, 'Failing').status, 'False');
  const updated = (name: string) => conditionOf(objects.get('machineconfigpools', name), 'Updated').status;
  assert.deepEqual([updated('master'), updated('worker')], ['True', 'False']);
  upgrade.finishWorkers();
  assert.equal(updated('worker'), 'True');
});

test('the API server cuts its connections, refuses new ones, and comes back at the same address', {
  timeout,
}, async () => {
  const cluster = await fresh();
  const watching = request(`${cluster.url}${config}/clusterversions?watch=true`, {
    headers: { authorization: `Bearer ${cluster.token('admin')}` },
    ca: cluster.caPem,
    agent: false,
  }).end();
  const [response] = (await once(watching, 'response')) as [IncomingMessage];
  const cut = assert.rejects(text(response), /aborted|ECONNRESET/);

  const back = cluster.upgrade.restartApi(400);
  await cut;
  await assert.rejects(versionOf(cluster), { code: 'ECONNREFUSED' });
  await back;
  assert.equal((await versionOf(cluster)).status.desired.version, '4.16.8');
});

test('a failing update says so and can recover', { timeout }, async () => {
  const { upgrade, objects } = await fresh();
  upgrade.request('4.16.9');
  upgrade.begin();
  upgrade.fail('etcd');
  const version = objects.get('clusterversions', 'version');
  assert.equal(conditionOf(version, 'Failing').status, 'True');
  assert.equal(
    conditionOf(version, 'Progressing').message,
    'Unable to apply 4.16.9: the cluster operator etcd is degraded',
  );
  assert.equal(conditionOf(objects.get('clusteroperators', 'etcd'), 'Degraded').status, 'True');
  upgrade.recover();
  assert.equal(conditionOf(objects.get('clusterversions', 'version'), 'Failing').status, 'False');
  assert.equal(conditionOf(objects.get('clusteroperators', 'etcd'), 'Degraded').status, 'False');
  upgrade.finish();
  assert.equal(upgrade.status().settled, true);
});

test('straight on to the next, and back: a replaced Partial entry gets a time, never completion', {
  timeout,
}, async () => {
  const { upgrade, objects } = await fresh();
  const history = () => objects.get('clusterversions', 'version').status.history;
  upgrade.request('4.16.9');
  upgrade.begin();
  upgrade.request('4.16.10');
  assert.equal(upgrade.status().requested, '4.16.10');
  upgrade.begin();
  upgrade.request('4.16.8');
  upgrade.begin();
  upgrade.finish();
  assert.deepEqual(
    history().map(({ state, version }: { state: string; version: string }) => `${version} ${state}`),
    ['4.16.8 Completed', '4.16.10 Partial', '4.16.9 Partial', '4.16.8 Completed', '4.15.27 Completed'],
  );
  assert.ok(history().every((entry: { completionTime: string | null }) => entry.completionTime));
  assert.equal(history()[0].image, history()[3].image, 'one version is one image');
});

test('a request that is held back is observed, and the cluster stays where it is', { timeout }, async () => {
  const { upgrade, objects } = await fresh();
  assert.throws(() => upgrade.hold(), /no update was requested/);
  upgrade.request('4.16.9');
  upgrade.hold();
  const held = objects.get('clusterversions', 'version');
  assert.equal(held.status.observedGeneration, held.metadata.generation);
  assert.equal(held.status.desired.version, '4.16.8');
  assert.equal(conditionOf(held, 'Progressing').status, 'False');
  assert.match(conditionOf(held, 'ReleaseAccepted').message, /Preconditions failed .*4\.16\.9/);
  assert.equal(upgrade.status().requested, '4.16.9');
  upgrade.begin();
  assert.equal(upgrade.status().version, '4.16.9');
  assert.equal(conditionOf(objects.get('clusterversions', 'version'), 'ReleaseAccepted').status, 'True');
});

test('an update arrives although an operator is unwell, and Failing stays True at rest', {
  timeout,
}, async () => {
  const { upgrade, objects } = await fresh();
  const said = () => objects.get('clusterversions', 'version');
  upgrade.becomesUnwell('monitoring');
  assert.equal(conditionOf(said(), 'Failing').status, 'True');
  upgrade.request('4.16.9');
  upgrade.begin();
  upgrade.finish();
  assert.equal(said().status.history[0].state, 'Completed');
  assert.equal(conditionOf(said(), 'Progressing').status, 'False');
  assert.match(conditionOf(said(), 'Progressing').message, /Error while reconciling 4\.16\.9/);
  assert.match(conditionOf(said(), 'Failing').message, /monitoring is degraded/);
  upgrade.becomesWell('monitoring');
  assert.equal(conditionOf(said(), 'Failing').status, 'False');
});

test('a request can be taken back before anything began', { timeout }, async () => {
  const { upgrade, objects } = await fresh();
  assert.throws(() => upgrade.begin(), /no update was requested/);
  upgrade.request('4.16.9');
  upgrade.withdraw();
  const { spec, metadata, status } = objects.get('clusterversions', 'version');
  assert.equal(spec.desiredUpdate, undefined);
  assert.equal(status.observedGeneration, metadata.generation);
  assert.throws(() => upgrade.withdraw(), /no request/);
  assert.throws(() => upgrade.finish(), /no update is under way/);
});

test('a node that reboots is cordoned and silent, its member is down, and what ran on it is killed', {
  timeout,
}, async () => {
  const cluster = await fresh();
  const { upgrade, objects } = cluster;
  await runningPod(cluster, 'victim');
  const ready = () => conditionOf(objects.get('nodes', 'master-0'), 'Ready').status;
  upgrade.nodeGoesDown('master-0');
  assert.equal(ready(), 'False');
  assert.equal(objects.get('nodes', 'master-0').spec.unschedulable, true);
  assert.match(
    conditionOf(objects.get('etcds', 'cluster'), 'EtcdMembersAvailable').message,
    /^2 of 3 members/,
  );
  await until(
    () => objects.get('pods', 'victim', sessions).status.phase === 'Failed',
    'the pod to be killed',
  );
  upgrade.nodeComesBack('master-0');
  assert.equal(ready(), 'True');
  assert.equal(conditionOf(objects.get('etcds', 'cluster'), 'EtcdMembersDegraded').status, 'False');
});

test('plays by itself from the request to the last worker, and stops where configured', {
  timeout,
}, async () => {
  const cluster = await fresh();
  const said: string[] = [];
  await playUpgrade(cluster.upgrade, '4.16.9', {
    stepMs: 1,
    apiDownMs: 10,
    reboot: ['master-0'],
    say: (text) => said.push(text),
  });
  assert.equal(cluster.upgrade.status().settled, true);
  assert.equal(said.at(-1), 'Cluster version is 4.16.9');
  assert.ok(said.some((text) => /waiting on kube-apiserver$/.test(text)));
  assert.equal((await versionOf(cluster)).status.desired.version, '4.16.9');

  const half = new AbortController();
  await playUpgrade(cluster.upgrade, '4.16.10', {
    stepMs: 5,
    say: () => half.abort(),
    signal: half.signal,
  });
  assert.deepEqual(
    [cluster.upgrade.status().version, cluster.upgrade.status().requested],
    ['4.16.10', undefined],
  );
});

test('versions that a cluster with this status cannot be updated to are refused with a reason', () => {
  const status: UpgradeStatus = {
    version: '4.16.8',
    settled: true,
    requested: undefined,
    reached: ['4.16.8', '4.16.3'],
    says: '',
  };
  for (const [version, reason] of [
    ['', /no version with three numbers.*4\.16\.9/],
    ['4.16', /no version with three numbers/],
    ['v4.16.9', /no version/],
    ['4.16.09', /no version/],
    ['4.16.9-rc.1', /no version/],
    ['99999999999999999999.1.1', /no version/],
    ['4.16.8', /runs 4\.16\.8 already/],
    ['5.0.0', /cannot become OpenShift 5/],
    ['4.18.1', /One minor release at a time/],
    ['4.16.7', /only to a version that it was on: 4\.16\.8, 4\.16\.3/],
    ['4.15.40', /only to a version/],
  ] as const)
    assert.match(whyNotTo(version, status) ?? '', reason, version);
  for (const version of ['4.16.9', '4.16.100', '4.17.0', '4.16.3'])
    assert.equal(whyNotTo(version, status), undefined, version);
  assert.match(whyNotTo('4.16.8', { ...status, settled: false }) ?? '', /on its way/);
});
