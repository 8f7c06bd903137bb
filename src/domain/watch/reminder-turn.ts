import { type Release, sameRelease } from '../cluster/release.ts';
import { releaseText } from '../cluster/release-text.ts';
import { elsewhereOf } from '../policy/elsewhere.ts';
import type { ClusterPolicy } from '../policy/policy.ts';
import type { Finding } from '../preflight/finding.ts';
import type { ClusterEvent, ClusterWatch, Reminder, ReminderEnd } from './cluster-watch.ts';
import { isUnreachable, isYoung, judgeCoverage, newestOf, ownBackups } from './coverage.ts';
import { inHours, isOpen, nagIsDue, nextNag, snoozeMs } from './reminder.ts';
import { noStep, type WatchStep, type WatchStepInput, withEarlier } from './watch-step.ts';
import { whereabouts } from './whereabouts.ts';

/** A reading of everything takes so long at most: a reminder that appears within it appears on time. */
const appearsWithinMs = 10 * 60_000;

/** After an arrival: one reminder, until a proven backup of the release exists, a user declines, or the cluster has left. */
export function reminderTurn(input: WatchStepInput): WatchStep {
  const { watch } = input;
  const kept = isOpen(watch.reminder) ? goOn(watch.reminder, input) : noStep(watch);
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

function goOn(reminder: Reminder, input: WatchStepInput): WatchStep {
  const { watch, now } = input;
  const end = endOf(reminder, input);
  if (!end) return input.paused ? noStep(watch) : repeat(reminder, input);
  const ended = { ...watch, reminder: { ...reminder, nextNagAt: undefined, end } };
  // It was not shown yet, and need not be.
  if (reminder.checkedAt === undefined) return noStep(ended);
  const event: ClusterEvent = { at: now, kind: `reminder-${end.kind}`, detail: endDetail(reminder, end) };
  return { watch: ended, events: [event], notices: [{ kind: 'reminder', id: reminder.id }] };
}

function endDetail({ to }: Reminder, end: ReminderEnd): ClusterEvent['detail'] {
  const release = releaseText(to);
  if (end.kind === 'resolved') return { release, run: end.runId };
  if (end.kind === 'elsewhere') return end.by === undefined ? { release } : { release, by: end.by };
  return end.kind === 'superseded' ? { release, by: releaseText(end.by) } : { release };
}

function endOf(reminder: Reminder, input: WatchStepInput): ReminderEnd | undefined {
  const { before, watch, proven, policy, now } = input;
  const elsewhere = elsewhereOf(policy, watch.topology);
  if (elsewhere) return { kind: 'elsewhere', at: now, by: elsewhere.by };
  const { seen } = watch;
  const place = whereabouts(watch);
  if (!seen || !place) return undefined;
  const there = place.kind === 'on' ? place.release : place.to;
  const superseded: ReminderEnd = { kind: 'superseded', at: now, by: there };
  if (before.seen?.clusterId !== seen.clusterId) return superseded;
  const newest = newestOf(ownBackups(proven, seen.clusterId, now), reminder.to);
  // Both by the clocks of bots: taken since the arrival was seen, or young enough to cover it anyway.
  const covers =
    newest && (newest.takenAt >= reminder.openedAt || isYoung(newest, policy.coverage.maxAgeMs, now));
  if (covers) return { kind: 'resolved', at: now, runId: newest.runId };
  return sameRelease(there, reminder.to) ? undefined : superseded;
}

/** A cluster that does not answer cannot be backed up: what is due then waits until it does. */
function repeat(reminder: Reminder, { watch, policy, nagWaits, now }: WatchStepInput): WatchStep {
  const due = reminder.checkedAt !== undefined && nagIsDue(reminder, now);
  if (!due || isUnreachable(watch, now)) return noStep(watch);
  const at = inHours(now, policy);
  if (at > now) return noStep({ ...watch, reminder: { ...reminder, nextNagAt: at } });
  if (nagWaits) return noStep(watch);
  const nags = reminder.nags + 1;
  const repeated = { ...reminder, nags, nextNagAt: nextNag(reminder.openedAt, now, policy) };
  const detail = { release: releaseText(reminder.to), times: String(nags) };
  return {
    watch: { ...watch, reminder: repeated },
    events: [{ at: now, kind: 'reminder-repeated', detail }],
    notices: [{ kind: 'nag', id: reminder.id, nag: nags }],
  };
}

/**
 * At an arrival, when the release is not covered; and later, when nothing restores it any more (a copy was found damaged) and
 * this arrival has had no reminder yet.
 */
function openedReminder({ before, watch, proven, policy, now }: WatchStepInput): Reminder | undefined {
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
  return {
    id,
    from: arrives ? leftRelease(before, watch) : undefined,
    to: settled.release,
    openedAt: now,
    findings: undefined,
    checkedAt: undefined,
    nags: 0,
    nextNagAt: nextNag(now, now, policy),
    end: undefined,
    message: taken?.message,
  };
}

/** undefined: it came from nowhere else, as far as the bot knows. */
function leftRelease(before: ClusterWatch, watch: ClusterWatch): Release | undefined {
  if (!before.seen || before.seen.clusterId !== watch.seen?.clusterId || !watch.settled) return undefined;
  const place = whereabouts(before);
  const from = before.settled?.release ?? (place?.kind === 'between' ? place.from : undefined);
  return from && !sameRelease(from, watch.settled.release) ? from : undefined;
}

/**
 * The result of reading everything that a backup needs. The first look lets the reminder appear; later ones
 * edit it when they found something else. Both undefined where they could not be read: a reminder that waited for them then
 * appears without.
 */
export function findingsSeen(
  watch: ClusterWatch,
  input: {
    readonly findings: readonly Finding[] | undefined;
    readonly previewBackups: boolean | undefined;
    readonly now: number;
    readonly policy: ClusterPolicy;
  },
): WatchStep {
  const { findings, now, policy } = input;
  const preview = input.previewBackups ?? watch.previewBackups;
  const known = preview === watch.previewBackups ? watch : { ...watch, previewBackups: preview };
  const { reminder } = watch;
  if (!isOpen(reminder)) return noStep(known);
  const isFirst = reminder.checkedAt === undefined;
  if (findings === undefined && !isFirst) return noStep(known);
  const same = !isFirst && JSON.stringify(reminder.findings) === JSON.stringify(findings);
  if (same && reminder.checkedAt === now) return noStep(known);
  // It may appear long after it was opened (the bot was down): then people are left in peace for as long as after any word.
  const late =
    isFirst && now - reminder.openedAt > appearsWithinMs && (reminder.nextNagAt ?? 0) < now + snoozeMs;
  const nextNagAt = late ? nextNag(reminder.openedAt, now, policy) : reminder.nextNagAt;
  const changed = { ...known, reminder: { ...reminder, findings, checkedAt: now, nextNagAt } };
  const detail = { from: reminder.from ? releaseText(reminder.from) : '', to: releaseText(reminder.to) };
  return {
    watch: changed,
    events: isFirst ? [{ at: now, kind: 'reminder', detail }] : [],
    notices: same ? [] : [{ kind: 'reminder', id: reminder.id }],
  };
}
