import type { VersionFacts } from '../../domain/cluster/facts.ts';
import type { Reading } from '../../domain/cluster/reading.ts';
import { activePause, heldPause } from '../../domain/policy/pause.ts';
import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import type { Finding } from '../../domain/preflight/finding.ts';
import { preflight } from '../../domain/preflight/preflight.ts';
import type { ClusterWatch, Reminder } from '../../domain/watch/cluster-watch.ts';
import { pauseTurn } from '../../domain/watch/pause-turn.ts';
import { isOpen, nagIsDue } from '../../domain/watch/reminder.ts';
import { type CronSlots, scheduleTurn } from '../../domain/watch/schedule.ts';
import { retryWantsFindings } from '../../domain/watch/schedule-retry.ts';
import { findingsSeen, watchTurn } from '../../domain/watch/watch-turn.ts';
import { scheduledRequest } from '../approval/scheduled-request.ts';
import { placesNow } from '../places/places-in-trouble.ts';
import type { WorkflowDeps } from '../ports/deps.ts';
import type { WatchChange, WatchView } from '../ports/records.ts';
import { clockStepped } from './clock-steps.ts';

/** What the watch needs besides what the rest of the workflow does. */
export interface WatchDeps extends WorkflowDeps {
  readonly cron: CronSlots;
  /** The bot's own Slack account: it asks for scheduled runs. */
  readonly botUser: string;
}

/** What a whole reading of the cluster tells a reminder. */
export interface SeenFindings {
  /** Both undefined: could not be read. */
  readonly findings: readonly Finding[] | undefined;
  readonly previewBackups: boolean | undefined;
}

/** Tried often enough: a reminder is shown, or repeated, with what is known. */
export const unreadFindings: SeenFindings = { findings: undefined, previewBackups: undefined };

/** What is new since the last decision; nothing at all: the watch on record is judged again. */
export interface Sight {
  readonly reading?: Reading<VersionFacts>;
  /** `controlPlaneTopology`, where it was read with the look. */
  readonly topology?: string | undefined;
  readonly findings?: SeenFindings;
  /** Whether the cluster uses the preview backup API, where that was asked for alone. */
  readonly previewBackups?: boolean;
}

/**
 * One decision about one cluster: what was seen, coverage, reminder, alarm, in one transaction with the messages that follow
 * from it. Asks no cluster: the same call serves a fresh look and a backup that has just ended. Idempotent.
 */
export async function recordSight(
  deps: WatchDeps,
  cluster: ClusterPolicy,
  sight: Sight,
): Promise<ClusterWatch | undefined> {
  const now = deps.clock.now();
  const stepped = clockStepped(deps.clock, cluster.name);
  let toDo = false;
  const watched = await deps.records.decideWatch<never>({
    cluster: cluster.name,
    now,
    decision(view) {
      const change = decide(deps, view, cluster, sight, { now, stepped });
      toDo = change !== undefined && (change.notices.length > 0 || change.request !== undefined);
      return change;
    },
  });
  if (watched.outcome === 'changed' && toDo) deps.wake();
  return watched.watch;
}

/** Findings first, since a reminder is repeated with the new ones, and with no others; the schedule last, since it goes by what was seen. */
function decide(
  deps: WatchDeps,
  { watch, proven, active, scheduled }: WatchView,
  policy: ClusterPolicy,
  { reading, topology, findings, previewBackups }: Sight,
  { now, stepped }: { readonly now: number; readonly stepped: boolean },
): WatchChange | undefined {
  const current = watch && previewBackups !== undefined ? { ...watch, previewBackups } : watch;
  const rested = current && pauseTurn({ watch: current, proven, policy, now, stepped });
  const pause = heldPause(rested?.watch);
  const heard = rested?.watch;
  const checked = heard && findings && !pause ? findingsSeen(heard, { ...findings, now, policy }) : undefined;
  const looked = watchTurn({
    watch: checked?.watch ?? heard,
    cluster: policy.name,
    reading,
    topology,
    proven,
    policy,
    nagWaits: findings === undefined,
    paused: pause !== undefined,
    now,
  });
  const planned = scheduleTurn({
    watch: looked.watch,
    scheduled,
    active,
    proven,
    policy,
    now,
    pausedUntil: pause?.until,
    cron: deps.cron,
    looked: findings,
    newRun: (slot, retry) => scheduledRequest(deps, policy, slot, deps.botUser, retry),
  });
  const change = {
    watch: planned.watch,
    events: [...(rested?.events ?? []), ...(checked?.events ?? []), ...looked.events, ...planned.events],
    notices: [...(rested?.notices ?? []), ...(checked?.notices ?? []), ...looked.notices, ...planned.notices],
    ...(planned.request ? { request: planned.request } : {}),
  };
  const same = change.watch === watch && change.events.length === 0 && change.notices.length === 0;
  return same && !change.request ? undefined : change;
}

/** Preflight as a request made now would see it. undefined: the cluster did not answer; ask again at the next turn. */
export async function readFindings(
  deps: WorkflowDeps,
  cluster: ClusterPolicy,
): Promise<SeenFindings | undefined> {
  const facts = await deps.clusters.facts(cluster);
  if (!facts.version.ok) return undefined;
  const places = await placesNow(deps, cluster);
  const asker = { nodeWanted: undefined, requester: undefined };
  const context = { policy: cluster, ...asker, places, now: deps.clock.now() };
  const { previewBackups } = facts;
  return {
    findings: preflight(facts, context).findings,
    previewBackups: previewBackups.ok ? previewBackups.value.length > 0 : undefined,
  };
}

function openReminder(watch: ClusterWatch | undefined): Reminder | undefined {
  return isOpen(watch?.reminder) ? watch.reminder : undefined;
}

/**
 * A reminder is posted with what preflight says, so that is looked at first; also after a restart in between. Before it is
 * repeated that is read again: it must not say what was true days ago. People are asked once more for a scheduled run only when
 * what stopped it has passed.
 */
export function wantsFindings(watch: ClusterWatch | undefined, now: number): boolean {
  if (activePause(watch, now)) return false;
  if (retryWantsFindings(watch, now)) return true;
  const reminder = openReminder(watch);
  if (!reminder) return false;
  return reminder.findings === undefined || nagIsDue(reminder, now);
}

/** Whether something on record waits for the end of a run of this cluster. */
export function waitsForBackup(watch: ClusterWatch | undefined): boolean {
  if (!watch) return false;
  const alarmed = watch.alarm !== undefined && watch.alarm.end === undefined;
  return openReminder(watch) !== undefined || alarmed || watch.schedule?.openRun !== undefined;
}
