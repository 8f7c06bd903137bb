import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ClusterFacts, Condition, EncryptionFacts } from '../../../src/domain/cluster/facts.ts';
import { known } from '../../../src/domain/cluster/reading.ts';
import { nodeFindings } from '../../../src/domain/preflight/node-findings.ts';
import {
  condition,
  encryption,
  etcdPod,
  noon,
  operator,
  policy,
  unread,
} from '../../support/cluster-facts.ts';
import { check, found, troubles } from './check.ts';

const four = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'etcd'];

describe('the operators', () => {
  const withOperator = (name: string, change: readonly Condition[]) =>
    check({ operators: known(four.map((each) => operator(each, each === name ? change : []))) });

  for (const name of four) {
    it(`block while ${name} progresses`, () => {
      const result = withOperator(name, [condition('Progressing', 'True', { message: 'rolling out 7' })]);
      assert.deepEqual(found(result, 'blocker', 'operator.progressing'), { name, message: 'rolling out 7' });
    });
  }

  it('only warn when one is degraded', () => {
    assert.deepEqual(troubles(withOperator('etcd', [condition('Degraded', 'True')])), [
      'warning operator.degraded',
    ]);
  });

  it('block on anything but Progressing False, since the script stops there', () => {
    const unknown = withOperator('etcd', [condition('Progressing', 'Unknown')]);
    assert.deepEqual(found(unknown, 'blocker', 'operator.progress-unknown'), {
      name: 'etcd',
      status: 'Unknown',
    });
    const silent = four.map((name) =>
      name === 'etcd' ? { name, conditions: [condition('Degraded', 'False')] } : operator(name),
    );
    const noCondition = check({ operators: known(silent) });
    assert.deepEqual(found(noCondition, 'blocker', 'operator.progress-unknown'), {
      name: 'etcd',
      status: 'absent',
    });
    const noOperator = check({ operators: known(four.slice(1).map((name) => operator(name))) });
    assert.deepEqual(troubles(noOperator), ['blocker operator.progress-unknown']);
  });

  it('only warn when Degraded is not known, or when none of them may be read', () => {
    const unknown = withOperator('etcd', [condition('Degraded', 'Unknown')]);
    assert.deepEqual(troubles(unknown), ['warning operator.condition-unknown']);
    assert.deepEqual(troubles(check({ operators: unread })), ['warning operators.unreadable']);
  });

  it('do not look at operators whose pods are not in the backup', () => {
    const others = [operator('dns', [condition('Progressing', 'True')])];
    assert.deepEqual(
      troubles(check({ operators: known([...four.map((name) => operator(name)), ...others]) })),
      [],
    );
  });
});

