import { allProven, allSettled } from '../domain/file-copy.ts';
import type { BackupRun, RunSuccess } from '../domain/run.ts';
import { auditEvent } from './audit-events.ts';
import type { NodeSession } from './ports.ts';
import type { RunWork } from './run-work.ts';

const lookedBack = 200;

/**
 * The disk of a control-plane node must not fill: directories whose copies are proven off the cluster go, but for the newest
 * `keepOnNode` of this node. What is not proven elsewhere stays. Returns what became of this run's own directory.
 */
export async function makeRoomOnNode(
  work: RunWork,
  session: NodeSession,
  success: RunSuccess,
): Promise<'kept' | 'removed'> {
  const { deps, claim, cluster, plan } = work;
  if (!allProven(success.copies ?? [])) return 'kept';
  const earlier = await deps.records.runs({ cluster: cluster.name, succeeded: true, limit: lookedBack });
  const onNode = [{ ...claim.run, plan, success }, ...earlier.filter((run) => run.id !== claim.run.id)]
    .filter(
      (run) =>
        run.plan?.node === plan.node &&
        run.success?.onNode !== 'removed' &&
        allSettled(run.success?.copies ?? []),
    )
    .toSorted((a, b) => startOf(b) - startOf(a));
  let own: 'kept' | 'removed' = 'kept';
  for (const old of onNode.slice(cluster.keepOnNode ?? 1)) {
    const path = old.plan?.directory;
    if (path === undefined) continue;
    await session.remove(path);
    if (old.id === claim.run.id) own = 'removed';
    else await recordRemoved(work, old.id, path);
  }
  return own;
}

function startOf(run: BackupRun): number {
  return run.startedAt ?? run.requestedAt;
}

/** Needs no claim: a run that is over and waits for nothing has none. */
export async function recordRemoved(
  { deps, claim, plan }: RunWork,
  runId: string,
  path: string,
): Promise<void> {
  const now = deps.clock.now();
  const event = auditEvent(now, 'bot', 'pruned', { path, node: plan.node, ofRun: runId });
  await deps.records.decide({
    runId,
    deliveryId: `node-room:${claim.run.id}:${runId}`,
    now,
    decision: ({ success }) => ({
      set: { success: success && { ...success, onNode: 'removed' } },
      audit: [event],
      notices: [{ kind: 'card' }],
    }),
  });
}
