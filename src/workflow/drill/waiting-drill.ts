import { type FileCopy, nextTry } from '../../domain/copies/file-copy.ts';
import type { DrillFailure } from '../../domain/drill/drill.ts';
import { afterDrill } from '../../domain/run/drill-outcome.ts';
import type { DrillOutcome, DrillWait, FailedDrill, RunSuccess } from '../../domain/run/run.ts';
import { isToDrill } from '../copies/copy-off-cluster.ts';
import { fetchSnapshot, readableCopy, withPlaces } from '../copies/fetch-snapshot.ts';
import { republishFor } from '../copies/known-backups.ts';
import { withRetentionDue } from '../copies/retention-work.ts';
import { auditEvent } from '../ports/audit-events.ts';
import type { OffCluster } from '../ports/copy-ports.ts';
import type { Drill, Fetched } from '../ports/drill-ports.ts';
import { seatOf } from '../ports/drill-seat.ts';
import { RunFailureError } from '../ports/run-failure-error.ts';
import type { RunWork } from '../ports/run-work.ts';
import { sessionOrRefusal } from '../session/open-session.ts';
import { asHolder, cutOff, drillBegun, drillPauseMs } from './drill-in-run.ts';
import { drillDetail, toOwners } from './drill-notices.ts';
import { failedDrill, noTools } from './drill-snapshot.ts';
import { neededMinor } from './drill-subject.ts';

/**
 * The drill of a run that is over, because another one was being made when its turn came. One that finds another again asks later:
 * it holds neither a place of the worker nor its cluster meanwhile. One that a killed process had begun is not made again. What the
 * run's retention waited for is due afterwards.
 */
export async function makeWaitingDrill(work: RunWork, off: OffCluster | undefined): Promise<void> {
  const { run } = work.claim;
  // Drilled by a person meanwhile, or wanted no more: only the rest is to be done.
  if (off && run.success && isToDrill(work, run.success)) {
    const outcome = await outcomeOf(work, off, run.success);
    if (outcome === 'later') return;
    await recordOutcome(work, outcome);
  }
  const deliveryId = `waiting-drill:${run.id}:${work.claim.fence}`;
  if (off) await republishFor(work.deps, { deliveryId }, { run, off }, work.signal);
  await work.deps.records.advance(work.claim, ({ success }) => {
    if (!success) return { set: {}, audit: [], notices: [] };
    const { drillWait: _, drillBegunAt: __, ...rest } = success;
    return { set: { success: withRetentionDue(rest, work.cluster) }, audit: [], notices: [{ kind: 'card' }] };
  });
  work.deps.wake();
}

async function outcomeOf(
  work: RunWork,
  off: OffCluster,
  success: RunSuccess,
): Promise<DrillOutcome | 'later'> {
  const { drill } = off;
  const now = work.deps.clock.now();
  if (cutOff(work, success)) {
    await removeOwnPod(work);
    return notMade({ kind: 'process-ended' }, now);
  }
  if (!drill || drill.tools.sets.length === 0) {
    return noTools(neededMinor({ run: work.claim.run, success }), now);
  }
  const leave = seatOf(drill).tryTake(asHolder(work));
  if (!leave) return postpone(work, { dueAt: now + drillPauseMs });
  try {
    const withDrill = { ...off, drill };
    const copy = readableCopy(success);
    return copy
      ? await drillCopy(work, withDrill, success, copy)
      : await drillFromNode(work, withDrill, success);
  } finally {
    leave();
  }
}

type WithDrill = OffCluster & { readonly drill: Drill };

async function drillCopy(
  work: RunWork,
  off: WithDrill,
  success: RunSuccess,
  copy: FileCopy,
): Promise<DrillOutcome | 'later'> {
  await recordBegun(work);
  const fetched = await fetchSnapshot(withPlaces(work.deps, off), success, undefined, work.signal, copy);
  return drillFetched(work, off, success, fetched, copy.destination);
}