describe('etcd', () => {
  const withEtcd = (...conditions: readonly Condition[]) =>
    check({ etcd: known({ conditions, nodeRevisions: [] }) });
  const available = (message: string) => condition('EtcdMembersAvailable', 'True', { message });

  it('blocks without quorum, False or Unknown', () => {
    for (const status of ['False', 'Unknown'] as const) {
      const result = withEtcd(
        condition('EtcdMembersAvailable', status, { message: '1 of 3 members are available' }),
      );
      assert.deepEqual(troubles(result), ['blocker etcd.no-quorum']);
    }
  });

  it('only warns when one member is down but quorum holds: a backup is needed most then', () => {
    const byMessage = withEtcd(available('2 of 3 members are available, master-1 is unhealthy'));
    assert.deepEqual(troubles(byMessage), ['warning etcd.member-down']);
    const degraded = condition('EtcdMembersDegraded', 'True', { message: 'master-1 is unhealthy' });
    const byCondition = withEtcd(available('members are available'), degraded);
    assert.deepEqual(found(byCondition, 'warning', 'etcd.member-down'), { message: 'master-1 is unhealthy' });
  });

  describe('whose members are no longer asked, while EtcdMembersAvailable is a stale True', () => {
    const stale = [
      available('3 members are available'),
      condition('EtcdMembersControllerDegraded', 'True', { message: 'context deadline exceeded' }),
    ];
    const withPods = (etcdPods: ClusterFacts['etcdPods'], topology = 'HighlyAvailable') =>
      check({
        etcd: known({ conditions: stale, nodeRevisions: [] }),
        etcdPods,
        infrastructure: known({ infrastructureName: 'x', apiUrl: 'y', controlPlaneTopology: topology }),
      });
    const pods = (...ready: readonly boolean[]) =>
      known(ready.map((each, index) => etcdPod(`master-${index}`, each)));

    it('has no quorum when most of its pods are not Ready', () => {
      const result = withPods(pods(true, false, false));
      assert.deepEqual(troubles(result), ['blocker etcd.no-quorum']);
      assert.deepEqual(found(result, 'blocker', 'etcd.no-quorum'), { message: 'context deadline exceeded' });
    });

    it('only warns when most of its pods are Ready: a backup is needed most then', () => {
      const result = withPods(pods(true, true, false));
      assert.deepEqual(troubles(result), ['warning etcd.members-not-asked']);
      const { ready, members } = found(result, 'warning', 'etcd.members-not-asked');
      assert.deepEqual([ready, members], [2, 3]);
    });

    it('blocks when nothing else shows a majority', () => {
      const session = { ...policy().session, image: 'registry.example.com/tools:1' };
      const result = check(
        { etcd: known({ conditions: stale, nodeRevisions: [] }), etcdPods: unread },
        { policy: policy({ session }) },
      );
      found(result, 'blocker', 'etcd.quorum-unknown');
    });

    it('goes on with one member of two only where fencing lets it', () => {
      assert.deepEqual(troubles(withPods(pods(true, false), 'DualReplica')), [
        'warning topology.dual-replica',
        'warning etcd.members-not-asked',
      ]);
      assert.deepEqual(troubles(withPods(pods(true, false))), ['blocker etcd.no-quorum']);
    });
  });

  it('has no quorum when EtcdMembersDegraded counts a minority, whatever EtcdMembersAvailable says', () => {
    const stale = available('3 members are available');
    const counted = condition('EtcdMembersDegraded', 'True', {
      message: '1 of 3 members are available, master-1 is unhealthy, master-2 is unhealthy',
    });
    assert.deepEqual(troubles(withEtcd(stale, counted)), ['blocker etcd.no-quorum']);
    const uncounted = condition('EtcdMembersDegraded', 'True', { message: 'master-1 is unhealthy' });
    const minority = available('1 of 3 members are available, master-1 is unhealthy');
    assert.deepEqual(troubles(withEtcd(minority, uncounted)), ['blocker etcd.no-quorum']);
  });

  it('goes by the pods where EtcdMembersDegraded counts nothing, and where fencing leaves one of two', () => {
    const uncounted = condition('EtcdMembersDegraded', 'True', { message: 'master-1 is unhealthy' });
    const conditions = [available('3 members are available'), uncounted];
    const etcdPods = known(
      ['master-0', 'master-1', 'master-2'].map((name, index) => etcdPod(name, index === 0)),
    );
    const lost = check({ etcd: known({ conditions, nodeRevisions: [] }), etcdPods });
    assert.deepEqual(troubles(lost), ['blocker etcd.no-quorum']);
    const left = check({
      etcd: known({
        conditions: [available('1 of 2 members are available, master-1 is unhealthy')],
        nodeRevisions: [],
      }),
      etcdPods: known([etcdPod('master-0'), etcdPod('master-1', false)]),
      infrastructure: known({ infrastructureName: 'x', apiUrl: 'y', controlPlaneTopology: 'DualReplica' }),
    });
    assert.deepEqual(troubles(left), ['warning topology.dual-replica', 'warning etcd.member-down']);
  });

  describe('whose operator says that all is well, or may not be read', () => {
    const fine = known({ conditions: [available('3 members are available')], nodeRevisions: [] });
    const pods = (...ready: readonly boolean[]) =>
      known(ready.map((each, index) => etcdPod(`master-${index}`, each)));

    for (const [what, etcd, others] of [
      ['well', fine, []],
      ['unreadable', unread, ['warning etcd.unreadable']],
    ] as const) {
      it(`warns of one pod that is not Ready: ${what}`, () => {
        const result = check({ etcd, etcdPods: pods(true, true, false) });
        assert.deepEqual(troubles(result), ['warning etcd.pods-not-ready', ...others]);
        const { names, ready, members } = found(result, 'warning', 'etcd.pods-not-ready');
        assert.deepEqual([names, ready, members], [['etcd-master-2'], 2, 3]);
        assert.ok(!result.findings.some(({ code }) => code === 'etcd.available'));
      });

      it(`has no quorum when most pods are not Ready: ${what}`, () => {
        const result = check({ etcd, etcdPods: pods(true, false, false) });
        assert.deepEqual(troubles(result), ['blocker etcd.no-quorum']);
        assert.deepEqual(found(result, 'blocker', 'etcd.no-quorum'), {
          message: '1 of 3 etcd pods are Ready (not Ready: etcd-master-1, etcd-master-2)',
        });
      });
    }

    it('warns of a member that has no pod at all', () => {
      const nodeRevisions = ['a', 'b', 'c'].map((node) => ({ node, currentRevision: 2 }));
      const etcd = known({ conditions: [available('3 members are available')], nodeRevisions });
      const result = check({ etcd, etcdPods: pods(true, true) });
      assert.deepEqual(found(result, 'warning', 'etcd.pods-not-ready'), { names: [], ready: 2, members: 3 });
    });

    it('goes by the pods where the operator still counts a majority of members', () => {
      const counted = known({
        conditions: [available('2 of 3 members are available, master-2 is unhealthy')],
        nodeRevisions: [],
      });
      const lost = check({ etcd: counted, etcdPods: pods(true, false, false) });
      assert.deepEqual(troubles(lost), ['blocker etcd.no-quorum']);
      const held = check({ etcd: counted, etcdPods: pods(true, true, false) });
      assert.deepEqual(troubles(held), ['warning etcd.member-down']);
    });
  });

  it('says in which words a member has not started', () => {
    const result = withEtcd(available('NAME-PENDING-10.0.0.12 has not started'));
    assert.deepEqual(troubles(result), ['warning etcd.member-down']);
  });

  it('warns about degraded controllers of its operator', () => {
    const result = withEtcd(
      available('3 members are available'),
      condition('NodeControllerDegraded', 'True'),
    );
    assert.deepEqual(found(result, 'warning', 'etcd.degraded'), { message: 'NodeControllerDegraded' });
  });

  it('warns when it is not known whether there is quorum', () => {
    const { why } = found(withEtcd(), 'warning', 'etcd.unreadable');
    assert.match(why.detail, /EtcdMembersAvailable/);
  });

  it('falls back to the etcd pods for the names of the members', () => {
    assert.deepEqual(check({ etcd: unread }).plan?.members, ['master-0', 'master-1', 'master-2']);
  });
});

