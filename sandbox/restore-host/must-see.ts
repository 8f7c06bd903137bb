import { firstScriptedMinor } from '../../src/domain/restore/release-lines.ts';
import type { StepKind } from '../../src/domain/restore/restore-steps.ts';

/** What a person knows of the cluster: its control-plane hosts, and the minor of its release. */
interface KnownCluster {
  readonly names: readonly string[];
  readonly minor: number;
}

/**
 * What the paper says must be seen after a step whose commands succeed whatever they find, as far as output shows it. Undefined: it
 * was seen; else what was not.
 */
export function mustSee(kind: StepKind, output: string, { names, minor }: KnownCluster): string | undefined {
  switch (kind) {
    case 'place':
      return seen(count(output, / OK$|: OK$/gm) === 2, 'OK for both files');
    case 'obstacles':
      return seen(onlyMember(output, minor >= firstScriptedMinor), 'only `member` in /var/lib/etcd');
    case 'stop-others':
      return seen(
        count(output, /^renamed '\/var\/lib\/etcd\/' -> '\/tmp/gm) === names.length - 1,
        'data moved on each',
      );
    case 'keepalived':
      return seen(
        output.slice(output.lastIndexOf('1: lo')).includes('/32'),
        'the API address on the recovery host',
      );
    case 'restore':
      return seen(/starting restore-etcd static pod/.test(output), 'the restore pod');
    case 'requests':
      return seen(!/Pending$/m.test(output), 'no request pending');
    case 'single-member':
      return seen(count(output, / Running /g) === 1, 'exactly one member');
    case 'members':
      return seen(count(output, / Running /g) === names.length, `${names.length} members`);
    case 'ovn-control-plane':
    case 'ovn-nodes':
      return seen(!/ Pending /.test(output) && / Running /.test(output), 'pods that run');
    case 'guard-off':
    case 'guard-on':
    case 'redeploy':
      return seen(/patched$/m.test(output), '“patched”');
    case 'etcd-rollout':
      return seen(output.startsWith('AllNodesAtLatestRevision'), 'AllNodesAtLatestRevision');
    case 'rollouts':
      return seen(
        count(output, /^AllNodesAtLatestRevision$/gm) === 3,
        'AllNodesAtLatestRevision three times',
      );
    case 'stable':
      return seen(/All clusteroperators are stable/.test(output), 'a stable cluster');
    default:
      return undefined;
  }
}

function seen(is: boolean, what: string): string | undefined {
  return is ? undefined : `not seen: ${what}`;
}

function count(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].length;
}

function onlyMember(output: string, revision: boolean): boolean {
  const [, part = ''] = /^\/var\/lib\/etcd:\n([\s\S]*?)^\/var\/lib\/etcd-backup:/m.exec(output) ?? [];
  const names = part.split('\n').filter((line) => line !== '');
  return names.every((name) => name === 'member' || (revision && name === 'revision.json'));
}
