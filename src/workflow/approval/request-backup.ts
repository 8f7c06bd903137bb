import { mayActOn, mayBreakGlass, personOf } from '../access/authorization.ts';
import type { Asked, RequestAnswer } from '../access/backups.ts';
import { auditEvent } from '../ports/audit-events.ts';
import type { WorkflowDeps } from '../ports/deps.ts';
import { newRun } from './new-run.ts';

export const maxReasonLength = 500;
// What Kubernetes accepts as a node's name (RFC 1123 subdomain); nothing else may reach a plan.
const nodeName = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;

/** Puts a request on record: one local transaction, no other I/O. A worker looks at people and cluster afterwards. */
export async function requestBackup(
  deps: WorkflowDeps,
  asked: Asked,
  input: {
    cluster: string | undefined;
    node: string | undefined;
    reason: string | undefined;
    emergency: string | undefined;
  },
): Promise<RequestAnswer> {
  const access = await mayActOn(deps, 'request', asked, input.cluster);
  if (!access.ok) return access.answer;
  const { cluster } = access;
  if (input.node !== undefined && !nodeName.test(input.node))
    return { outcome: 'bad-node', node: input.node };
  const length = Math.max(input.reason?.length ?? 0, input.emergency?.length ?? 0);
  if (length > maxReasonLength) return { outcome: 'reason-too-long', length, max: maxReasonLength };
  if (input.emergency !== undefined && !mayBreakGlass(cluster, asked.slackUser)) {
    const people = cluster.approval.breakGlass?.people ?? [];
    return { outcome: 'no-emergency-right', cluster: cluster.name, people };
  }

  const requester = personOf(access.person);
  const run = newRun({
    id: deps.ids.runId(),
    cluster: cluster.name,
    requester,
    origin: { kind: 'command' },
    reason: input.reason,
    emergency: input.emergency,
    nodeWanted: input.node,
    askedIn: asked.home === true ? '' : asked.channel,
    requestedAt: deps.clock.now(),
  });
  const event = auditEvent(run.requestedAt, requester, 'requested', {
    node: input.node,
    reason: input.reason,
    emergency: input.emergency,
  });
  const accepted = await deps.records.accept({
    run,
    deliveryId: asked.deliveryId,
    audit: [event],
    notices: [],
  });
  if (accepted.outcome === 'duplicate') return { outcome: 'duplicate' };
  if (accepted.outcome === 'busy') return { outcome: 'busy', run: accepted.run };
  deps.wake();
  return { outcome: 'recorded', run: accepted.run, cardChannel: cluster.channel };
}
