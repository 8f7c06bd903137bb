import { meansSame, type Release, sameRelease } from '../cluster/release.ts';
import { releaseText } from '../cluster/release-text.ts';
import { elsewhereOf } from '../policy/elsewhere.ts';
import type { ProvenBackup } from '../run/proven-backup.ts';
import type { AlarmEnd, ClusterEvent, ClusterWatch, UpdateAlarm } from './cluster-watch.ts';
import { isYoung, newestOf, ownBackups } from './coverage.ts';
import { noStep, type WatchStep, type WatchStepInput, withEarlier } from './watch-step.ts';
import { whereabouts } from './whereabouts.ts';

/** The update that is asked for or under way: what it leaves, where it goes. */
interface Aim {
  readonly from: Release;
  readonly to: Release;
  readonly phase: UpdateAlarm['phase'];
}

/** Before an update: an alarm at once when nothing fresh restores the release that it leaves. One for each request. */
export function alarmTurn(input: WatchStepInput): WatchStep {
  const { watch } = input;
  const known = watch.alarm;
  // Whether others have a backup of the release is not for this bot to say.
  const elsewhere = elsewhereOf(input.policy, watch.topology);
  const aim = elsewhere ? undefined : aimOf(watch);
  const kept = known && known.end === undefined ? goOn(known, aim, input) : known;
  const opened = aim && !input.paused && mayOpen(aim, kept, input) ? open(aim, input) : undefined;
  const changed = kept !== undefined && kept !== known;
  if (!changed && !opened) return noStep(watch);
  const earlier = opened && kept ? withEarlier(watch, { kind: 'alarm', alarm: kept }) : watch.earlier;
  return {
    watch: { ...watch, alarm: opened ?? kept, earlier },
    events: [...(changed ? endEvents(kept, input.now) : []), ...(opened ? [openEvent(opened)] : [])],
    notices: [changed ? kept : undefined, opened].flatMap((alarm) =>
      alarm ? [{ kind: 'alarm' as const, id: alarm.id }] : [],
    ),
  };
}

/** undefined: no update is wanted or under way, or one goes back to the release that it left. */
function aimOf(watch: ClusterWatch): Aim | undefined {
  const place = whereabouts(watch);
  if (place?.kind === 'on') {
    const to = watch.seen?.requested;
    return to && { from: place.release, to, phase: 'requested' };
  }
  if (!place?.from || sameRelease(place.from, place.to)) return undefined;
  return { from: place.from, to: place.to, phase: 'begun' };
}

function isFailing(watch: ClusterWatch): boolean {
  const place = whereabouts(watch);
  return place?.kind === 'between' && place.failing;
}

function refusalIn(watch: ClusterWatch, aim: Aim | undefined): string | undefined {
  return aim?.phase === 'requested' ? watch.seen?.refusal : undefined;
}

function asRefused(refusal: string | undefined): Pick<UpdateAlarm, 'refusal'> {
  return refusal === undefined ? {} : { refusal };
}

function isOpen(alarm: UpdateAlarm | undefined): alarm is UpdateAlarm {
  return alarm !== undefined && alarm.end === undefined;
}

function isFor(alarm: UpdateAlarm | undefined, aim: Aim): boolean {
  return alarm !== undefined && sameRelease(alarm.from, aim.from) && meansSame(alarm.to, aim.to);
}

/** An open alarm as it stands now: the same object, in its next phase, or at its end. */
function goOn(alarm: UpdateAlarm, aim: Aim | undefined, input: WatchStepInput): UpdateAlarm {
  const { now } = input;
  const end = endOf(alarm, aim, input);
  if (end) return { ...alarm, end };
  // A request may have named the version or the image alone; the cluster itself names both.
  const begun = aim?.phase === 'begun' && (alarm.phase !== 'begun' || !sameRelease(alarm.to, aim.to));
  const failing = isFailing(input.watch);
  const refusal = refusalIn(input.watch, aim);
  const { refusal: saidBefore, ...rest } = alarm;
  const moved: UpdateAlarm =
    begun || failing !== alarm.failing || refusal !== saidBefore
      ? { ...rest, ...(begun ? { phase: aim.phase, to: aim.to } : {}), failing, ...asRefused(refusal) }
      : alarm;
  const backup = rescue(moved, input);
  return backup ? { ...moved, end: { kind: 'resolved', at: now, runId: backup.runId } } : moved;
}

