import type { OutboxItem, Records } from '../workflow/records.ts';
import { createLiveCards } from './live-card.ts';
import { type NoticePosterDeps, postNotice, runAndPolicy } from './notice-poster.ts';
import { type SlackTrouble, troubleOf } from './slack-trouble.ts';
import { UnpostableError } from './unpostable-error.ts';

export interface OutboxSenderDeps extends NoticePosterDeps {
  readonly records: Pick<
    Records,
    'run' | 'cardPosted' | 'takeNotice' | 'noticeSent' | 'noticeDelayed' | 'noticeGivenUp'
  >;
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

/**
 * The one sender of everything that runs say: takes messages from the outbox in each run's order and posts them, at
 * least once, and as far as Slack lets us look, exactly once. Slack's troubles delay or drop messages; they never
 * reach the run.
 */
export function createOutboxSender(deps: OutboxSenderDeps): OutboxSender {
  const { records, clock, log } = deps;
  const cards = createLiveCards(deps);
  const stopping = new AbortController();
  /** Outcomes that could not be written: until they are, the run's next message has to wait. */
  const unwritten: (() => Promise<void>)[] = [];
  const complained = new Set<string>();
  let pausedUntil = 0;
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
      unwritten.push(afterFailure(item, error));
    }
    await writeOutcomes();
  }

  function afterFailure(item: OutboxItem, error: unknown): () => Promise<void> {
    const trouble = error instanceof UnpostableError ? undefined : troubleOf(error);
    if (trouble === undefined || trouble.kind === 'refused') {
      const why = trouble?.detail ?? (error as Error).message;
      complain(item, why, trouble?.code);
      return () => records.noticeGivenUp(item.id, { now: clock.now(), error: why });
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
    return () => records.noticeDelayed(item.id, { retryAt, error: trouble.detail });
  }

  /** Once per run and reason: a channel without the bot would fill the log otherwise. */
  function complain(item: OutboxItem, why: string, code: string | undefined): void {
    const key = `${item.runId} ${code ?? why}`;
    if (complained.has(key)) return;
    if (complained.size > 1_000) complained.clear();
    complained.add(key);
    log.error(
      { runId: item.runId, kind: item.notice.kind, trouble: why },
      `a message about run ${item.runId} is given up: ${why}; ${nextStep(code)}. The run itself goes on`,
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

function nextStep(code: string | undefined): string {
  switch (code) {
    case 'channel_not_found':
    case 'not_in_channel':
      return 'invite the bot to the cluster’s channel (/invite), or correct the channel’s id in the configuration';
    case 'is_archived':
      return 'bring the channel back, or configure another one';
    case 'missing_scope':
      return 'give the app the scopes of manifest.yml and reinstall it';
    case undefined:
      return 'what it says is in the records (`show` prints it)';
    default:
      return 'if this goes on, please report it with this line';
  }
}
