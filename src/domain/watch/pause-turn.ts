import type { Person } from '../people/person.ts';
import {
  type ActivePause,
  mayResume,
  type Pause,
  type PauseEnd,
  requestEndsAt,
  withPause,
} from '../policy/pause.ts';
import { type ClusterPolicy, isOwner } from '../policy/policy.ts';
import type { ProvenBackup } from '../run/proven-backup.ts';
import { isAhead } from '../text/trusted-time.ts';
import { alarmTurn } from './alarm-turn.ts';
import type { ClusterNotice } from './cluster-notice.ts';
import type { ClusterEvent, ClusterEventKind, ClusterWatch } from './cluster-watch.ts';
import { judgeCoverage } from './coverage.ts';
import { isOpen, nextNag } from './reminder.ts';
import { noStep, type WatchStep } from './watch-step.ts';
import { newWatch } from './watch-turn.ts';

/** What decisions on a pause go by. */
export interface PauseInput {
  readonly watch: ClusterWatch;
  readonly proven: readonly ProvenBackup[];
  readonly policy: ClusterPolicy;
  /** ms UTC */
  readonly now: number;
}

type PauseTurn = PauseInput & {
  /** The clock went ahead just now, more than time has passed: nothing ends by it until a later look agrees. */
  readonly stepped?: boolean;
};

/** One look at the clock: a pause ends by itself, and so does an unanswered request. */
export function pauseTurn(input: PauseTurn): WatchStep {
  const begun = reopened(input);
  const open = (begun.watch.pauses ?? []).filter(({ end }) => end === undefined);
  return open.reduce<WatchStep>((step, known) => {
    const next = oneTurn({ ...input, watch: step.watch }, known);
    return {
      watch: next.watch,
      events: [...step.events, ...next.events],
      notices: [...step.notices, ...next.notices],
    };
  }, begun);
}

/** One that was ended by a clock that went ahead holds again when the clock is right, unless people have decided again. */
function reopened({ watch, now }: PauseInput): WatchStep {
  const [newest] = watch.pauses ?? [];
  const { end } = newest ?? {};
  if (!newest || end?.kind !== 'ended' || !isAhead(end.at, now) || newest.until <= now) return noStep(watch);
  const pause = { ...newest, end: undefined };
  const rested = withNag(withPause(watch, pause), undefined);
  const detail = { id: pause.id, until: iso(pause.until), because: 'the clock was ahead when it ended' };
  return {
    watch: rested.watch,
    events: [{ at: now, kind: 'paused', detail }],
    notices: [shown(pause), ...rested.notices],
  };
}

function oneTurn(input: PauseTurn, known: Pause): WatchStep {
  const { watch, now, stepped } = input;
  const pause = rightClock(known, now);
  const set = pause === known ? watch : withPause(watch, pause);
  if (pause.since !== undefined) {
    return now < pause.until || stepped
      ? noStep(set)
      : endPause({ ...input, watch: set }, pause, { kind: 'ended', at: now });
  }
  if (now < requestEndsAt(pause) || stepped) return noStep(set);
  return closed(set, pause, { kind: 'expired', at: now }, 'pause-expired', {});
}

/** Written by a clock that went ahead: its time counts from now on, by the clock that was put right. */
function rightClock(pause: Pause, now: number): Pause {
  const from = pause.since ?? pause.openedAt;
  if (!isAhead(from, now)) return pause;
  const back = from - now;
  return {
    ...pause,
    openedAt: Math.min(pause.openedAt, now),
    until: pause.until - back,
    since: pause.since === undefined ? undefined : now,
    expiresAt: pause.expiresAt === undefined ? undefined : pause.expiresAt - back,
  };
}

/** Requests a pause; in force at once when an owner asks. It replaces one that is open already. */
export function askPause(
  input: PauseInput,
  asked: { readonly by: Person; readonly reason: string; readonly until: number },
): WatchStep & { readonly pause: Pause } {
  const { policy, now } = input;
  const alone = isOwner(policy, asked.by);
  const expiresAt = Math.min(now + policy.approval.expiresAfterMs, asked.until);
  const pause: Pause = {
    id: `${policy.name}/pause@${now}`,
    openedAt: now,
    ...asked,
    since: undefined,
    approvedBy: undefined,
    expiresAt: alone ? undefined : expiresAt,
    resumeAsked: undefined,
    end: undefined,
    message: undefined,
  };
  const detail = { id: pause.id, ...who(asked.by), until: iso(asked.until), reason: asked.reason };
  if (alone) return { ...begin(input, pause, detail), pause: { ...pause, since: now } };
  // One that is in force holds until a second person has agreed to the new one.
  const waiting = input.watch.pauses?.find(({ since, end }) => since === undefined && end === undefined);
  const given = waiting ? replaced(input.watch, waiting, now) : noStep(input.watch);
  return {
    watch: withPause(given.watch, pause),
    events: [...given.events, { at: now, kind: 'pause-asked', detail }],
    notices: [...given.notices, shown(pause)],
    pause,
  };
}

/** The second person's yes to a pause that waits for one. */
export function approvePause(input: PauseInput, pause: Pause, by: Person, reason?: string): WatchStep {
  const detail = {
    id: pause.id,
    ...who(pause.by),
    approvedBy: by.clusterUser,
    until: iso(pause.until),
    reason: pause.reason,
    ...because(reason),
  };
  return begin(input, { ...pause, approvedBy: by, expiresAt: undefined }, detail);
}

