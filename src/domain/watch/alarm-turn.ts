import { meansSame, type Release, sameRelease } from '../cluster/release.ts';
import { releaseText } from '../cluster/release-text.ts';
import type { AlarmEnd, ClusterEvent, ClusterWatch, UpdateAlarm } from './cluster-watch.ts';
import { isYoung, newestOf, ownBackups } from './coverage.ts';
import type { ReducerInput } from './reducer-input.ts';
import { type ReleasePosition, updateOf } from './release-position.ts';
import { transition, type WatchTransition, withEarlier } from './watch-transition.ts';

/** The update that is asked for or under way: what it leaves, where it goes. */
interface Aim {
  readonly from: Release;
  readonly to: Release;
  readonly phase: UpdateAlarm['phase'];
}

/** Before an update: an alarm at once when nothing fresh restores the release that it leaves. One for each request. */
export function alarmTurn(input: ReducerInput): WatchTransition {
  const { watch } = input;
  const known = watch.alarm;
  // This bot does not know which backups others have.
  const aim = input.elsewhere ? undefined : aimOf(input.position, watch);
  const kept = isOpen(known) ? goOn(known, aim, input) : known;
  const opened = aim && !input.paused && mayOpen(aim, kept, input) ? open(aim, input) : undefined;
  const changed = kept === known ? undefined : kept;
  if (!changed && !opened) return transition(watch);
  const earlier = opened && kept ? withEarlier(watch, { kind: 'alarm', alarm: kept }) : watch.earlier;
  const shown = [changed, opened].filter((alarm) => alarm !== undefined);
  return {
    watch: { ...watch, alarm: opened ?? kept, earlier },
    events: eventsOf(changed, opened, input.now),
    notices: shown.map(({ id }) => ({ kind: 'alarm', id })),
  };
}

function eventsOf(changed: UpdateAlarm | undefined, opened: UpdateAlarm | undefined, at: number) {
  const events: ClusterEvent[] = [];
  if (changed?.end?.kind === 'resolved') {
    const detail = { run: changed.end.runId, to: releaseText(changed.to) };
    events.push({ at, kind: 'alarm-resolved', detail });
  }
  if (opened) {
    const { from, to, phase } = opened;
    const detail = { from: releaseText(from), to: releaseText(to), phase };
    events.push({ at, kind: 'update-alarm', detail });
  }
  return events;
}

/** undefined: no update is wanted or under way, or one goes back to the release that it left. */
function aimOf(position: ReleasePosition | undefined, { seen }: ClusterWatch): Aim | undefined {
  if (position?.kind === 'on') {
    const to = seen?.requested;
    return to && { from: position.release, to, phase: 'requested' };
  }
  const update = updateOf(position);
  return update && { ...update, phase: 'begun' };
}

/** What the cluster reports of the update, apart from its releases. */
function reported({ position, watch }: ReducerInput, aim: Aim | undefined) {
  const refusal = aim?.phase === 'requested' ? watch.seen?.refusal : undefined;
  return {
    failing: position?.kind === 'between' && position.failing,
    ...(refusal === undefined ? {} : { refusal }),
  };
}

function isOpen(alarm: UpdateAlarm | undefined): alarm is UpdateAlarm {
  return alarm !== undefined && alarm.end === undefined;
}

function isFor(alarm: Pick<UpdateAlarm, 'from' | 'to'> | undefined, aim: Aim): boolean {
  return alarm !== undefined && sameRelease(alarm.from, aim.from) && meansSame(alarm.to, aim.to);
}

/** An open alarm as it is now: the same object, in its next phase, or at its end. */
function goOn(alarm: UpdateAlarm, aim: Aim | undefined, input: ReducerInput): UpdateAlarm {
  const end = endOf(alarm, aim, input);
  if (end) return { ...alarm, end };
  // A request may have named the version or the image alone; the cluster itself names both.
  const begun = aim?.phase === 'begun' && (alarm.phase !== 'begun' || !sameRelease(alarm.to, aim.to));
  const now = reported(input, aim);
  const { refusal: refusedBefore, ...rest } = alarm;
  const moved: UpdateAlarm =
    begun || now.failing !== alarm.failing || now.refusal !== refusedBefore
      ? { ...rest, ...(begun ? { phase: aim.phase, to: aim.to } : {}), ...now }
      : alarm;
  // While a backup may still run its age counts from now; afterwards it had to be young when the alarm was raised.
  const backup = fresh(moved.from, moved.phase === 'begun' ? moved.openedAt : input.now, input);
  return backup ? { ...moved, end: { kind: 'resolved', at: input.now, runId: backup.runId } } : moved;
}

function endOf(alarm: UpdateAlarm, aim: Aim | undefined, input: ReducerInput): AlarmEnd | undefined {
  const { before, watch, position, elsewhere, now: at } = input;
  if (elsewhere) return { kind: 'elsewhere', at, by: elsewhere.by };
  const isOtherCluster = before.seen !== undefined && !input.positionBefore;
  if (isOtherCluster) return { kind: 'withdrawn', at };
  const arrivedOn = watch.seen?.state.kind === 'settled' ? watch.seen.state.release : undefined;
  const wasUnderWay = alarm.phase === 'begun' || (arrivedOn && !sameRelease(arrivedOn, alarm.from));
  if (arrivedOn && wasUnderWay) return { kind: 'update-over', at, on: arrivedOn };
  if (!aim) {
    const isWithdrawn = alarm.phase === 'requested' && position?.kind === 'on';
    return isWithdrawn ? { kind: 'withdrawn', at } : undefined;
  }
  if (isFor(alarm, aim)) return undefined;
  // It was completely on another release in between, if only for a moment.
  if (!sameRelease(aim.from, alarm.from)) return { kind: 'update-over', at, on: aim.from };
  return { kind: 'redirected', at, to: aim.to };
}

function fresh(release: Release, at: number, { watch, proven, policy, now }: ReducerInput) {
  const newest = newestOf(ownBackups(proven, watch.seen?.clusterId, now), release);
  return newest && isYoung(newest, policy.coverage.beforeUpdateMaxAgeMs, at) ? newest : undefined;
}

/**
 * Whether the update begins is judged once, when it is first seen: a backup that ages while the update runs is no news,
 * and people could do nothing about it. A request is judged as long as it is open.
 */
function mayOpen(aim: Aim, kept: UpdateAlarm | undefined, input: ReducerInput): boolean {
  if (isOpen(kept) || fresh(aim.from, input.now, input)) return false;
  const last = input.positionBefore && aimOf(input.positionBefore, input.before);
  if (isFor(last, aim) && isFor(kept, aim)) return false;
  if (aim.phase === 'requested') return true;
  const replaced = kept !== input.watch.alarm;
  return replaced || last?.phase !== 'begun' || !sameRelease(last.from, aim.from);
}

function open(aim: Aim, input: ReducerInput): UpdateAlarm {
  const { watch, proven, now } = input;
  const { from, to, phase } = aim;
  const newest = newestOf(ownBackups(proven, watch.seen?.clusterId, now), from);
  // With the time: a request that was withdrawn and is made again is another one.
  const id = `${watch.cluster}/${idText(from)}>${idText(to)}@${now}`;
  return {
    id,
    from,
    to,
    phase,
    ...reported(input, aim),
    openedAt: now,
    backupTakenAt: newest?.takenAt,
    end: undefined,
    message: undefined,
  };
}

function idText(release: Release): string {
  return releaseText(release).replace(/\s+/g, '_');
}
