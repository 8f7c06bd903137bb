import type { ClusterPolicy } from '../policy/policy.ts';
import type { BackupRun } from './run.ts';

/**
 * Slack ids of those who hear in private what concerns the requester of the run. A schedule is no
 * person: the cluster's owners hear it, or, where none are named, no one.
 */
export function privateRecipients(
  run: BackupRun,
  { owners }: Pick<ClusterPolicy, 'owners'>,
): readonly string[] {
  return run.origin.kind === 'schedule' ? owners : [run.requester.slackUser];
}