export function refusePause(
  { watch, now }: PauseInput,
  pause: Pause,
  by: Person,
  reason?: string,
): WatchStep {
  const detail = { ...who(by), ...because(reason) };
  if (pause.since === undefined) {
    return closed(watch, pause, { kind: 'refused', at: now, by, reason }, 'pause-refused', detail);
  }
  const kept = { ...pause, resumeAsked: undefined };
  const event: ClusterEvent = { at: now, kind: 'resume-refused', detail: { id: pause.id, ...detail } };
  return { watch: withPause(watch, kept), events: [event], notices: [shown(kept)] };
}

/** Ends a pause, or asks a second person to when the requester may not do so alone. */
export function askResume(input: PauseInput, pause: ActivePause, by: Person): WatchStep {
  const { watch, policy, now } = input;
  if (mayResume(policy, pause, by)) {
    return endPause(input, pause, { kind: 'resumed', at: now, by, approvedBy: undefined });
  }
  const asked = { ...pause, resumeAsked: { by, at: now } };
  const event: ClusterEvent = { at: now, kind: 'resume-asked', detail: { id: pause.id, ...who(by) } };
  return { watch: withPause(watch, asked), events: [event], notices: [shown(asked)] };
}

/**
 * Reminders and alarms begin from what the cluster is now: what came and went meanwhile is not reported, and what is open
 * is not repeated in the same minute.
 */
export function endPause(input: PauseInput, pause: Pause, end: PauseEnd): WatchStep {
  const { watch, policy, proven, now } = input;
  const detail = end.kind === 'resumed' ? resumedDetail(end) : {};
  const kind = end.kind === 'resumed' ? 'resumed' : 'pause-ended';
  const over = closed(watch, pause, end, kind, detail);
  const { reminder } = over.watch;
  const rested = withNag(over.watch, reminder && nextNag(reminder.openedAt, now, policy));
  const before = newWatch(watch.cluster);
  const alarmed = alarmTurn({ before, watch: rested.watch, proven, policy, now });
  const coverage = judgeCoverage({ watch: rested.watch, proven, policy, now });
  const say = { type: 'pause-over', pause: over.pause, end, state: coverage.state } as const;
  return {
    watch: alarmed.watch,
    events: [...over.events, ...alarmed.events],
    notices: [...over.notices, ...rested.notices, ...toOwners(policy, end, say), ...alarmed.notices],
  };
}

function begin({ watch, policy, now }: PauseInput, asked: Pause, detail: ClusterEvent['detail']): WatchStep {
  const pause: ActivePause = { ...asked, since: now };
  const others = (watch.pauses ?? []).filter(({ id, end }) => end === undefined && id !== pause.id);
  const given = others.reduce<WatchStep>((step, other) => {
    const next = replaced(step.watch, other, now);
    return { ...next, notices: [...step.notices, ...next.notices] };
  }, noStep(watch));
  const say = { type: 'paused', pause } as const;
  const rested = withNag(withPause(given.watch, pause), undefined);
  return {
    watch: rested.watch,
    events: [{ at: now, kind: 'paused', detail }],
    notices: [...given.notices, shown(pause), ...rested.notices, ...toOwners(policy, pause, say)],
  };
}

/** When the open reminder is repeated. Its message names the time, so one that was posted is drawn again. */
function withNag(watch: ClusterWatch, nextNagAt: number | undefined): Pick<WatchStep, 'watch' | 'notices'> {
  const { reminder } = watch;
  if (!isOpen(reminder) || reminder.nextNagAt === nextNagAt) return { watch, notices: [] };
  const notices: readonly ClusterNotice[] =
    reminder.checkedAt === undefined ? [] : [{ kind: 'reminder', id: reminder.id }];
  return { watch: { ...watch, reminder: { ...reminder, nextNagAt } }, notices };
}

function replaced(watch: ClusterWatch, pause: Pause, now: number): WatchStep {
  const over = { ...pause, end: { kind: 'replaced', at: now } as const };
  return { watch: withPause(watch, over), events: [], notices: [shown(over)] };
}

function closed(
  watch: ClusterWatch,
  pause: Pause,
  end: PauseEnd,
  kind: ClusterEventKind,
  detail: ClusterEvent['detail'],
): WatchStep & { readonly pause: Pause } {
  const over = { ...pause, resumeAsked: undefined, expiresAt: undefined, end };
  return {
    watch: withPause(watch, over),
    events: [{ at: end.at, kind, detail: { id: pause.id, ...detail } }],
    notices: [shown(over)],
    pause: over,
  };
}

function shown({ id }: Pause): ClusterNotice {
  return { kind: 'pause', id };
}

/** Each owner but the one who did it, who has the answer. */
function toOwners(
  { owners }: ClusterPolicy,
  done: { readonly by?: Person; readonly kind?: PauseEnd['kind'] },
  say: Extract<ClusterNotice, { kind: 'private' }>['say'],
): readonly ClusterNotice[] {
  return owners
    .filter((slackUser) => slackUser !== done.by?.slackUser)
    .map((slackUser) => ({ kind: 'private', slackUser, say }));
}

function resumedDetail({ by, approvedBy, reason }: Extract<PauseEnd, { kind: 'resumed' }>) {
  return { ...who(by), ...(approvedBy ? { approvedBy: approvedBy.clusterUser } : {}), ...because(reason) };
}

/** The second person's reason; the pause's own is `reason`. */
function because(reason: string | undefined) {
  return reason === undefined ? {} : { because: reason };
}

function who({ slackUser, clusterUser }: Person) {
  return { slackUser, clusterUser };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
