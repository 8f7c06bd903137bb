import { sameRelease } from '../cluster/release.ts';
import { releaseText } from '../cluster/release-text.ts';
import type { ClusterPolicy } from '../policy/policy.ts';
import type { Finding } from '../preflight/finding.ts';
import type { ClusterEvent, ClusterWatch, Reminder, ReminderEnd } from './cluster-watch.ts';
import { isUnreachable, isYoung, judgeCoverage, newestOf, ownBackups } from './coverage.ts';
import { leftRelease, type ReducerInput } from './reducer-input.ts';
import { releaseOf } from './release-position.ts';
import { inHours, isOpen, nextRepeat, repeatIsDue, snoozeMs } from './reminder.ts';
import { transition, type WatchTransition, withEarlier } from './watch-transition.ts';

/** A reading of everything takes so long at most: a reminder that appears within it appears on time. */
const appearsWithinMs = 10 * 60_000;

/** After an arrival: one reminder, until a proven backup of the release exists, a user declines, or the cluster has left. */
export function reminderTurn(input: ReducerInput): WatchTransition {
  const { watch } = input;
  const kept = isOpen(watch.reminder) ? goOn(watch.reminder, input) : transition(watch);
  const opened = input.paused ? undefined : openedReminder({ ...input, watch: kept.watch });
  if (!opened) return kept;
  const { reminder: last } = kept.watch;
  const earlier =
    last && last.id !== opened.id
      ? withEarlier(kept.watch, { kind: 'reminder', reminder: last })
      : kept.watch.earlier;
  // Without a notice: it is shown once the blockers of a backup were read.
  return { ...kept, watch: { ...kept.watch, earlier, reminder: opened } };
}

function goOn(reminder: Reminder, input: ReducerInput): WatchTransition {
  const { watch, now } = input;
  const end = endOf(reminder, input);
  if (!end) return input.paused ? transition(watch) : repeat(reminder, input);
  const ended = { ...watch, reminder: { ...reminder, nextRepeatAt: undefined, end } };
  // It was not shown yet, and need not be.
  if (reminder.checkedAt === undefined) return transition(ended);
  const event: ClusterEvent = { at: now, kind: `reminder-${end.kind}`, detail: endDetail(reminder, end) };
  return transition(ended, { events: [event], notices: [{ kind: 'reminder', id: reminder.id }] });
}

function endDetail({ to }: Reminder, end: ReminderEnd): ClusterEvent['detail'] {
  const release = releaseText(to);
  if (end.kind === 'resolved') return { release, run: end.runId };
  if (end.kind === 'elsewhere') return end.by === undefined ? { release } : { release, by: end.by };
  return end.kind === 'superseded' ? { release, by: releaseText(end.by) } : { release };
}

function endOf(reminder: Reminder, input: ReducerInput): ReminderEnd | undefined {
  const { watch, position, positionBefore, elsewhere, proven, policy, now } = input;
  if (elsewhere) return { kind: 'elsewhere', at: now, by: elsewhere.by };
  if (!position) return undefined;
  const there = releaseOf(position);
  const superseded: ReminderEnd = { kind: 'superseded', at: now, by: there };
  if (!positionBefore) return superseded;
  const newest = newestOf(ownBackups(proven, watch.seen?.clusterId, now), reminder.to);
  // Both by the clocks of bots: taken since the arrival was seen, or young enough to cover it anyway.
  const covers =
    newest && (newest.takenAt >= reminder.openedAt || isYoung(newest, policy.coverage.maxAgeMs, now));
  if (covers) return { kind: 'resolved', at: now, runId: newest.runId };
  return sameRelease(there, reminder.to) ? undefined : superseded;
}

