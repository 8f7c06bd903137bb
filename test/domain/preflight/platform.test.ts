import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Condition } from '../../../src/domain/facts.ts';
import { nodeFindings } from '../../../src/domain/preflight/node-findings.ts';
import { known } from '../../../src/domain/reading.ts';
import { condition, noon, operator, policy, unread } from '../../support/cluster-facts.ts';
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

  it('warn about a condition that is Unknown, and about an operator that is not there', () => {
    const unknown = withOperator('etcd', [condition('Progressing', 'Unknown')]);
    assert.deepEqual(found(unknown, 'warning', 'operator.condition-unknown'), {
      name: 'etcd',
      condition: 'Progressing',
    });
    const absent = check({ operators: known(four.slice(1).map((name) => operator(name))) });
    assert.deepEqual(troubles(absent), [
      'warning operator.condition-unknown',
      'warning operator.condition-unknown',
    ]);
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

  it('warns about degraded controllers of its operator', () => {
    const result = withEtcd(
      available('3 members are available'),
      condition('NodeControllerDegraded', 'True'),
    );
    assert.deepEqual(found(result, 'warning', 'etcd.degraded'), { message: 'NodeControllerDegraded' });
  });

  it('warns when nobody says whether there is quorum', () => {
    const { why } = found(withEtcd(), 'warning', 'etcd.unreadable');
    assert.match(why.detail, /EtcdMembersAvailable/);
  });

  it('falls back to the etcd pods for the names of the members', () => {
    assert.deepEqual(check({ etcd: unread }).plan?.members, ['master-0', 'master-1', 'master-2']);
  });
});

describe('encryption', () => {
  const done = known(condition('Encrypted', 'True', { reason: 'EncryptionCompleted' }));
  for (const reason of ['EncryptionInProgress', 'DecryptionInProgress']) {
    it(`blocks during ${reason}, of either API server`, () => {
      const busy = known(condition('Encrypted', 'False', { reason }));
      const one = check({
        encryption: { type: known('aescbc'), kubeApiServer: busy, openshiftApiServer: done },
      });
      assert.deepEqual(found(one, 'blocker', 'encryption.migrating'), {
        component: 'kube-apiserver',
        reason,
      });
      const other = check({
        encryption: { type: known('aescbc'), kubeApiServer: done, openshiftApiServer: busy },
      });
      assert.deepEqual(found(other, 'blocker', 'encryption.migrating'), {
        component: 'openshift-apiserver',
        reason,
      });
    });
  }

  it('is settled when it is off for good', () => {
    const off = known(condition('Encrypted', 'False', { reason: 'EncryptionDisabled' }));
    const result = check({
      encryption: { type: known('identity'), kubeApiServer: off, openshiftApiServer: off },
    });
    found(result, 'passed', 'encryption.off');
    assert.equal(result.plan?.encryptionType, 'identity');
  });

  it('warns about an absent condition', () => {
    const encryption = { type: known('aescbc'), kubeApiServer: known(undefined), openshiftApiServer: done };
    assert.match(found(check({ encryption }), 'warning', 'encryption.unreadable').what, /kube-apiserver/);
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

describe('what only the node can tell', () => {
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
