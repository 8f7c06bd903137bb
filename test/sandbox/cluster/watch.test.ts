import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KubeConfig, Watch } from '@kubernetes/client-node';
import { api, clusterForTests, runningPod, sessionPod, sessions, until } from './harness.ts';

const timeout = 600_000;
const cluster = await clusterForTests();
const ask = api(cluster);

function watcher(): Watch {
  const config = new KubeConfig();
  config.loadFromString(cluster.kubeconfig('admin'));
  return new Watch(config);
}

const path = `/api/v1/namespaces/${sessions}/pods`;

test('a watch reports a pod from its creation to its end', { timeout }, async () => {
  const { body } = await ask('admin', 'GET', path);
  const seen: string[] = [];
  const resourceVersion = body.metadata.resourceVersion;
  const stop = await watcher().watch(
    path,
    { resourceVersion, fieldSelector: 'metadata.name=watched' },
    (type, pod) => seen.push(`${type} ${pod.metadata.name} ${pod.status.phase}`),
    () => {},
  );
  await runningPod(cluster, 'other');
  await runningPod(cluster, 'watched');
  await ask('admin', 'DELETE', `${path}/watched`, { gracePeriodSeconds: 0 });
  await until(() => seen.some((line) => line.startsWith('DELETED')), 'DELETED');
  stop.abort();
  assert.equal(seen[0], 'ADDED watched Pending');
  assert.ok(seen.includes('MODIFIED watched Running'));
  assert.ok(seen.every((line) => line.includes('watched')));
});

test('a watch from before what is remembered gets 410 as an ERROR event and a clean end', {
  timeout,
}, async () => {
  cluster.compact();
  await ask('admin', 'POST', path, sessionPod('later'));
  const text = await ask('admin', 'GET', `${path}?watch=true&resourceVersion=1`);
  assert.equal(text.status, 200);
  assert.equal(text.body.type, 'ERROR');
  assert.deepEqual([text.body.object.code, text.body.object.reason], [410, 'Expired']);
  assert.match(text.body.object.message, /^too old resource version: 1 \(\d+\)$/);
});

test('two writers: the one with the old resourceVersion gets 409', { timeout }, async () => {
  const url = '/apis/config.openshift.io/v1/proxies/cluster';
  const { body } = await ask('admin', 'GET', url);
  assert.equal((await ask('admin', 'PUT', url, { ...body, spec: { noProxy: 'a' } })).status, 200);
  const late = await ask('admin', 'PUT', url, { ...body, spec: { noProxy: 'b' } });
  assert.equal(late.status, 409);
  assert.match(
    late.body.message,
    /^Operation cannot be fulfilled on proxies.config.openshift.io "cluster": the object has been modified/,
  );
  const patched = await ask(
    'admin',
    'PATCH',
    url,
    { spec: { noProxy: 'c', httpProxy: null } },
    'application/merge-patch+json',
  );
  assert.equal(patched.body.spec.noProxy, 'c');
  assert.equal(patched.body.metadata.generation, 3);
  const operations = [{ op: 'replace', path: '/status/noProxy', value: 'd' }];
  const status = await ask('admin', 'PATCH', `${url}/status`, operations, 'application/json-patch+json');
  assert.equal(status.body.status.noProxy, 'd');
});