/** A cluster that does not answer cannot be backed up: what is due then waits until it does. */
function repeat(reminder: Reminder, { watch, policy, repeatWaits, now }: ReducerInput): WatchTransition {
  const due = reminder.checkedAt !== undefined && repeatIsDue(reminder, now);
  if (!due || isUnreachable(watch, now)) return transition(watch);
  const at = inHours(now, policy);
  if (at > now) return transition({ ...watch, reminder: { ...reminder, nextRepeatAt: at } });
  if (repeatWaits) return transition(watch);
  const repeats = reminder.repeats + 1;
  const repeated = { ...reminder, repeats, nextRepeatAt: nextRepeat(reminder.openedAt, now, policy) };
  const detail = { release: releaseText(reminder.to), times: String(repeats) };
  return {
    watch: { ...watch, reminder: repeated },
    events: [{ at: now, kind: 'reminder-repeated', detail }],
    notices: [{ kind: 'nag', id: reminder.id, nag: repeats }],
  };
}

/**
 * At an arrival, when the release is not covered; and later, when nothing restores it any more (a copy was found damaged) and
 * this arrival has had no reminder yet.
 */
function openedReminder(input: ReducerInput): Reminder | undefined {
  const { before, watch, proven, policy, now } = input;
  const { settled, seen, reminder } = watch;
  if (!settled || seen?.state.kind !== 'settled') return undefined;
  const id = `${watch.cluster}/${settled.arrival}`;
  // This bot has to back it up after all: the message of before is the one of now.
  const taken = reminder?.id === id && reminder.end?.kind === 'elsewhere' ? reminder : undefined;
  if (reminder && !taken && (reminder.end === undefined || reminder.id === id)) return undefined;
  const { state } = judgeCoverage({ watch, proven, policy, now });
  const arrives =
    before.settled?.arrival !== settled.arrival || before.settled.clusterId !== settled.clusterId;
  if (state !== 'uncovered' && !(arrives && state === 'stale')) return undefined;
  const left = arrives ? leftRelease(input) : undefined;
  return {
    id,
    from: left && !sameRelease(left, settled.release) ? left : undefined,
    to: settled.release,
    openedAt: now,
    findings: undefined,
    checkedAt: undefined,
    repeats: 0,
    nextRepeatAt: nextRepeat(now, now, policy),
    end: undefined,
    message: taken?.message,
  };
}

/**
 * The result of reading everything that a backup needs. The first one lets the reminder appear; later ones edit it when they
 * found something else. Both undefined where they could not be read: a reminder that waited for them then appears without.
 */
export function findingsSeen(
  watch: ClusterWatch,
  input: {
    readonly findings: readonly Finding[] | undefined;
    readonly previewBackups: boolean | undefined;
    readonly now: number;
    readonly policy: ClusterPolicy;
  },
): WatchTransition {
  const { findings, now, policy } = input;
  const preview = input.previewBackups ?? watch.previewBackups;
  const known = preview === watch.previewBackups ? watch : { ...watch, previewBackups: preview };
  const { reminder } = watch;
  if (!isOpen(reminder)) return transition(known);
  const isFirst = reminder.checkedAt === undefined;
  if (findings === undefined && !isFirst) return transition(known);
  const same = !isFirst && JSON.stringify(reminder.findings) === JSON.stringify(findings);
  if (same && reminder.checkedAt === now) return transition(known);
  // It may appear long after it was opened (the bot was down): then it is not repeated sooner than after a snooze.
  const late =
    isFirst && now - reminder.openedAt > appearsWithinMs && (reminder.nextRepeatAt ?? 0) < now + snoozeMs;
  const nextRepeatAt = late ? nextRepeat(reminder.openedAt, now, policy) : reminder.nextRepeatAt;
  const changed = { ...known, reminder: { ...reminder, findings, checkedAt: now, nextRepeatAt } };
  const detail = { from: reminder.from ? releaseText(reminder.from) : '', to: releaseText(reminder.to) };
  return {
    watch: changed,
    events: isFirst ? [{ at: now, kind: 'reminder', detail }] : [],
    notices: same ? [] : [{ kind: 'reminder', id: reminder.id }],
  };
}
