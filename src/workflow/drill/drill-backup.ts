import type { FileCopy } from '../../domain/copies/file-copy.ts';
import { afterDrill } from '../../domain/run/drill-outcome.ts';
import type { BackupRun, RunSuccess } from '../../domain/run/run.ts';
import type { Asked, DrillAnswer } from '../access/backups.ts';
import { fetchSnapshot, withPlaces } from '../copies/fetch-snapshot.ts';
import { record, republishFor, storedBackup } from '../copies/known-backups.ts';
import type { OffCluster } from '../ports/copy-ports.ts';
import type { WorkflowDeps } from '../ports/deps.ts';
import type { Drill } from '../ports/drill-ports.ts';
import { type SeatHolder, seatOf } from '../ports/drill-seat.ts';
import { drillDetail, toOwners } from './drill-notices.ts';
import { drillSnapshot } from './drill-snapshot.ts';

/** The longest that a person's drill waits for its turn. */
const longestWaitMs = 3_600_000;

/**
 * Restores the snapshot's copy into a throw-away etcd, by the same rules as after a backup. One drill at a time: it waits for
 * another one, for an hour at most, and looks again afterwards whether it may and can be made.
 */
export async function drillBackup(
  deps: WorkflowDeps,
  asked: Asked,
  {
    runId,
    waitsFor,
  }: {
    runId: string;
    /** Called once, when another drill is under way and this one waits for its end. */
    waitsFor?: (holder: SeatHolder | undefined) => void;
  },
): Promise<DrillAnswer> {
  const found = await drillable(deps, asked, runId);
  if ('answer' in found) return found.answer;
  const { run, off } = found;
  const seat = seatOf(off.drill);
  const now = () => deps.clock.now();
  const who = { runId: run.id, cluster: run.cluster };
  const leave = seat.tryTake({ ...who, since: now() });
  if (leave) return made(deps, asked, found, leave);
  const holder = seat.holder();
  if (holder?.runId === run.id) return { outcome: 'drill-under-way', run, holder };
  if (found.success.drillWait || seat.isAwaitedFor(run.id)) {
    return { outcome: 'drill-waits-already', run, holder };
  }
  waitsFor?.(holder);
  const inTurn = await withinWait(deps, (signal) => seat.take(who, now, signal));
  if (!inTurn) return { outcome: 'drill-waited-in-vain', run, holder: seat.holder() };
  try {
    const later = await drillable(deps, asked, runId);
    return 'answer' in later ? later.answer : await made(deps, asked, later, inTurn);
  } finally {
    inTurn();
  }
}

/** Undefined: its turn did not come in time. */
async function withinWait(
  { clock }: WorkflowDeps,
  take: (signal: AbortSignal) => Promise<() => void>,
): Promise<(() => void) | undefined> {
  const tooLong = new AbortController();
  const timer = new AbortController();
  void clock.sleep(longestWaitMs, timer.signal).then(() => tooLong.abort());
  try {
    return await take(tooLong.signal);
  } catch (error) {
    if (tooLong.signal.aborted) return undefined;
    throw error;
  } finally {
    timer.abort();
  }
}

interface Drillable {
  readonly run: BackupRun;
  readonly success: RunSuccess;
  readonly off: OffCluster & { readonly drill: Drill };
  readonly copy: FileCopy;
}

async function drillable(
  deps: WorkflowDeps,
  asked: Asked,
  runId: string,
): Promise<Drillable | { readonly answer: DrillAnswer }> {
  const found = await storedBackup(deps, asked, runId, 'startDrill');
  if ('answer' in found) return found;
  const { run, success, off } = found;
  const { drill } = off;
  if (!drill || drill.tools.sets.length === 0) {
    return { answer: { outcome: 'no-etcd-tools', problems: drill?.tools.problems ?? [] } };
  }
  const snapshots = success.copies?.filter((each) => each.file === 'snapshot' && each.stored) ?? [];
  const copy = snapshots.find((each) => each.encryptFor.length === 0);
  if (!copy) return { answer: { outcome: snapshots.length > 0 ? 'encrypted' : 'no-copies', run } };
  return { run, success, off: { ...off, drill }, copy };
}

/** `leave`: the next drill may begin while this one is recorded and the documents are written. */
async function made(
  deps: WorkflowDeps,
  asked: Asked,
  found: Drillable,
  leave: () => void,
): Promise<DrillAnswer> {
  const { run, success, off, copy } = found;
  const signal = new AbortController().signal;
  const withDrill = withPlaces(deps, off);
  const fetch = () => fetchSnapshot(withDrill, success, undefined, signal, copy);
  const outcome = await drillSnapshot(deps, withDrill, { run, success }, fetch, signal).finally(leave);
  const change = (now: RunSuccess) => afterDrill(now, outcome);
  const changed = await record(
    deps,
    asked,
    run,
    change,
    'drilled',
    drillDetail(outcome),
    ({ success: now }) => [
      { kind: 'thread', entry: { type: 'drill', drill: outcome } },
      ...toOwners(run, deps.fleet.cluster(run.cluster), now ?? {}, outcome),
    ],
  );
  await republishFor(deps, asked, found, signal);
  return { outcome: 'drilled', run: changed, drill: outcome };
}
