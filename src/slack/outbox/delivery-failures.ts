import { backoffMs } from '../../domain/text/backoff.ts';
import type { OutboxItem } from '../../workflow/ports/records.ts';
import { nextStep, type RecoverableReason, recoverableReason } from '../client/recoverable.ts';
import { mayHaveBeenDone, type SlackFailure } from '../client/slack-failure.ts';
import { isAboutPosting, notifyCannotPost } from './cannot-post.ts';
import type { OutboxDeps } from './deps.ts';

/** A write that remembers an outcome; it is tried again until it is done. */
export type Write = () => Promise<void>;

interface AfterFailure {
  readonly writes: readonly Write[];
  /** No other message has to be tried before then, either. */
  readonly pauseMs: number | undefined;
}

const firstPauseMs = 1_000;
const maxPauseMs = 60_000;
/** How long what a channel does not take now is kept for it. */
export const keptForMs = 24 * 3_600_000;
const firstKeptPauseMs = 4_000;
/** For what a server answers while it is being changed; longer than that, it is the message that it does not take. */
const someMinutesMs = 10 * 60_000;
/** So many tries, a minute apart, take almost as long. They are counted on record, so no restart begins them again. */
const triesOfKept = keptForMs / maxPauseMs - 100;

/** A refusal of a live message may be transient: people are notified of it after the last of so many tries only. */
const triesOfLive = 3;
const live = new Set<OutboxItem['notice']['kind']>(['card', 'reminder', 'alarm', 'pause', 'summary']);

