import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { NodeFacts } from '../../../src/domain/cluster/facts.ts';
import { known } from '../../../src/domain/cluster/reading.ts';
import type { NodeUnfit } from '../../../src/domain/preflight/finding.ts';
import { condition, etcdPod, node, policy, unread } from '../../support/cluster-facts.ts';
import { check, found, troubles } from './check.ts';

const ready = condition('Ready', 'True');
const noPressure = condition('DiskPressure', 'False');

const unfit: [string, Partial<NodeFacts>, NodeUnfit][] = [
  ['an arbiter', { arbiter: true }, 'arbiter'],
  ['an arbiter that is labelled control-plane too', { arbiter: true, controlPlane: true }, 'arbiter'],
  ['not Ready', { conditions: [condition('Ready', 'False'), noPressure] }, 'not-ready'],
  ['of unknown readiness', { conditions: [condition('Ready', 'Unknown'), noPressure] }, 'not-ready'],
  ['short of disk', { conditions: [ready, condition('DiskPressure', 'True')] }, 'disk-pressure'],
  ['silent about its disk', { conditions: [ready] }, 'disk-pressure'],
  ['without an internal IP', { internalIp: undefined }, 'no-internal-ip'],
];

describe('the node of a run', () => {
  for (const [what, change, because] of unfit) {
    it(`is never one that is ${what}`, () => {
      const nodes = known([node('master-0', change), node('master-1')]);
      assert.equal(check({ nodes }).plan?.node, 'master-1');
      const named = check({ nodes }, { nodeWanted: 'master-0' });
      assert.deepEqual(found(named, 'blocker', 'node.unfit'), {
        node: 'master-0',
        because,
        fit: ['master-1'],
      });
      assert.equal(named.plan, undefined);
    });
  }

  it('is never one whose etcd pod is not Ready or not there', () => {
    const etcdPods = known([etcdPod('master-0', false), etcdPod('master-2')]);
    assert.equal(check({ etcdPods }).plan?.node, 'master-2');
    const { because } = found(check({ etcdPods }, { nodeWanted: 'master-1' }), 'blocker', 'node.unfit');
    assert.equal(because, 'etcd-pod-not-ready');
  });

  it('is the first fit one by name', () => {
    const nodes = known([node('master-2'), node('master-1'), node('master-0', { cordoned: true })]);
    assert.deepEqual(found(check({ nodes }), 'passed', 'node.chosen'), {
      node: 'master-1',
      because: 'first-fit',
    });
    const only = check({ nodes: known([node('master-1')]) });
    assert.deepEqual(found(only, 'passed', 'node.chosen'), { node: 'master-1', because: 'only' });
  });

  it('is another one than those to avoid, and says so; one of them where no other is fit', () => {
    const nodes = known([node('master-0'), node('master-1'), node('master-2')]);
    const chosen = (...avoidNodes: readonly string[]) =>
      found(check({ nodes }, { avoidNodes }), 'passed', 'node.chosen');
    assert.deepEqual(chosen('master-0'), { node: 'master-1', because: 'other-failed' });
    assert.deepEqual(chosen('master-1'), { node: 'master-0', because: 'first-fit' });
    assert.deepEqual(chosen('master-0', 'master-1', 'master-2'), { node: 'master-0', because: 'first-fit' });
  });

  it('may be a cordoned one when it is named, with a warning', () => {
    const nodes = known([node('master-0', { cordoned: true }), node('master-1')]);
    const result = check({ nodes }, { nodeWanted: 'master-0' });
    assert.deepEqual(troubles(result), ['warning node.cordoned']);
    assert.deepEqual(found(result, 'passed', 'node.chosen'), { node: 'master-0', because: 'named' });
    assert.equal(result.plan?.node, 'master-0');
  });

  it('is a cordoned one where no other fits, with a warning', () => {
    const nodes = known([
      node('master-0', { conditions: [] }),
      node('master-1', { cordoned: true }),
      node('master-2', { cordoned: true }),
    ]);
    const result = check({ nodes });
    assert.deepEqual(troubles(result), ['warning node.cordoned']);
    assert.equal(result.plan?.node, 'master-1');
  });

  it('is no worker and no unknown name', () => {
    const worker = found(check({}, { nodeWanted: 'worker-9' }), 'blocker', 'node.unfit');
    assert.equal(worker.because, 'not-control-plane');
    const unknownNode = found(check({}, { nodeWanted: 'master-7' }), 'blocker', 'node.not-found');
    assert.deepEqual(unknownNode, { node: 'master-7', known: ['master-0', 'master-1', 'master-2'] });
  });

  it('is no node when none fits, and every control-plane node is named with its reason', () => {
    const nodes = known([
      node('arbiter-0', { arbiter: true, controlPlane: false }),
      node('master-1', { conditions: [] }),
      node('worker-0', { controlPlane: false }),
    ]);
    assert.deepEqual(found(check({ nodes }), 'blocker', 'node.none-fit').rejected, [
      { node: 'arbiter-0', because: 'arbiter' },
      { node: 'master-1', because: 'not-ready' },
    ]);
  });

  it('cannot get a session without an image: unknown pods block unless one is configured', () => {
    assert.deepEqual(troubles(check({ etcdPods: unread })), ['blocker node.etcd-pod-unknown']);
    const session = { ...policy().session, image: 'registry.example.com/tools:1' };
    const configured = check({ etcdPods: unread }, { policy: policy({ session }) });
    assert.deepEqual(troubles(configured), ['warning node.etcd-pod-unknown']);
    assert.equal(configured.plan?.sessionImage, 'registry.example.com/tools:1');
  });
});
