import { until } from '../world.ts';
import { closePort, takeRuleAway } from './breaks.ts';
import { any, creating, deleting, execing, reading } from './calls.ts';
import type { Scenario } from './scenario.ts';

/** The cluster's API server: refused, cut, silent, unwilling, slow. */

/** The API server runs; what is behind it does not answer. */
const noQuorum = { kind: 'status', code: 500, message: 'etcdserver: request timed out' } as const;

export const apiScenarios: readonly Scenario[] = [
  {
    name: 'api-refused',
    broken: 'nothing listens on the port of the API server',
    arrange: ({ world }) => closePort(world),
    expected: {
      outcome: 'refused',
      says: /could not be read: the cluster could not be reached .*ECONNREFUSED.*Nothing was run/,
      withinS: 8,
    },
  },
  {
    name: 'api-refused-in-mid-run',
    broken: 'the API server goes away while the script runs, and does not come back',
    act: (stage) => stage.inMidScript(2, () => closePort(stage.world)),
    expected: {
      outcome: 'failed',
      says: /The cluster could not be reached/,
      withinS: 30,
      left: 'files',
    },
  },
  {
    name: 'api-reset',
    broken: 'every connection to the API server breaks without an answer',
    arrange: (stage) => void stage.strike(any, { kind: 'reset' }),
    expected: { outcome: 'refused', says: /the cluster could not be reached .*Nothing was run/, withinS: 8 },
  },
  {
    name: 'api-reset-passing',
    broken: 'in the run one call of each kind is cut before it is looked at',
    beforeApproval(stage) {
      for (const match of [creating, reading, deleting, execing])
        stage.strike(match, { kind: 'reset', match, times: 1 });
    },
    expected: { outcome: 'succeeded', says: /Backed up in/, withinS: 25 },
  },
  {
    name: 'etcd-no-quorum-in-mid-run',
    broken: 'etcd loses its quorum while the script runs, and has it again after the run has failed',
    async act(stage) {
      const acted = await stage.inMidScript(60, () => void stage.strike(any, noQuorum));
      await until('the words of a silent cluster', () =>
        /API and etcd of the cluster do not answer/.test(stage.messages(acted.runId).join('\n')),
      );
      stage.world.cluster.faults.clear();
      await until('what was left to be removed', () =>
        /The cluster answers again\. The bot removed/.test(stage.messages(acted.runId).join('\n')),
      );
      return acted;
    },
    expected: {
      outcome: 'failed',
      says: /The cluster answers again\. The bot removed the session pod and the directory/,
      withinS: 120,
    },
  },
  {
    name: 'etcd-leader-changed-in-mid-run',
    broken: 'etcd has no leader for a moment while the script runs',
    act: (stage) =>
      stage.inMidScript(3, async () => {
        const back = stage.strike(any, { ...noQuorum, message: 'etcdserver: leader changed' });
        setTimeout(back, 2_000);
      }),
    expected: { outcome: 'succeeded', says: /Backed up in/, withinS: 40 },
  },
  {
    name: 'api-frozen',
    broken: 'the API server takes connections and never answers',
    arrange: (stage) => void stage.strike(any, { kind: 'freeze' }),
    expected: {
      outcome: 'refused',
      says: /the cluster did not answer in time .*Nothing was run/,
      withinS: 10,
    },
  },
  {
    name: 'api-frozen-in-mid-run',
    broken: 'the API server stops answering while the script runs',
    act: (stage) => stage.inMidScript(60, () => void stage.strike(any, { kind: 'freeze' })),
    expected: {
      outcome: 'failed',
      says: /API and etcd of the cluster do not answer.*may run on the node until/,
      withinS: 60,
      left: 'files and session pod',
    },
  },
  {
    name: 'api-401',
    broken: 'the bot’s token was revoked before the request',
    arrange: ({ world }) => world.cluster.revoke('bot'),
    expected: { outcome: 'refused', says: /does not accept the bot's credentials/, withinS: 8 },
  },
  {
    name: 'api-401-in-mid-run',
    broken: 'the bot’s token is revoked while the script runs',
    act: (stage) => stage.inMidScript(2, () => stage.world.cluster.revoke('bot')),
    expected: {
      outcome: 'failed',
      says: /The cluster does not accept the bot's credentials/,
      withinS: 30,
      left: 'files and session pod',
    },
  },
  {
    name: 'api-403',
    broken: 'the bot may not create pods any more when a backup is asked for',
    arrange: ({ world }) => void takeRuleAway(world, 'pods', 'create'),
    expected: { outcome: 'blocked', says: /The bot lacks a right: create pods/, withinS: 8 },
  },
  {
    name: 'api-403-in-mid-run',
    broken: 'the right to run commands in the session is taken away while the script runs',
    act: (stage) => stage.inMidScript(2, () => void takeRuleAway(stage.world, 'pods/exec', 'create')),
    expected: { outcome: 'failed', says: /not allowed to/, withinS: 25, left: 'files' },
  },
  {
    name: 'api-429',
    broken: 'the API server answers everything with 429',
    arrange: (stage) =>
      void stage.strike(any, {
        kind: 'status',
        code: 429,
        reason: 'TooManyRequests',
        message: 'too many requests',
      }),
    expected: { outcome: 'refused', says: /HTTP 429/, withinS: 8 },
  },
  {
    name: 'api-429-passing',
    broken: 'in the run one call of each kind is answered with 429',
    beforeApproval(stage) {
      const fault = {
        kind: 'status',
        code: 429,
        reason: 'TooManyRequests',
        message: 'too many requests',
      } as const;
      for (const match of [creating, reading, deleting, execing])
        stage.strike(match, { ...fault, match, times: 1 });
    },
    expected: { outcome: 'succeeded', says: /Backed up in/, withinS: 25 },
  },
  {
    name: 'api-500',
    broken: 'the API server answers everything with 500',
    arrange: (stage) =>
      void stage.strike(any, { kind: 'status', code: 500, message: 'etcdserver: leader changed' }),
    expected: { outcome: 'refused', says: /HTTP 500/, withinS: 8 },
  },
  {
    name: 'api-500-passing',
    broken: 'in the run one call of each kind is answered with 500',
    beforeApproval(stage) {
      const fault = { kind: 'status', code: 500, message: 'etcdserver: leader changed' } as const;
      for (const match of [creating, reading, deleting, execing])
        stage.strike(match, { ...fault, match, times: 1 });
    },
    expected: { outcome: 'succeeded', says: /Backed up in/, withinS: 25 },
  },
  {
    name: 'api-slow',
    broken: 'every answer of the API server takes 150 ms longer',
    arrange: (stage) => void stage.strike(any, { kind: 'delay', ms: 150 }),
    expected: { outcome: 'succeeded', says: /Backed up in/, withinS: 40 },
  },
];
