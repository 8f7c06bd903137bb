import type { ClusterPolicy } from './policy.ts';
import type { BackupRun } from './run.ts';

/**
 * Slack ids of those who hear in private what concerns whoever asked for the run. Behind a schedule there is nobody in
 * person: the cluster's owners hear it, or, where none are named, nobody.
 */
export function toldOfRun(run: BackupRun, { owners }: Pick<ClusterPolicy, 'owners'>): readonly string[] {
  return run.origin.kind === 'schedule' ? owners : [run.requester.slackUser];
}
