import { allProven } from '../domain/file-copy.ts';
import type { RunSuccess } from '../domain/run.ts';
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
  const keep = cluster.keepOnNode ?? 1;
  const earlier = await deps.records.runs({ cluster: cluster.name, succeeded: true, limit: lookedBack });
  const onNode = earlier.filter(
    (run) =>
      run.id !== claim.run.id &&
      run.plan?.node === plan.node &&
      run.success?.onNode !== 'removed' &&
      allProven(run.success?.copies ?? []),
  );
  for (const old of onNode.slice(Math.max(0, keep - 1))) {
    const path = old.plan?.directory;
    if (path === undefined || !old.success) continue;
    await session.remove(path);
    const event = auditEvent(deps.clock.now(), 'bot', 'pruned', { path, node: plan.node, ofRun: old.id });
    const gone: RunSuccess = { ...old.success, onNode: 'removed' };
    await deps.records.decide({
      runId: old.id,
      deliveryId: `node-room:${claim.run.id}:${old.id}`,
      now: deps.clock.now(),
      decision: () => ({ set: { success: gone }, audit: [event], notices: [{ kind: 'card' }] }),
    });
  }
  if (keep > 0) return 'kept';
  await session.remove(plan.directory);
  return 'removed';
}
