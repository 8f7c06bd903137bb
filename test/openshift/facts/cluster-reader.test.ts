import assert from 'node:assert/strict';
import { copyFile } from 'node:fs/promises';
import { describe, it, type TestContext } from 'node:test';
import type { SandboxCluster } from '../../../sandbox/cluster/cluster.ts';
import type { ClusterFacts } from '../../../src/domain/cluster/facts.ts';
import { known, type Reading } from '../../../src/domain/cluster/reading.ts';
import { type Preflight, preflight } from '../../../src/domain/preflight/preflight.ts';
import { areRetryable } from '../../../src/domain/run/retryable.ts';
import { createClusterReader } from '../../../src/openshift/facts/cluster-reader.ts';
import { ownRights } from '../../../src/openshift/facts/own-rights.ts';
import { policy } from '../../support/cluster-facts.ts';
import { connectionTo, connectionWith, readableCluster } from '../../support/connection.ts';

const clock = { now: () => Date.now() };

async function read(
  t: TestContext,
  cluster: SandboxCluster,
  requestDeadlineMs?: number,
): Promise<ClusterFacts> {
  const options = requestDeadlineMs === undefined ? {} : { requestDeadlineMs };
  return createClusterReader([await connectionTo(t, cluster, options)], clock).facts(policy());
}

function decide(facts: ClusterFacts): Preflight {
  const requester = { clusterUser: 'requester', clusterAdmin: known(true) };
  return preflight(facts, { policy: policy(), nodeWanted: undefined, requester, now: facts.readAt });
}

function troubles({ findings }: Preflight): readonly string[] {
  return findings
    .filter(({ outcome }) => outcome === 'blocker' || outcome === 'warning')
    .map(({ outcome, code }) => `${outcome} ${code}`);
}

function factOf<T>(reading: Reading<T>): T {
  assert.ok(reading.ok, reading.ok ? '' : `${reading.why.reason}: ${reading.why.detail}`);
  return reading.value;
}

/** Names of the facts that are not known, with the reason. */
function unknowns({ encryption, caBundles, ...facts }: ClusterFacts): Record<string, string> {
  const bundles = caBundles.map(({ name, bundle }) => [name, bundle] as const);
  const readings = [...Object.entries(facts), ...Object.entries(encryption), ...bundles];
  return Object.fromEntries(
    readings.flatMap(([name, reading]) => {
      const { ok, why } = reading as { ok?: boolean; why?: { reason: string } };
      return ok === false && why ? [[name, why.reason]] : [];
    }),
  );
}

