import type { Behaviour, ScriptOutcome } from '../node/behaviour.ts';
import type { Left, Scenario } from './scenario.ts';
import type { FaultStage } from './stage.ts';

/** The backup script, what it finds on the node, and what it leaves there. */

/** The nodes are so from the start; the run fails and says this. */
function fails(
  name: string,
  broken: string,
  behaviour: Partial<Behaviour> | ScriptOutcome,
  says: RegExp,
  more: { withinS?: number; left?: Left } = {},
): Scenario {
  const change = typeof behaviour === 'string' ? { outcome: behaviour } : behaviour;
  return {
    name,
    broken,
    arrange: (stage) => stage.behave(change),
    expected: { outcome: 'failed', says, withinS: 15, ...more },
  };
}

function operatorProgresses({ world }: FaultStage, operator: string): void {
  world.cluster.objects.setCondition('clusteroperators', operator, {
    type: 'Progressing',
    status: 'True',
    reason: 'NodeInstaller',
    message: 'NodeInstallerProgressing: 1 node is at revision 3',
  });
}

export const scriptScenarios: readonly Scenario[] = [
  fails(
    'etcd-down',
    'etcd on the node does not answer: the script never ends',
    'etcd-down',
    /not done after 6 s and was stopped/,
    { withinS: 25 },
  ),
  fails(
    'script-too-slow',
    'the snapshot takes longer than the script’s deadline',
    { slowSeconds: 40 },
    /not done after 6 s and was stopped/,
    { withinS: 25 },
  ),
  fails(
    'disk-full',
    'the node’s disk becomes full in mid-snapshot',
    'disk-full',
    /The node's disk became full/,
  ),
  fails(
    'disk-too-small',
    'the node’s disk has less room than a snapshot needs',
    { diskFreeKiB: 20 },
    /Only .* are free/,
  ),
  fails(
    'script-missing',
    'the backup script is not on the node',
    'script-missing',
    /The backup script is not there: \/usr\/local\/bin\/cluster-backup\.sh/,
  ),
  fails(
    'manifests-missing',
    'a static pod’s manifest is gone from the node',
    'manifests-missing',
    /static pod manifests of etcd/,
  ),
  fails(
    'image-of-etcdctl',
    'the script cannot pull its image',
    'image-unpullable',
    /could not pull the image/,
  ),
  fails(
    'integrity',
    'the script’s own check of the snapshot fails',
    'integrity-failed',
    /did not pass the script's own check/,
  ),
  {
    name: 'operator-progressing',
    broken: 'an operator rolls out a change when the backup is asked for',
    arrange: (stage) => operatorProgresses(stage, 'etcd'),
    expected: { outcome: 'blocked', says: /The operator etcd is rolling out a change/, withinS: 8 },
  },
  {
    name: 'operator-progressing-before-approval',
    broken: 'an operator begins to roll out a change while the card waits',
    beforeApproval: (stage) => operatorProgresses(stage, 'kube-apiserver'),
    expected: {
      outcome: 'waiting',
      says: /approval.*kube-apiserver is rolling out a change|The operator kube-apiserver is rolling out/,
      withinS: 8,
    },
  },
  fails(
    'operator-progressing-on-the-node',
    'an operator begins to roll out a change after the approval',
    { progressing: ['etcd'] },
    /The operator etcd began to roll out a change/,
  ),
  fails(
    'half-pair',
    'the script says that it is done, but one of both files is not there',
    'half-pair',
    /not both files are there. Found: snapshot_/,
  ),
  fails(
    'files-vanish',
    'the script says that it is done, but neither file is there',
    'files-vanish',
    /not both files are there. Found: nothing/,
  ),
  fails('size-differs', 'the snapshot is shorter than the script said', 'short-snapshot', /but should have/, {
    left: 'files',
  }),
  fails(
    'torn-snapshot',
    'bytes in the middle of the snapshot are wrong',
    'torn-snapshot',
    /does not match the checksum/,
    { left: 'files' },
  ),
  fails('killed-half-way', 'the script is killed in mid-snapshot', 'killed-half-way', /killed from outside/),
  {
    name: 'clock-skew',
    broken: 'the node’s clock is two hours ahead',
    arrange: (stage) => stage.behave({ clockSkewSeconds: 7_200 }),
    expected: {
      outcome: 'succeeded',
      says: /The clock of node master-0 is (2 h|1 h 59 min).* ahead of the bot's/,
      withinS: 15,
    },
  },
];
