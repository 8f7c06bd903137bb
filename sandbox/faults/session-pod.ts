import { creating, deleting, reading } from './calls.ts';
import type { Scenario } from './scenario.ts';
import { apiDeadlines } from './worlds.ts';

/** The session pod: refused, made without an answer, slow to go. */

export const sessionPodScenarios: readonly Scenario[] = [
  {
    name: 'session-pod-over-quota',
    broken: 'a ResourceQuota of the sessions’ namespace leaves no room for the session pod',
    arrange: (stage) =>
      void stage.strike(
        ({ resource, verb, subresource }) => `${verb} ${resource} ${subresource}` === 'create pods undefined',
        {
          kind: 'status',
          code: 403,
          reason: 'Forbidden',
          message:
            'pods "etcd-backup-session" is forbidden: exceeded quota: pods, requested: pods=1, used: pods=0, limited: pods=0',
        },
      ),
    expected: { outcome: 'blocked', says: /A ResourceQuota of .* does not allow the pod/, withinS: 8 },
  },
  {
    name: 'api-answer-lost',
    broken: 'the session pod is made and deleted, but the answers are lost on their way',
    beforeApproval(stage) {
      for (const match of [creating, deleting])
        stage.strike(match, { kind: 'lost-response', match, times: 1 });
    },
    expected: { outcome: 'succeeded', says: /Backed up in/, withinS: 25 },
  },
  {
    name: 'api-gone-as-the-session-opens',
    broken: 'the session pod is made, then no call about it is answered any more',
    beforeApproval(stage) {
      stage.strike(creating, { kind: 'lost-response', match: creating, times: 1 });
      for (const match of [creating, reading, deleting]) stage.strike(match, { kind: 'reset' });
    },
    expected: {
      outcome: 'failed',
      says: /The session pod etcd-backup-session could not be removed, or the cluster did not confirm/,
      withinS: 40,
      left: 'session pod',
    },
  },
  {
    name: 'api-create-frozen',
    broken: 'the session pod is made, but no create is ever answered',
    beforeApproval: (stage) => void stage.strike(creating, { kind: 'frozen-answer' }),
    expected: { outcome: 'succeeded', says: /Backed up in/, withinS: 40 },
  },
  {
    name: 'api-create-late',
    broken: 'no create is answered, and the first one makes the pod after the session was given up',
    beforeApproval(stage) {
      const { startMs, requestMs } = apiDeadlines(stage.patience);
      // Later than the last create ends, and earlier than the bot stops looking for a late pod.
      const ms = startMs + requestMs + 1_000;
      stage.strike(creating, { kind: 'late', ms, match: creating, times: 1 });
      stage.strike(creating, { kind: 'freeze' });
    },
    expected: { outcome: 'failed', says: /Left on the node:.* nothing/, withinS: 40 },
  },
  {
    name: 'api-delete-frozen',
    broken: 'the session pod is deleted, but no delete is ever answered',
    beforeApproval: (stage) => void stage.strike(deleting, { kind: 'frozen-answer' }),
    expected: { outcome: 'succeeded', says: /Backed up in/, withinS: 30 },
  },
  {
    name: 'session-pod-slow-to-go',
    broken: 'the session pod of a run that is over goes 6 s after it was deleted',
    async act(stage) {
      const keep = stage.strike(deleting, { kind: 'status', code: 403, reason: 'Forbidden', message: 'no' });
      const first = await stage.request();
      await stage.approve(first);
      await stage.settled(first);
      keep();
      stage.world.cluster.pods.stopAfter(6_000);
      const runId = await stage.request();
      await stage.approve(runId);
      await stage.reaches(runId, 'the session to open', (run) => run.step === 'checking-node');
      stage.world.cluster.pods.stopAfter(undefined);
      await stage.settled(runId);
      return { runId };
    },
    expected: {
      outcome: 'succeeded',
      says: /Waiting for the session pod .* which is over, to go/,
      withinS: 60,
      left: 'backups',
    },
  },
];
