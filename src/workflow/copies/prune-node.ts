import { allProven, allSettled } from '../../domain/copies/file-copy.ts';
import { isKeptByMark } from '../../domain/copies/restore-mark.ts';
import { runIdOfDirectory } from '../../domain/run/leftovers.ts';
import { isDisproven } from '../../domain/run/proven-backup.ts';
import type { BackupRun, RunSuccess } from '../../domain/run/run.ts';
import { auditEvent } from '../ports/audit-events.ts';
import type { NodeSession } from '../ports/ports.ts';
import type { RunWork } from '../ports/run-work.ts';
import { readableCopy } from './fetch-snapshot.ts';
import { mayRemoveAt } from './removal-gate.ts';
import { recordStop } from './retention-stop.ts';

/**
 * The disk of a control-plane node must not fill: directories whose copies are proven off the cluster go, but for the newest
 * `keepOnNode` of this node, by the records' order. What is not proven elsewhere stays, and so does everything while the copies
 * of the run at hand are not proven on record. Its drill comes later: the session is closed before it. Each removal is on record
 * before it is done, and after it.
 */
export async function pruneNode(work: RunWork, session: NodeSession): Promise<void> {
  const { deps, claim, cluster, plan } = work;
  const own = await deps.records.run(claim.run.id);
  if (!own || !allProven(own.success?.copies ?? [])) return;
  const ended = await deps.records.runs({ cluster: cluster.name, succeeded: true, keeps: 'directory' });
  // While it runs it is not among them, and the newest of all.
  const all = ended.some(({ id }) => id === own.id) ? ended : [own, ...ended];
  const here = all.filter((run) => mayGoFrom(plan.node, run, deps.clock.now()));
  const begun = here.filter(({ success }) => success?.onNode === 'removing');
  const rest = here.filter((run) => !begun.includes(run));
  // One of a time line that the cluster left takes no place of those that restore it as it is.
  const onLine = rest.filter(({ abandoned }) => !abandoned).slice(0, cluster.keepOnNode ?? 1);
  const old = rest.filter((run) => !onLine.includes(run));
  const closed = new Set<string>();
  for (const run of [...begun, ...old]) {
    if (!(await mayGo(work, own, run, closed))) continue;
    const path = run.plan?.directory;
    if (path === undefined) continue;
    await become(work, run.id, 'removing', path);
    await session.remove(path);
    await become(work, run.id, 'removed', path);
  }
}

function mayGoFrom(node: string, run: BackupRun, now: number): boolean {
  const { id, plan, success, abandoned } = run;
  return (
    plan?.node === node &&
    isOwnDirectory(id, plan.directory) &&
    success !== undefined &&
    // Takes no place of those that are kept, and stays: its copy may be what is damaged, not what lies here.
    !isDisproven(success) &&
    // The restore that left it may turn out to have been the wrong one.
    !isKeptByMark(abandoned, now) &&
    allSettled(success.copies ?? []) &&
    // Its drill is still to come, and has to fetch the snapshot from here.
    !(success.drillWait && readableCopy(success) === undefined)
  );
}

/** The path of a run that `catalog` rebuilt comes from a manifest of unknown author: only its own directory is removed. */
function isOwnDirectory(runId: string, path: string): boolean {
  return runIdOfDirectory(path.slice(path.lastIndexOf('/') + 1)) === runId;
}

/**
 * Wherever the files are that make this directory superfluous, something may be removed. A place that was found `closed` (or left
 * the configuration) keeps the directories whose files lie there, and no others.
 */
async function mayGo(work: RunWork, own: BackupRun, run: BackupRun, closed: Set<string>): Promise<boolean> {
  const places = [own, run].flatMap(
    ({ success }) => success?.copies?.map(({ destination }) => destination) ?? [],
  );
  if (places.some((place) => closed.has(place))) return false;
  for (const place of new Set(places)) {
    const gate = await mayRemoveAt(work.deps, work.cluster, own, place);
    if (gate.ok) continue;
    closed.add(place);
    await recordStop(work, gate.why, own.success?.retention?.dueAt);
    return false;
  }
  return true;
}

/** Needs no claim: a run that is over and waits for nothing has none. */
async function become(
  { deps, claim, plan }: RunWork,
  runId: string,
  onNode: NonNullable<RunSuccess['onNode']>,
  path: string,
): Promise<void> {
  const now = deps.clock.now();
  const event = auditEvent(now, 'bot', 'pruned', { path, node: plan.node, ofRun: runId, directory: onNode });
  await deps.records.decide({
    runId,
    deliveryId: `prune-node:${claim.run.id}:${claim.fence}:${runId}:${onNode}`,
    now,
    decision: ({ success }) => ({
      set: { success: success && { ...success, onNode } },
      audit: [event],
      notices: [{ kind: 'card' }],
    }),
  });
}
