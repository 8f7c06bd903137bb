import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import { evaluateRequest } from '../approval/evaluate-request.ts';
import { reviewVotes } from '../approval/review-votes.ts';
import { auditEvent } from '../ports/audit-events.ts';
import type { WorkflowDeps } from '../ports/deps.ts';
import { patientRecords } from '../ports/patient-records.ts';
import { type Claim, ClaimLostError, RecordsUnavailableError } from '../ports/records.ts';
import { failUnexpectedly } from './fail-unexpectedly.ts';
import { forgetLeftBehind, removeLeftBehind } from './left-behind.ts';
import { runBackup } from './run-backup.ts';
import { workOnEnded } from './work-on-ended.ts';

/** The bot stops: work ends here, in order, and goes on elsewhere. */
export class HandoverError extends Error {
  constructor() {
    super('the bot is stopping; the run is handed over');
    this.name = 'HandoverError';
  }
}

interface Taken {
  readonly claim: Claim;
  readonly goesOnHere: boolean;
}

/** Works on one claimed run until it ends or waits, with heartbeats for its claim. */
export async function workOnRun(
  parts: WorkflowDeps,
  options: { readonly leaseMs: number },
  { claim, goesOnHere }: Taken,
  handingOver: AbortSignal,
): Promise<void> {
  const lost = new AbortController();
  const renewal = keepClaim(parts, options, claim, lost);
  const deps = { ...parts, records: patientRecords(parts.records, parts) };
  try {
    const cluster = deps.fleet.cluster(claim.run.cluster);
    if (!cluster && claim.run.status === 'failed') return await forgetLeftBehind(deps, claim);
    if (!cluster)
      throw new Error(`cluster ${claim.run.cluster} of run ${claim.run.id} left the configuration`);
    const signal = AbortSignal.any([lost.signal, handingOver]);
    await nextWork(deps, { claim, goesOnHere }, cluster, signal);
    await deps.records.release(claim);
  } catch (error) {
    await handleWorkError(deps, claim, error);
  } finally {
    renewal.stop();
    deps.wake();
  }
}

/**
 * Something that no step expected. The claim is not given back: the rest of its lease is the pause before the next try.
 * A run that may fail ends as failed, with the error in the log and one line on the card.
 */
async function handleWorkError(deps: WorkflowDeps, claim: Claim, error: unknown): Promise<void> {
  if (error instanceof ClaimLostError) {
    deps.log.warn({ run: claim.run.id }, 'claim lost: the run is over or another worker goes on');
    return;
  }
  if (error instanceof HandoverError) return handOver(deps, claim);
  if (error instanceof RecordsUnavailableError) {
    // It says nothing about the run: the record holds, and the next worker goes on from there.
    deps.log.error(
      { run: claim.run.id, err: error },
      'the records do not answer; the run goes on when they do',
    );
    return;
  }
  deps.log.error({ run: claim.run.id, err: error }, 'unexpected error while working on the run');
  try {
    await failUnexpectedly(deps, claim, deps.fleet.cluster(claim.run.cluster), error);
  } catch (second) {
    deps.log.error(
      { run: claim.run.id, err: second },
      'the failure could not be recorded; the run is resumed later',
    );
  }
}

/** On record first, then free for the next process at once. */
async function handOver(deps: WorkflowDeps, claim: Claim): Promise<void> {
  const now = deps.clock.now();
  await deps.records.advance(claim, (run) => {
    const event = auditEvent(now, 'bot', 'handed-over', { step: run.step });
    const thread = { kind: 'thread', entry: { type: 'audit', event } } as const;
    // Before its first step nothing of the work was visible: there is nothing to say.
    return { set: {}, audit: [event], notices: run.step === undefined ? [] : [thread] };
  });
  await deps.records.release(claim);
  deps.log.info({ run: claim.run.id }, 'handed over in mid-run');
}

async function nextWork(
  deps: WorkflowDeps,
  { claim, goesOnHere }: Taken,
  cluster: ClusterPolicy,
  signal: AbortSignal,
): Promise<void> {
  const { run } = claim;
  if (run.status === 'requested') return evaluateRequest(deps, claim, cluster);
  if (run.status === 'waiting') return reviewVotes(deps, claim, cluster);
  if (!run.plan) throw new Error(`run ${run.id} is ${run.status} without a plan`);
  const work = { deps, claim, cluster, plan: run.plan, signal, goesOnHere };
  if (run.status === 'succeeded') return workOnEnded(work);
  if (run.status === 'failed') return removeLeftBehind(work);
  return runBackup(work);
}

/**
 * Gives heartbeats while the work goes on; `lost` is aborted when another process holds the run. Records that do not
 * answer for a moment are asked again: a lease that ends under running work would give the run to two processes. A
 * heartbeat that comes late (this process was stopped, its loop was blocked) finds the claim as it was, or lost.
 */
function keepClaim(
  deps: WorkflowDeps,
  { leaseMs }: { readonly leaseMs: number },
  claim: Claim,
  lost: AbortController,
) {
  const stopped = new AbortController();
  const renew = async () => {
    try {
      return await deps.records.renew(claim, { leaseMs });
    } catch (error) {
      deps.log.error({ run: claim.run.id, err: error }, 'lease not prolonged; trying again');
      return true;
    }
  };
  void (async () => {
    while (!stopped.signal.aborted) {
      await deps.clock.sleep(leaseMs / 3, stopped.signal);
      if (stopped.signal.aborted) return;
      if (!(await renew())) return lost.abort(new ClaimLostError(claim.run.id, claim.fence));
    }
  })();
  return { stop: () => stopped.abort() };
}
