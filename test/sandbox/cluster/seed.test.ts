import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import type { SeedOptions } from '../../../sandbox/cluster/seed-options.ts';
import { clusterForTests } from './harness.ts';

const timeout = 600_000;
const day = 24 * 60 * 60 * 1000;
const seeded = async (options: SeedOptions = {}, now?: Date) =>
  (await clusterForTests({ ...options, ...(now ? { now: () => now } : {}) })).objects;

function certificates(bundle: string): X509Certificate[] {
  const pems = bundle.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return pems.map((pem) => new X509Certificate(pem));
}

test('by default the cluster is whole, old enough and Ready', { timeout }, async () => {
  const now = new Date('2031-05-06T07:08:09Z');
  const objects = await seeded({}, now);
  const { metadata, status } = objects.get('clusterversions', 'version');
  assert.equal(status.history[0].image, status.desired.image);
  assert.equal(status.observedGeneration, metadata.generation);
  assert.ok(now.getTime() - Date.parse(status.history.at(-1).completionTime) > 100 * day);
  for (const node of objects.list('nodes')) {
    const ready = node.status.conditions.find((entry: { type: string }) => entry.type === 'Ready');
    assert.deepEqual(
      [ready.status, ready.lastHeartbeatTime],
      ['True', '2031-05-06T07:08:09Z'],
      node.metadata.name,
    );
  }
  const pods = objects
    .list('pods', 'openshift-etcd')
    .map(({ metadata: { name, labels } }) => [name, labels?.app]);
  assert.deepEqual(pods, [
    ['etcd-master-0', 'etcd'],
    ['etcd-master-1', 'etcd'],
    ['etcd-master-2', 'etcd'],
  ]);
});

test('the CA bundles hold real certificates of 30 days, unexpired', { timeout }, async () => {
  const objects = await seeded();
  for (const name of ['csr-controller-ca', 'kube-apiserver-aggregator-client-ca']) {
    const found = certificates(
      objects.get('configmaps', name, 'openshift-config-managed').data['ca-bundle.crt'],
    );
    assert.equal(found.length, 2);
    for (const certificate of found) {
      assert.equal(Date.parse(certificate.validTo) - Date.parse(certificate.validFrom), 30 * day);
      assert.ok(Date.parse(certificate.validTo) > Date.now());
    }
  }
  const fresh = await seeded({ certificates: 'installer', installedDaysAgo: 0.5 });
  const bundle = certificates(
    fresh.get('configmaps', 'csr-controller-ca', 'openshift-config-managed').data['ca-bundle.crt'],
  );
  assert.ok(bundle.some((entry) => Date.parse(entry.validTo) - Date.parse(entry.validFrom) === day));
});

test('variations: topology, version, proxy, encryption, readiness', { timeout }, async () => {
  const single = await seeded({
    topology: 'SingleReplica',
    version: '4.14.3',
    proxy: 'none',
    encryption: 'identity',
  });
  assert.equal(single.list('nodes').length, 1);
  assert.equal(single.get('infrastructures', 'cluster').status.controlPlaneTopology, 'SingleReplica');
  assert.equal(single.get('clusterversions', 'version').status.desired.version, '4.14.3');
  assert.deepEqual(single.get('proxies', 'cluster').status, {});
  assert.equal(single.get('apiservers', 'cluster').spec.encryption, undefined);
  assert.equal(single.get('kubeapiservers', 'cluster').status.conditions[0].status, 'False');
  const arbiter = await seeded({ topology: 'HighlyAvailableArbiter', nodeReady: { 'master-1': 'False' } });
  assert.ok('node-role.kubernetes.io/arbiter' in (arbiter.get('nodes', 'arbiter-0').metadata.labels ?? {}));
  const lost = arbiter
    .get('nodes', 'master-1')
    .status.conditions.find((entry: { type: string }) => entry.type === 'Ready');
  assert.equal(lost.status, 'False');
  assert.equal((await seeded({ topology: 'External' })).list('pods', 'openshift-etcd').length, 0);
});
