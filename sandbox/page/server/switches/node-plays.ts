import { backupScript, inspectScript, nodeFactsScript } from '../../../../src/openshift/node/node-scripts.ts';
import type { ExecFault } from '../../../cluster/faults.ts';
import type { KubeObject } from '../../../cluster/kube-object.ts';
import { notReady } from '../../../faults/breaks.ts';
import { execing } from '../../../faults/calls.ts';
import type { Behaviour, World } from '../../../world.ts';
import { switchGroups } from '../../switch-names.ts';
import { type Match, type Play, together } from './play.ts';

type ScriptSwitch = (typeof switchGroups)['script'][number];

/** The connection on which commands of the session run, the nodes, and what the script meets on them. */
export const nodePlays: Readonly<
  Record<(typeof switchGroups)['exec' | 'nodes'][number] | ScriptSwitch, Play>
> = {
  'connection-cut': ({ strike }) => strike(execing, { kind: 'exec-cut', afterBytes: 65_536, match: execing }),
  'cut-at-0': cutAt(0),
  'cut-at-1': cutAt(1),
  'cut-at-40': cutAt(40),
  'cut-at-300': cutAt(300),
  'cut-at-end': cutAt('all'),
  'exec-hang': onceIn([backupScript], { kind: 'exec-hang', afterBytes: 10, ignorePings: true }),
  'exec-hang-always': ({ strike }) =>
    strike(execing, { kind: 'exec-hang', afterBytes: 0, match: execing, ignorePings: true }),
  'exec-spdy'({ world: { cluster } }) {
    cluster.execOver('spdy');
    return () => cluster.execOver('any');
  },
  'exec-noise': ({ strike }) => {
    const text = 'E0912 10:00:00.000000 1 websocket.go:296] Unknown stream id 1, discarding message\n';
    return strike(execing, { kind: 'exec-noise', text, match: execing });
  },
  'exec-lies-success': onceIn([backupScript], { kind: 'exec-exit-code', code: 0 }),
  'exec-lies-failure': ({ strike }) => strike(execing, { kind: 'exec-exit-code', code: 1, match: execing }),
  rollout({ world: { cluster } }) {
    const set = (status: 'True' | 'False') =>
      cluster.objects.setCondition('clusteroperators', 'etcd', { type: 'Progressing', status });
    set('True');
    return () => set('False');
  },
  'rollout-on-node': nodes({ progressing: ['etcd'] }),
  'node-not-ready'({ world }) {
    const back = kept(world, 'master-0');
    notReady(world, 'master-0');
    return back;
  },
  'image-not-pullable'({ world }) {
    const back = world.plane.nodes.map(({ name }) => kept(world, name));
    for (const { name } of world.plane.nodes)
      world.cluster.objects.patch('nodes', name, (node: KubeObject) => {
        node.status.images = [];
      });
    return together(back);
  },
  'disk-too-small': nodes({ diskFreeKiB: 20 }),
  slow: nodes({ slowSeconds: 20 }),
  'too-slow': nodes({ slowSeconds: 600 }),
  'clock-ahead': nodes({ clockSkewSeconds: 600 }),
  'members-silent': nodes({ silentMembers: 'all' }),
  ...(Object.fromEntries(switchGroups.script.map((outcome) => [outcome, nodes({ outcome })])) as Record<
    ScriptSwitch,
    Play
  >),
};

function nodes(behaviour: Partial<Behaviour>): Play {
  return ({ behave }) => behave(behaviour);
}

function cutAt(afterBytes: number | 'all'): Play {
  return onceIn([nodeFactsScript, backupScript, inspectScript], { kind: 'exec-cut', afterBytes });
}

/** Strikes the next run of each script. */
function onceIn(scripts: readonly string[], fault: ExecFault): Play {
  return ({ strike }) => {
    const parts = scripts.map((script) => {
      const match: Match = (request) => execing(request) && request.command.includes(script);
      return strike(match, { ...fault, match, times: 1 });
    });
    return together(parts);
  };
}

/** The node's conditions and images as they are now; the answer puts them back. */
function kept({ cluster }: World, name: string): () => void {
  const { conditions, images } = structuredClone(cluster.objects.get('nodes', name).status);
  return () =>
    void cluster.objects.patch('nodes', name, (node: KubeObject) => {
      Object.assign(node.status, { conditions, images });
    });
}
