import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import fc from 'fast-check';
import type { SandboxCluster } from '../../../sandbox/cluster/cluster.ts';
import { ruleAllows } from '../../../sandbox/cluster/rbac.ts';
import type { RequestInfo } from '../../../sandbox/cluster/request-info.ts';
import type { RightFacts } from '../../../src/domain/cluster/facts.ts';
import type { Reading } from '../../../src/domain/cluster/reading.ts';
import { openApiClient } from '../../../src/openshift/api/api-client.ts';
import { ruleGrants } from '../../../src/openshift/facts/access-rules.ts';
import { ownRights, readOwnRights } from '../../../src/openshift/facts/own-rights.ts';
import { connectionTo, readableCluster } from '../../support/connection.ts';

const namespace = 'etcd-backup-sessions';
const isRules = ({ resource }: RequestInfo) => resource === 'selfsubjectrulesreviews';

async function rightsOf(t: TestContext, cluster: SandboxCluster): Promise<Reading<readonly RightFacts[]>> {
  const api = openApiClient(await connectionTo(t, cluster));
  try {
    return await readOwnRights(api, namespace);
  } finally {
    await api.close();
  }
}

function asked(cluster: SandboxCluster, resource: string): number {
  return cluster.requests.filter((request) => request.resource === resource).length;
}

describe('the rights of the bot', () => {
  it('are read with one question for each place', async (t) => {
    const cluster = await readableCluster(t);
    const rights = await rightsOf(t, cluster);
    assert.ok(rights.ok && rights.value.every(({ allowed }) => allowed));
    assert.equal(rights.value.length, ownRights(namespace).length);
    assert.equal(asked(cluster, 'selfsubjectrulesreviews'), 4);
    assert.equal(asked(cluster, 'selfsubjectaccessreviews'), 0);
  });

  it('are the same as single reviews say, whichever rule is missing', { timeout: 120_000 }, async (t) => {
    const cluster = await readableCluster(t);
    for (const rule of cluster.botRules()) {
      const giveBack = cluster.withoutRule(rule);
      const byRules = await rightsOf(t, cluster);
      const clear = cluster.faults.add({ kind: 'status', code: 403, match: isRules });
      assert.deepEqual(byRules, await rightsOf(t, cluster), JSON.stringify(rule));
      clear();
      giveBack();
    }
  });

  it('on the whole cluster are not given by a role of the sessions’ namespace', async (t) => {
    const cluster = await readableCluster(t);
    for (const rule of cluster.botRules()) {
      if (rule.rule.resources?.includes('nodes')) cluster.withoutRule(rule);
    }
    const rules = [{ apiGroups: [''], resources: ['nodes'], verbs: ['list'] }];
    cluster.objects.patch(
      'roles',
      'etcd-backup-sessions',
      (role) => void role.rules.push(...rules),
      namespace,
    );
    const rights = await rightsOf(t, cluster);
    assert.ok(rights.ok);
    const missing = rights.value.filter(({ allowed }) => !allowed).map(({ right }) => right);
    assert.deepEqual(missing, ['list nodes']);
  });

  for (const [how, fault] of [
    ['not complete', { code: 201, body: rulesOf({ incomplete: true, evaluationError: 'webhook' }) }],
    ['without any rule', { code: 201, body: rulesOf({ incomplete: false }) }],
    ['refused', { code: 403 }],
    ['not there', { code: 404, body: '404 page not found' }],
    ['a failure of the server', { code: 500 }],
    ['no such answer', { code: 201, body: { kind: 'SelfSubjectRulesReview' } }],
  ] as const) {
    it(`are asked for one by one when the list is ${how}`, async (t) => {
      const cluster = await readableCluster(t);
      cluster.faults.add({ kind: 'status', ...fault, match: isRules });
      const rights = await rightsOf(t, cluster);
      assert.ok(rights.ok && rights.value.every(({ allowed }) => allowed));
      assert.equal(asked(cluster, 'selfsubjectaccessreviews'), ownRights(namespace).length);
    });
  }

  it('are unknown after one question when the server does not answer', async (t) => {
    const cluster = await readableCluster(t);
    cluster.faults.add({ kind: 'reset', match: () => true });
    const rights = await rightsOf(t, cluster);
    assert.ok(!rights.ok && rights.why.reason === 'unreachable');
    assert.equal(asked(cluster, 'selfsubjectaccessreviews'), 0);
  });

  it('are granted by a rule exactly where Kubernetes grants them', () => {
    const words = (...all: string[]) => fc.subarray(all, { minLength: 1 });
    const rule = fc.record({
      verbs: words('get', 'list', '*'),
      apiGroups: words('', 'config.openshift.io', '*'),
      resources: words('pods', 'pods/exec', '*/exec', 'pods/*', 'nodes', '*'),
      resourceNames: fc.subarray(['a', 'b']),
    });
    const right = fc.record(
      {
        verb: fc.constantFrom('get', 'list', 'use'),
        group: fc.constantFrom('', 'config.openshift.io', 'user.openshift.io'),
        resource: fc.constantFrom('pods', 'nodes'),
        subresource: fc.constant('exec'),
        name: fc.constantFrom('a', 'c'),
      },
      { requiredKeys: ['verb', 'group', 'resource'] },
    );
    fc.assert(
      fc.property(rule, right, (granted, wanted) => {
        assert.equal(ruleGrants(granted, wanted), ruleAllows(granted, wanted));
      }),
      { numRuns: 2_000 },
    );
  });
});

function rulesOf(status: object): object {
  return {
    kind: 'SelfSubjectRulesReview',
    status: { resourceRules: null, nonResourceRules: null, ...status },
  };
}
