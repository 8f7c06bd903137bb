import type { CredentialsLife } from '../../domain/cluster/credentials-life.ts';
import type { VersionFacts } from '../../domain/cluster/facts.ts';
import type { Reading } from '../../domain/cluster/reading.ts';
import { heldPause } from '../../domain/policy/pause.ts';
import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import type { RestoreRoom } from '../../domain/restore-room/room.ts';
import { scheduleWaitsForRoom } from '../../domain/restore-room/room-pause.ts';
import type { ClusterWatch } from '../../domain/watch/cluster-watch.ts';
import { credentialsTurn } from '../../domain/watch/credentials-turn.ts';
import { pauseTurn } from '../../domain/watch/pause-turn.ts';
import { isOpen } from '../../domain/watch/reminder.ts';
import { findingsSeen } from '../../domain/watch/reminder-turn.ts';
import { scheduleTurn } from '../../domain/watch/schedule.ts';
import type { CronSlots } from '../../domain/watch/schedule-times.ts';
import { andThen, type WatchTransition } from '../../domain/watch/watch-transition.ts';
import { newWatch, watchTurn } from '../../domain/watch/watch-turn.ts';
import { scheduledRequest } from '../approval/scheduled-request.ts';
import type { WorkflowDeps } from '../ports/deps.ts';
import type { WatchView } from '../ports/records.ts';
import { clockStepped } from './clock-steps.ts';
import type { SeenFindings } from './full-reading.ts';

/** What the watch needs besides what the rest of the workflow does. */
export interface WatchDeps extends WorkflowDeps {
  readonly cron: CronSlots;
  /** The bot's own Slack account: it asks for scheduled runs. */
  readonly botUser: string;
}

/** What is new since the last decision; nothing at all: the watch on record is judged again. */
export interface Observation {
  readonly reading?: Reading<VersionFacts>;
  /** `controlPlaneTopology`, where it was read with the version. */
  readonly topology?: string | undefined;
  readonly findings?: SeenFindings;
  /** Whether the cluster uses the preview backup API, where that was read alone. */
  readonly previewBackups?: boolean;
  /** When the credentials end, where they were looked at. */
  readonly credentials?: { readonly life: CredentialsLife | undefined };
}

/**
 * One decision about one cluster: what was observed, coverage, reminder, alarm, in one transaction with the messages that
 * follow from it. Reads no cluster: the same call serves a new reading and a backup that has just ended. Idempotent.
 */
export async function recordObservation(
  deps: WatchDeps,
  cluster: ClusterPolicy,
  observation: Observation,
): Promise<ClusterWatch | undefined> {
  const now = deps.clock.now();
  const [room] = await deps.records.openRooms(cluster.name);
  const stepped = clockStepped(deps.clock, cluster.name);
  let hasEffects = false;
  const watched = await deps.records.decideWatch<never>({
    cluster: cluster.name,
    now,
    decision(view) {
      const change = decide(deps, view, cluster, observation, { now, stepped, room });
      hasEffects = change.notices.length > 0 || change.request !== undefined;
      return change;
    },
  });
  if (watched.outcome === 'changed' && hasEffects) deps.wake();
  return watched.watch;
}

/** Findings first, since a reminder is repeated with the new ones, and with no others; the schedule last, since it goes by what was seen. */
function decide(
  deps: WatchDeps,
  { watch: known, proven, active, scheduled }: WatchView,
  policy: ClusterPolicy,
  { reading, topology, findings, previewBackups, credentials }: Observation,
  { now, stepped, room }: { readonly now: number; readonly stepped: boolean; room: RestoreRoom | undefined },
): WatchTransition {
  const { name: cluster } = policy;
  const before = known ?? newWatch(cluster);
  const current = previewBackups === undefined ? before : { ...before, previewBackups };
  const rested = pauseTurn({ watch: current, proven, policy, now, stepped });
  const pause = heldPause(rested.watch);
  const checked =
    findings && !pause
      ? andThen(rested, (watch) => findingsSeen(watch, { ...findings, now, policy }))
      : rested;
  const judged = andThen(checked, (watch) =>
    watchTurn({
      watch,
      cluster,
      reading,
      topology,
      proven,
      policy,
      repeatWaits: findings === undefined,
      paused: pause !== undefined || policy.leaving === true,
      now,
    }),
  );
  const warned = andThen(judged, (watch) =>
    credentialsTurn(watch, { observed: credentials, policy, paused: pause !== undefined, stepped, now }),
  );
  return andThen(warned, (watch) =>
    scheduleTurn(watch, {
      scheduled,
      active,
      proven,
      policy,
      now,
      pausedUntil: pause?.until ?? (room && scheduleWaitsForRoom(watch, room, now)),
      cron: deps.cron,
      fullReading: findings,
      newRun: (slot, retry) => scheduledRequest(deps, policy, slot, deps.botUser, retry),
    }),
  );
}

/** Whether something on record waits for the end of a run of this cluster. */
export function waitsForBackup(watch: ClusterWatch | undefined): boolean {
  if (!watch) return false;
  const alarmed = watch.alarm !== undefined && watch.alarm.end === undefined;
  return isOpen(watch.reminder) || alarmed || watch.schedule?.openRun !== undefined;
}
