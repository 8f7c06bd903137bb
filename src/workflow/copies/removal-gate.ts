import type { RetentionStop } from '../../domain/copies/retention-stop.ts';
import type { ServerTime } from '../../domain/doctor/cluster-access.ts';
import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import type { BackupRun } from '../../domain/run/run.ts';
import { clocksApart } from '../../domain/text/trusted-time.ts';
import { placeStatus } from '../places/place-identity.ts';
import type { WorkflowDeps } from '../ports/deps.ts';

export type RemovalGate = { readonly ok: true } | { readonly ok: false; readonly why: RetentionStop };

/** An answer that took longer measures no clock. */
const slowestAnswerMs = 60_000;

/**
 * Whether anything of this cluster may be removed at this destination now, or recorded as gone from there. Asked before every
 * removal, on the node, too (for the destinations that hold the copies). `run`: the one after which it is removed, which measured
 * the node's clock. Writes nothing but a marker where the place is new, see placeStatus.
 */
export async function mayRemoveAt(
  deps: WorkflowDeps,
  cluster: ClusterPolicy,
  run: Pick<BackupRun, 'nodeClock'>,
  destination: string,
): Promise<RemovalGate> {
  const room = await roomStop(deps, cluster);
  if (room) return { ok: false, why: { ...room, at: deps.clock.now() } };
  const clocks = await clockStop(deps, cluster, run);
  if (clocks) return { ok: false, why: { ...clocks, at: deps.clock.now() } };
  const { mayRemove, refusal } = await placeStatus(deps, destination);
  if (mayRemove) return { ok: true };
  const detail = refusal.message.slice(0, 500);
  return { ok: false, why: { kind: 'place', destination, detail, at: deps.clock.now() } };
}

type Stop = RetentionStop extends infer Each ? (Each extends unknown ? Omit<Each, 'at'> : never) : never;

/** A backup that is being restored must not go, and neither may the ones that people fall back on. */
async function roomStop(
  { records }: Pick<WorkflowDeps, 'records'>,
  { name }: ClusterPolicy,
): Promise<Stop | undefined> {
  const [open] = await records.openRooms(name);
  return open && { kind: 'restore-room', openedAt: open.openedAt, runId: open.paper.runId };
}

/** Ages decide what is removed: with a clock that is wrong, or that cannot be compared, nothing is. */
async function clockStop(
  { clusters }: Pick<WorkflowDeps, 'clusters'>,
  cluster: ClusterPolicy,
  { nodeClock }: Pick<BackupRun, 'nodeClock'>,
): Promise<Stop | undefined> {
  if (!nodeClock) return { kind: 'clock-unknown', of: 'node', detail: 'the run did not measure it' };
  const reading = await clusters.serverTime(cluster);
  if (!reading.ok) return { kind: 'clock-unknown', of: 'api', detail: reading.why.detail };
  const apiAheadMs = aheadOf(reading.value);
  if (apiAheadMs === undefined) {
    return { kind: 'clock-unknown', of: 'api', detail: 'no Date header in time' };
  }
  const apart = clocksApart({ apiAheadMs, nodeAheadMs: nodeClock.aheadMs });
  return apart && { kind: 'clocks-apart', ...apart };
}

/** The header has whole seconds, and was written somewhere between question and answer: both are forgiven. */
function aheadOf({ askedAt, answeredAt, serverAt }: ServerTime): number | undefined {
  const took = answeredAt - askedAt;
  if (serverAt === undefined || took < 0 || took > slowestAnswerMs) return undefined;
  if (serverAt > answeredAt) return serverAt - answeredAt;
  return Math.min(0, serverAt + 1_000 - askedAt);
}
