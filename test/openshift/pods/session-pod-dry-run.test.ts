import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it, type TestContext } from 'node:test';
import type { SandboxCluster } from '../../../sandbox/cluster/cluster.ts';
import type { RequestInfo } from '../../../sandbox/cluster/request-info.ts';
import { known } from '../../../src/domain/cluster/reading.ts';
import type { Finding } from '../../../src/domain/preflight/finding.ts';
import { preflight } from '../../../src/domain/preflight/preflight.ts';
import { createClusterReader } from '../../../src/openshift/facts/cluster-reader.ts';
import { openPodApi } from '../../../src/openshift/pods/pod-api.ts';
import { sessionPod, sessionPodName } from '../../../src/openshift/pods/session-pod.ts';
import { policy } from '../../support/cluster-facts.ts';
import { connectionTo, readableCluster } from '../../support/connection.ts';

const { namespace } = policy().session;
const isDryRun = ({ verb, resource, dryRun }: RequestInfo) =>
  verb === 'create' && resource === 'pods' && dryRun;

interface Recorded {
  readonly because: string;
  readonly code: number;
  readonly message: string;
}
const recorded = JSON.parse(
  readFileSync(new URL('../../fixtures/api/pod-refusals.json', import.meta.url), 'utf8'),
) as readonly Recorded[];

/** What a preflight says about the session pod. */
async function findingsOf(
  t: TestContext,
  cluster: SandboxCluster,
  requestDeadlineMs?: number,
): Promise<readonly Finding[]> {
  const options = requestDeadlineMs === undefined ? {} : { requestDeadlineMs };
  const reader = createClusterReader([await connectionTo(t, cluster, options)], { now: () => Date.now() });
  const facts = await reader.facts(policy());
  const requester = { clusterUser: 'requester', clusterAdmin: known(true) };
  const context = { policy: policy(), nodeWanted: undefined, requester, now: facts.readAt };
  return preflight(facts, context).findings.filter(({ code }) => code.startsWith('session-pod.'));
}

function short(findings: readonly Finding[]): readonly string[] {
  return findings.map((each) =>
    [each.outcome, each.code, ...(each.code === 'session-pod.refused' ? [each.params.because] : [])].join(
      ' ',
    ),
  );
}

function status(code: number, message: string, reason = 'Forbidden') {
  return { kind: 'status' as const, code, reason, message, match: isDryRun };
}

describe('the session pod before an approval', () => {
  it('would come in, and none is made by the question', async (t) => {
    const cluster = await readableCluster(t);
    assert.deepEqual(short(await findingsOf(t, cluster)), ['passed session-pod.admitted']);
    assert.equal(
      cluster.requests.filter(({ verb, resource }) => `${verb} ${resource}` === 'create pods').length,
      1,
    );
    assert.deepEqual(cluster.objects.list('pods', namespace), []);
  });

  it('would come in while the one of a run is there', async (t) => {
    const cluster = await readableCluster(t);
    const pods = openPodApi(await connectionTo(t, cluster), namespace);
    await pods.create(sessionPod({ runId: 'r', node: 'master-0', image: 'i' }, { namespace, lifetimeS: 60 }));
    assert.deepEqual(short(await findingsOf(t, cluster)), ['passed session-pod.admitted']);
    assert.deepEqual(
      cluster.objects.list('pods', namespace).map(({ metadata }) => metadata.name),
      [sessionPodName],
    );
  });

  for (const [because, spoil] of [
    [
      'pod-security',
      (cluster: SandboxCluster) =>
        cluster.objects.patch('namespaces', namespace, ({ metadata }) => {
          metadata.labels = { 'pod-security.kubernetes.io/enforce': 'baseline' };
        }),
    ],
    [
      'priority-class',
      (cluster: SandboxCluster) => cluster.objects.delete('priorityclasses', 'openshift-user-critical'),
    ],
    [
      'service-account',
      (cluster: SandboxCluster) => cluster.objects.delete('serviceaccounts', 'default', namespace),
    ],
    ['namespace-absent', (cluster: SandboxCluster) => cluster.objects.delete('namespaces', namespace)],
  ] as const) {
    it(`is refused by the cluster's admission: ${because}`, async (t) => {
      const cluster = await readableCluster(t);
      spoil(cluster);
      assert.deepEqual(short(await findingsOf(t, cluster)), [`blocker session-pod.refused ${because}`]);
    });
  }

  for (const { because, code, message } of recorded) {
    it(`is refused with HTTP ${code}: ${message.slice(0, 90)}`, async (t) => {
      const cluster = await readableCluster(t);
      cluster.faults.add(status(code, message));
      const [finding] = await findingsOf(t, cluster);
      assert.ok(finding?.code === 'session-pod.refused' && finding.outcome === 'blocker');
      assert.equal(finding.params.because, because);
      assert.equal(finding.params.detail, message.replace(/\s+/g, ' '));
    });
  }

  it('is refused without the secrets that the answer holds', async (t) => {
    const cluster = await readableCluster(t);
    const secret = 'sha256~aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';
    const message = `admission webhook "x.example.com" denied the request: Bearer ${secret}`;
    cluster.faults.add(status(403, message));
    assert.doesNotMatch(JSON.stringify(await findingsOf(t, cluster)), /aaaaaaaa/);
  });

  it('is not judged by a webhook that cannot be asked without effect', async (t) => {
    const cluster = await readableCluster(t);
    const message = 'admission webhook "pods.example.com" does not support dry run';
    cluster.faults.add(status(400, message, 'BadRequest'));
    assert.deepEqual(short(await findingsOf(t, cluster)), ['warning session-pod.no-dry-run']);
  });

  for (const [code, message] of [
    [500, 'Internal error occurred: failed calling webhook "x.example.com": context deadline exceeded'],
    [503, 'the server is currently unable to handle the request'],
    [429, 'too many requests'],
    [409, 'Operation cannot be fulfilled on resourcequotas "q": the object has been modified'],
  ] as const) {
    it(`is unknown, and no obstacle, after HTTP ${code}`, async (t) => {
      const cluster = await readableCluster(t);
      cluster.faults.add(status(code, message, 'Conflict'));
      assert.deepEqual(short(await findingsOf(t, cluster)), ['warning session-pod.unreadable']);
    });
  }

  it('is unknown, and no obstacle, when the question is not answered', async (t) => {
    const cluster = await readableCluster(t);
    cluster.faults.add({ kind: 'freeze', match: isDryRun });
    const [finding] = await findingsOf(t, cluster, 5_000);
    assert.ok(finding?.code === 'session-pod.unreadable' && finding.outcome === 'warning');
    assert.equal(finding.params.why.reason, 'timeout');
  });

  it('is asked about again on a connection that ended', async (t) => {
    const cluster = await readableCluster(t);
    cluster.faults.add({ kind: 'lost-response', times: 1, match: isDryRun });
    assert.deepEqual(short(await findingsOf(t, cluster)), ['passed session-pod.admitted']);
    assert.deepEqual(cluster.objects.list('pods', namespace), []);
  });

  it('has no finding of its own where a missing right explains it', async (t) => {
    const cluster = await readableCluster(t);
    for (const rule of cluster.botRules()) {
      if (rule.rule.resources?.includes('securitycontextconstraints')) cluster.withoutRule(rule);
    }
    assert.deepEqual(short(await findingsOf(t, cluster)), []);
  });
});
