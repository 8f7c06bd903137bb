import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { known, unknown } from '../../../src/domain/cluster/reading.ts';
import { preflight } from '../../../src/domain/preflight/preflight.ts';
import { areRetryable } from '../../../src/domain/run/retryable.ts';
import { facts, node, noon, policy, unread, version } from '../../support/cluster-facts.ts';
import { check, found, troubles } from './check.ts';

describe('preflight', () => {
  it('finds nothing to complain about in a healthy cluster and proposes the whole plan', () => {
    const result = check();
    assert.deepEqual(troubles(result), []);
    assert.deepEqual(result.plan, {
      clusterId: '6b0f2d4c-7a0e-4a53-9a44-3a4c1b2d9f10',
      infrastructureName: 'lab-x7k2p',
      apiUrl: 'https://api.lab.example.com:6443',
      zStream: '4.16.8',
      releaseImage: version().desiredImage,
      topology: 'HighlyAvailable',
      node: 'master-0',
      nodeIp: '10.0.0.10',
      sessionImage: 'quay.io/etcd@sha256:e',
      proxyInUse: false,
      encryptionType: 'aescbc',
      members: ['master-0', 'master-1', 'master-2'],
    });
  });

  it('says which checks still need the node', () => {
    const later = check().findings.filter((each) => each.outcome === 'later');
    assert.deepEqual(
      later.map((each) => each.code),
      ['disk.later', 'script.later'],
    );
  });

  it('decides the same for the same facts, in whatever order the cluster lists its nodes', () => {
    const nodes = [node('master-2'), node('master-0'), node('master-1')];
    assert.equal(
      check({ nodes: known(nodes) }).plan?.node,
      check({ nodes: known(nodes.toReversed()) }).plan?.node,
    );
    assert.deepEqual(check(), check());
  });

  it('warns about each fact that it could not read, and stops only where no run can be planned without it', () => {
    const nothing = facts({
      version: unread,
      infrastructure: unread,
      proxy: unread,
      operators: unread,
      etcd: unread,
      encryption: { type: unread, kubeApiServer: unread, openshiftApiServer: unread, oauthApiServer: unread },
      nodes: unread,
      etcdPods: unread,
      caBundles: [{ name: 'csr-controller-ca', bundle: unread }],
      workerPools: unread,
      ownRights: unread,
    });
    const requester = { clusterUser: 'requester', clusterAdmin: unread };
    const result = preflight(nothing, { policy: policy(), nodeWanted: undefined, requester, now: noon });
    assert.deepEqual(troubles(result), [
      'blocker topology.unreadable',
      'blocker version.unreadable',
      'warning operators.unreadable',
      'warning etcd.unreadable',
      ...Array.from({ length: 4 }, () => 'warning encryption.unreadable'),
      'blocker nodes.unreadable',
      'warning proxy.unreadable',
      'warning pools.unreadable',
      'warning rights.unreadable',
      'blocker requester.unreadable',
    ]);
    assert.equal(result.plan, undefined);
  });

  it('still proposes a plan when something blocks that the plan does not need', () => {
    const result = check({
      ownRights: known([{ right: 'create pods', role: 'r', neededFor: 'run', allowed: false }]),
    });
    assert.deepEqual(troubles(result), ['blocker right.missing']);
    assert.ok(result.plan);
  });

  const noApi = unknown('no-such-api', 'clusterversions/version: HTTP 404');

  for (const [why, change, context] of [
    ['its list of APIs was not read', {}, {}],
    ['its list of APIs has the group', { configApi: true }, {}],
    ['its nodes could not be read', { configApi: false, nodes: unknown('server-error', 'HTTP 404') }, {}],
    ['it shows no nodes', { configApi: false, nodes: known([]) }, {}],
    ['it had a ClusterVersion before', { configApi: false }, { versionSeen: true }],
  ] as const) {
    it(`takes a cluster whose ClusterVersion is answered with 404 for no MicroShift when ${why}`, () => {
      const result = check({ version: noApi, ...change }, context);
      assert.deepEqual(found(result, 'blocker', 'version.unreadable'), {
        why: noApi.ok ? undefined : noApi.why,
      });
    });
  }

  it('lets what an API server that is starting lacks be asked for again', () => {
    const result = check({ version: noApi, infrastructure: noApi, operators: noApi, configApi: true });
    assert.deepEqual(troubles(result), [
      'blocker topology.unreadable',
      'blocker version.unreadable',
      'warning operators.unreadable',
    ]);
    assert.ok(areRetryable(result.findings));
  });

  it('refuses MicroShift by its name, and says nothing else', () => {
    const result = check({ version: noApi, infrastructure: noApi, configApi: false });
    assert.deepEqual(
      result.findings.map((each) => `${each.outcome} ${each.code}`),
      ['blocker version.microshift'],
    );
    assert.equal(result.plan, undefined);
  });

  it('refuses a hosted control plane, and says nothing else', () => {
    const infrastructure = known({ infrastructureName: 'x', apiUrl: 'y', controlPlaneTopology: 'External' });
    const result = check({ infrastructure, nodes: known([]) });
    assert.deepEqual(
      result.findings.map((each) => `${each.outcome} ${each.code}`),
      ['blocker topology.hosted'],
    );
  });

  for (const [topology, expected] of [
    ['SingleReplica', []],
    ['HighlyAvailable', []],
    ['HighlyAvailableArbiter', []],
    ['DualReplica', ['warning topology.dual-replica']],
    ['TripleMoon', ['warning topology.unknown-kind']],
  ] as const) {
    it(`runs on topology ${topology}`, () => {
      const infrastructure = known({ infrastructureName: 'x', apiUrl: 'y', controlPlaneTopology: topology });
      const result = check({ infrastructure });
      assert.deepEqual(troubles(result), expected);
      assert.equal(result.plan?.topology, topology);
    });
  }

  it('counts worker pools that lag as information, not as a reason to stop or warn', () => {
    const result = check({
      workerPools: known([
        { name: 'worker', updated: false },
        { name: 'infra', updated: true },
      ]),
    });
    assert.deepEqual(found(result, 'passed', 'pools.updating'), { names: ['worker'] });
    assert.deepEqual(troubles(result), []);
  });

  it('blocks on a missing right that a run needs and warns about one for a single fact, each with its role', () => {
    const result = check({
      ownRights: known([
        { right: 'create pods', role: 'etcd-backup-sessions', neededFor: 'run', allowed: false },
        { right: 'list groups', role: 'etcd-backup', neededFor: 'read', allowed: false },
        { right: 'list nodes', role: 'etcd-backup', neededFor: 'run', allowed: true },
      ]),
    });
    const missing = result.findings.filter((each) => each.code === 'right.missing');
    assert.deepEqual(
      missing.map(({ outcome, params }) => [outcome, params]),
      [
        ['blocker', { right: 'create pods', role: 'etcd-backup-sessions' }],
        ['warning', { right: 'list groups', role: 'etcd-backup' }],
      ],
    );
  });

  it('blocks a requester who is no cluster-admin, and one whose rights could not be read', () => {
    const requester = (clusterAdmin: typeof unread | { ok: true; value: boolean }) =>
      check({}, { requester: { clusterUser: 'requester', clusterAdmin } });
    assert.deepEqual(troubles(requester(known(false))), ['blocker requester.not-cluster-admin']);
    assert.deepEqual(troubles(requester(unread)), ['blocker requester.unreadable']);
  });
});
