import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { SandboxCluster } from '../../../sandbox/cluster/cluster.ts';
import { judgeClusterAccess } from '../../../src/domain/doctor/cluster-access.ts';
import type { DoctorCode, DoctorLine } from '../../../src/domain/doctor/doctor.ts';
import type { SessionPolicy } from '../../../src/domain/policy/policy.ts';
import { createClusterReader } from '../../../src/openshift/facts/cluster-reader.ts';
import { ownRights } from '../../../src/openshift/facts/own-rights.ts';
import { policy } from '../../support/cluster-facts.ts';
import { connectionTo, readableCluster } from '../../support/connection.ts';

const clock = { now: () => Date.now() };
const namespace = 'etcd-backup-sessions';

async function look(
  t: TestContext,
  at: SandboxCluster,
  session: Partial<SessionPolicy> = {},
): Promise<readonly DoctorLine[]> {
  const reader = createClusterReader([await connectionTo(t, at)], clock);
  const usual = policy();
  const asked = { ...usual, session: { ...usual.session, namespace, ...session } };
  return judgeClusterAccess(asked, await reader.access(asked));
}

function lineOf<Code extends DoctorCode>(lines: readonly DoctorLine[], code: Code) {
  const found = lines.find((each) => each.code === code);
  return found ?? assert.fail(`no ${code} in ${lines.map((each) => each.code).join(', ')}`);
}

/** Lets the bot read its namespace, which deploy/ does not. */
function letReadNamespace(at: SandboxCluster): void {
  const rule = { apiGroups: [''], resources: ['namespaces'], verbs: ['get'] };
  at.objects.patch('clusterroles', 'etcd-backup', (role) => void role.rules.push(rule));
}

describe('the access of the bot to a cluster', { timeout: 60_000 }, () => {
  it('is good with exactly the rights of deploy/', async (t) => {
    const lines = await look(t, await readableCluster(t));

    assert.deepEqual(
      lines.map((each) => each.code),
      ['api.reachable', 'rights.complete', 'image.of-etcd-pods', 'clock.together'],
    );
    const rights = lineOf(lines, 'rights.complete');
    assert.deepEqual(rights.params, { cluster: 'lab', count: ownRights(namespace).length });
  });

  for (const [minutes, bot] of [
    [-2, 'ahead'],
    [2, 'behind'],
  ] as const) {
    it(`sees a cluster’s clock that is ${minutes} minutes off`, async (t) => {
      const now = () => new Date(Date.now() + minutes * 60_000);
      const { params, state } = lineOf(await look(t, await readableCluster(t, { now })), 'clock.apart');

      assert.equal(state, 'bad');
      assert.ok('bot' in params && params.bot === bot);
      assert.ok(Math.abs(params.seconds - 120) <= 5, String(params.seconds));
    });
  }

  it('forgives a clock that is 20 s off', async (t) => {
    const now = () => new Date(Date.now() + 20_000);
    const line = lineOf(await look(t, await readableCluster(t, { now })), 'clock.together');
    assert.ok('seconds' in line.params && Math.abs(line.params.seconds - 20) <= 4);
  });

  it('names every right when all roles are gone', async (t) => {
    const at = await readableCluster(t);
    for (const rule of at.botRules()) at.withoutRule(rule);

    const missing = (await look(t, at)).filter((each) => each.code === 'right.missing');

    assert.equal(missing.length, ownRights(namespace).length);
  });

  it('takes the configured session image, and misses one where no etcd pod names it', async (t) => {
    const at = await readableCluster(t);
    const image = 'registry.example.com/session:1';
    assert.deepEqual(lineOf(await look(t, at, { image }), 'image.configured').params, {
      cluster: 'lab',
      image,
    });
    for (const pod of at.objects.list('pods', 'openshift-etcd')) {
      at.objects.delete('pods', pod.metadata.name, 'openshift-etcd');
    }
    assert.equal(lineOf(await look(t, at), 'image.none').state, 'bad');
  });

  it('looks at the sessions’ namespace where the bot may read it', async (t) => {
    const at = await readableCluster(t);
    letReadNamespace(at);
    assert.equal(lineOf(await look(t, at), 'namespace.privileged').state, 'good');
    assert.equal(lineOf(await look(t, at, { namespace: 'nowhere' }), 'namespace.absent').state, 'bad');
    at.objects.patch('namespaces', namespace, ({ metadata }) => {
      metadata.labels = { 'pod-security.kubernetes.io/enforce': 'baseline' };
    });
    assert.deepEqual(lineOf(await look(t, at), 'namespace.not-privileged').params, {
      cluster: 'lab',
      namespace,
      level: 'baseline',
    });
  });

  it('is one line alone when the API does not answer, with the reason', async (t) => {
    const at = await readableCluster(t);
    at.faults.add({ kind: 'reset', match: () => true });

    const [line, ...others] = await look(t, at);

    assert.deepEqual(others, []);
    assert.ok(line?.code === 'api.unreachable');
    assert.equal(line.params.why.reason, 'unreachable');
  });
});

describe('the last contact with a cluster', { timeout: 60_000 }, () => {
  it('is that of its last answer: a reading that fails does not count', async (t) => {
    const at = await readableCluster(t);
    let now = 1_000;
    const reader = createClusterReader([await connectionTo(t, at)], { now: () => now });
    assert.equal(reader.lastContact('lab'), undefined);
    await reader.access(policy());
    assert.equal(reader.lastContact('lab'), 1_000);
    now = 2_000;
    at.faults.add({ kind: 'status', code: 500, match: () => true });
    await reader.access(policy());
    assert.equal(reader.lastContact('lab'), 1_000);
  });
});
