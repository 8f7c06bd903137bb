import { knownPerson, mayBreakGlass, meantCluster, personOf, wrongChannel } from './admission.ts';
import { auditEvent } from './audit-events.ts';
import type { Asked, Backups, RequestAnswer } from './backups.ts';
import type { WorkflowDeps } from './deps.ts';
import { newRun } from './new-run.ts';

export const maxReasonLength = 500;
// What Kubernetes accepts as a node's name (RFC 1123 subdomain); nothing else may reach a plan.
const nodeName = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;

type RequestInput = Parameters<Backups['request']>[1];

/** Puts a request on record: one local transaction, no other I/O. A worker looks at people and cluster afterwards. */
export async function requestBackup(
  deps: WorkflowDeps,
  asked: Asked,
  input: RequestInput,
): Promise<RequestAnswer> {
  const person = knownPerson(deps.fleet, asked);
  if (!person.ok) return person.answer;
  const meant = meantCluster(deps.fleet, input.cluster, asked.channel);
  if ('question' in meant) return meant.question;
  const elsewhere = wrongChannel(meant.cluster, asked.channel);
  if (elsewhere) return elsewhere;
  if (input.node !== undefined && !nodeName.test(input.node))
    return { outcome: 'bad-node', node: input.node };
  const length = Math.max(input.reason?.length ?? 0, input.emergency?.length ?? 0);
  if (length > maxReasonLength) return { outcome: 'reason-too-long', length, max: maxReasonLength };
  if (input.emergency !== undefined && !mayBreakGlass(meant.cluster, asked.slackUser)) {
    const people = meant.cluster.approval.breakGlass?.people ?? [];
    return { outcome: 'no-emergency-right', cluster: meant.cluster.name, people };
  }

  const requester = personOf(person.value);
  const run = newRun({
    id: deps.ids.runId(),
    cluster: meant.cluster.name,
    requester,
    origin: { kind: 'command' },
    reason: input.reason,
    emergency: input.emergency,
    nodeWanted: input.node,
    askedIn: asked.channel,
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
  return { outcome: 'recorded', run: accepted.run, cardChannel: meant.cluster.channel };
}
