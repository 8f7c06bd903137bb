import { blockers, type Finding } from '../preflight/finding.ts';
import type { RetryReason } from '../run/retry-origin.ts';
import { areRetryable, retryAdvice } from '../run/retryable.ts';
import { type BackupRun, retryOf } from '../run/run.ts';
import { backoffMs } from '../text/backoff.ts';
import { isAhead } from '../text/trusted-time.ts';
import type { ClusterEvent, ClusterWatch, ScheduleRetry, ScheduleWatch } from './cluster-watch.ts';
import { mayStart, partOf, type Timetable, windowEnd } from './schedule-times.ts';

const minuteMs = 60_000;
/** Before the first retry and the following ones: an operator's rollout takes minutes to half an hour. */
const backoff = { firstMs: 5 * minuteMs, maxMs: 40 * minuteMs };
/** A fleet that failed together does not come back together. */
const spread = 0.2;
const longestPauseMs = backoff.maxMs * (1 + spread);
/** On one node; then another one is taken. */
const failuresOnOneNode = 2;

/** `auto`: no approval is needed, so the bot may try often. `ask`: people are asked once more. */
const retriesAtMost = { auto: 4, ask: 1 } as const;

/** The retries that follow from this run's failure; undefined: what stopped it does not pass by itself. */
export function plannedRetry(
  schedule: ScheduleWatch,
  run: BackupRun,
  table: Timetable,
  now: number,
): ScheduleRetry | undefined {
  const because = passingReason(run);
  if (!because || schedule.lastSlot === undefined) return undefined;
  const { approval } = table.schedule;
  const known = schedule.retry;
  const first = { slot: schedule.lastSlot, from: run.requestedAt, endsAt: windowEnd(table, run.requestedAt) };
  const { slot, from, endsAt } = known ?? first;
  const made = known?.made ?? 0;
  const of = retriesAtMost[approval];
  const nextAt = now + pauseMs(made, table.name);
  const node = failedNode(run);
  const nodes = [...(known?.nodes ?? []), ...(node === undefined ? [] : [node])];
  return {
    slot,
    from,
    endsAt,
    made,
    of,
    nextAt: made < of && nextAt < endsAt ? nextAt : undefined,
    ...(approval === 'ask' ? { looks: 0 } : {}),
    after: run.id,
    because,
    nodes,
    avoid: nodesToAvoid(run, node, nodes, known?.avoid ?? []),
    ...(known?.closed ? { closed: true } : {}),
  };
}

function pauseMs(made: number, cluster: string): number {
  return Math.floor(backoffMs(made, backoff) * (1 + spread * partOf(cluster)));
}

function passingReason(run: BackupRun): RetryReason | undefined {
  if (run.status === 'blocked') {
    const findings = blockers(run.findings);
    return findings.length > 0 && areRetryable(findings) ? { kind: 'blocked', findings } : undefined;
  }
  const failure = run.status === 'failed' ? run.failed?.failure : undefined;
  if (!failure) return undefined;
  const advice = retryAdvice(failure);
  // It was to run on another node already, and there is none.
  const node = run.plan?.node ?? '';
  const nowhereElse = advice === 'other-node' && retryOf(run)?.avoid.includes(node);
  return advice === 'never' || nowhereElse ? undefined : { kind: 'failed', failure };
}

/** Undefined: the run did not come as far as a node, so its failure says nothing of one. */
function failedNode(run: BackupRun): string | undefined {
  const failure = run.failed?.failure;
  const isOfNode = failure && (failure.kind !== 'preflight-blocked' || retryAdvice(failure) === 'other-node');
  return isOfNode ? run.plan?.node : undefined;
}

function nodesToAvoid(
  run: BackupRun,
  node: string | undefined,
  nodes: readonly string[],
  known: readonly string[],
): readonly string[] {
  if (node === undefined || known.includes(node)) return known;
  const times = nodes.filter((each) => each === node).length;
  const bound = run.failed !== undefined && retryAdvice(run.failed.failure) === 'other-node';
  return bound || times >= failuresOnOneNode ? [...known, node] : known;
}

export function retryEvent({ after, because, nextAt, made, of }: ScheduleRetry, now: number): ClusterEvent {
  const detail = {
    run: after,
    because: reasonText(because),
    ...(nextAt === undefined
      ? { next: 'none left' }
      : { next: new Date(nextAt).toISOString(), retry: `${made + 1} of ${of}` }),
  };
  return { at: now, kind: 'schedule-retry', detail };
}

/** For records: kinds and codes. */
export function reasonText(because: RetryReason): string {
  return because.kind === 'failed'
    ? because.failure.kind
    : because.findings.map(({ code }) => code).join(', ');
}

/** No retry begins from here on: the window has closed, or the next slot's run is due. */
export function closesAt({ next }: ScheduleWatch, { endsAt }: ScheduleRetry): number {
  return next ? Math.min(endsAt, next.startAt) : endsAt;
}

/** Nothing more can come: the tries are used up, or the next one would be due when no retry begins any more. */
export function isSpent(schedule: ScheduleWatch, retry: ScheduleRetry, now: number): boolean {
  const { nextAt } = retry;
  return nextAt === undefined || (!isReached(nextAt, now) && nextAt >= closesAt(schedule, retry));
}

/** A clock that went ahead when the slot's run was asked for: its window begins now, by the clock that was put right. */
export function rightWindow(retry: ScheduleRetry, table: Timetable, now: number): ScheduleRetry {
  return isAhead(retry.from, now) ? { ...retry, from: now, endsAt: windowEnd(table, now) } : retry;
}

export function isDue({ nextAt }: ScheduleRetry, table: Timetable, now: number): boolean {
  return nextAt !== undefined && mayStart(table, now) && isReached(nextAt, now);
}

/** Further ahead than any pause: the clock was put back meanwhile. */
function isReached(nextAt: number, now: number): boolean {
  return now >= nextAt || nextAt > now + longestPauseMs;
}

/** The reason is still there, or could not be looked for: looked again later. */
export function lookedInVain(retry: ScheduleRetry, table: Timetable, now: number): ScheduleRetry {
  const looks = (retry.looks ?? 0) + 1;
  return { ...retry, looks, nextAt: now + pauseMs(looks, table.name) };
}

/** `findings` undefined: they could not be read. */
export function hasPassed(findings: readonly Finding[] | undefined): boolean {
  return findings !== undefined && blockers(findings).length === 0;
}

/** Whether a retry waits for a look at what stopped the run before it. */
export function retryWantsFindings(watch: ClusterWatch | undefined, now: number): boolean {
  const { retry, openRun } = watch?.schedule ?? {};
  if (retry?.nextAt === undefined || retry.looks === undefined || openRun !== undefined) return false;
  return isReached(retry.nextAt, now) && now < retry.endsAt;
}
