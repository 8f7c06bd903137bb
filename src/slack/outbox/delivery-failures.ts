import { backoffMs } from '../../domain/text/backoff.ts';
import type { OutboxItem } from '../../workflow/ports/records.ts';
import { type RecoverableReason, recoverableReason } from '../client/recoverable.ts';
import { mayHaveBeenDone, type SlackFailure } from '../client/slack-failure.ts';
import { isAboutPosting, notifyCannotPost } from './cannot-post.ts';
import type { OutboxDeps } from './deps.ts';
import { createComplaints, createRefusalClock, fieldsOf } from './refusals.ts';

/** A write that remembers an outcome; it is tried again until it is done. */
export type Write = () => Promise<void>;

interface AfterFailure {
  readonly writes: readonly Write[];
  /** No other message has to be tried before then, either. */
  readonly pauseMs: number | undefined;
}

type Refused = Extract<SlackFailure, { kind: 'refused' | 'proxy-refused' }>;

const firstPauseMs = 1_000;
const maxPauseMs = 60_000;
const firstKeptPauseMs = 4_000;
/** For what a server answers while it is being changed; longer than that, it is the message that it does not take. */
const someMinutesMs = 10 * 60_000;

/** A refusal of a live message may be transient: people are notified of it after the last of so many tries only. */
const triesOfLive = 3;
const live = new Set<OutboxItem['notice']['kind']>([
  ...(['card', 'reminder', 'alarm', 'pause', 'summary'] as const),
  ...(['restore-room', 'restore-step', 'restore-checks'] as const),
]);

/** What becomes of the messages that Slack did not take. */
export class DeliveryFailures {
  readonly #deps: OutboxDeps;
  readonly #refusals: ReturnType<typeof createRefusalClock>;
  readonly #complaints: ReturnType<typeof createComplaints>;

  constructor(deps: OutboxDeps) {
    this.#deps = deps;
    this.#refusals = createRefusalClock(deps);
    this.#complaints = createComplaints(deps);
  }

  /** It reached Slack: what was said of its subject may be said again when it happens again. */
  sent(item: OutboxItem): void {
    this.#refusals.sent(item);
    this.#complaints.sent(item);
  }

  giveUp(item: OutboxItem, detail: string, why: RecoverableReason | undefined): Write {
    const { records, clock } = this.#deps;
    this.#complaints.complain(item, 'is given up', detail, why);
    return () => records.noticeGivenUp(item.id, { now: clock.now(), error: detail });
  }

  after(item: OutboxItem, failure: SlackFailure): AfterFailure {
    if (failure.kind === 'refused' || failure.kind === 'proxy-refused') {
      const why = recoverableReason(failure);
      if (why !== undefined) return { writes: this.#recoverable(item, failure, why), pauseMs: undefined };
      if (live.has(item.notice.kind) && item.attempts < triesOfLive) return this.#tryAgain(item, failure);
      const code = failure.kind === 'refused' ? failure.code : 'proxy_refused';
      return { writes: this.#refusedForGood(item, code, failure.detail), pauseMs: undefined };
    }
    if (failure.kind === 'unavailable' && this.#isTriedEnough(item, failure.tryFor))
      return { writes: this.#refusedForGood(item, 'no_usable_answer', failure.detail), pauseMs: undefined };
    return this.#tryAgain(item, failure);
  }

  #recoverable(item: OutboxItem, failure: Refused, why: RecoverableReason): readonly Write[] {
    const keptForMore = isAboutPosting(item) ? 0 : this.#refusals.leftOf(item);
    if (keptForMore <= 0) return [this.giveUp(item, failure.detail, why)];
    const { records, clock } = this.#deps;
    this.#complaints.complain(item, 'waits', failure.detail, why);
    const keptUntil = clock.now() + keptForMore;
    const pauseMs = backoffMs(item.attempts, { firstMs: firstKeptPauseMs, maxMs: maxPauseMs });
    const retryAt = Math.min(clock.now() + pauseMs, keptUntil);
    const delay = () => records.noticeDelayed(item.id, { retryAt, error: failure.detail });
    // Whom a private message cannot reach, this cannot reach either; and without chat:write no message can be posted.
    const scope = failure.kind === 'refused' ? failure.scope : undefined;
    if (item.notice.kind === 'private' || why === 'messages-tab-off' || scope === 'chat:write')
      return [delay];
    return [delay, () => notifyCannotPost(this.#deps, item, { scope, why, keptUntil })];
  }

  /** What will never be posted is said to those whom it concerns, where they can be reached in another way. */
  #refusedForGood(item: OutboxItem, code: string, detail: string): readonly Write[] {
    const given = this.giveUp(item, detail, undefined);
    if (item.notice.kind === 'private') return [given];
    const reason = { why: 'refused', code, keptUntil: this.#deps.clock.now() } as const;
    return [given, () => notifyCannotPost(this.#deps, item, reason)];
  }

  #tryAgain(item: OutboxItem, failure: SlackFailure): AfterFailure {
    const { records, clock, log } = this.#deps;
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
  #isTriedEnough(item: OutboxItem, tryFor: 'minutes' | 'a-day' | undefined): boolean {
    if (tryFor === undefined) return false;
    const { leftOf, refusedFor } = this.#refusals;
    return leftOf(item) <= 0 || (tryFor === 'minutes' && refusedFor(item) >= someMinutesMs);
  }
}

export function pauseAfter(failure: SlackFailure, attempts: number): number {
  if (failure.kind === 'rate-limited') return failure.retryAfterMs;
  if (failure.kind === 'unauthorized') return maxPauseMs;
  return backoffMs(attempts, { firstMs: firstPauseMs, maxMs: maxPauseMs });
}
