import type { WebClient } from '@slack/web-api';
import type { ClusterPolicy } from '../domain/policy.ts';
import type { BackupRun, CardPlace, RunStatus } from '../domain/run.ts';
import type { Clock, Log } from '../workflow/ports.ts';
import type { Records } from '../workflow/records.ts';
import { editMessage } from './edit-message.ts';
import type { BotIdentity } from './identity.ts';
import { findMarked, postMarked } from './marked-posts.ts';
import { type Message, runCard } from './messages/index.ts';
import { troubleOf } from './slack-trouble.ts';
import { slashCommand } from './slash-command.ts';
import { inWords, UnpostableError } from './unpostable-error.ts';

export interface LiveCards {
  /**
   * Makes the run's card show the run as it is: posts it, or edits it in place. Progress inside `running` is shown at
   * most every 3 s, then by refresh(); every other change at once. `mayHaveArrived`: a post may have been done by
   * somebody who did not live to note it. Throws Slack's errors.
   */
  show(run: BackupRun, policy: ClusterPolicy, post: { readonly mayHaveArrived: boolean }): Promise<CardPlace>;
  /**
   * Somebody deleted the card and with it the thread's head: puts a new one into its place, unless that has happened
   * already. Throws Slack's errors.
   */
  replace(run: BackupRun, policy: ClusterPolicy): Promise<CardPlace>;
  /** When the next card that was put off is due, ms UTC. */
  nextRefreshAt(): number | undefined;
  /** Shows the cards that were put off and are due. Throws what may pass; the card stays due then. */
  refresh(find: (runId: string) => Promise<{ run: BackupRun; policy: ClusterPolicy }>): Promise<void>;
}

export const progressEveryMs = 3_000;
const maxRemembered = 500;

interface Shown {
  readonly at: number;
  readonly status: RunStatus;
  readonly content: string;
  readonly refreshAt?: number;
}

export function createLiveCards(input: {
  readonly client: WebClient;
  readonly identity: BotIdentity;
  readonly records: Pick<Records, 'cardPosted'>;
  readonly clock: Clock;
  readonly log: Log;
}): LiveCards {
  const { client, records, clock } = input;
  const shown = new Map<string, Shown>();

  function remember(run: BackupRun, content: string): void {
    shown.delete(run.id);
    shown.set(run.id, { at: clock.now(), status: run.status, content });
    const [oldest] = shown.keys();
    if (shown.size > maxRemembered && oldest !== undefined) shown.delete(oldest);
  }

  async function post(run: BackupRun, policy: ClusterPolicy, message: Message): Promise<CardPlace> {
    const place = await postMarked(client, { channel: policy.channel }, message, { runId: run.id });
    await records.cardPosted(run.id, place);
    return place;
  }

  async function arrived(run: BackupRun, policy: ClusterPolicy): Promise<CardPlace | undefined> {
    const where = { channel: policy.channel, sinceMs: run.requestedAt };
    const place = await findMarked(input, where, { runId: run.id });
    if (place) await records.cardPosted(run.id, place);
    return place;
  }

  function draw(run: BackupRun, policy: ClusterPolicy): { message: Message; content: string } {
    const { language, timeZone } = policy;
    const context = { language, timeZone, now: clock.now(), command: slashCommand, policy };
    const message = inWords(() => runCard(run, context));
    return { message, content: JSON.stringify(message) };
  }

  const cards: LiveCards = {
    async show(run, policy, { mayHaveArrived }) {
      const { message, content } = draw(run, policy);
      const place = run.card ?? (mayHaveArrived ? await arrived(run, policy) : undefined);
      if (place === undefined) {
        const posted = await post(run, policy, message);
        remember(run, content);
        return posted;
      }
      const last = shown.get(run.id);
      if (last?.content === content) return place;
      const progress = run.status === 'running' && last?.status === 'running';
      if (progress && clock.now() < last.at + progressEveryMs) {
        shown.set(run.id, { ...last, refreshAt: last.at + progressEveryMs });
        return place;
      }
      if ((await editMessage(client, place, message)) === 'gone') return cards.replace(run, policy);
      remember(run, content);
      return place;
    },

    async replace(run, policy) {
      const { message, content } = draw(run, policy);
      // A deleted message is not in the channel's history: what is found there is a new card whose answer was lost.
      const place = (await arrived(run, policy)) ?? (await post(run, policy, message));
      remember(run, content);
      return place;
    },

    nextRefreshAt() {
      const times = [...shown.values()].flatMap((each) => each.refreshAt ?? []);
      return times.length === 0 ? undefined : Math.min(...times);
    },

    async refresh(find) {
      const now = clock.now();
      const due = [...shown].filter(([, each]) => each.refreshAt !== undefined && each.refreshAt <= now);
      for (const [runId, entry] of due) {
        const { at, status, content } = entry;
        shown.set(runId, { at, status, content });
        try {
          const { run, policy } = await find(runId);
          await cards.show(run, policy, { mayHaveArrived: false });
        } catch (error) {
          // What will never work is dropped: the run's next message finds out, and says so.
          if (error instanceof UnpostableError || troubleOf(error).kind === 'refused') continue;
          shown.set(runId, entry);
          throw error;
        }
      }
    },
  };
  return cards;
}
