import type { AuditEvent } from '../people/audit.ts';
import { elsewhereOf } from '../policy/elsewhere.ts';
import type { ClusterPolicy } from '../policy/policy.ts';
import type { Finding } from '../preflight/finding.ts';
import type { ProvenBackup } from '../run/proven-backup.ts';
import type { RetryOrigin } from '../run/retry-origin.ts';
import type { BackupRun } from '../run/run.ts';
import type { ClusterNotice } from './cluster-notice.ts';
import type { ClusterEvent, ClusterWatch, ScheduleRetry, ScheduleWatch } from './cluster-watch.ts';
import { closeRetry, judgeOpenRun } from './schedule-outcome.ts';
import { missedInPause, restTurn } from './schedule-rest.ts';
import { closesAt, hasPassed, isDue, isSpent, lookedInVain, rightWindow } from './schedule-retry.ts';
import {
  type CronSlots,
  mayStart,
  newestSlot,
  nextRunAfter,
  ruleOf,
  startFor,
  startOfSlot,
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
  /** The run of this cluster that is not over, whatever requested it. */
  readonly active: BackupRun | undefined;
  readonly proven: readonly ProvenBackup[];
  readonly policy: Pick<
    ClusterPolicy,
    'name' | 'timeZone' | 'offPeak' | 'schedule' | 'owners' | 'backedUpBy'
  >;
  /** ms UTC */
  readonly now: number;
  /** Until when the cluster rests; absent: it does not. No slot before then is used or missed. */
  readonly pausedUntil?: number | undefined;
  readonly cron: CronSlots;
  /** What a whole reading found just now; `findings` undefined: it could not be read. Absent: not read. */
  readonly looked?: { readonly findings: readonly Finding[] | undefined } | undefined;
  /** The run for this slot (ms UTC); called at most once, for what is then on record with the rest of the turn. */
  readonly newRun: (slot: number, retry?: RetryOrigin) => ScheduledRequest;
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
  // What others back up is on no schedule of ours, and none is missed.
  if (!schedule || elsewhereOf(policy, watch.topology)) {
    const off = watch.schedule ? { ...watch, schedule: undefined } : watch;
    return { watch: off, events: [], notices: [] };
  }
  const table = { name, timeZone, offPeak, schedule };
  if (input.pausedUntil !== undefined) {
    const rested = restTurn(input, table, input.pausedUntil);
    const same = rested.schedule === watch.schedule;
    return {
      watch: same ? watch : { ...watch, schedule: rested.schedule },
      events: rested.events,
      notices: [],
    };
  }
  const before = underRule(watch.schedule, table, cron, now);
  const judged = judgeOpenRun(before, { ...input, table, owners: policy.owners, final: false });
  const retried = retryTurn(judged.schedule, table, input);
  const turn = retried.request ? unchanged(retried.schedule) : slotTurn(retried.schedule, table, input);
  const request = retried.request ?? turn.request;
  return {
    watch: turn.schedule === watch.schedule ? watch : { ...watch, schedule: turn.schedule },
    events: [...judged.events, ...retried.events, ...turn.events],
    notices: [...judged.notices, ...retried.notices, ...turn.notices],
    ...(request ? { request } : {}),
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

function unchanged(schedule: ScheduleWatch): SlotTurn {
  return { schedule, events: [], notices: [] };
}

/**
 * Asks again for what failed for a passing reason, while the slot's window is open; counts the slot as failed as soon as no
 * further try can come. A backup that a user requests meanwhile ends it. A cluster that is being updated is waited for as long as the window lasts.
 */
function retryTurn(schedule: ScheduleWatch, table: Timetable, input: ScheduleInput): SlotTurn {
  const { watch, active, proven, now, looked } = input;
  const known = schedule.retry;
  if (!known || schedule.openRun !== undefined) return unchanged(schedule);
  const server = proven.find((backup) => hasServed(backup, Math.min(known.slot, known.from), watch));
  if (server) {
    const events = known.closed ? [] : [missed(now, known.slot, { servedBy: server.runId })];
    return { ...unchanged({ ...schedule, retry: undefined }), events };
  }
  // Whatever comes of it decides: a backup would end the retries, and spare the owners a message.
  if (active) {
    const putOff = looked && known.looks !== undefined;
    return unchanged(putOff ? { ...schedule, retry: lookedInVain(known, table, now) } : schedule);
  }
  const retry = rightWindow(known, table, now);
  const open = retry === known ? schedule : { ...schedule, retry };
  if (now >= closesAt(open, retry) || isSpent(open, retry, now)) return closeSlot(open, retry, input);
  if (!isDue(retry, table, now) || !isSettled(watch)) return unchanged(open);
  if (retry.looks !== undefined) {
    if (!looked) return unchanged(open);
    if (!hasPassed(looked.findings)) return unchanged({ ...open, retry: lookedInVain(retry, table, now) });
  }
  return requestRetry(open, retry, input);
}

function closeSlot(schedule: ScheduleWatch, retry: ScheduleRetry, { policy, now }: ScheduleInput): SlotTurn {
  if (!retry.inPause) return closeRetry(schedule, policy.owners, now);
  const event = missedInPause({ id: retry.after, status: retry.because.kind }, now);
  return { schedule: { ...schedule, retry: undefined }, events: [event], notices: [] };
}

function requestRetry(schedule: ScheduleWatch, retry: ScheduleRetry, input: ScheduleInput): SlotTurn {
  const { slot, of, after, because, avoid } = retry;
  const number = retry.made + 1;
  const asked = input.newRun(slot, { slot, number, of, after, because, avoid });
  const detail = {
    run: asked.run.id,
    slot: new Date(slot).toISOString(),
    retry: `${number} of ${of}`,
    after,
    ...(avoid.length > 0 ? { avoid: avoid.join(', ') } : {}),
  };
  return {
    schedule: {
      ...schedule,
      openRun: asked.run.id,
      retry: { ...retry, made: number, nextAt: undefined },
    },
    events: [{ at: input.now, kind: 'schedule-run', detail }],
    notices: [],
    request: asked,
  };
}

function slotTurn(schedule: ScheduleWatch, table: Timetable, input: ScheduleInput): SlotTurn {
  const { watch, active, proven, now, cron } = input;
  const { next } = schedule;
  const nothing = { schedule, events: [], notices: [] };
  if (!next || now < next.startAt || active || !isThere(watch)) return nothing;

  const slot = newestSlot(table, cron, next.slot, now);
  const server = proven.find((backup) => hasServed(backup, Math.min(slot, next.startAt), watch));
  if (server) {
    return letGo(schedule, slot, table, input, { servedBy: server.runId });
  }
  const regular = startOfSlot(table, cron, next.slot);
  if (regular === undefined && slot === next.slot && next.startAt === slot) {
    return letGo(schedule, slot, table, input, { because: 'the change of clocks skips the off-peak window' });
  }
  const isRegular = next.startAt === (regular ?? next.slot);
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

/** The slot is over without a run of its own. */
function letGo(
  schedule: ScheduleWatch,
  slot: number,
  table: Timetable,
  { now, cron }: ScheduleInput,
  detail: ClusterEvent['detail'],
): SlotTurn {
  const next = nextRunAfter(table, cron, Math.max(now, slot));
  const after = { ...schedule, lastSlot: slot, next, retry: undefined };
  return { schedule: after, events: [missed(now, slot, detail)], notices: [] };
}

function request(schedule: ScheduleWatch, slot: number, table: Timetable, input: ScheduleInput): SlotTurn {
  const { now, cron, policy } = input;
  // Not the same slot again, where it is run before its time.
  const next = nextRunAfter(table, cron, Math.max(now, slot));
  const judged = judgeOpenRun(
    { ...schedule, next },
    {
      ...input,
      table,
      owners: policy.owners,
      final: true,
    },
  );
  const asked = input.newRun(slot);
  const detail = { run: asked.run.id, slot: new Date(slot).toISOString() };
  return {
    schedule: { ...judged.schedule, lastSlot: slot, openRun: asked.run.id, retry: undefined },
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

/** What has failed once is not tried again in an update that fails: each try would be stopped by the checks. */
function isSettled(watch: ClusterWatch): boolean {
  return isThere(watch) && watch.seen?.state.kind === 'settled';
}

/** A user's backup of the cluster's current state that is as good as the one that the slot would produce. */
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
