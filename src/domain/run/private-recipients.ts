import type { ClusterPolicy } from '../policy/policy.ts';
import type { BackupRun } from './run.ts';

/**
 * Slack ids that get the private messages to the requester of the run. A schedule is no person: the cluster's owners get
 * them, if any are configured.
 */
export function privateRecipients(
  run: BackupRun,
  { owners }: Pick<ClusterPolicy, 'owners'>,
): readonly string[] {
  return run.origin.kind === 'schedule' ? owners : [run.requester.slackUser];
}