describe('the facts of a healthy cluster', () => {
  it('are all read with exactly the rights of deploy/, and nothing blocks a backup', async (t) => {
    const cluster = await readableCluster(t, { proxy: 'none' });
    const facts = await read(t, cluster);
    assert.deepEqual(unknowns(facts), {});
    assert.deepEqual(troubles(decide(facts)), []);
  });

  it('say what the cluster says', async (t) => {
    const cluster = await readableCluster(t, { version: '4.17.3', installedDaysAgo: 30 });
    const facts = await read(t, cluster);
    const version = factOf(facts.version);
    assert.equal(version.desiredVersion, '4.17.3');
    assert.deepEqual(
      version.history.map((entry) => entry.state),
      ['Completed', 'Completed'],
    );
    assert.ok(Math.abs((version.history[1]?.completedAt ?? 0) - (Date.now() - 30 * 86_400_000)) < 3_600_000);
    assert.equal(factOf(facts.infrastructure).infrastructureName, 'lab-x7k2p');
    assert.match(factOf(facts.proxy).httpsProxy, /^http:/);
    assert.equal(factOf(facts.encryption.type), 'aescbc');
    for (const server of ['kubeApiServer', 'openshiftApiServer', 'oauthApiServer'] as const) {
      const { encrypted, migration } = factOf(facts.encryption[server]) ?? {};
      assert.deepEqual([encrypted?.reason, migration?.status], ['EncryptionCompleted', 'False'], server);
    }
    assert.deepEqual(factOf(facts.etcd).nodeRevisions[0], { node: 'master-0', currentRevision: 2 });
    const nodes = factOf(facts.nodes).map(({ name, controlPlane, internalIp }) => ({
      name,
      controlPlane,
      internalIp,
    }));
    assert.deepEqual(nodes[0], { name: 'master-0', controlPlane: true, internalIp: '172.31.77.10' });
    assert.equal(nodes.find((node) => node.name === 'worker-0')?.controlPlane, false);
    const pods = factOf(facts.etcdPods);
    assert.deepEqual(
      pods.map((pod) => [pod.node, pod.ready]),
      [
        ['master-0', true],
        ['master-1', true],
        ['master-2', true],
      ],
    );
    assert.ok(pods.every((pod) => pod.image));
    assert.deepEqual(factOf(facts.workerPools), [{ name: 'worker', updated: true }]);
    for (const { bundle } of facts.caBundles) assert.equal(factOf(bundle).certificates.length, 2);
  });

  it('never include a Secret', async (t) => {
    const cluster = await readableCluster(t);
    await read(t, cluster);
    assert.ok(cluster.requests.length > 15);
    assert.deepEqual(
      cluster.requests.filter((request) => request.resource === 'secrets'),
      [],
    );
  });

  it('distinguish an arbiter from the nodes that can be chosen', async (t) => {
    const facts = await read(t, await readableCluster(t, { topology: 'HighlyAvailableArbiter' }));
    assert.deepEqual(
      factOf(facts.nodes)
        .filter((node) => node.arbiter)
        .map((node) => node.name),
      ['arbiter-0'],
    );
    assert.deepEqual(decide(facts).plan?.members, ['arbiter-0', 'master-0', 'master-1']);
  });

  it('show the installer’s certificate of one day among others of a bundle', async (t) => {
    const facts = await read(t, await readableCluster(t, { certificates: 'installer', proxy: 'none' }));
    assert.deepEqual(troubles(decide(facts)), ['blocker certificates.installer-signer-in-use']);
  });

  it('follow what changes in the cluster', async (t) => {
    const cluster = await readableCluster(t, { proxy: 'none' });
    cluster.objects.setCondition('clusteroperators', 'etcd', {
      type: 'Progressing',
      status: 'True',
      message: 'busy',
    });
    cluster.objects.patch('nodes', 'master-0', { spec: { unschedulable: true } });
    cluster.objects.setCondition('kubeapiservers', 'cluster', {
      type: 'Encrypted',
      status: 'False',
      reason: 'EncryptionInProgress',
    });
    const decision = decide(await read(t, cluster));
    assert.deepEqual(troubles(decision), ['blocker operator.progressing', 'blocker encryption.migrating']);
    assert.equal(decision.plan?.node, 'master-1');
  });
});

describe('what looks like an update and is none, or the other way round', () => {
  const open = (t: TestContext) => readableCluster(t, { proxy: 'none' });
  const judged = async (t: TestContext, cluster: SandboxCluster) => decide(await read(t, cluster));

  it('an operator that is unwell at rest is named, and the backup may run, also after an update', async (t) => {
    const cluster = await open(t);
    cluster.upgrade.becomesUnwell('monitoring');
    for (const version of ['4.16.8', '4.16.9']) {
      if (version === '4.16.9') {
        cluster.upgrade.request(version);
        cluster.upgrade.begin();
        cluster.upgrade.finish();
      }
      const decision = await judged(t, cluster);
      assert.deepEqual(troubles(decision), ['warning version.operators-unwell']);
      const unwell = decision.findings.find(({ code }) => code === 'version.operators-unwell');
      assert.deepEqual(unwell?.params, {
        version,
        names: ['monitoring'],
        message: 'Cluster operator monitoring is degraded',
      });
      assert.equal(decision.plan?.zStream, version);
    }
  });

  it('a request is an update to come until the cluster refuses it', async (t) => {
    const cluster = await open(t);
    cluster.upgrade.request('4.16.9');
    assert.deepEqual(troubles(await judged(t, cluster)), ['blocker version.update-to-come']);
    cluster.upgrade.hold();
    assert.deepEqual(troubles(await judged(t, cluster)), ['warning version.update-refused']);
    cluster.upgrade.withdraw();
    assert.deepEqual(troubles(await judged(t, cluster)), []);
  });

  it('another change of the spec is none', async (t) => {
    const cluster = await open(t);
    cluster.objects.patch('clusterversions', 'version', { spec: { channel: 'candidate-4.16' } });
    assert.deepEqual(troubles(await judged(t, cluster)), ['warning version.spec-unseen']);
  });
});

