import type { KubeObject } from '../cluster/kube-object.ts';
import { failSession, notReady, podEnds, sessionNamespace, sessionPod } from './breaks.ts';
import type { Scenario } from './scenario.ts';

/** Nodes, and the session pod on one of them. */

export const nodeScenarios: readonly Scenario[] = [
  {
    name: 'node-not-ready',
    broken: 'the node that was asked for is not Ready',
    arrange: (stage) => notReady(stage.world, 'master-0'),
    async act(stage) {
      const runId = await stage.request('run node=master-0');
      await stage.settled(runId);
      return { runId };
    },
    expected: { outcome: 'blocked', says: /master-0.*not Ready/, withinS: 8 },
  },
  {
    name: 'node-not-ready-before-approval',
    broken: 'the node of the plan stops being Ready while the card waits',
    beforeApproval: (stage) => notReady(stage.world, 'master-0'),
    expected: { outcome: 'waiting', says: /master-0.*master-1/, withinS: 8 },
  },
  {
    name: 'node-not-ready-at-the-start',
    broken: 'the node of the plan stops being Ready after the approval, as the session opens',
    async act(stage) {
      const creating = stage.strike(
        ({ resource, subresource, verb, dryRun }) =>
          resource === 'pods' && !subresource && verb === 'create' && !dryRun,
        { kind: 'delay', ms: 700 },
      );
      const runId = await stage.request();
      await stage.approve(runId);
      await stage.reaches(runId, 'the session to open', (run) => run.step === 'opening-session');
      notReady(stage.world, 'master-0');
      creating();
      await stage.settled(runId);
      return { runId };
    },
    expected: {
      outcome: 'failed',
      says: /The kubelet of the node master-0 did not take up the session's pod/,
      withinS: 20,
    },
  },
  {
    name: 'node-lost-in-mid-run',
    broken: 'the node stops being Ready while the script runs: its pods cannot be ended any more',
    act: (stage) => stage.inMidScript(2, () => notReady(stage.world, 'master-0')),
    expected: {
      outcome: 'succeeded',
      says: /session pod etcd-backup-session could not be removed/,
      withinS: 25,
      left: 'backup and session pod',
    },
  },
  {
    name: 'image-not-pullable',
    broken: 'the node has lost the session’s image and cannot pull it',
    beforeApproval({ world }) {
      world.cluster.objects.patch('nodes', 'master-0', (node: KubeObject) => {
        node.status.images = [];
      });
    },
    expected: { outcome: 'failed', says: /could not get the session's image/, withinS: 12 },
  },
  {
    name: 'pod-deleted',
    broken: 'somebody deletes the session pod while the script runs',
    act: (stage) =>
      stage.inMidScript(20, () => stage.world.cluster.objects.delete('pods', sessionPod, sessionNamespace)),
    expected: {
      outcome: 'failed',
      says: /The session on the node was lost: its pod was deleted by somebody else/,
      withinS: 25,
    },
  },
  {
    name: 'pod-evicted',
    broken: 'the kubelet evicts the session pod while the script runs',
    act: (stage) => stage.inMidScript(20, () => failSession(stage.world, podEnds.evicted)),
    expected: {
      outcome: 'failed',
      says: /The session on the node was lost: its pod was ended: Evicted: The node was low on resource/,
      withinS: 25,
    },
  },
  {
    name: 'pod-deadline',
    broken: 'the deadline of the session pod passes while the script runs',
    act: (stage) => stage.inMidScript(20, () => failSession(stage.world, podEnds.deadline)),
    expected: {
      outcome: 'failed',
      says: /The session on the node was lost: its pod was ended: DeadlineExceeded/,
      withinS: 25,
    },
  },
];
