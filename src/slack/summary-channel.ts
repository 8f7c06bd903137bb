import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { CardPlace } from '../domain/run.ts';
import type { Clock, Log } from '../workflow/ports.ts';
import type { DrawPicture } from '../workflow/summary-picture.ts';
import type { Posting, SummaryChannel, SummaryPolicy } from '../workflow/weekly-summary.ts';
import type { BotIdentity } from './identity.ts';
import { findMarked, postMarked } from './marked-posts.ts';
import { mendable, nextStep } from './mendable.ts';
import {
  type Context,
  pictureAlt,
  pictureMissing,
  pictureText,
  summaryMessage,
  summaryPicture,
} from './messages/index.ts';
import { troubleOf } from './slack-trouble.ts';
import { slashCommand } from './slash-command.ts';
import { uploadPicture } from './upload.ts';

export interface SummaryChannelDeps {
  readonly client: WebClient;
  readonly identity: BotIdentity;
  readonly policy: SummaryPolicy;
  readonly draw: DrawPicture;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}

const fileName = 'etcd-backups.png';
const unavailablePauseMs = 30_000;

export function createSummaryChannel(deps: SummaryChannelDeps): SummaryChannel {
  const { client, identity, policy, draw, clock, log } = deps;
  const { channel, language, timeZone } = policy;
  const context = (): Context => ({ language, timeZone, now: clock.now(), command: slashCommand });
  const posting = <Value>(work: () => Promise<Value>) => postingOf(work, identity.botName);

  return {
    post: (summary, { slot, at }, triedBefore) =>
      posting(async () => {
        const mark = { summary: slot };
        const found = triedBefore
          ? await findMarked({ client, identity, log }, { channel, sinceMs: at }, mark)
          : undefined;
        return found ?? postMarked(client, { channel }, summaryMessage(summary, context()), mark);
      }),

    async addPicture(summary, place, triedBefore) {
      const words = context();
      const picture = summaryPicture(summary, words);
      if (!picture) return { outcome: 'posted', value: undefined };
      let content: Uint8Array;
      try {
        content = await draw(picture);
      } catch (error) {
        log.error({ err: error }, 'the picture of the weekly summary could not be drawn');
        const why = error instanceof Error ? error.message : String(error);
        return { outcome: 'refused', why, next: 'the log has the error' };
      }
      return posting(async () => {
        if (triedBefore && (await isUploaded(deps, place))) return undefined;
        const file = { name: fileName, content, title: picture.title, alt: pictureAlt(summary, words) };
        return uploadPicture(client, place, file, pictureText(summary, words));
      });
    },

    sayPictureMissing: (place, why) =>
      posting(async () => {
        const reply = { channel: place.channel, thread_ts: place.ts };
        await client.chat.postMessage({ ...reply, ...pictureMissing(why, context()) });
        return undefined;
      }),
  };
}

const replies = z.object({
  messages: z
    .array(
      z.looseObject({
        user: z.string().optional(),
        bot_id: z.string().optional(),
        files: z.array(z.looseObject({ name: z.string().optional() })).optional(),
      }),
    )
    .default([]),
});

/** Whether an upload whose answer was lost has arrived. Where the bot may not read the thread: a second one is the lesser evil. */
async function isUploaded(
  { client, identity, log }: SummaryChannelDeps,
  { channel, ts }: CardPlace,
): Promise<boolean> {
  try {
    const { messages } = replies.parse(await client.conversations.replies({ channel, ts, limit: 50 }));
    return messages.some(
      ({ user, bot_id, files }) =>
        (user === identity.botUserId || bot_id === identity.botId) &&
        files?.some(({ name }) => name === fileName),
    );
  } catch (error) {
    const trouble = troubleOf(error);
    if (trouble.kind !== 'refused') throw error;
    log.warn(
      { channel, trouble: trouble.detail },
      'cannot look whether the picture of the summary has arrived',
    );
    return false;
  }
}

async function postingOf<Value>(work: () => Promise<Value>, botName: string): Promise<Posting<Value>> {
  try {
    return { outcome: 'posted', value: await work() };
  } catch (error) {
    const trouble = troubleOf(error);
    if (trouble.kind === 'refused') {
      return { outcome: 'refused', why: trouble.detail, next: nextStep(mendable(trouble), botName) };
    }
    const afterMs = trouble.kind === 'rate-limited' ? trouble.retryAfterMs : unavailablePauseMs;
    return { outcome: 'later', afterMs, why: trouble.detail };
  }
}