function endOf(alarm: UpdateAlarm, aim: Aim | undefined, { before, watch, policy, now }: WatchStepInput) {
  const elsewhere = elsewhereOf(policy, watch.topology);
  if (elsewhere) return { kind: 'elsewhere', at: now, by: elsewhere.by } satisfies AlarmEnd;
  const withdrawn: AlarmEnd = { kind: 'withdrawn', at: now };
  if (otherCluster(before, watch)) return withdrawn;
  const place = whereabouts(watch);
  const arrivedOn = watch.seen?.state.kind === 'settled' && place?.kind === 'on' ? place.release : undefined;
  const wasUnderWay = alarm.phase === 'begun' || (arrivedOn && !sameRelease(arrivedOn, alarm.from));
  if (arrivedOn && wasUnderWay) return { kind: 'update-over', at: now, on: arrivedOn } satisfies AlarmEnd;
  if (!aim) return alarm.phase === 'requested' && place?.kind === 'on' ? withdrawn : undefined;
  if (isFor(alarm, aim)) return undefined;
  // It was whole on another release in between, if only for a moment.
  if (!sameRelease(aim.from, alarm.from)) {
    return { kind: 'update-over', at: now, on: aim.from } satisfies AlarmEnd;
  }
  return { kind: 'redirected', at: now, to: aim.to } satisfies AlarmEnd;
}

/** While a backup may still run its age counts from now; afterwards it had to be young when the alarm was raised. */
function rescue(alarm: UpdateAlarm, input: WatchStepInput): ProvenBackup | undefined {
  return fresh(alarm.from, alarm.phase === 'begun' ? alarm.openedAt : input.now, input);
}

function fresh(release: Release, at: number, { watch, proven, policy, now }: WatchStepInput) {
  const newest = newestOf(ownBackups(proven, watch.seen?.clusterId, now), release);
  return newest && isYoung(newest, policy.coverage.beforeUpdateMaxAgeMs, at) ? newest : undefined;
}

/**
 * Whether the update begins is judged once, when it is first seen: a backup that ages while the update runs is no news,
 * and people could do nothing about it. A request is judged as long as it is open.
 */
function mayOpen(aim: Aim, kept: UpdateAlarm | undefined, input: WatchStepInput): boolean {
  if (isOpen(kept) || fresh(aim.from, input.now, input)) return false;
  const { before, watch } = input;
  const last = otherCluster(before, watch) ? undefined : aimOf(before);
  const goesOn = last !== undefined && sameRelease(last.from, aim.from) && meansSame(last.to, aim.to);
  if (goesOn && isFor(kept, aim)) return false;
  if (aim.phase === 'requested') return true;
  const replaced = kept !== watch.alarm;
  return replaced || last?.phase !== 'begun' || !sameRelease(last.from, aim.from);
}

function open(aim: Aim, { watch, proven, now }: WatchStepInput): UpdateAlarm {
  const { from, to, phase } = aim;
  const newest = newestOf(ownBackups(proven, watch.seen?.clusterId, now), from);
  // With the time: a request that was withdrawn and is made again is another one.
  const id = `${watch.cluster}/${idText(from)}>${idText(to)}@${now}`;
  return {
    id,
    from,
    to,
    phase,
    failing: isFailing(watch),
    ...asRefused(refusalIn(watch, aim)),
    openedAt: now,
    backupTakenAt: newest?.takenAt,
    end: undefined,
    message: undefined,
  };
}

function idText(release: Release): string {
  return releaseText(release).replace(/\s+/g, '_');
}

function openEvent({ openedAt, from, to, phase }: UpdateAlarm): ClusterEvent {
  return {
    at: openedAt,
    kind: 'update-alarm',
    detail: { from: releaseText(from), to: releaseText(to), phase },
  };
}

function endEvents({ end, to }: UpdateAlarm, now: number): readonly ClusterEvent[] {
  if (end?.kind !== 'resolved') return [];
  return [{ at: now, kind: 'alarm-resolved', detail: { run: end.runId, to: releaseText(to) } }];
}

function otherCluster(before: ClusterWatch, watch: ClusterWatch): boolean {
  return before.seen !== undefined && before.seen.clusterId !== watch.seen?.clusterId;
}
