import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ClusterFacts, Condition } from '../../../src/domain/cluster/facts.ts';
import { known, mapReading, unknown } from '../../../src/domain/cluster/reading.ts';
import { isAllWell, roomChecks } from '../../../src/domain/restore-room/room-checks.ts';
import { facts as healthyFacts } from '../../support/cluster-facts.ts';

function is(type: string, status: Condition['status']): Condition {
  return { type, status };
}

const seen = healthyFacts();
const facts: ClusterFacts = {
  ...seen,
  operators: mapReading(seen.operators, (operators) =>
    operators.map(({ name, conditions }) => ({ name, conditions: [...conditions, is('Available', 'True')] })),
  ),
};
const expected = {
  clusterId: facts.version.ok ? facts.version.value.clusterId : '',
  zStream: facts.version.ok ? facts.version.value.desiredVersion : '',
  members: facts.etcdPods.ok ? facts.etcdPods.value.map(({ node }) => node) : [],
};
const states = (change: Partial<ClusterFacts>, wanted = expected) =>
  Object.fromEntries(roomChecks({ ...facts, ...change }, wanted).map(({ of, state }) => [of, state]));
const all = {
  api: 'well',
  'cluster-id': 'well',
  'z-stream': 'well',
  nodes: 'well',
  operators: 'well',
  members: 'well',
};
const silent = unknown('timeout', 'no answer');

describe('the checks at the end of a restore', () => {
  it('are well for a healthy cluster of the same release', () => {
    assert.deepEqual(states({}), all);
    assert(isAllWell(roomChecks(facts, expected)));
  });

  it('say nothing else where the API does not answer', () => {
    const checks = roomChecks({ ...facts, version: silent }, expected);
    assert.deepEqual(checks, [{ of: 'api', state: 'unknown', why: silent.ok ? undefined : silent.why }]);
    assert(!isAllWell(checks));
    assert(!isAllWell([]));
    assert(!isAllWell([{ of: 'api', state: 'well' }]), 'an answer alone is not enough');
  });

  it('find another cluster, another release, and one that is between two', () => {
    assert.equal(states({}, { ...expected, clusterId: 'other' })['cluster-id'], 'not-yet');
    assert.equal(states({}, { ...expected, zStream: '4.16.9' })['z-stream'], 'not-yet');
    assert(facts.version.ok);
    const { value } = facts.version;
    const moving = known({
      ...value,
      conditions: [
        ...value.conditions.filter(({ type }) => type !== 'Progressing'),
        is('Progressing', 'True'),
      ],
    });
    assert.equal(states({ version: moving })['z-stream'], 'not-yet');
  });

  it('name nodes that are not Ready, and do not take no node at all for well', () => {
    assert(facts.nodes.ok);
    const [first, ...rest] = facts.nodes.value;
    assert(first);
    const lost = { ...first, conditions: [is('Ready', 'Unknown')] };
    const found = roomChecks({ ...facts, nodes: known([lost, ...rest]) }, expected).find(
      ({ of }) => of === 'nodes',
    );
    assert.deepEqual(found, { of: 'nodes', state: 'not-yet', names: [first.name], count: rest.length + 1 });
    assert.equal(states({ nodes: known([]) }).nodes, 'not-yet');
    assert.equal(states({ nodes: silent }).nodes, 'unknown');
  });

  it('name operators that progress, are degraded or are not available', () => {
    assert(facts.operators.ok);
    const [first, ...rest] = facts.operators.value;
    assert(first);
    for (const condition of [is('Progressing', 'True'), is('Degraded', 'True'), is('Available', 'False')]) {
      const others: readonly Condition[] = first.conditions.filter(({ type }) => type !== condition.type);
      const unsettled: ClusterFacts['operators'] = known([
        { ...first, conditions: [...others, condition] },
        ...rest,
      ]);
      assert.equal(states({ operators: unsettled }).operators, 'not-yet');
    }
    assert.equal(states({ operators: silent }).operators, 'unknown');
  });

  it('count the members of etcd by their Ready pods; one may have come back under another name', () => {
    assert(facts.etcdPods.ok);
    const pods = facts.etcdPods.value;
    const [first, ...rest] = pods;
    assert(first);
    assert.equal(states({ etcdPods: known(rest) }).members, 'not-yet');
    assert.equal(states({ etcdPods: known([{ ...first, ready: false }, ...rest]) }).members, 'not-yet');
    assert.equal(states({ etcdPods: known([{ ...first, node: 'master-9' }, ...rest]) }).members, 'well');
    assert.equal(states({ etcdPods: silent }).members, 'unknown');
  });
});