describe('what only one more condition shows', () => {
  it('the migration of the OAuth API server, unless an external provider took its place', async (t) => {
    const cluster = await readableCluster(t, { proxy: 'none' });
    const oauth = 'authentications.operator.openshift.io';
    cluster.objects.setCondition(oauth, 'cluster', {
      type: 'Encrypted',
      status: 'False',
      reason: 'EncryptionInProgress',
    });
    assert.deepEqual(troubles(decide(await read(t, cluster))), ['blocker encryption.migrating']);
    cluster.objects.patch('authentications', 'cluster', { spec: { type: 'OIDC' } });
    assert.deepEqual(troubles(decide(await read(t, cluster))), []);
  });

  it('the rotation of a key', async (t) => {
    const cluster = await readableCluster(t, { proxy: 'none' });
    cluster.objects.setCondition('openshiftapiservers', 'cluster', {
      type: 'EncryptionMigrationControllerProgressing',
      status: 'True',
    });
    assert.deepEqual(troubles(decide(await read(t, cluster))), ['blocker encryption.rewriting']);
  });

  it('a quorum that is lost while EtcdMembersAvailable is still True', async (t) => {
    const cluster = await readableCluster(t, { proxy: 'none' });
    const message = 'context deadline exceeded';
    cluster.objects.setCondition('etcds', 'cluster', {
      type: 'EtcdMembersControllerDegraded',
      status: 'True',
      message,
    });
    assert.deepEqual(troubles(decide(await read(t, cluster))), ['warning etcd.members-not-asked']);
    for (const node of ['master-1', 'master-2']) {
      const notReady = { type: 'Ready', status: 'False' } as const;
      cluster.objects.setCondition('pods', `etcd-${node}`, notReady, 'openshift-etcd');
    }
    assert.deepEqual(troubles(decide(await read(t, cluster))), ['blocker etcd.no-quorum']);
  });

  it('an operator that may not be read warns, one without Progressing blocks', async (t) => {
    const cluster = await readableCluster(t, { proxy: 'none' });
    cluster.objects.patch('clusteroperators', 'etcd', (draft) => {
      draft.status.conditions = draft.status.conditions.filter(
        ({ type }: { type: string }) => type !== 'Progressing',
      );
    });
    assert.deepEqual(troubles(decide(await read(t, cluster))), ['blocker operator.progress-unknown']);
    for (const rule of cluster.botRules()) {
      if (rule.rule.resources?.includes('clusteroperators')) cluster.withoutRule(rule);
    }
    assert.deepEqual(troubles(decide(await read(t, cluster))), [
      'warning operators.unreadable',
      'warning right.missing',
    ]);
  });
});

describe('backups by the preview API', () => {
  it('are none where the cluster does not know the API', async (t) => {
    const cluster = await readableCluster(t, { proxy: 'none' });
    assert.deepEqual(factOf((await read(t, cluster)).previewBackups), []);
  });

  it('are named, and warned of', async (t) => {
    const cluster = await readableCluster(t, { proxy: 'none', previewApi: true });
    assert.deepEqual(factOf((await read(t, cluster)).previewBackups), []);
    const metadata = { name: 'nightly' };
    cluster.objects.put({ apiVersion: 'config.openshift.io/v1alpha1', kind: 'Backup', metadata });
    cluster.objects.put({ apiVersion: 'operator.openshift.io/v1alpha1', kind: 'EtcdBackup', metadata });
    const facts = await read(t, cluster);
    assert.deepEqual(factOf(facts.previewBackups), ['Backup nightly', 'EtcdBackup nightly']);
    assert.deepEqual(troubles(decide(facts)), ['warning backup-api.preview-in-use']);
  });

  it('can be asked for alone, by two requests', async (t) => {
    const cluster = await readableCluster(t, { proxy: 'none', previewApi: true });
    cluster.objects.put({
      apiVersion: 'config.openshift.io/v1alpha1',
      kind: 'Backup',
      metadata: { name: 'nightly' },
    });
    const reader = createClusterReader([await connectionTo(t, cluster)], { now: () => Date.now() });
    t.after(() => reader.close());
    assert.deepEqual(factOf(await reader.previewBackups(policy())), ['Backup nightly']);
    assert.deepEqual(
      cluster.requests.map(({ verb, resource }) => `${verb} ${resource}`),
      ['list backups', 'list etcdbackups'],
    );
  });

  it('are unknown without the right to list them, and the right is missed by name', async (t) => {
    const cluster = await readableCluster(t, { proxy: 'none', previewApi: true });
    for (const rule of cluster.botRules()) {
      if (rule.rule.resources?.includes('etcdbackups')) cluster.withoutRule(rule);
    }
    const facts = await read(t, cluster);
    assert.equal(unknowns(facts).previewBackups, 'forbidden');
    assert.deepEqual(troubles(decide(facts)), ['warning right.missing']);
  });
});

