import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostOfEndpoint } from '../../../src/domain/cluster/etcd-members.ts';
import { known, unknown } from '../../../src/domain/cluster/reading.ts';
import type { Manifest, ManifestMember } from '../../../src/domain/copies/manifest-document.ts';
import { manifestMembers } from '../../../src/domain/restore/manifest-members.ts';
import { memberHosts, otherHosts, recoveryHost } from '../../../src/domain/restore/recovery-host.ts';
import { restorePlan } from '../../../src/domain/restore/restore-plan.ts';
import { aManifest, startedAt } from '../../support/manifests.ts';

function withMembers(change: (list: readonly ManifestMember[]) => readonly ManifestMember[]): Manifest {
  const base = aManifest();
  const { readAt = null, list = [] } = base.etcdMembers ?? {};
  return { ...base, etcdMembers: { readAt, list: change(list) } };
}

const set = (index: number, change: Partial<ManifestMember>) =>
  withMembers((list) => list.map((each, at) => (at === index ? { ...each, ...change } : each)));

test('the recovery host: no learner, the highest raft index, never the arbiter', () => {
  const printed = (manifest: Manifest) => {
    const { name, address, because } = recoveryHost(manifest);
    return [name, address, because];
  };
  assert.deepEqual(printed(aManifest()), ['master-0', '172.31.77.10', 'highest-raft-index']);
  assert.deepEqual(printed(set(2, { raftIndex: 7000 })), ['master-2', '172.31.77.12', 'highest-raft-index']);
  assert.equal(printed(set(2, { raftIndex: 7000, learner: true }))[0], 'master-0');
  assert.equal(printed(set(2, { raftIndex: 7000, arbiter: true }))[0], 'master-0');
  assert.equal(printed(set(0, { raftIndex: null, learner: null, leader: null }))[0], 'master-1');
  assert.equal(printed(set(1, { raftIndex: 6208 }))[0], 'master-0', 'of equals the node of the backup');
  assert.deepEqual(printed(withMembers(() => [])), ['master-0', '172.31.77.10', 'node-of-the-backup']);
  const { etcdMembers: _, ...formatOne } = aManifest();
  assert.deepEqual(printed(formatOne), ['master-0', '172.31.77.10', 'node-of-the-backup']);
});

test('the commands go to addresses, the recovery host among them, and name nodes where the API is meant', () => {
  const manifest = { ...set(2, { raftIndex: 7000 }), release: { zStream: '4.12.80', image: 'x' } };
  const need = { zStream: undefined, clusterId: undefined, runId: undefined, now: startedAt };
  const answer = restorePlan([manifest], need);
  assert.ok(answer.outcome === 'plan');
  const of = (kind: string) =>
    answer.plan.steps.find((step) => step.kind === kind)?.commands.join('\n') ?? '';
  assert.equal(of('recovery-host'), 'export RECOVERY_HOST=172.31.77.12');
  assert.match(of('stop-others'), /^ssh core@172\.31\.77\.10 .*\nssh core@172\.31\.77\.11 /);
  assert.doesNotMatch(of('stop-others'), /172\.31\.77\.12/);
  assert.equal(of('delete-nodes'), 'oc delete node master-0\noc delete node master-1');
  assert.match(of('ovn-wait'), /OTHER_ADDRESSES='172\\\.31\\\.77\\\.10\|172\\\.31\\\.77\\\.11'/);
});

test('a member whose address is not known is reached by name, and the reader fills the address in', () => {
  const manifest = { ...set(1, { address: null }), release: { zStream: '4.12.80', image: 'x' } };
  assert.deepEqual(otherHosts(manifest)[0], { name: 'master-1', address: undefined });
  assert.equal(memberHosts(manifest).length, 3);
  const need = { zStream: undefined, clusterId: undefined, runId: undefined, now: startedAt };
  const answer = restorePlan([manifest], need);
  assert.ok(answer.outcome === 'plan');
  const wait = answer.plan.steps.find((step) => step.kind === 'ovn-wait')?.commands.join('\n') ?? '';
  assert.match(wait, /OTHER_ADDRESSES:\?first/);
});

const node = (name: string, internalIp: string, change = {}) => ({
  name,
  internalIp,
  controlPlane: true,
  arbiter: false,
  cordoned: false,
  conditions: [],
  ...change,
});
const status = (endpoint: string, raftIndex: number) => ({
  endpoint,
  id: 'a1',
  raftIndex,
  learner: false,
  leader: false,
});

test('members are kept by node, with what etcd said of each; one that no node has is kept as well', () => {
  const nodes = known([
    node('master-0', '10.0.0.10'),
    node('master-1', '10.0.0.11', { internalIps: ['10.0.0.11', 'fd00::11'] }),
    node('arbiter-0', '10.0.0.12', { arbiter: true }),
  ]);
  const reading = {
    at: startedAt,
    answered: [
      status('https://10.0.0.10:2379', 5),
      status('https://[fd00::11]:2379', 6),
      status('https://10.0.0.99:2379', 7),
    ],
    silent: ['https://10.0.0.12:2379'],
  };
  const { readAt, list } = manifestMembers({ names: ['arbiter-0', 'master-0', 'master-1'], nodes, reading });
  assert.equal(readAt, '2026-11-23T06:14:44.000Z');
  assert.deepEqual(
    list.map((each) => [each.node, each.address, each.raftIndex, each.arbiter ?? false]),
    [
      ['arbiter-0', '10.0.0.12', null, true],
      ['master-0', '10.0.0.10', 5, false],
      ['master-1', 'fd00::11', 6, false],
      [null, '10.0.0.99', 7, false],
    ],
  );
});

test('addresses are known without etcd, and names without either', () => {
  const names = ['master-0'];
  const nodes = known([node('master-0', '10.0.0.10')]);
  const addresses = manifestMembers({ names, nodes, reading: undefined });
  assert.deepEqual([addresses.readAt, addresses.list[0]?.address], [null, '10.0.0.10']);
  const none = manifestMembers({ names, nodes: unknown('timeout', 'x'), reading: undefined });
  assert.deepEqual(
    none.list.map(({ node: name, address }) => [name, address]),
    [['master-0', null]],
  );
});

test('the host of a client address', () => {
  const hosts = ['https://10.0.0.1:2379', 'https://[fd00::1]:2379', 'http://etcd-0.example.com', '$(reboot)'];
  assert.deepEqual(hosts.map(hostOfEndpoint), ['10.0.0.1', 'fd00::1', 'etcd-0.example.com', undefined]);
});
