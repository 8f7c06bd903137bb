import type { AuditEvent } from './audit.ts';
import type { ClusterNotice } from './cluster-notice.ts';
import type { ClusterEvent, ClusterWatch, ScheduleWatch } from './cluster-watch.ts';
import type { ClusterPolicy } from './policy.ts';
import type { ProvenBackup } from './proven-backup.ts';
import type { BackupRun } from './run.ts';
import { judgeOpenRun } from './schedule-outcome.ts';
import {
  type CronSlots,
  mayStart,
  newestSlot,
  nextRunAfter,
  ruleOf,
  startFor,
  type Timetable,
} from './schedule-times.ts';

export type { CronSlots } from './schedule-times.ts';

/** More than a turn of the watch later: the bot or the cluster was away, or another run was active. */
const lateAfterMs = 15 * 60_000;
const dayMs = 24 * 3_600_000;
/** A backup that was begun so shortly before a slot, and ended after it, has served it. */
const servedBeforeMs = 15 * 60_000;

/** A run that the schedule asks for, as it is put on record. */
export interface ScheduledRequest {
  readonly run: BackupRun;
  readonly audit: readonly AuditEvent[];
}

export interface ScheduleInput {
  readonly watch: ClusterWatch;
  /** Runs that the schedule asked for and that are over, newest first. */
  readonly scheduled: readonly BackupRun[];
  /** The run of this cluster that is not over, whoever asked for it. */
  readonly active: BackupRun | undefined;
  readonly proven: readonly ProvenBackup[];
  readonly policy: Pick<ClusterPolicy, 'name' | 'timeZone' | 'offPeak' | 'schedule' | 'owners'>;
  /** ms UTC */
  readonly now: number;
  readonly cron: CronSlots;
  /** The run for this slot (ms UTC); called at most once, for what is then on record with the rest of the turn. */
  readonly newRun: (slot: number) => ScheduledRequest;
}

/** The same `watch` object when nothing changes. What is asked for and that it was asked for belong in one transaction. */
export interface ScheduleTurn {
  readonly watch: ClusterWatch;
  readonly events: readonly ClusterEvent[];
  readonly notices: readonly ClusterNotice[];
  readonly request?: ScheduledRequest;
}

/**
 * One look at the clock: counts what became of the last scheduled run, and asks for the next one when its time has come.
 * All that it goes by is in the watch, so whatever restarts in between, a slot brings one run at most. Slots that went by
 * while there was no way are caught up by one run. A schedule that is new, or that changed, begins with the next slot.
 */
export function scheduleTurn(input: ScheduleInput): ScheduleTurn {
  const { watch, policy, cron, now } = input;
  const { name, timeZone, offPeak, schedule } = policy;
  if (!schedule) {
    const off = watch.schedule ? { ...watch, schedule: undefined } : watch;
    return { watch: off, events: [], notices: [] };
  }
  const table = { name, timeZone, offPeak, schedule };
  const before = underRule(watch.schedule, table, cron, now);
  const judged = judgeOpenRun(before, { ...input, owners: policy.owners, final: false });
  const turn = slotTurn(judged.schedule, table, input);
  return {
    watch: turn.schedule === watch.schedule ? watch : { ...watch, schedule: turn.schedule },
    events: [...judged.events, ...turn.events],
    notices: [...judged.notices, ...turn.notices],
    ...(turn.request ? { request: turn.request } : {}),
  };
}

function underRule(
  schedule: ScheduleWatch | undefined,
  table: Timetable,
  cron: CronSlots,
  now: number,
): ScheduleWatch {
  const rule = ruleOf(table);
  if (schedule?.rule === rule) return rightClock(schedule, table, cron, now);
  const fresh = { lastSlot: undefined, judgedRun: undefined, openRun: undefined, failures: 0 };
  return { ...fresh, ...schedule, rule, next: nextRunAfter(table, cron, now) };
}

