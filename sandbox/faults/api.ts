import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import type { Scenario } from './scenario.ts';
import { type FaultStage, kubeconfigOf, type Match, sessionNamespace } from './stage.ts';

/** The cluster's API server: refused, cut, silent, unwilling, slow. */

const any: Match = () => true;
const podCalls: Match = ({ resource, subresource }) => resource === 'pods' && subresource === undefined;
const creating: Match = (request) => podCalls(request) && request.verb === 'create';
const deleting: Match = (request) => podCalls(request) && request.verb === 'delete';
const reading: Match = (request) =>
  podCalls(request) && request.verb === 'get' && request.namespace === sessionNamespace;
const execing: Match = ({ subresource }) => subresource === 'exec';

/** From now on the bot's kubeconfig names a port on which nobody listens. */
async function closePort({ world }: FaultStage): Promise<void> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  listener.close();
  const file = kubeconfigOf(world);
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace(world.cluster.url, `https://127.0.0.1:${port}`));
}

function takeRuleAway({ world }: FaultStage, resource: string, verb: string): void {
  const rule = world.cluster
    .botRules()
    .find((each) => each.rule.resources?.includes(resource) && each.namespace === sessionNamespace);
  if (!rule) throw new Error(`the bot has no rule for ${resource} that could be taken away`);
  world.cluster.withoutRule(rule, verb);
}

export const apiScenarios: readonly Scenario[] = [
  {
    name: 'api-refused',
    broken: 'nobody listens on the port of the API server',
    arrange: closePort,
    expected: {
      outcome: 'refused',
      says: /could not be read: the cluster could not be reached .*ECONNREFUSED.*Nothing was run/,
      withinS: 8,
    },
  },
  {
    name: 'api-refused-in-mid-run',
    broken: 'the API server goes away while the script runs, and does not come back',
    act: (stage) => stage.inMidScript(2, () => closePort(stage)),
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
      says: /The session pod etcd-backup-session could not be removed/,
      withinS: 15,
      left: 'session pod',
    },
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
    act: (stage) => stage.inMidScript(2, () => void stage.strike(any, { kind: 'freeze' })),
    expected: {
      outcome: 'failed',
      says: /A command on the node took longer than .* and was stopped/,
      withinS: 40,
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
    arrange: (stage) => takeRuleAway(stage, 'pods', 'create'),
    expected: { outcome: 'blocked', says: /The bot lacks a right: create pods/, withinS: 8 },
  },
  {
    name: 'api-403-in-mid-run',
    broken: 'the right to run commands in the session is taken away while the script runs',
    act: (stage) => stage.inMidScript(2, () => takeRuleAway(stage, 'pods/exec', 'create')),
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
