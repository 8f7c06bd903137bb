import { allProven } from '../../domain/copies/file-copy.ts';
import { afterDrill } from '../../domain/run/drill-outcome.ts';
import type { Notice } from '../../domain/run/notice.ts';
import type { DrillOutcome, RunSuccess } from '../../domain/run/run.ts';
import { isToDrill } from '../copies/copy-off-cluster.ts';
import { fetchSnapshot, readableCopy, withPlaces } from '../copies/fetch-snapshot.ts';
import { documentsMissing, republish } from '../copies/publish-documents.ts';
import { auditEvent } from '../ports/audit-events.ts';
import type { OffCluster } from '../ports/copy-ports.ts';
import type { Drill, Fetched } from '../ports/drill-ports.ts';
import { type SeatHolder, seatOf } from '../ports/drill-seat.ts';
import type { NodeSession } from '../ports/ports.ts';
import { recordStep } from '../ports/record-step.ts';
import type { RunWork } from '../ports/run-work.ts';
import { drillDetail, toOwners } from './drill-notices.ts';
import { drillSnapshot, failedDrill, noTools } from './drill-snapshot.ts';
import { neededMinor } from './drill-subject.ts';

/** How long a drill waits before it asks for its turn again. */
export const drillPauseMs = 30_000;

/** What the session had to give for the drill, and the current record. Disposing removes what was fetched and ends the turn. */
interface FetchedForDrill extends AsyncDisposable {
  readonly success: RunSuccess;
  readonly fetched: Fetched | undefined;
}

/** The drill is still to be made, and only the node can give the snapshot: its copy is encrypted for people, or not proven. */
export function isDrilledFromNode(work: RunWork, off: OffCluster | undefined, success: RunSuccess): boolean {
  return canDrill(work, off, success) && !cutOff(work, success) && readableCopy(success) === undefined;
}

/**
 * While the node session is open: fetches from the node what the bot cannot read from its copy, when no other drill is being made;
 * else the drill waits. That it began is on record first, so that a process which is killed over it is not followed by the next.
 */
export async function fetchForDrill(
  work: RunWork,
  off: OffCluster | undefined,
  session: NodeSession,
  before: RunSuccess,
): Promise<FetchedForDrill> {
  const nothing = { success: before, fetched: undefined, [Symbol.asyncDispose]: async () => {} };
  if (!canDrill(work, off, before) || !isDrilledFromNode(work, off, before)) return nothing;
  const seat = seatOf(off.drill);
  const leave = seat.tryTake(asHolder(work));
  if (!leave) return { ...nothing, success: await recordWait(work, before, seat.holder()) };
  await using undo = new AsyncDisposableStack();
  undo.defer(leave);
  const success = await recordBegun(work, before);
  const fetched = await fetchSnapshot(withPlaces(work.deps, off), success, session, work.signal);
  undo.defer(async () => {
    if (fetched.ok) await fetched.snapshot.remove();
    if (work.signal.aborted) await giveUpInOrder(work);
  });
  const held = undo.move();
  return { success, fetched, [Symbol.asyncDispose]: () => held.disposeAsync() };
}

/**
 * The drill of a run, after its session on the node is closed. The step is on record before; one that was begun by a process that
 * ended is not made again in this run, and the record says so. While another one is being made it is left to the time after the
 * run (waiting-drill.ts). `fetched`: it has its turn already. Returns the success with what the drill showed, on record.
 */
export async function drillInRun(
  work: RunWork,
  off: OffCluster | undefined,
  success: RunSuccess,
  fetched?: Fetched,
): Promise<RunSuccess> {
  if (off === undefined) return success;
  // Cut off between the verdict and the documents.
  if (success.drill && work.claim.run.step === 'drilling') return publishDrill(work, off, success);
  if (!isToDrill(work, success) || success.drillWait) return success;
  const now = work.deps.clock.now();
  if (cutOff(work, success) && !fetched) {
    const place = { verdict: 'not-made', because: 'place' } as const;
    return recordDrill(work, off, success, failedDrill({ kind: 'process-ended' }, place, {}, now));
  }
  if (!canDrill(work, off, success)) {
    const needs = neededMinor({ run: work.claim.run, success });
    return recordDrill(work, off, success, noTools(needs, now));
  }
  const seat = seatOf(off.drill);
  const leave = fetched ? () => undefined : seat.tryTake(asHolder(work));
  if (!leave) return recordWait(work, success, seat.holder());
  let outcome: DrillOutcome;
  try {
    await recordStep(work, 'drilling', success);
    const begun = fetched ? success : await recordBegun(work, success);
    const fetch = async () =>
      fetched ?? (await fetchSnapshot(withPlaces(work.deps, off), begun, undefined, work.signal));
    outcome = await drillBegun(work, off, begun, fetch);
  } finally {
    leave();
  }
  return recordDrill(work, off, success, outcome);
}

