import type { ClusterWatch, Reminder } from '../domain/cluster-watch.ts';
import type { VersionFacts } from '../domain/facts.ts';
import type { Finding } from '../domain/finding.ts';
import type { ClusterPolicy } from '../domain/policy.ts';
import { preflight } from '../domain/preflight/preflight.ts';
import type { Reading } from '../domain/reading.ts';
import { isOpen } from '../domain/reminder.ts';
import { type CronSlots, scheduleTurn } from '../domain/schedule.ts';
import { findingsSeen, watchTurn } from '../domain/watch-turn.ts';
import type { WorkflowDeps } from './deps.ts';
import type { WatchChange, WatchView } from './records.ts';
import { scheduledRequest } from './scheduled-request.ts';

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

/** What is new since the last decision; nothing at all: the watch is judged again as it stands on record. */
export interface Sight {
  readonly reading?: Reading<VersionFacts>;
  readonly findings?: SeenFindings;
  /** Whether the cluster uses the preview backup API, where that was asked for alone. */
  readonly previewBackups?: boolean;
}

/**
 * One decision about one cluster: what was seen, coverage, reminder, alarm, in one transaction with the messages that follow
 * from it. Asks nobody: the same call serves a fresh look and a backup that has just ended. Idempotent.
 */
export async function recordSight(
  deps: WatchDeps,
  cluster: ClusterPolicy,
  sight: Sight,
): Promise<ClusterWatch | undefined> {
  const now = deps.clock.now();
  let toDo = false;
  const watched = await deps.records.decideWatch<never>({
    cluster: cluster.name,
    now,
    decision(view) {
      const change = decide(deps, view, cluster, sight, now);
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
  { reading, findings, previewBackups }: Sight,
  now: number,
): WatchChange | undefined {
  const told = watch && previewBackups !== undefined ? { ...watch, previewBackups } : watch;
  const checked = told && findings ? findingsSeen(told, { ...findings, now, policy }) : undefined;
  const looked = watchTurn({
    watch: checked?.watch ?? told,
    cluster: policy.name,
    reading,
    proven,
    policy,
    nagWaits: findings === undefined,
    now,
  });
  const newRun = (slot: number) => scheduledRequest(deps, policy, slot, deps.botUser);
  const { cron } = deps;
  const planned = scheduleTurn({ watch: looked.watch, scheduled, active, proven, policy, now, cron, newRun });
  const change = {
    watch: planned.watch,
    events: [...(checked?.events ?? []), ...looked.events, ...planned.events],
    notices: [...(checked?.notices ?? []), ...looked.notices, ...planned.notices],
    ...(planned.request ? { request: planned.request } : {}),
  };
  const same = change.watch === watch && change.events.length === 0 && change.notices.length === 0;
  return same && !change.request ? undefined : change;
}

/** Preflight as it is for whoever would ask now. undefined: the cluster did not answer; ask again at the next turn. */
export async function readFindings(
  deps: WorkflowDeps,
  cluster: ClusterPolicy,
): Promise<SeenFindings | undefined> {
  const facts = await deps.clusters.facts(cluster);
  if (!facts.version.ok) return undefined;
  const context = { policy: cluster, nodeWanted: undefined, requester: undefined, now: deps.clock.now() };
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
 * repeated that is read again: it must not say what was true days ago.
 */
export function wantsFindings(watch: ClusterWatch | undefined, now: number): boolean {
  const reminder = openReminder(watch);
  if (!reminder) return false;
  return reminder.findings === undefined || (reminder.nextNagAt !== undefined && reminder.nextNagAt <= now);
}

/** Whether something on record waits for the end of a run of this cluster. */
export function waitsForBackup(watch: ClusterWatch | undefined): boolean {
  if (!watch) return false;
  const alarmed = watch.alarm !== undefined && watch.alarm.end === undefined;
  return openReminder(watch) !== undefined || alarmed || watch.schedule?.openRun !== undefined;
}
