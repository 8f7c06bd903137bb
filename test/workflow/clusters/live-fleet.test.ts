import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ClusterPolicy } from '../../../src/domain/policy/policy.ts';
import { createLiveFleet } from '../../../src/workflow/clusters/live-fleet.ts';
import { superviseClusters } from '../../../src/workflow/clusters/supervise.ts';
import type { FleetChange, FleetConfiguration } from '../../../src/workflow/ports/configuration.ts';
import { policyOf } from '../../support/policies.ts';

const people = [{ slackUser: 'U1', clusterUser: 'requester', groups: [] }];

function configured(...policies: readonly ClusterPolicy[]): FleetConfiguration {
  const clusters = policies.map((policy) => ({
    policy,
    connection: { cluster: policy.name, kubeconfig: 'in-cluster', requestDeadlineMs: 1_000 } as const,
  }));
  return { clusters, people };
}

const [east, west] = [policyOf('east'), policyOf('west')];
const names = ({ clusters }: { readonly clusters: readonly ClusterPolicy[] }) =>
  clusters.map(({ name }) => name);

describe('the fleet while a bot runs', () => {
  it('takes a new cluster and new people at once, and keeps the object of what did not change', () => {
    const fleet = createLiveFleet(configured(east));
    const before = fleet.cluster('east');
    const changes: FleetChange[] = [];
    fleet.subscribe((change) => changes.push(change));
    fleet.apply({
      ...configured(policyOf('east'), west),
      people: [{ slackUser: 'U2', clusterUser: 'x', groups: [] }],
    });
    assert.deepEqual(names(fleet), ['east', 'west']);
    assert.equal(fleet.cluster('east'), before);
    assert.deepEqual([fleet.person('U1'), fleet.person('U2')?.clusterUser], [undefined, 'x']);
    assert.deepEqual(changes, [{ joined: ['west'], left: [] }]);
    assert.deepEqual(fleet.waiting(), []);
  });

  it('keeps the old policy and connection until the change is settled', () => {
    const fleet = createLiveFleet(configured(east));
    const next = configured(policyOf('east', { channel: 'C2' }));
    fleet.apply(next);
    assert.equal(fleet.cluster('east')?.channel, 'C1');
    const [waiting] = fleet.waiting();
    assert.deepEqual(waiting, { cluster: 'east', what: 'policy' });
    fleet.settle(waiting ?? assert.fail());
    assert.deepEqual([fleet.cluster('east')?.channel, fleet.waiting()], ['C2', []]);
  });

  it('keeps a removed cluster as leaving until it is settled, then knows its policy for last messages', () => {
    const fleet = createLiveFleet(configured(east, west));
    const left: string[] = [];
    fleet.subscribe((change) => left.push(...change.left));
    fleet.apply(configured(east));
    assert.deepEqual([names(fleet), fleet.cluster('west')?.leaving, left], [['east', 'west'], true, []]);
    fleet.settle({ cluster: 'west', what: 'removal' });
    assert.deepEqual(
      [names(fleet), fleet.cluster('west'), fleet.connection('west')],
      [['east'], undefined, undefined],
    );
    assert.deepEqual([fleet.lastKnown('west')?.channel, left], ['C1', ['west']]);
  });

  it('takes back a cluster that returns while it leaves, and settles nothing that the files say no more', () => {
    const fleet = createLiveFleet(configured(east, west));
    fleet.apply(configured(east));
    fleet.apply(configured(east, policyOf('west', { channel: 'C2' })));
    assert.deepEqual([fleet.cluster('west')?.leaving, fleet.cluster('west')?.channel], [undefined, 'C1']);
    // Decided on when it was still to be removed.
    fleet.settle({ cluster: 'west', what: 'removal' });
    assert.deepEqual(fleet.waiting(), [{ cluster: 'west', what: 'policy' }]);
    fleet.settle({ cluster: 'west', what: 'policy' });
    assert.equal(fleet.cluster('west')?.channel, 'C2');
  });
});

describe('the work of each cluster', () => {
  it('begins with the fleet and with each that joins, and ends when that one leaves, or all is stopped', () => {
    const fleet = createLiveFleet(configured(east));
    const begun = new Map<string, AbortSignal>();
    const supervisor = superviseClusters(fleet, async (cluster, _index, signal) => {
      begun.set(cluster, signal);
    });
    supervisor.start();
    fleet.apply(configured(east, west));
    assert.deepEqual([...begun.keys()], ['east', 'west']);
    fleet.apply(configured(east));
    assert.equal(begun.get('west')?.aborted, false);
    fleet.settle({ cluster: 'west', what: 'removal' });
    assert.deepEqual([begun.get('west')?.aborted, begun.get('east')?.aborted], [true, false]);
    supervisor.stop();
    assert.equal(begun.get('east')?.aborted, true);
    fleet.apply(configured(east, west));
    assert.equal(begun.get('west')?.aborted, true);
  });
});