describe('a fact that cannot be read', () => {
  it('stays unknown by itself when its right is missing, and the missing right is named with its role', async (t) => {
    const cluster = await readableCluster(t, { proxy: 'none' });
    const rule = cluster.botRules().find(({ rule }) => rule.resources?.includes('configmaps'));
    assert.ok(rule);
    cluster.withoutRule(rule);
    const facts = await read(t, cluster);
    assert.deepEqual(unknowns(facts), {
      'csr-controller-ca': 'forbidden',
      'kube-apiserver-aggregator-client-ca': 'forbidden',
    });
    const missing = decide(facts).findings.filter((each) => each.code === 'right.missing');
    assert.deepEqual(missing[0]?.params, {
      right: 'get configmaps csr-controller-ca in openshift-config-managed',
      role: 'etcd-backup-ca-bundles',
    });
  });

  for (const [what, fault, reason] of [
    ['a frozen API server', { kind: 'freeze' }, 'timeout'],
    ['a reset', { kind: 'reset' }, 'unreachable'],
    ['HTTP 429', { kind: 'status', code: 429 }, 'throttled'],
    ['HTTP 503', { kind: 'status', code: 503 }, 'server-error'],
    ['half an answer', { kind: 'status', code: 200, body: '{"metadata":' }, 'malformed'],
  ] as const) {
    it(`stays unknown by itself after ${what}`, async (t) => {
      const cluster = await readableCluster(t);
      cluster.faults.add({ ...fault, match: (request) => request.resource === 'proxies' });
      const facts = await read(t, cluster, reason === 'timeout' ? 6_000 : undefined);
      assert.deepEqual(unknowns(facts), { proxy: reason });
    });
  }

  it('is malformed when a field has the wrong type, and names the field but not its value', async (t) => {
    const cluster = await readableCluster(t);
    cluster.objects.patch('proxies', 'cluster', { status: { httpsProxy: ['http://user:hunter2@proxy'] } });
    const { proxy } = await read(t, cluster);
    assert.match(proxy.ok ? '' : proxy.why.detail, /^proxies\/cluster: status\.httpsProxy: /);
    assert.doesNotMatch(JSON.stringify(proxy), /hunter2/);
  });

  it('is malformed when a bundle holds no certificate that can be read', async (t) => {
    const cluster = await readableCluster(t, { proxy: 'none' });
    const broken = '-----BEGIN CERTIFICATE-----\nbroken\n-----END CERTIFICATE-----\n';
    cluster.objects.patch(
      'configmaps',
      'csr-controller-ca',
      { data: { 'ca-bundle.crt': broken } },
      'openshift-config-managed',
    );
    const facts = await read(t, cluster);
    assert.deepEqual(unknowns(facts), { 'csr-controller-ca': 'malformed' });
    assert.deepEqual(troubles(decide(facts)), ['warning certificates.age-only']);
  });

  it('is one of all when the token has ended', async (t) => {
    const cluster = await readableCluster(t);
    const connection = await connectionTo(t, cluster);
    cluster.revoke('bot');
    const facts = await createClusterReader([connection], clock).facts(policy());
    assert.deepEqual(new Set(Object.values(unknowns(facts))), new Set(['unauthorized']));
    assert.equal(decide(facts).plan, undefined);
  });

  it('is one of all when there is no such kubeconfig', async () => {
    const connection = {
      cluster: 'lab',
      kubeconfig: { file: '/nowhere/kubeconfig' },
      requestDeadlineMs: 10_000,
    };
    const facts = await createClusterReader([connection], clock).facts(policy());
    assert.equal(Object.keys(unknowns(facts)).length, 16);
  });

  it('is no MicroShift when a load balancer answers 404 to everything', async (t) => {
    const cluster = await readableCluster(t);
    cluster.faults.add({ kind: 'status', code: 404, body: '404 page not found\n', match: () => true });
    const facts = await read(t, cluster);
    assert.deepEqual(new Set(Object.values(unknowns(facts))), new Set(['server-error']));
    assert.equal(facts.configApi, undefined);
    const findings = decide(facts).findings;
    assert.ok(findings.some(({ outcome, code }) => outcome === 'blocker' && code === 'version.unreadable'));
    assert.ok(areRetryable(findings));
  });

  it('is no MicroShift when an API server that is starting has no ClusterVersion yet', async (t) => {
    const cluster = await readableCluster(t);
    const match = ({ group = '' }: { group?: string }) => group.endsWith('openshift.io');
    cluster.faults.add({ kind: 'status', code: 404, body: '404 page not found\n', match });
    const facts = await read(t, cluster);
    assert.equal(facts.configApi, true);
    const codes = decide(facts)
      .findings.filter(({ outcome }) => outcome === 'blocker')
      .map(({ code }) => code);
    assert.deepEqual(codes, ['topology.unreadable', 'version.unreadable']);
  });

  it('lets MicroShift be refused by its name, with rights on ClusterVersion or without', async (t) => {
    const microshift = {
      absentGroups: ['config.openshift.io', 'operator.openshift.io', 'user.openshift.io'],
    };
    const cluster = await readableCluster(t, microshift);
    assert.deepEqual(troubles(decide(await read(t, cluster))), ['blocker version.microshift']);
    for (const rule of cluster.botRules()) {
      if (rule.rule.resources?.includes('clusterversions')) cluster.withoutRule(rule);
    }
    assert.deepEqual(troubles(decide(await read(t, cluster))), ['blocker version.microshift']);
  });
});

