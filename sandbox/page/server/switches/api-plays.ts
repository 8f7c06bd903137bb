import type { RequestFault } from '../../../cluster/faults.ts';
import {
  closePort,
  failSession,
  podEnds,
  sessionNamespace,
  sessionPod,
  takeRuleAway,
} from '../../../faults/breaks.ts';
import { any, creating, deleting, execing, reading } from '../../../faults/calls.ts';
import { kubeconfigOf } from '../../../faults/healthy.ts';
import type { World } from '../../../world.ts';
import type { switchGroups } from '../../switch-names.ts';
import { type Play, type SwitchStage, together } from './play.ts';

/** The cluster's API server, and the session pod that is made through it. */
export const apiPlays: Readonly<Record<(typeof switchGroups)['api' | 'session'][number], Play>> = {
  async 'api-refused'({ world }) {
    await closePort(world);
    return () => writeKubeconfig(world);
  },
  'api-down': always({ kind: 'reset' }),
  'api-cut-once': onceEach({ kind: 'reset' }),
  'api-no-quorum': always({ kind: 'status', code: 500, message: 'etcdserver: request timed out' }),
  'api-leader-changed'({ strike }, off) {
    const timer = setTimeout(off, leaderlessMs);
    const back = strike(any, { kind: 'status', code: 500, message: 'etcdserver: leader changed' });
    return () => {
      clearTimeout(timer);
      back();
    };
  },
  'api-frozen': always({ kind: 'freeze' }),
  'api-401'({ world }) {
    world.cluster.revoke('bot');
    return () => {
      world.cluster.reissue('bot');
      return writeKubeconfig(world);
    };
  },
  'no-right-to-pods': ({ world }) => takeRuleAway(world, 'pods', 'create'),
  'no-right-to-exec': ({ world }) => takeRuleAway(world, 'pods/exec', 'create'),
  'api-429': always(tooMany()),
  'api-429-once': onceEach(tooMany()),
  'api-500': always({ kind: 'status', code: 500, message: 'etcdserver: leader changed' }),
  'api-500-once': onceEach({ kind: 'status', code: 500, message: 'etcdserver: leader changed' }),
  'api-slow': always({ kind: 'delay', ms: 2_000 }),
  'api-goaway'(stage) {
    let asked = 0;
    // The first of the two counts for both.
    return together([
      stage.strike(() => ++asked % 6 === 0, { kind: 'goaway', when: 'before' }),
      stage.strike(() => asked % 6 === 3, { kind: 'goaway', when: 'after' }),
    ]);
  },
  'no-pods': ({ strike }) =>
    strike(({ verb, resource, subresource }) => verb === 'create' && resource === 'pods' && !subresource, {
      kind: 'status',
      code: 403,
      reason: 'Forbidden',
      message: `pods "${sessionPod}" is forbidden: exceeded quota: pods, requested: pods=1, used: pods=0, limited: pods=0`,
    }),
  'answers-lost': (stage) =>
    together(
      [creating, deleting].map((match) => stage.strike(match, { kind: 'lost-response', match, times: 1 })),
    ),
  'session-silent': (stage) =>
    together([
      stage.strike(creating, { kind: 'lost-response', match: creating, times: 1 }),
      ...[creating, reading, deleting].map((match) => stage.strike(match, { kind: 'reset' })),
    ]),
  'create-frozen': ({ strike }) => strike(creating, { kind: 'frozen-answer' }),
  'create-late': (stage) =>
    together([
      stage.strike(creating, { kind: 'late', ms: lateMs, match: creating, times: 1 }),
      stage.strike(creating, { kind: 'freeze' }),
    ]),
  'delete-frozen': ({ strike }) => strike(deleting, { kind: 'frozen-answer' }),
  'pod-slow-to-go'({ world: { cluster } }) {
    cluster.pods.stopAfter(6_000);
    return () => cluster.pods.stopAfter(undefined);
  },
  'pod-deleted': ends(({ cluster }) => cluster.objects.delete('pods', sessionPod, sessionNamespace)),
  'pod-evicted': ends((world) => failSession(world, podEnds.evicted)),
  'pod-deadline': ends((world) => failSession(world, podEnds.deadline)),
};

const leaderlessMs = 2_000;
/** Later than the last create of a session ends, and earlier than the bot stops looking for a late pod. */
const lateMs = 26_000;

function tooMany(): RequestFault {
  return { kind: 'status', code: 429, reason: 'TooManyRequests', message: 'too many requests' };
}

function always(fault: RequestFault): Play {
  return ({ strike }) => strike(any, fault);
}

/** The next call of each kind that a run makes. */
function onceEach(fault: RequestFault): Play {
  return ({ strike }) =>
    together(
      [creating, reading, deleting, execing].map((match) => strike(match, { ...fault, match, times: 1 })),
    );
}

/** Once, in the session that is open. */
function ends(end: (world: World) => unknown): Play {
  return ({ world }: SwitchStage, off) => {
    if (!world.cluster.objects.find('pods', sessionPod, sessionNamespace))
      throw new Error('No session is open on a node now. Let it begin while the script runs.');
    end(world);
    setTimeout(off, shownMs);
    return () => undefined;
  };
}

/** What is over at once stays on so long, to be seen. */
const shownMs = 1_500;

function writeKubeconfig(world: World): Promise<void> {
  return world.cluster.writeKubeconfig('bot', kubeconfigOf(world));
}
