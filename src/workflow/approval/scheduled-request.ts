import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import type { RetryOrigin } from '../../domain/run/retry-origin.ts';
import { reasonText } from '../../domain/watch/schedule-retry.ts';
import type { ScheduledRequest } from '../../domain/watch/watch-transition.ts';
import { auditEvent } from '../ports/audit-events.ts';
import type { WorkflowDeps } from '../ports/deps.ts';
import { newRun } from './new-run.ts';

/** In the record in place of a person's cluster user. */
const scheduleUser = 'schedule';

/** The run for one slot of the cluster's schedule (ms UTC), as the bot itself asks for it. `botUser`: its Slack user id. */
export function scheduledRequest(
  { ids, clock }: Pick<WorkflowDeps, 'ids' | 'clock'>,
  cluster: ClusterPolicy,
  slot: number,
  botUser: string,
  retry?: RetryOrigin,
): ScheduledRequest {
  const run = newRun({
    id: ids.runId(),
    cluster: cluster.name,
    requester: { slackUser: botUser, clusterUser: scheduleUser },
    origin: { kind: 'schedule', ...(retry ? { retry } : {}) },
    reason: undefined,
    emergency: undefined,
    nodeWanted: undefined,
    askedIn: cluster.channel,
    requestedAt: clock.now(),
  });
  const detail = {
    schedule: cluster.schedule?.cron,
    slot: new Date(slot).toISOString(),
    retry: retry && `${retry.number} of ${retry.of}, after ${retry.after}: ${reasonText(retry.because)}`,
  };
  return { run, audit: [auditEvent(run.requestedAt, 'bot', 'requested', detail)] };
}