describe('the bot’s own rights', () => {
  it('are all granted by the role that is named for them', async (t) => {
    const cluster = await readableCluster(t);
    const rights = factOf((await read(t, cluster)).ownRights);
    assert.equal(rights.length, ownRights('etcd-backup-sessions').length);
    assert.deepEqual(
      rights.filter((right) => !right.allowed),
      [],
    );
    for (const { role, verb, resource, subresource } of ownRights('etcd-backup-sessions')) {
      const wanted = subresource ? `${resource}/${subresource}` : resource;
      const rules = cluster.botRules().filter(({ name }) => name === role);
      const granted = rules.some(({ rule }) => rule.resources?.includes(wanted) && rule.verbs.includes(verb));
      assert.ok(granted, `${role} does not grant ${verb} ${wanted}`);
    }
  });

  it('cover every call that reading makes', async (t) => {
    const cluster = await readableCluster(t);
    await read(t, cluster);
    const listed = ownRights('etcd-backup-sessions').map(({ verb, resource }) => `${verb} ${resource}`);
    const made = cluster.requests.filter(({ resource }) => resource && !resource.startsWith('selfsubject'));
    assert.deepEqual(
      made.map(({ verb, resource }) => `${verb} ${resource}`).filter((call) => !listed.includes(call)),
      [],
    );
  });
});

it('A rotated token is seen without a restart', async (t) => {
  const [old, next] = [await readableCluster(t), await readableCluster(t)];
  const connection = await connectionTo(t, old);
  const reader = createClusterReader([connection], clock);
  old.revoke('bot');
  assert.deepEqual(unknowns(await reader.facts(policy())).version, 'unauthorized');
  const { kubeconfig } = await connectionWith(t, next.kubeconfig('bot'));
  await copyFile((kubeconfig as { file: string }).file, (connection.kubeconfig as { file: string }).file);
  assert.deepEqual(unknowns(await reader.facts(policy())), {});
});

it('A cluster without a connection is a mistake in the wiring and throws', async () => {
  await assert.rejects(
    createClusterReader([], clock).facts(policy()),
    /no connection is configured for cluster "lab"/,
  );
});
