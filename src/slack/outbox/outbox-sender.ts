import type { OutboxItem, Records } from '../../workflow/ports/records.ts';
import { isEmergencyNotice, recordOwnersNotified } from '../../workflow/watch/owners-notified.ts';
import { type SlackTrouble, troubleOf } from '../client/slack-trouble.ts';
import { LookAgainError } from './look-again-error.ts';
import { createNoticePoster } from './notice-poster.ts';
import { createOutboxTrouble, pauseAfter, type Write } from './outbox-trouble.ts';
import { type NoticePosterDeps, runAndPolicy } from './poster-deps.ts';
import { UnpostableError } from './unpostable-error.ts';

export interface OutboxSenderDeps extends NoticePosterDeps {
  readonly records: Pick<
    Records,
    | 'run'
    | 'decide'
    | 'cardPosted'
    | 'watch'
    | 'decideWatch'
    | 'watchMessagePosted'
    | 'takeNotice'
    | 'noticeSent'
    | 'noticeDelayed'
    | 'noticeGivenUp'
    | 'lastPosted'
    | 'toldAlone'
  >;
  /** Called once when Slack will not have the bot token any more: nothing can be posted until a person acts. */
  readonly onFatal: (error: Error) => void;
}

export interface OutboxSender {
  start(): void;
  /** Something was put into the outbox: look at once. */
  wake(): void;
  /** Ends after the message that is on its way (its call has a deadline). */
  stop(): Promise<void>;
}

/** How often to look without a wake-up: for messages that were delayed. */
const pollMs = 1_000;

/**
 * The one sender of everything that runs and clusters' watches say: takes messages from the outbox in the order of each
 * and posts them, at least once, and as far as Slack lets us look, exactly once. Slack's troubles delay or drop messages;
 * they never reach the run or the watch. What a person can fix (an invitation, a scope) waits, and that person is notified.
 */
export function createOutboxSender(deps: OutboxSenderDeps): OutboxSender {
  const { records, clock, log } = deps;
  const poster = createNoticePoster(deps);
  const { cards } = poster;
  const troubles = createOutboxTrouble(deps);
  const stopping = new AbortController();
  /** Outcomes that could not be written: until they are, the run's next message has to wait. */
  const unwritten: Write[] = [];
  /** ms of the monotonic clock, which may have begun a moment ago. */
  let pausedUntil = Number.NEGATIVE_INFINITY;
  let ended = false;
  let woken = false;
  let sleeping: AbortController | undefined;
  let running: Promise<void> | undefined;

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      woken = false;
      const waitMs = await step().catch((error: unknown) => {
        log.error({ err: error }, 'the outbox cannot be read or written; trying again');
        return 5_000;
      });
      if (waitMs > 0) await sleep(waitMs);
    }
    await writeOutcomes().catch(() => undefined);
  }

  /** Sends one message. Returns how long there is nothing to do. */
  async function step(): Promise<number> {
    await writeOutcomes();
    const now = clock.monotonic();
    if (now < pausedUntil) return pausedUntil - now;
    await refreshCards();
    const item = await records.takeNotice({ now: clock.now() });
    if (item) {
      await send(item);
      return 0;
    }
    const refreshAt = cards.nextRefreshAt();
    return refreshAt === undefined ? pollMs : Math.max(1, Math.min(pollMs, refreshAt - clock.monotonic()));
  }

  async function send(item: OutboxItem): Promise<void> {
    try {
      const ts = await poster.post(item);
      troubles.sent(item);
      unwritten.push(() => records.noticeSent(item.id, { now: clock.now(), ts }));
    } catch (error) {
      if (error instanceof UnpostableError) {
        unwritten.push(troubles.giveUp(item, error.message, undefined));
      } else if (error instanceof LookAgainError) {
        const retryAt = clock.now() + error.afterMs;
        const again = { retryAt, error: error.message, mayHaveArrived: true };
        unwritten.push(() => records.noticeDelayed(item.id, again));
      } else {
        const { writes, pauseMs } = troubles.after(item, await confirmed(troubleOf(error)));
        unwritten.push(...writes);
        if (pauseMs !== undefined) pausedUntil = clock.monotonic() + pauseMs;
      }
    }
    if (isEmergencyNotice(item)) unwritten.push(() => recordOwnersNotified(deps, item.runId));
    await writeOutcomes();
  }

  /** Slack calls a good token bad now and then: it is over when Slack says so of the token itself, too. */
  async function confirmed(trouble: SlackTrouble): Promise<SlackTrouble> {
    if (trouble.kind !== 'unauthorized') return trouble;
    const again = await deps.client.auth.test().then(() => undefined, troubleOf);
    if (again?.kind !== 'unauthorized') {
      return { kind: 'unavailable', timedOut: false, detail: trouble.detail };
    }
    if (!ended && !stopping.signal.aborted) tokenRefused(again.detail);
    return again;
  }

  function tokenRefused(detail: string): void {
    ended = true;
    deps.onFatal(
      new Error(
        `Slack refuses the bot token (${detail}): expected the token of an installed app; reinstall it, put the ` +
          'new bot token into the configuration and restart. No message is lost, and no backup fails by this',
      ),
    );
  }

  async function refreshCards(): Promise<void> {
    try {
      await cards.refresh((runId) => runAndPolicy(deps, runId));
    } catch (error) {
      const trouble = troubleOf(error);
      const pauseMs = pauseAfter(trouble, 0);
      pausedUntil = clock.monotonic() + pauseMs;
      log.warn({ trouble: trouble.detail, pauseMs }, 'a card could not be refreshed; trying again');
    }
  }

  async function writeOutcomes(): Promise<void> {
    for (let write = unwritten[0]; write !== undefined; write = unwritten[0]) {
      await write();
      unwritten.shift();
    }
  }

  async function sleep(ms: number): Promise<void> {
    if (woken || stopping.signal.aborted) return;
    sleeping = new AbortController();
    await clock.sleep(ms, sleeping.signal);
    sleeping = undefined;
  }

  function wake(): void {
    woken = true;
    sleeping?.abort();
  }

  return {
    start() {
      running ??= run();
    },
    wake,
    async stop() {
      stopping.abort();
      wake();
      await running;
    },
  };
}