/** One whole drill, on record as begun, in its turn. Throws when the bot stops: then it is on record as not begun. */
export async function drillBegun(
  work: RunWork,
  off: OffCluster & { readonly drill: Drill },
  success: RunSuccess,
  fetch: () => Promise<Fetched>,
): Promise<DrillOutcome> {
  const { deps, claim, signal } = work;
  const subject = { run: { id: claim.run.id, plan: work.plan }, success };
  const outcome = await drillSnapshot(deps, withPlaces(work.deps, off), subject, fetch, signal);
  if (signal.aborted) await giveUpInOrder(work);
  signal.throwIfAborted();
  return outcome;
}

export function asHolder({ claim, deps }: RunWork): SeatHolder {
  return { runId: claim.run.id, cluster: claim.run.cluster, since: deps.clock.now() };
}

/**
 * The run goes on without its drill, which is made after it: a run that waited would keep its cluster, and a place of the worker.
 * The documents go into the thread as they are by now. Said once.
 */
async function recordWait(
  { deps, claim }: RunWork,
  before: RunSuccess,
  holder: SeatHolder | undefined,
): Promise<RunSuccess> {
  const now = deps.clock.now();
  // Begun here earlier and not ended: what waits now was not cut off by the end of a process.
  const drillWait = { since: now, dueAt: now + drillPauseMs, tries: 0 };
  const success = { ...before, drillBegunAt: undefined, drillWait };
  const said: readonly Notice[] =
    before.drillWait || !holder
      ? []
      : [
          {
            kind: 'thread',
            entry: { type: 'drill-waits', at: now, ofRun: holder.runId, cluster: holder.cluster },
          },
        ];
  const files: readonly Notice[] =
    allProven(success.copies ?? []) && !before.drillWait
      ? [{ kind: 'thread', entry: { type: 'restore-files' } }]
      : [];
  await deps.records.advance(claim, { set: { success }, audit: [], notices: [...said, ...files] });
  deps.wake();
  return success;
}

/** The bot stops: the next process may begin this drill again, since nothing killed this one. A lost claim writes nothing. */
async function giveUpInOrder(work: RunWork): Promise<void> {
  await work.deps.records
    .advance(work.claim, ({ success }) => ({
      set: { success: success && { ...success, drillBegunAt: undefined } },
      audit: [],
      notices: [],
    }))
    .catch((err: unknown) => {
      work.deps.log.warn({ run: work.claim.run.id, err }, 'a drill that was stopped stays recorded as begun');
    });
}

function canDrill(
  work: RunWork,
  off: OffCluster | undefined,
  success: RunSuccess,
): off is OffCluster & { readonly drill: Drill } {
  return off?.drill !== undefined && off.drill.tools.sets.length > 0 && isToDrill(work, success);
}

/** Begun, and its process ended over it. One that went on here was only kept from writing: records that did not answer, a lost claim. */
export function cutOff({ goesOnHere }: RunWork, { drillBegunAt }: RunSuccess): boolean {
  return drillBegunAt !== undefined && goesOnHere !== true;
}

async function recordBegun(work: RunWork, before: RunSuccess): Promise<RunSuccess> {
  const success = { ...before, drillBegunAt: work.deps.clock.now(), drillWait: undefined };
  await work.deps.records.advance(work.claim, { set: { success }, audit: [], notices: [] });
  return success;
}

/** The verdict is on record before the documents are written: places may take minutes, and a process may end meanwhile. */
async function recordDrill(
  work: RunWork,
  off: OffCluster,
  before: RunSuccess,
  outcome: DrillOutcome,
): Promise<RunSuccess> {
  const { deps, claim, cluster } = work;
  const success = afterDrill(before, outcome);
  await deps.records.advance(claim, {
    set: { success },
    audit: [auditEvent(deps.clock.now(), 'bot', 'drilled', drillDetail(outcome))],
    notices: [{ kind: 'card' }, ...toOwners(claim.run, cluster, before, outcome)],
  });
  deps.wake();
  return publishDrill(work, off, success);
}

/** The documents beside the files, and those in the thread, as new as what is known. Says nothing where they are. */
async function publishDrill(work: RunWork, off: OffCluster, drilled: RunSuccess): Promise<RunSuccess> {
  const { id: runId } = work.claim.run;
  const deliveryId = `manifest:${runId}:${work.claim.fence}`;
  const files: readonly Notice[] = allProven(drilled.copies ?? [])
    ? [{ kind: 'thread', entry: { type: 'restore-files' } }]
    : [];
  await republish(work, off, { runId, deliveryId }, (missing) => [...documentsMissing(missing), ...files]);
  return drilled;
}