describe('encryption', () => {
  const done = encryption('True', 'EncryptionCompleted');
  const off = encryption('False', 'EncryptionDisabled');
  const all = (type: string, each: typeof done, change: Partial<EncryptionFacts> = {}) =>
    check({
      encryption: {
        type: known(type),
        kubeApiServer: each,
        openshiftApiServer: each,
        oauthApiServer: each,
        ...change,
      },
    });
  const servers = [
    ['kubeApiServer', 'kube-apiserver'],
    ['openshiftApiServer', 'openshift-apiserver'],
    ['oauthApiServer', 'oauth-apiserver'],
  ] as const;

  for (const [server, component] of servers) {
    for (const reason of ['EncryptionInProgress', 'DecryptionInProgress']) {
      it(`blocks during ${reason} of ${component}`, () => {
        const result = all('aescbc', done, { [server]: encryption('False', reason) });
        assert.deepEqual(troubles(result), ['blocker encryption.migrating']);
        assert.deepEqual(found(result, 'blocker', 'encryption.migrating'), { component, reason });
      });
    }

    it(`blocks while the key of ${component} is rotated, which leaves EncryptionCompleted as it is`, () => {
      const result = all('aescbc', done, { [server]: encryption('True', 'EncryptionCompleted', 'True') });
      assert.deepEqual(troubles(result), ['blocker encryption.rewriting']);
      assert.equal(found(result, 'blocker', 'encryption.rewriting').component, component);
    });

    it(`blocks while the spec and what ${component} reports contradict each other`, () => {
      const begins = all('aescbc', done, { [server]: off });
      assert.deepEqual(found(begins, 'blocker', 'encryption.mismatch'), {
        component,
        type: 'aescbc',
        reason: 'EncryptionDisabled',
      });
      const ends = all('identity', off, { [server]: done });
      assert.deepEqual(troubles(ends), ['blocker encryption.mismatch']);
    });

    it(`warns when ${component} says nothing, or something unknown`, () => {
      const nothing = known({ encrypted: undefined, migration: undefined });
      const absent = found(all('aescbc', done, { [server]: nothing }), 'warning', 'encryption.unreadable');
      assert.ok(absent.what.includes(component));
      const odd = all('aescbc', done, { [server]: encryption('Unknown', 'Whatever') });
      assert.match(found(odd, 'warning', 'encryption.unreadable').why.detail, /Whatever/);
    });
  }

  it('is settled when it is off, be it for ever or after decryption', () => {
    const decrypted = encryption('False', 'DecryptionCompleted');
    for (const each of [off, decrypted]) {
      const result = all('identity', each);
      assert.deepEqual(troubles(result), []);
      found(result, 'passed', 'encryption.off');
      assert.equal(result.plan?.encryptionType, 'identity');
    }
    assert.deepEqual(troubles(all('aescbc', decrypted)), Array(3).fill('blocker encryption.mismatch'));
  });

  it('does not ask an OAuth API server that is not there', () => {
    assert.deepEqual(troubles(all('aesgcm', done, { oauthApiServer: known(undefined) })), []);
  });

  it('compares nothing with a type that could not be read', () => {
    const result = all('', off, { type: unread });
    assert.deepEqual(troubles(result), ['warning encryption.unreadable']);
  });
});

