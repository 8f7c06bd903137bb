import { backupScript, inspectScript, nodeFactsScript } from '../../src/openshift/node/node-scripts.ts';
import type { ExecFault } from '../cluster/faults.ts';
import type { Scenario } from './scenario.ts';
import type { FaultStage, Match } from './stage.ts';

/** The connection on which commands of the node session run. */

const execOf =
  (script: string): Match =>
  ({ subresource, command }) =>
    subresource === 'exec' && command.includes(script);
const everyExec: Match = ({ subresource }) => subresource === 'exec';

/** Strikes the next exec of each script once. */
function once(stage: FaultStage, scripts: readonly string[], fault: ExecFault): void {
  for (const script of scripts) {
    const match = execOf(script);
    stage.strike(match, { ...fault, match, times: 1 });
  }
}

/** Each command of a run is cut there once. */
function cutAt(where: string, afterBytes: number | 'all'): Scenario {
  return {
    name: `exec-cut-at-${where}`,
    broken:
      afterBytes === 'all'
        ? 'each command’s connection breaks after its last byte, before its exit code'
        : `each command’s connection breaks after ${afterBytes} bytes of its answer`,
    beforeApproval: (stage) =>
      once(stage, [nodeFactsScript, backupScript, inspectScript], { kind: 'exec-cut', afterBytes }),
    expected: { outcome: 'succeeded', says: /Backed up in/, withinS: 25 },
  };
}

export const execScenarios: readonly Scenario[] = [
  cutAt('the-first-byte', 0),
  cutAt('byte-1', 1),
  cutAt('byte-40', 40),
  cutAt('byte-300', 300),
  cutAt('the-last-byte', 'all'),
  {
    name: 'exec-hang',
    broken: 'the connection of the script goes silent: its client would wait for ever',
    beforeApproval: (stage) =>
      once(stage, [backupScript], { kind: 'exec-hang', afterBytes: 10, ignorePings: true }),
    expected: { outcome: 'succeeded', says: /Backed up in/, withinS: 25 },
  },
  {
    name: 'exec-hang-always',
    broken: 'every connection into the session goes silent',
    beforeApproval: (stage) =>
      void stage.strike(everyExec, { kind: 'exec-hang', afterBytes: 0, match: everyExec, ignorePings: true }),
    expected: {
      outcome: 'failed',
      says: /A step on the node took longer than 5 s and was stopped/,
      withinS: 25,
    },
  },
  {
    name: 'exec-over-spdy',
    broken:
      'the API server runs commands over SPDY only, as releases up to 4.16; the script’s connection breaks',
    arrange: ({ world }) => world.cluster.execOver('spdy'),
    beforeApproval: (stage) => once(stage, [backupScript], { kind: 'exec-cut', afterBytes: 'all' }),
    expected: { outcome: 'succeeded', says: /Backed up in/, withinS: 60 },
  },
  {
    name: 'exec-over-spdy-frozen',
    broken: 'over SPDY the connection of the script freezes, which its client does not notice',
    arrange: ({ world }) => world.cluster.execOver('spdy'),
    beforeApproval: (stage) =>
      once(stage, [backupScript], { kind: 'exec-hang', afterBytes: 10, ignorePings: true }),
    expected: { outcome: 'succeeded', says: /Backed up in/, withinS: 60 },
  },
  {
    name: 'exec-noise',
    broken: 'the client prints noise on stderr in every exact run',
    arrange: (stage) =>
      void stage.strike(everyExec, {
        kind: 'exec-noise',
        text: 'E0912 10:00:00.000000 1 websocket.go:296] Unknown stream id 1, discarding message\n',
        match: everyExec,
      }),
    expected: { outcome: 'succeeded', says: /Backed up in/, withinS: 25 },
  },
  {
    name: 'exec-lies-success',
    broken: 'the script fails, but the connection says exit code 0',
    arrange: (stage) => stage.behave({ outcome: 'disk-full' }),
    beforeApproval: (stage) => once(stage, [backupScript], { kind: 'exec-exit-code', code: 0 }),
    expected: { outcome: 'failed', says: /The node's disk became full/, withinS: 15 },
  },
  {
    name: 'exec-lies-failure',
    broken: 'everything works, but the connection says exit code 1 each time',
    arrange: (stage) => void stage.strike(everyExec, { kind: 'exec-exit-code', code: 1, match: everyExec }),
    expected: { outcome: 'succeeded', says: /Backed up in/, withinS: 20 },
  },
];
