import type { Notice } from '../domain/notice.ts';
import type { CannotPost, PrivateSay } from '../domain/private-say.ts';
import type { OutboxItem, Records } from '../workflow/records.ts';
import { createLiveCards } from './live-card.ts';
import { mendable, nextStep } from './mendable.ts';
import { type NoticePosterDeps, postNotice, runAndPolicy } from './notice-poster.ts';
import { type SlackTrouble, troubleOf } from './slack-trouble.ts';
import { UnpostableError } from './unpostable-error.ts';

export interface OutboxSenderDeps extends NoticePosterDeps {
  readonly records: Pick<
    Records,
    'run' | 'decide' | 'cardPosted' | 'takeNotice' | 'noticeSent' | 'noticeDelayed' | 'noticeGivenUp'
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

/** How often to look when nobody wakes us: for messages that were delayed. */
const pollMs = 1_000;
const firstPauseMs = 1_000;
const maxPauseMs = 60_000;
/** How long what a channel does not take now is kept for it. */
export const keptForMs = 24 * 3_600_000;
const firstKeptPauseMs = 4_000;

/**
 * The one sender of everything that runs say: takes messages from the outbox in each run's order and posts them, at
 * least once, and as far as Slack lets us look, exactly once. Slack's troubles delay or drop messages; they never
 * reach the run. What somebody can mend (an invitation, a scope) is told to the requester, and waits for it.
 */
export function createOutboxSender(deps: OutboxSenderDeps): OutboxSender {
  const { records, clock, log } = deps;
  const cards = createLiveCards(deps);
  const stopping = new AbortController();
  /** Outcomes that could not be written: until they are, the run's next message has to wait. */
  const unwritten: (() => Promise<void>)[] = [];
  const complained = new Set<string>();
  let pausedUntil = 0;
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
    const now = clock.now();
    if (now < pausedUntil) return pausedUntil - now;
    await refreshCards();
    const item = await records.takeNotice({ now: clock.now() });
    if (item) {
      await send(item);
      return 0;
    }
    const refreshAt = cards.nextRefreshAt();
    return refreshAt === undefined ? pollMs : Math.max(1, Math.min(pollMs, refreshAt - clock.now()));
  }

  async function send(item: OutboxItem): Promise<void> {
    try {
      const ts = await postNotice(deps, cards, item);
      unwritten.push(() => records.noticeSent(item.id, { now: clock.now(), ts }));
    } catch (error) {
      const outcome =
        error instanceof UnpostableError
          ? [giveUp(item, error.message, undefined)]
          : afterFailure(item, await confirmed(troubleOf(error)));
      unwritten.push(...outcome);
    }
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

  function afterFailure(item: OutboxItem, trouble: SlackTrouble): (() => Promise<void>)[] {
    if (trouble.kind === 'refused') {
      const why = mendable(trouble);
      const keptUntil = item.createdAt + keptForMs;
      const past = clock.now() >= keptUntil || isAboutPosting(item.notice);
      if (why === undefined || past) return [giveUp(item, trouble.detail, why)];
      return keep(item, trouble, why, keptUntil);
    }
    const pauseMs = pauseAfter(trouble, item.attempts);
    // The limit is the channel's or the workspace's, not this message's: the others would only run into it, too.
    if (trouble.kind !== 'unavailable') pausedUntil = clock.now() + pauseMs;
    log.warn(
      {
        runId: item.runId,
        kind: item.notice.kind,
        attempts: item.attempts + 1,
        pauseMs,
        trouble: trouble.detail,
      },
      'a message could not be posted in Slack; trying again',
    );
    const retryAt = clock.now() + pauseMs;
    return [() => records.noticeDelayed(item.id, { retryAt, error: trouble.detail })];
  }

  function giveUp(item: OutboxItem, detail: string, why: CannotPost | undefined): () => Promise<void> {
    complain(item, 'is given up', detail, why);
    return () => records.noticeGivenUp(item.id, { now: clock.now(), error: detail });
  }

  function keep(
    item: OutboxItem,
    trouble: Extract<SlackTrouble, { kind: 'refused' }>,
    why: CannotPost,
    keptUntil: number,
  ): (() => Promise<void>)[] {
    complain(item, 'waits', trouble.detail, why);
    const pauseMs = Math.min(maxPauseMs, firstKeptPauseMs * 2 ** Math.min(item.attempts, 10));
    const retryAt = Math.min(clock.now() + pauseMs, keptUntil);
    const delay = () => records.noticeDelayed(item.id, { retryAt, error: trouble.detail });
    // Whom a private message cannot reach, this cannot reach either; and without chat:write nobody can be reached.
    if (item.notice.kind === 'private' || trouble.scope === 'chat:write') return [delay];
    return [delay, () => tellRequester(item.runId, trouble, why, keptUntil)];
  }

  /** Through the outbox, under a delivery id of its own: once per run and reason, whatever restarts in between. */
  async function tellRequester(
    runId: string,
    { scope }: { readonly scope?: string },
    why: CannotPost,
    keptUntil: number,
  ): Promise<void> {
    const { run, policy } = await runAndPolicy(deps, runId);
    const say: PrivateSay = {
      type: 'cannot-post',
      runId,
      channel: run.card?.channel ?? policy.channel,
      botName: deps.identity.botName,
      why,
      ...(scope === undefined ? {} : { scope }),
      keptUntil,
    };
    const { slackUser } = run.requester;
    const notice: Notice = { kind: 'private', slackUser, channel: undefined, say };
    const decision = () => ({ set: {}, audit: [], notices: [notice] });
    const deliveryId = `cannot-post:${runId}:${why}`;
    await records.decide({ runId, deliveryId, now: clock.now(), decision });
  }

  /** Once per run and reason: a channel without the bot would fill the log otherwise. */
  function complain(item: OutboxItem, what: string, detail: string, why: CannotPost | undefined): void {
    const key = `${item.runId} ${what} ${why ?? detail}`;
    if (complained.has(key)) return;
    if (complained.size > 1_000) complained.clear();
    complained.add(key);
    const next = nextStep(why, deps.identity.botName);
    log.error(
      { runId: item.runId, kind: item.notice.kind, trouble: detail },
      `a message about run ${item.runId} ${what}: ${detail}; ${next}. The run itself goes on`,
    );
  }

  async function refreshCards(): Promise<void> {
    try {
      await cards.refresh((runId) => runAndPolicy(deps, runId));
    } catch (error) {
      const trouble = troubleOf(error);
      const pauseMs = pauseAfter(trouble, 0);
      pausedUntil = clock.now() + pauseMs;
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

function pauseAfter(trouble: SlackTrouble, attempts: number): number {
  if (trouble.kind === 'rate-limited') return trouble.retryAfterMs;
  if (trouble.kind === 'unauthorized') return maxPauseMs;
  return Math.min(maxPauseMs, firstPauseMs * 2 ** Math.min(attempts, 10));
}

/** That something cannot be posted is no news any more once everything can be. */
function isAboutPosting(notice: Notice): boolean {
  return notice.kind === 'private' && notice.say.type === 'cannot-post';
}