describe('the proxy', () => {
  const withNoProxy = (noProxy: string) =>
    check({
      proxy: known({ httpProxy: '', httpsProxy: 'http://user:hunter2@proxy.example.com:3128', noProxy }),
    });

  it('is exported when it is set, quietly when the node is excluded from it', () => {
    const result = withNoProxy('10.0.0.0/16,.svc');
    found(result, 'passed', 'proxy.exported');
    assert.deepEqual(troubles(result), []);
    assert.equal(result.plan?.proxyInUse, true);
  });

  it('is warned about when its noProxy lacks the node', () => {
    assert.deepEqual(found(withNoProxy('10.1.0.0/16'), 'warning', 'proxy.node-not-excluded'), {
      nodeIp: '10.0.0.10',
    });
  });

  it('never gets its password into findings or plan', () => {
    assert.doesNotMatch(JSON.stringify(withNoProxy('')), /hunter2/);
  });

  it('is none when only noProxy is set', () => {
    found(
      check({ proxy: known({ httpProxy: '', httpsProxy: '', noProxy: 'localhost' }) }),
      'passed',
      'proxy.none',
    );
  });
});

describe('the off-peak window', () => {
  const at = (fromMinute: number, toMinute: number) =>
    check({}, { policy: policy({ offPeak: { fromMinute, toMinute } }), now: noon });

  it('passes inside, and warns outside with the next start', () => {
    found(at(11 * 60, 13 * 60), 'passed', 'off-peak.inside');
    assert.deepEqual(found(at(22 * 60, 5 * 60), 'warning', 'off-peak.outside'), {
      window: '22:00–05:00',
      timeZone: 'UTC',
      nextStart: noon + 10 * 3_600_000,
    });
  });
});

describe('what only the node can show', () => {
  const disk = {
    scriptPresent: true,
    freeBytes: 200,
    databaseBytes: 100,
    nodeTime: noon,
    askedAt: noon,
    runDirectories: [],
  };
  const outcomes = (change: Partial<typeof disk>) =>
    nodeFindings({ ...disk, ...change }, '/s.sh').map(({ outcome, code }) => `${outcome} ${code}`);

  it('asks for twice the database as free space', () => {
    assert.deepEqual(outcomes({}), ['passed disk.enough', 'passed script.present']);
    assert.deepEqual(outcomes({ freeBytes: 199 }), ['blocker disk.too-small', 'passed script.present']);
  });

  it('asks for the script', () => {
    assert.deepEqual(outcomes({ scriptPresent: false }), ['passed disk.enough', 'blocker script.missing']);
  });
});