/**
 * A slot that is waited for while another one comes sooner was named by a clock that went ahead, and would come days late.
 * What was used up to a day ahead is not used again; what lies further ahead is no measure, either.
 */
function rightClock(schedule: ScheduleWatch, table: Timetable, cron: CronSlots, now: number): ScheduleWatch {
  const { next, lastSlot } = schedule;
  if (!next || next.slot <= now) return schedule;
  const used = lastSlot !== undefined && lastSlot - now <= dayMs ? lastSlot : now;
  const sooner = nextRunAfter(table, cron, Math.max(now, used));
  return sooner && sooner.slot < next.slot ? { ...schedule, next: sooner } : schedule;
}

interface SlotTurn {
  readonly schedule: ScheduleWatch;
  readonly events: readonly ClusterEvent[];
  readonly notices: readonly ClusterNotice[];
  readonly request?: ScheduledRequest;
}

function slotTurn(schedule: ScheduleWatch, table: Timetable, input: ScheduleInput): SlotTurn {
  const { watch, active, proven, now, cron } = input;
  const { next } = schedule;
  const nothing = { schedule, events: [], notices: [] };
  if (!next || now < next.startAt || active || !isThere(watch)) return nothing;

  const slot = newestSlot(table, cron, next.slot, now);
  const server = proven.find((backup) => hasServed(backup, slot, watch));
  if (server) {
    const after = { ...schedule, lastSlot: slot, next: nextRunAfter(table, cron, now) };
    return { ...nothing, schedule: after, events: [missed(now, slot, { servedBy: server.runId })] };
  }
  const isRegular = next.startAt === startFor(table, next.slot);
  const isOnTime = now - next.startAt <= lateAfterMs;
  // What is caught up already is put off again only when the window has closed.
  if (isOnTime || (!isRegular && mayStart(table, now))) return request(schedule, slot, table, input);

  // A fleet that was away does not come back all at once, nor in the middle of the day.
  const startAt = startFor(table, now);
  const isNews = isRegular || slot !== next.slot;
  const events = isNews ? [missed(now, slot, { caughtUpAt: new Date(startAt).toISOString() })] : [];
  const put = { ...schedule, next: { slot, startAt } };
  if (startAt > now) return { ...nothing, schedule: put, events };
  const turn = request(put, slot, table, input);
  return { ...turn, events: [...events, ...turn.events] };
}

function request(schedule: ScheduleWatch, slot: number, table: Timetable, input: ScheduleInput): SlotTurn {
  const { now, cron, policy } = input;
  const next = nextRunAfter(table, cron, now);
  const judged = judgeOpenRun({ ...schedule, next }, { ...input, owners: policy.owners, final: true });
  const asked = input.newRun(slot);
  const detail = { run: asked.run.id, slot: new Date(slot).toISOString() };
  return {
    schedule: { ...judged.schedule, lastSlot: slot, openRun: asked.run.id },
    events: [...judged.events, { at: now, kind: 'schedule-run', detail }],
    notices: judged.notices,
    request: asked,
  };
}

/** A cluster that is silent or on its way is waited for; that one whose update fails cannot be backed up is for people to hear. */
function isThere({ seen, silent }: ClusterWatch): boolean {
  if (!seen || silent) return false;
  return seen.state.kind === 'settled' || seen.state.failing;
}

/** Somebody's backup of what the cluster is now that is as good as the one that the slot would bring. */
function hasServed(backup: ProvenBackup, slot: number, { seen }: ClusterWatch): boolean {
  if (backup.clusterId !== seen?.clusterId || seen.state.kind !== 'settled') return false;
  const fresh = backup.provenAt >= slot && backup.takenAt >= slot - servedBeforeMs;
  return fresh && backup.zStream === seen.state.release.version;
}

function missed(now: number, slot: number, detail: ClusterEvent['detail']): ClusterEvent {
  return {
    at: now,
    kind: 'schedule-missed',
    detail: { slot: new Date(slot).toISOString(), ...detail },
  };
}
