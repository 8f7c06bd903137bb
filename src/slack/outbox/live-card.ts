import type { WebClient } from '@slack/web-api';
import type { MessagePlace } from '../../domain/people/message-place.ts';
import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import type { BackupRun, RunStatus } from '../../domain/run/run.ts';
import type { Clock, Log } from '../../workflow/ports/ports.ts';
import type { Records } from '../../workflow/ports/records.ts';
import { cardLink } from '../client/card-link.ts';
import type { BotIdentity } from '../client/identity.ts';
import { troubleOf } from '../client/slack-trouble.ts';
import { slashCommand } from '../client/slash-command.ts';
import { cardMoved, type Message, runCard, shortForms } from '../messages/index.ts';
import { editMessage } from './edit-message.ts';
import { findMarked, postMarked } from './marked-posts.ts';
import { contextOf } from './poster-deps.ts';
import { sendShortened } from './too-long.ts';
import { inWords, UnpostableError } from './unpostable-error.ts';

export interface LiveCards {
  /**
   * Makes the run's card show the run as it is: posts it, or edits it in place. Progress inside `running` is shown at
   * most every 3 s, then by refresh(); every other change at once. `mayHaveArrived`: a post may have been done by
   * a process that stopped before it recorded it. Throws Slack's errors.
   */
  show(
    run: BackupRun,
    policy: ClusterPolicy,
    post: { readonly mayHaveArrived: boolean },
  ): Promise<MessagePlace>;
  /**
   * The card is deleted, and with it the thread's head, or Slack permits no more edits of it: puts a new one into its place,
   * unless that has happened already. From then on that one is edited; a click on the old one is answered with where to look.
   * Throws Slack's errors.
   */
  replace(run: BackupRun, policy: ClusterPolicy): Promise<MessagePlace>;
  /** When the next card that was put off is due, ms of the monotonic clock. */
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

interface Drawn {
  readonly message: Message;
  /** For when Slack finds it too long. */
  readonly shorter: readonly Message[];
  /** To compare with what was shown last. */
  readonly content: string;
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
    shown.set(run.id, { at: clock.monotonic(), status: run.status, content });
    const [oldest] = shown.keys();
    if (shown.size > maxRemembered && oldest !== undefined) shown.delete(oldest);
  }

  function postCard(
    run: BackupRun,
    policy: ClusterPolicy,
    { message, shorter }: Drawn,
  ): Promise<MessagePlace> {
    return sendShortened(message, shorter, (form) =>
      postMarked(client, { channel: policy.channel }, form, { runId: run.id }),
    );
  }

  async function post(run: BackupRun, policy: ClusterPolicy, drawn: Drawn): Promise<MessagePlace> {
    const place = await postCard(run, policy, drawn);
    await records.cardPosted(run.id, place);
    return place;
  }

  function successorOf(run: BackupRun, policy: ClusterPolicy): Promise<MessagePlace | undefined> {
    const newer = run.card === undefined ? {} : { newerThan: run.card.ts };
    const where = { channel: policy.channel, sinceMs: run.requestedAt, ...newer };
    return findMarked(input, where, { runId: run.id });
  }

  async function arrived(run: BackupRun, policy: ClusterPolicy): Promise<MessagePlace | undefined> {
    const place = await successorOf(run, policy);
    if (place) await records.cardPosted(run.id, place);
    return place;
  }

  /** The old card goes on showing an old state: its thread says where the run goes on. */
  async function replaceClosed(
    run: BackupRun,
    policy: ClusterPolicy,
    old: MessagePlace,
  ): Promise<MessagePlace> {
    const drawn = draw(run, policy);
    const known = await successorOf(run, policy);
    const place = known ?? (await postCard(run, policy, drawn));
    await sayMoved(run, policy, { from: old, to: place, mayBeSaid: known !== undefined });
    // Last: whatever fails before is done by the next try.
    await records.cardPosted(run.id, place);
    remember(run, drawn.content);
    return place;
  }

  async function sayMoved(
    run: BackupRun,
    policy: ClusterPolicy,
    { from, to, mayBeSaid }: { from: MessagePlace; to: MessagePlace; mayBeSaid: boolean },
  ): Promise<void> {
    const thread = { channel: from.channel, threadTs: from.ts };
    const mark = { runId: run.id, message: `moved ${to.ts}` };
    try {
      if (mayBeSaid && (await findMarked(input, { ...thread, sinceMs: run.requestedAt }, mark))) return;
      const movedTo = { runId: run.id, channel: to.channel, cardLink: await cardLink(client, clock, to) };
      const moved = inWords(() => cardMoved(movedTo, contextOf(input, policy.language, policy)));
      await postMarked(client, thread, moved, mark);
    } catch (error) {
      const trouble = troubleOf(error);
      // The run's new card and thread do not wait for a thread that takes nothing.
      if (
        error instanceof UnpostableError ||
        trouble.kind === 'refused' ||
        trouble.kind === 'proxy-refused'
      ) {
        input.log.warn(
          { runId: run.id, trouble: trouble.detail },
          'the thread of the old card does not say where the run goes on',
        );
        return;
      }
      throw error;
    }
  }

  function draw(run: BackupRun, policy: ClusterPolicy): Drawn {
    const { language, timeZone } = policy;
    const context = { language, timeZone, now: clock.now(), command: slashCommand, policy };
    const message = inWords(() => runCard(run, context));
    const shorter = inWords(() => shortForms(message, `show ${run.id}`, context));
    return { message, shorter, content: JSON.stringify(message) };
  }

  const cards: LiveCards = {
    async show(run, policy, { mayHaveArrived }) {
      const drawn = draw(run, policy);
      const { message, shorter, content } = drawn;
      const place = run.card ?? (mayHaveArrived ? await arrived(run, policy) : undefined);
      if (place === undefined) {
        const posted = await post(run, policy, drawn);
        remember(run, content);
        return posted;
      }
      const last = shown.get(run.id);
      if (last?.content === content) return place;
      const progress = run.status === 'running' && last?.status === 'running';
      if (progress && clock.monotonic() < last.at + progressEveryMs) {
        shown.set(run.id, { ...last, refreshAt: last.at + progressEveryMs });
        return place;
      }
      const outcome = await sendShortened(message, shorter, (form) =>
        editMessage(client, place, form, policy.channel),
      );
      // Progress alone is worth no new card each time: the next change of the run's status brings one.
      if (outcome === 'gone') return cards.replace(run, policy);
      if (outcome === 'left-behind' && !progress) return cards.replace(run, policy);
      if (outcome === 'closed' && !progress) return replaceClosed(run, policy, place);
      remember(run, content);
      return place;
    },

    async replace(run, policy) {
      const drawn = draw(run, policy);
      // What is found there and newer is a new card whose answer was lost.
      const place = (await arrived(run, policy)) ?? (await post(run, policy, drawn));
      remember(run, drawn.content);
      return place;
    },

    nextRefreshAt() {
      const times = [...shown.values()].flatMap((each) => each.refreshAt ?? []);
      return times.length === 0 ? undefined : Math.min(...times);
    },

    async refresh(find) {
      const now = clock.monotonic();
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
