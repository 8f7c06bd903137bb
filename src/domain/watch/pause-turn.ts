import type { Person } from '../people/person.ts';
import { elsewhereOf } from '../policy/elsewhere.ts';
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
import type { ClusterNotice, OwnerMessage } from './cluster-notice.ts';
import type { ClusterEvent, ClusterEventKind, ClusterWatch } from './cluster-watch.ts';
import { judgeCoverage } from './coverage.ts';
import { releasePosition } from './release-position.ts';
import { isOpen, nextRepeat } from './reminder.ts';
import { andThen, transition, type WatchTransition } from './watch-transition.ts';
import { newWatch } from './watch-turn.ts';

/** What decisions on a pause go by. */
export interface PauseInput {
  readonly watch: ClusterWatch;
  readonly proven: readonly ProvenBackup[];
  readonly policy: ClusterPolicy;
  /** ms UTC */
  readonly now: number;
  /** The clock went ahead just now, more than time has passed: nothing ends by it until a later turn agrees. */
  readonly stepped?: boolean;
}

/** Pauses and unanswered requests end when their time is over. */
export function pauseTurn(input: PauseInput): WatchTransition {
  const begun = reopened(input);
  return openPauses(begun.watch).reduce(
    (turn, known) => andThen(turn, (watch) => endByClock({ ...input, watch }, known)),
    begun,
  );
}

/** One that was ended by a clock that went ahead holds again when the clock is right, unless people have decided again. */
function reopened({ watch, now }: PauseInput): WatchTransition {
  const [newest] = watch.pauses ?? [];
  const { end } = newest ?? {};
  if (!newest || end?.kind !== 'ended' || !isAhead(end.at, now) || newest.until <= now)
    return transition(watch);
  const pause = { ...newest, end: undefined };
  const detail = { id: pause.id, until: iso(pause.until), because: 'the clock was ahead when it ended' };
  return andThen(shown(watch, pause, { at: now, kind: 'paused', detail }), (next) =>
    withRepeat(next, undefined),
  );
}

function endByClock(input: PauseInput, known: Pause): WatchTransition {
  const { now, stepped } = input;
  const pause = rightClock(known, now);
  const watch = pause === known ? input.watch : withPause(input.watch, pause);
  const isOver = now >= (pause.since === undefined ? requestEndsAt(pause) : pause.until);
  if (!isOver || stepped) return transition(watch);
  return pause.since === undefined
    ? closed(watch, pause, { kind: 'expired', at: now }, 'pause-expired')
    : endPause({ ...input, watch }, pause, { kind: 'ended', at: now });
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
): WatchTransition & { readonly pause: Pause } {
  const { watch, policy, now } = input;
  if (isOwner(policy, asked.by)) return beginPause(input, asked);
  const expiresAt = Math.min(now + policy.approval.expiresAfterMs, asked.until);
  const pause = newPause(input, asked, { since: undefined, expiresAt });
  const detail = detailOf(pause);
  // One that is in force holds until a second person has agreed to the new one.
  const requests = openPauses(watch).filter(({ since }) => since === undefined);
  const waiting = andThen(replaced(watch, requests, now), (next) =>
    shown(next, pause, { at: now, kind: 'pause-asked', detail }),
  );
  return { ...waiting, pause };
}

/** In force at once, without a second person: the caller has decided that none is needed. */
export function beginPause(
  input: PauseInput,
  asked: { readonly by: Person; readonly reason: string; readonly until: number },
): WatchTransition & { readonly pause: Pause } {
  const pause = newPause(input, asked, { since: input.now, expiresAt: undefined });
  return { ...begin(input, pause, detailOf(pause)), pause };
}

function detailOf({ id, by, until, reason }: Pause) {
  return { id, ...who(by), until: iso(until), reason };
}

function newPause(
  { policy, now }: PauseInput,
  asked: Pick<Pause, 'by' | 'reason' | 'until'>,
  state: Pick<Pause, 'since' | 'expiresAt'>,
): Pause {
  return {
    id: `${policy.name}/pause@${now}`,
    openedAt: now,
    ...asked,
    ...state,
    approvedBy: undefined,
    resumeAsked: undefined,
    end: undefined,
    message: undefined,
  };
}

/** The second person's yes to a pause that waits for one. */
export function approvePause(input: PauseInput, pause: Pause, by: Person, reason?: string): WatchTransition {
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
): WatchTransition {
  const detail = { ...who(by), ...because(reason) };
  if (pause.since === undefined) {
    return closed(watch, pause, { kind: 'refused', at: now, by, reason }, 'pause-refused', detail);
  }
  const kept = { ...pause, resumeAsked: undefined };
  return shown(watch, kept, { at: now, kind: 'resume-refused', detail: { id: pause.id, ...detail } });
}