async function drillFromNode(
  work: RunWork,
  off: WithDrill,
  success: RunSuccess,
): Promise<DrillOutcome | 'later'> {
  const session = await sessionOrRefusal(work);
  if (session instanceof RunFailureError) {
    const { claim, deps } = work;
    deps.log.warn({ run: claim.run.id, err: session }, 'no session to fetch the snapshot of a drill');
    const detail = session.message.slice(0, 500);
    return postponeRound(work, success, { kind: 'not-fetched', detail }, undefined);
  }
  let fetched: Fetched | undefined;
  try {
    await recordBegun(work);
    fetched = await fetchSnapshot(withPlaces(work.deps, off), success, session, work.signal);
  } finally {
    await session.close().catch((err: unknown) => {
      work.deps.log.warn({ run: work.claim.run.id, pod: session.pod, err }, 'session pod not removed');
    });
  }
  return drillFetched(work, off, success, fetched, undefined);
}

/**
 * A node or a place that cannot be reached, or from which the snapshot does not come whole (the next backup takes the session for
 * itself), is tried again, in rarer rounds. `from`: the copy's destination; undefined: the node.
 */
async function drillFetched(
  work: RunWork,
  off: WithDrill,
  success: RunSuccess,
  fetched: Fetched,
  from: string | undefined,
): Promise<DrillOutcome | 'later'> {
  const { failure } = fetched.ok ? { failure: undefined } : fetched;
  const away = failure?.kind === 'not-fetched' || failure?.kind === 'not-known-place';
  if (failure && away && !work.signal.aborted) return postponeRound(work, success, failure, from);
  try {
    return await drillBegun(work, off, success, async () => fetched);
  } finally {
    if (fetched.ok) await fetched.snapshot.remove();
  }
}

/** The process that ended may have opened a session for it. A pod that cannot be removed now goes with the next run or at its deadline. */
async function removeOwnPod(work: RunWork): Promise<void> {
  const { deps, cluster, claim, signal } = work;
  try {
    await deps.sessions.removeLeftover(cluster, claim.run.id, { signal });
  } catch (err) {
    signal.throwIfAborted();
    if (!(err instanceof RunFailureError)) throw err;
    deps.log.warn({ run: claim.run.id, err }, 'the session pod of a drill that was cut off is not removed');
  }
}

function notMade(failure: DrillFailure, at: number): FailedDrill {
  return failedDrill(failure, { verdict: 'not-made', because: 'place' }, {}, at);
}

/** The outcome: there is no further round. */
async function postponeRound(
  work: RunWork,
  { drillWait }: RunSuccess,
  failure: Extract<DrillFailure, { readonly detail: string }>,
  from: string | undefined,
): Promise<DrillOutcome | 'later'> {
  const now = work.deps.clock.now();
  const tries = drillWait?.tries ?? 0;
  const dueAt = nextTry(tries, now);
  if (dueAt === undefined) return notMade(failure, now);
  const away = from === undefined ? undefined : { destination: from, detail: failure.detail };
  return postpone(work, { dueAt, tries: tries + 1, away });
}

/** The card says what it waits for; that its turn has not come is no news. */
async function postpone(work: RunWork, next: Partial<DrillWait>): Promise<'later'> {
  await work.deps.records.advance(work.claim, ({ success }) => ({
    set: success?.drillWait
      ? { success: { ...success, drillBegunAt: undefined, drillWait: { ...success.drillWait, ...next } } }
      : {},
    audit: [],
    notices: next.tries === undefined ? [] : [{ kind: 'card' }],
  }));
  work.deps.wake();
  return 'later';
}

/** As in a run: a process that is killed over it is not followed by the next one. */
async function recordBegun(work: RunWork): Promise<void> {
  const drillBegunAt = work.deps.clock.now();
  await work.deps.records.advance(work.claim, ({ success }) => ({
    set: success ? { success: { ...success, drillBegunAt } } : {},
    audit: [],
    notices: [{ kind: 'card' }],
  }));
  work.deps.wake();
}

/** It still waits on record until the documents say the same: a process may end meanwhile. */
async function recordOutcome(work: RunWork, outcome: DrillOutcome): Promise<void> {
  const { deps, cluster, claim } = work;
  const event = auditEvent(deps.clock.now(), 'bot', 'drilled', drillDetail(outcome));
  await deps.records.advance(claim, (run) => ({
    set: run.success ? { success: afterDrill(run.success, outcome) } : {},
    audit: [event],
    notices: [
      { kind: 'card' },
      { kind: 'thread', entry: { type: 'drill', drill: outcome } },
      ...toOwners(run, cluster, run.success ?? {}, outcome),
    ],
  }));
  deps.wake();
}
