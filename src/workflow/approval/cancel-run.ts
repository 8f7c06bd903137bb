import { isOwner } from '../../domain/policy/policy.ts';
import { isOwnRequest } from '../../domain/run/approval.ts';
import type { BackupRun } from '../../domain/run/run.ts';
import { isActive } from '../../domain/run/run.ts';
import { noSuchRun } from '../access/asked-run.ts';
import { mayAct, personOf } from '../access/authorization.ts';
import type { Asked, CancelAnswer } from '../access/backups.ts';
import { auditEvent } from '../ports/audit-events.ts';
import type { WorkflowDeps } from '../ports/deps.ts';
import { notifyPendingVoters } from './late-votes.ts';

type Refused = Exclude<CancelAnswer, { outcome: 'cancelled' | 'duplicate' | 'no-such-run' }>;

/** The requester, an approver, or an owner (of an emergency, of what a schedule asked for) takes a run back before work on the node began. */
export async function cancelRun(
  deps: WorkflowDeps,
  asked: Asked,
  input: { runId: string; reason: string | undefined },
): Promise<CancelAnswer> {
  const access = await mayAct(deps, 'cancel', asked);
  if (!access.ok) return access.answer;
  const canceller = personOf(access.person);
  const now = deps.clock.now();
  const decided = await deps.records.decide<Refused>({
    runId: input.runId,
    deliveryId: asked.deliveryId,
    now,
    decision: (run) => {
      if (!isActive(run.status)) return { refusal: { outcome: 'over', run } };
      if (run.status === 'running') return { refusal: { outcome: 'running', run } };
      if (!mayCancel(deps, run, canceller)) return { refusal: { outcome: 'not-yours', run } };
      const event = auditEvent(now, canceller, 'cancelled', { reason: input.reason });
      return {
        set: { status: 'cancelled', finishedAt: now, endedBy: canceller, endReason: input.reason },
        audit: [event],
        notices: [
          ...(run.plan
            ? [{ kind: 'card' } as const, { kind: 'thread', entry: { type: 'audit', event } } as const]
            : []),
          ...notifyPendingVoters(run, 'cancelled'),
        ],
      };
    },
  });
  if (decided.outcome === 'no-such-run') return noSuchRun(deps, asked, input.runId);
  if (decided.outcome === 'duplicate') return { outcome: 'duplicate' };
  if (decided.outcome === 'refused') return decided.refusal;
  deps.wake();
  return { outcome: 'cancelled', run: decided.run };
}

function mayCancel(deps: WorkflowDeps, run: BackupRun, person: BackupRun['requester']): boolean {
  const cluster = deps.fleet.cluster(run.cluster);
  const glass = cluster?.approval.breakGlass;
  const owner = run.emergency !== undefined && (glass?.owners.includes(person.slackUser) ?? false);
  const scheduled = run.origin.kind === 'schedule' && cluster !== undefined && isOwner(cluster, person);
  return (
    isOwnRequest(run, person) ||
    owner ||
    scheduled ||
    (run.plan?.approvers.includes(person.slackUser) ?? false)
  );
}