/** Ends a pause, or asks a second person to when the requester may not do so alone. */
export function askResume(input: PauseInput, pause: ActivePause, by: Person): WatchTransition {
  const { watch, policy, now } = input;
  if (mayResume(policy, pause, by)) {
    return endPause(input, pause, { kind: 'resumed', at: now, by, approvedBy: undefined });
  }
  const asked = { ...pause, resumeAsked: { by, at: now } };
  return shown(watch, asked, { at: now, kind: 'resume-asked', detail: { id: pause.id, ...who(by) } });
}

/**
 * Reminders and alarms begin from what the cluster is now: what came and went meanwhile is not reported, and what is open
 * is not repeated in the same minute.
 */
export function endPause(input: PauseInput, pause: Pause, end: PauseEnd): WatchTransition {
  const { policy, proven, now } = input;
  const over =
    end.kind === 'resumed'
      ? closed(input.watch, pause, end, 'resumed', resumedDetail(end))
      : closed(input.watch, pause, end, 'pause-ended');
  const { reminder } = over.watch;
  const repeated = andThen(over, (watch) =>
    withRepeat(watch, reminder && nextRepeat(reminder.openedAt, now, policy)),
  );
  const { watch } = repeated;
  const { state } = judgeCoverage({ watch, proven, policy, now });
  const notices = toOwners(policy, end, { type: 'pause-over', pause: ended(pause, end), end, state });
  const alarmed = alarmTurn({
    before: newWatch(watch.cluster),
    watch,
    position: releasePosition(watch),
    positionBefore: undefined,
    elsewhere: elsewhereOf(policy, watch.topology),
    proven,
    policy,
    now,
  });
  return andThen(repeated, () => ({ ...alarmed, notices: [...notices, ...alarmed.notices] }));
}

function begin(
  { watch, policy, now }: PauseInput,
  asked: Pause,
  detail: ClusterEvent['detail'],
): WatchTransition {
  const pause: ActivePause = { ...asked, since: now };
  const others = openPauses(watch).filter(({ id }) => id !== pause.id);
  const begun = andThen(replaced(watch, others, now), (next) =>
    shown(next, pause, { at: now, kind: 'paused', detail }),
  );
  const silenced = andThen(begun, (next) => withRepeat(next, undefined));
  const notices = toOwners(policy, pause, { type: 'paused', pause });
  return andThen(silenced, (next) => transition(next, { notices }));
}

/** When the open reminder is repeated. Its message names the time, so one that was posted is drawn again. */
function withRepeat(watch: ClusterWatch, nextRepeatAt: number | undefined): WatchTransition {
  const { reminder } = watch;
  if (!isOpen(reminder) || reminder.nextRepeatAt === nextRepeatAt) return transition(watch);
  const notices: readonly ClusterNotice[] =
    reminder.checkedAt === undefined ? [] : [{ kind: 'reminder', id: reminder.id }];
  return transition({ ...watch, reminder: { ...reminder, nextRepeatAt } }, { notices });
}

function openPauses({ pauses = [] }: ClusterWatch): readonly Pause[] {
  return pauses.filter(({ end }) => end === undefined);
}

function replaced(watch: ClusterWatch, pauses: readonly Pause[], now: number): WatchTransition {
  return pauses.reduce(
    (turn, pause) => andThen(turn, (next) => shown(next, { ...pause, end: { kind: 'replaced', at: now } })),
    transition(watch),
  );
}

function ended(pause: Pause, end: PauseEnd): Pause {
  return { ...pause, resumeAsked: undefined, expiresAt: undefined, end };
}

function closed(
  watch: ClusterWatch,
  pause: Pause,
  end: PauseEnd,
  kind: ClusterEventKind,
  detail: ClusterEvent['detail'] = {},
): WatchTransition {
  return shown(watch, ended(pause, end), { at: end.at, kind, detail: { id: pause.id, ...detail } });
}

/** The pause as it is now, with its message drawn again. */
function shown(watch: ClusterWatch, pause: Pause, event?: ClusterEvent): WatchTransition {
  return {
    watch: withPause(watch, pause),
    events: event ? [event] : [],
    notices: [{ kind: 'pause', id: pause.id }],
  };
}

/** Each owner but the one who did it, who has the answer. */
function toOwners(
  { owners }: ClusterPolicy,
  { by }: { readonly by?: Person; readonly kind?: PauseEnd['kind'] },
  say: OwnerMessage,
): readonly ClusterNotice[] {
  return owners
    .filter((slackUser) => slackUser !== by?.slackUser)
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
