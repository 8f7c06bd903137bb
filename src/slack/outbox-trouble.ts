import type { CannotPost } from '../domain/private-say.ts';
import type { Log } from '../workflow/ports.ts';
import type { OutboxItem, Records } from '../workflow/records.ts';
import { type CannotPostDeps, isAboutPosting, isPrivate, tellCannotPost } from './cannot-post.ts';
import { mendable, nextStep } from './mendable.ts';
import type { SlackTrouble } from './slack-trouble.ts';

/** A write that remembers an outcome; it is tried again until it is done. */
export type Write = () => Promise<void>;

export interface AfterFailure {
  readonly writes: readonly Write[];
  /** No other message has to be tried before then, either. */
  readonly pauseMs: number | undefined;
}

/** What becomes of a message that Slack did not take. */
export interface OutboxTrouble {
  after(item: OutboxItem, trouble: SlackTrouble): AfterFailure;
  giveUp(item: OutboxItem, detail: string, why: CannotPost | undefined): Write;
}

const firstPauseMs = 1_000;
const maxPauseMs = 60_000;
/** How long what a channel does not take now is kept for it. */
export const keptForMs = 24 * 3_600_000;
const firstKeptPauseMs = 4_000;

export function createOutboxTrouble(
  deps: CannotPostDeps & {
    readonly records: Pick<Records, 'noticeDelayed' | 'noticeGivenUp'>;
    readonly log: Log;
  },
): OutboxTrouble {
  const { records, clock, log } = deps;
  const complained = new Set<string>();

  function giveUp(item: OutboxItem, detail: string, why: CannotPost | undefined): Write {
    complain(item, 'is given up', detail, why);
    return () => records.noticeGivenUp(item.id, { now: clock.now(), error: detail });
  }

  function keep(
    item: OutboxItem,
    trouble: Extract<SlackTrouble, { kind: 'refused' }>,
    why: CannotPost,
    keptUntil: number,
  ): readonly Write[] {
    complain(item, 'waits', trouble.detail, why);
    const pauseMs = Math.min(maxPauseMs, firstKeptPauseMs * 2 ** Math.min(item.attempts, 10));
    const retryAt = Math.min(clock.now() + pauseMs, keptUntil);
    const delay = () => records.noticeDelayed(item.id, { retryAt, error: trouble.detail });
    // Whom a private message cannot reach, this cannot reach either; and without chat:write nobody can be reached.
    if (isPrivate(item) || trouble.scope === 'chat:write') return [delay];
    return [delay, () => tellCannotPost(deps, item, { scope: trouble.scope, why, keptUntil })];
  }

  /** Once per subject and reason: a channel without the bot would fill the log otherwise. */
  function complain(item: OutboxItem, what: string, detail: string, why: CannotPost | undefined): void {
    const subject = item.about === 'run' ? `run ${item.runId}` : `cluster ${item.cluster}`;
    const key = `${subject} ${what} ${why ?? detail}`;
    if (complained.has(key)) return;
    if (complained.size > 1_000) complained.clear();
    complained.add(key);
    const next = nextStep(why, deps.identity.botName);
    const goesOn = item.about === 'run' ? 'The run itself goes on' : 'The cluster is watched all the same';
    log.error(
      { ...fieldsOf(item), trouble: detail },
      `a message about ${subject} ${what}: ${detail}; ${next}. ${goesOn}`,
    );
  }

  return {
    giveUp,
    after(item, trouble) {
      if (trouble.kind === 'refused') {
        const why = mendable(trouble);
        const keptUntil = item.createdAt + keptForMs;
        const past = clock.now() >= keptUntil || isAboutPosting(item);
        if (why === undefined || past)
          return { writes: [giveUp(item, trouble.detail, why)], pauseMs: undefined };
        return { writes: keep(item, trouble, why, keptUntil), pauseMs: undefined };
      }
      const pauseMs = pauseAfter(trouble, item.attempts);
      log.warn(
        { ...fieldsOf(item), attempts: item.attempts + 1, pauseMs, trouble: trouble.detail },
        'a message could not be posted in Slack; trying again',
      );
      const retryAt = clock.now() + pauseMs;
      const delay = () => records.noticeDelayed(item.id, { retryAt, error: trouble.detail });
      // The limit is the channel's or the workspace's, not this message's: the others would only run into it, too.
      return { writes: [delay], pauseMs: trouble.kind === 'unavailable' ? undefined : pauseMs };
    },
  };
}

export function pauseAfter(trouble: SlackTrouble, attempts: number): number {
  if (trouble.kind === 'rate-limited') return trouble.retryAfterMs;
  if (trouble.kind === 'unauthorized') return maxPauseMs;
  return Math.min(maxPauseMs, firstPauseMs * 2 ** Math.min(attempts, 10));
}

function fieldsOf(item: OutboxItem): object {
  const { kind } = item.notice;
  return item.about === 'run' ? { runId: item.runId, kind } : { cluster: item.cluster, kind };
}
