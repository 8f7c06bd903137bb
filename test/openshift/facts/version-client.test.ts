import assert from 'node:assert/strict';
import { copyFile, writeFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import type { SandboxCluster } from '../../../sandbox/cluster/cluster.ts';
import type { KubeObject } from '../../../sandbox/cluster/kube-object.ts';
import type { VersionFacts } from '../../../src/domain/cluster/facts.ts';
import type { Reading } from '../../../src/domain/cluster/reading.ts';
import { createClusterReader } from '../../../src/openshift/facts/cluster-reader.ts';
import { policy } from '../../support/cluster-facts.ts';
import { connectionTo, connectionWith, readableCluster } from '../../support/connection.ts';

const clock = { now: () => Date.now() };

function reasonOf(reading: Reading<unknown>): string {
  return reading.ok ? 'known' : reading.why.reason;
}

function factsOf(reading: Reading<VersionFacts>): VersionFacts {
  assert.ok(reading.ok, reading.ok ? '' : `${reading.why.reason}: ${reading.why.detail}`);
  return reading.value;
}

function fileOf({ kubeconfig }: { kubeconfig: { file: string } | 'in-cluster' }): string {
  assert.ok(kubeconfig !== 'in-cluster');
  return kubeconfig.file;
}

function change(cluster: SandboxCluster, edit: (version: KubeObject) => void): void {
  cluster.objects.patch('clusterversions', 'version', edit);
}

describe('a look at the version', () => {
  it('is one request, and so is each that follows', async (t) => {
    const cluster = await readableCluster(t);
    const reader = createClusterReader([await connectionTo(t, cluster)], clock);
    t.after(() => reader.close());
    for (const looks of [1, 2, 3]) {
      assert.equal(factsOf(await reader.version(policy())).desiredVersion, '4.16.8');
      assert.equal(cluster.requests.length, looks);
    }
    assert.ok(
      cluster.requests.every(({ resource, verb }) => `${verb} ${resource}` === 'get clusterversions'),
    );
    assert.ok(reader.lastContact('lab'));
  });

  it('asks once for two who want to know at the same time', async (t) => {
    const cluster = await readableCluster(t);
    const reader = createClusterReader([await connectionTo(t, cluster)], clock);
    t.after(() => reader.close());
    const both = await Promise.all([reader.version(policy()), reader.version(policy())]);
    assert.deepEqual(both.map(reasonOf), ['known', 'known']);
    assert.equal(cluster.requests.length, 1);
  });

  it('of a cluster that refuses it costs one request once it is known to be so', async (t) => {
    const cluster = await readableCluster(t);
    for (const rule of cluster.botRules()) {
      if (rule.rule.resources?.includes('clusterversions')) cluster.withoutRule(rule);
    }
    const reader = createClusterReader([await connectionTo(t, cluster)], clock);
    t.after(() => reader.close());
    assert.equal(reasonOf(await reader.version(policy())), 'forbidden');
    const before = cluster.requests.length;
    assert.equal(reasonOf(await reader.version(policy())), 'forbidden');
    assert.equal(cluster.requests.length, before + 1);
  });

  it('spoils no other when the API server froze: the next one begins with a connection of its own', async (t) => {
    const cluster = await readableCluster(t);
    const reader = createClusterReader([await connectionTo(t, cluster, { requestDeadlineMs: 3_000 })], clock);
    t.after(() => reader.close());
    factsOf(await reader.version(policy()));
    cluster.faults.add({ kind: 'freeze', match: () => true, times: 1 });
    assert.equal(reasonOf(await reader.version(policy())), 'timeout');
    factsOf(await reader.version(policy()));
  });

  it('comes through an API server that drops connections and answers 503 while it restarts', async (t) => {
    const cluster = await readableCluster(t);
    const reader = createClusterReader([await connectionTo(t, cluster)], clock);
    t.after(() => reader.close());
    // The look and all of its repeats.
    cluster.faults.add({ kind: 'reset', match: () => true, times: 6 });
    cluster.faults.add({ kind: 'status', code: 503, match: () => true, times: 1 });
    const reasons = [];
    for (let look = 0; look < 3; look += 1) reasons.push(reasonOf(await reader.version(policy())));
    assert.deepEqual(reasons, ['unreachable', 'server-error', 'known']);
  });
});

describe('credentials between two looks', () => {
  it('are loaded again when the kubeconfig is replaced', async (t) => {
    const [old, next] = [await readableCluster(t), await readableCluster(t, { version: '4.17.3' })];
    const connection = await connectionTo(t, old);
    const reader = createClusterReader([connection], clock);
    t.after(() => reader.close());
    assert.equal(factsOf(await reader.version(policy())).desiredVersion, '4.16.8');
    await copyFile(fileOf(await connectionWith(t, next.kubeconfig('bot'))), fileOf(connection));
    assert.equal(factsOf(await reader.version(policy())).desiredVersion, '4.17.3');
  });

  it('are loaded again in the same look when a token that worked is refused', async (t) => {
    const cluster = await readableCluster(t);
    const tokenFile = fileOf(await connectionWith(t, cluster.token('bot')));
    const provider = `auth-provider: {name: file, config: {tokenFile: ${JSON.stringify(tokenFile)}}}`;
    const withFile = cluster.kubeconfig('bot').replace(/"?token"?: *("[^"]*"|[^\s,}]+)/, provider);
    assert.match(withFile, /auth-provider/);
    const reader = createClusterReader([await connectionWith(t, withFile)], clock);
    t.after(() => reader.close());
    factsOf(await reader.version(policy()));
    cluster.revoke('bot');
    cluster.reissue('bot');
    await writeFile(tokenFile, cluster.token('bot'));
    factsOf(await reader.version(policy()));
  });

  it('that stay refused cost one request a look', async (t) => {
    const cluster = await readableCluster(t);
    const reader = createClusterReader([await connectionTo(t, cluster)], clock);
    t.after(() => reader.close());
    cluster.revoke('bot');
    for (const looks of [1, 2]) {
      assert.equal(reasonOf(await reader.version(policy())), 'unauthorized');
      assert.equal(cluster.requests.length, looks);
    }
  });

  it('that cannot be read are reported as such, and found once they are there', async (t) => {
    const cluster = await readableCluster(t);
    const connection = await connectionWith(t, 'nonsense: [');
    const reader = createClusterReader([connection], clock);
    t.after(() => reader.close());
    assert.equal(reasonOf(await reader.version(policy())), 'unreachable');
    await writeFile(fileOf(connection), cluster.kubeconfig('bot'));
    factsOf(await reader.version(policy()));
  });
});

describe('a ClusterVersion that is not as usual', () => {
  const cases: readonly (readonly [string, (version: KubeObject) => void, Partial<VersionFacts>])[] = [
    ['no update was requested', () => undefined, { desiredUpdate: undefined }],
    [
      'an empty wish is none',
      ({ spec }) => {
        spec.desiredUpdate = {};
      },
      { desiredUpdate: undefined },
    ],
    [
      'a wish of null is none',
      ({ spec }) => {
        spec.desiredUpdate = null;
      },
      { desiredUpdate: undefined },
    ],
    [
      'a version was asked for',
      ({ spec }) => {
        spec.desiredUpdate = { version: '4.16.9', architecture: 'Multi' };
      },
      { desiredUpdate: { version: '4.16.9', image: '' } },
    ],
    [
      'an image was asked for',
      ({ spec }) => {
        spec.desiredUpdate = { image: 'quay.io/release@sha256:9', force: true };
      },
      { desiredUpdate: { version: '', image: 'quay.io/release@sha256:9' } },
    ],
    [
      'the release has no version yet: it is called by its image',
      ({ status }) => {
        status.desired = { image: 'quay.io/release@sha256:9' };
      },
      { desiredVersion: 'quay.io/release@sha256:9', desiredImage: 'quay.io/release@sha256:9' },
    ],
    [
      'a nightly is called as it is written',
      ({ status }) => {
        status.desired.version = '4.18.0-0.nightly-2026-01-02-030405';
      },
      { desiredVersion: '4.18.0-0.nightly-2026-01-02-030405' },
    ],
    [
      'no history, no conditions',
      ({ status }) => {
        delete status.history;
        delete status.conditions;
      },
      { history: [], conditions: [] },
    ],
    [
      'history and conditions of null',
      ({ status }) => {
        status.history = null;
        status.conditions = null;
      },
      { history: [], conditions: [] },
    ],
    [
      'unknown words stay as they are, an odd status is Unknown',
      ({ status }) => {
        status.history = [{ state: 'Interrupted', image: 'i', startedTime: '2026-01-02T03:04:05Z' }];
        status.conditions = [{ type: 'Progressing', status: 'Maybe' }];
      },
      {
        history: [
          { state: 'Interrupted', version: '', image: 'i', startedAt: Date.UTC(2026, 0, 2, 3, 4, 5) },
        ],
        conditions: [{ type: 'Progressing', status: 'Unknown' }],
      },
    ],
    [
      'the operator has not looked at anything yet',
      ({ status }) => {
        delete status.observedGeneration;
      },
      { observedGeneration: 0 },
    ],
  ];
  for (const [what, edit, expected] of cases) {
    it(`is read all the same: ${what}`, async (t) => {
      const cluster = await readableCluster(t);
      change(cluster, edit);
      const reader = createClusterReader([await connectionTo(t, cluster)], clock);
      t.after(() => reader.close());
      const facts = factsOf(await reader.version(policy()));
      const found = Object.fromEntries(
        Object.keys(expected).map((key) => [key, facts[key as keyof VersionFacts]]),
      );
      assert.deepEqual(found, expected);
    });
  }

  const broken: readonly (readonly [string, (version: KubeObject) => void])[] = [
    ['status', (version) => void delete version.status],
    ['status.desired', ({ status }) => void delete status.desired],
    ['status.desired.image', ({ status }) => void delete status.desired.image],
    ['spec.clusterID', ({ spec }) => void delete spec.clusterID],
    ['spec', (version) => void delete version.spec],
  ];
  for (const [where, edit] of broken) {
    it(`without ${where} is malformed, and that is named`, async (t) => {
      const cluster = await readableCluster(t);
      change(cluster, edit);
      const reader = createClusterReader([await connectionTo(t, cluster)], clock);
      t.after(() => reader.close());
      const reading = await reader.version(policy());
      assert.equal(reasonOf(reading), 'malformed');
      assert.match(reading.ok ? '' : reading.why.detail, new RegExp(`clusterversions/version: ${where}`));
    });
  }
});