/** What becomes of the messages that Slack did not take. */
export function createDeliveryFailures(deps: OutboxDeps) {
  const { records, clock, log } = deps;
  /** What the log has said, with the kind of message that it was said of. */
  const complained = new Map<string, string>();
  /** Since when messages of each subject are refused, and of which kind the first was: ms of the monotonic clock. */
  const refusedSince = new Map<string, { readonly at: number; readonly kind: string }>();

  function giveUp(item: OutboxItem, detail: string, why: RecoverableReason | undefined): Write {
    complain(item, 'is given up', detail, why);
    return () => records.noticeGivenUp(item.id, { now: clock.now(), error: detail });
  }

  function keep(
    item: OutboxItem,
    failure: Extract<SlackFailure, { kind: 'refused' | 'proxy-refused' }>,
    why: RecoverableReason,
    keptForMore: number,
  ): readonly Write[] {
    complain(item, 'waits', failure.detail, why);
    const keptUntil = clock.now() + keptForMore;
    const pauseMs = backoffMs(item.attempts, { firstMs: firstKeptPauseMs, maxMs: maxPauseMs });
    const retryAt = Math.min(clock.now() + pauseMs, keptUntil);
    const delay = () => records.noticeDelayed(item.id, { retryAt, error: failure.detail });
    // Whom a private message cannot reach, this cannot reach either; and without chat:write no message can be posted.
    const scope = failure.kind === 'refused' ? failure.scope : undefined;
    if (item.notice.kind === 'private' || why === 'messages-tab-off' || scope === 'chat:write')
      return [delay];
    return [delay, () => notifyCannotPost(deps, item, { scope, why, keptUntil })];
  }

  /**
   * For how long a message is kept from now. What waited behind another one is not kept for a day of its own. A clock that jumps
   * ahead makes none a day old: those that are by its date are kept until their subject was refused for a day.
   */
  function leftOf(item: OutboxItem): number {
    const refusedMs = refusedFor(item);
    const age = clock.now() - item.createdAt;
    const isOld = age < 0 || age >= keptForMs;
    if (isOld && item.attempts >= triesOfKept) return 0;
    return Math.max(0, keptForMs - (age < 0 ? refusedMs : Math.min(age, refusedMs)));
  }

  /** For how long messages of its subject have been refused, by the monotonic clock. */
  function refusedFor(item: OutboxItem): number {
    const now = clock.monotonic();
    const key = streamOf(item);
    const since = refusedSince.get(key) ?? { at: now, kind: item.notice.kind };
    if (refusedSince.size > 1_000) refusedSince.clear();
    refusedSince.set(key, since);
    return now - since.at;
  }

  /** What will never be posted is said to those whom it concerns, where they can be reached in another way. */
  function refusedForGood(
    item: OutboxItem,
    { code, detail }: { readonly code: string; readonly detail: string },
  ): readonly Write[] {
    const given = giveUp(item, detail, undefined);
    if (item.notice.kind === 'private') return [given];
    return [given, () => notifyCannotPost(deps, item, { why: 'refused', code, keptUntil: clock.now() })];
  }

  function tryAgain(item: OutboxItem, failure: SlackFailure): AfterFailure {
    const pauseMs = pauseAfter(failure, item.attempts);
    log.warn(
      { ...fieldsOf(item), attempts: item.attempts + 1, pauseMs, trouble: failure.detail },
      'a message could not be posted in Slack; trying again',
    );
    const retryAt = clock.now() + pauseMs;
    const mayHaveArrived = mayHaveBeenDone(failure);
    const delay = () => records.noticeDelayed(item.id, { retryAt, error: failure.detail, mayHaveArrived });
    // The limit is the channel's or the workspace's, not this message's: the others would only run into it, too.
    const isForAll = failure.kind === 'rate-limited' || failure.kind === 'unauthorized';
    return { writes: [delay], pauseMs: isForAll ? pauseMs : undefined };
  }

  /** Something answers and never takes this message: what waits behind it must not wait for ever. */
  function isTriedEnough(item: OutboxItem, tryFor: 'minutes' | 'a-day' | undefined): boolean {
    if (tryFor === undefined) return false;
    return leftOf(item) <= 0 || (tryFor === 'minutes' && refusedFor(item) >= someMinutesMs);
  }

  /** Once per subject and reason: a channel without the bot would fill the log otherwise. */
  function complain(
    item: OutboxItem,
    what: string,
    detail: string,
    why: RecoverableReason | undefined,
  ): void {
    const subject = subjectOf(item);
    const key = `${subject} ${what} ${why ?? detail}`;
    if (complained.has(key)) return;
    if (complained.size > 1_000) complained.clear();
    complained.set(key, item.notice.kind);
    const next = nextStep(why, deps.identity.botName);
    log.error(
      { ...fieldsOf(item), trouble: detail },
      `a message about ${subject} ${what}: ${detail}; ${next}. ${goesOn[item.about]}`,
    );
  }

  return {
    giveUp,
    /** It reached Slack: what was said of its subject may be said again when it happens again. */
    sent(item: OutboxItem): void {
      if (refusedSince.get(streamOf(item))?.kind === item.notice.kind) refusedSince.delete(streamOf(item));
      const subject = `${subjectOf(item)} `;
      for (const [key, kind] of complained)
        if (kind === item.notice.kind && key.startsWith(subject)) complained.delete(key);
    },
    after(item: OutboxItem, failure: SlackFailure): AfterFailure {
      if (failure.kind === 'refused' || failure.kind === 'proxy-refused') {
        const why = recoverableReason(failure);
        if (why === undefined) {
          const { detail } = failure;
          if (live.has(item.notice.kind) && item.attempts < triesOfLive) return tryAgain(item, failure);
          const code = failure.kind === 'refused' ? failure.code : 'proxy_refused';
          return { writes: refusedForGood(item, { code, detail }), pauseMs: undefined };
        }
        const keptForMore = isAboutPosting(item) ? 0 : leftOf(item);
        if (keptForMore <= 0) return { writes: [giveUp(item, failure.detail, why)], pauseMs: undefined };
        return { writes: keep(item, failure, why, keptForMore), pauseMs: undefined };
      }
      if (failure.kind === 'unavailable' && isTriedEnough(item, failure.tryFor)) {
        const { detail } = failure;
        return { writes: refusedForGood(item, { code: 'no_usable_answer', detail }), pauseMs: undefined };
      }
      return tryAgain(item, failure);
    },
  };
}

export function pauseAfter(failure: SlackFailure, attempts: number): number {
  if (failure.kind === 'rate-limited') return failure.retryAfterMs;
  if (failure.kind === 'unauthorized') return maxPauseMs;
  return backoffMs(attempts, { firstMs: firstPauseMs, maxMs: maxPauseMs });
}

/** What waits for each other: the messages to a channel, or those to one person. */
function streamOf(item: OutboxItem): string {
  const { notice } = item;
  const to = 'slackUser' in notice ? notice.slackUser : 'its channel';
  return `${subjectOf(item)} to ${to}`;
}

function subjectOf(item: OutboxItem): string {
  if (item.about === 'fleet') return 'the whole fleet';
  return item.about === 'run' ? `run ${item.runId}` : `cluster ${item.cluster}`;
}

function fieldsOf(item: OutboxItem): object {
  const { kind } = item.notice;
  if (item.about === 'fleet') return { kind };
  return item.about === 'run' ? { runId: item.runId, kind } : { cluster: item.cluster, kind };
}

const goesOn: Readonly<Record<OutboxItem['about'], string>> = {
  run: 'The run itself goes on',
  cluster: 'The cluster is watched all the same',
  fleet: 'Everything else goes on',
};
