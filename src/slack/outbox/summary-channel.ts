import type { WebClient } from '@slack/web-api';
import type { MessagePlace } from '../../domain/people/message-place.ts';
import type { SummaryPolicy } from '../../domain/policy/policy.ts';
import type { Clock, Log } from '../../workflow/ports/ports.ts';
import type { DrawPicture } from '../../workflow/watch/summary-picture.ts';
import type { Posting, SummaryChannel } from '../../workflow/watch/weekly-summary.ts';
import type { BotIdentity } from '../client/identity.ts';
import { postMessage } from '../client/post-message.ts';
import { nextStep, recoverableReason } from '../client/recoverable.ts';
import { troubleOf } from '../client/slack-trouble.ts';
import { slashCommand } from '../client/slash-command.ts';
import { uploadPicture } from '../client/upload.ts';
import { lookForFiles } from '../client/uploaded-files.ts';
import {
  type Context,
  pictureAlt,
  pictureMissing,
  pictureText,
  shortForms,
  summaryMessage,
  summaryPicture,
} from '../messages/index.ts';
import { findMarked, postMarked } from './marked-posts.ts';
import { sendShortened } from './too-long.ts';

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
          ? await findMarked({ client, identity, clock, log }, { channel, sinceMs: at }, mark)
          : undefined;
        if (found) return found;
        const words = context();
        const message = summaryMessage(summary, words);
        return sendShortened(message, shortForms(message, '', words), (form) =>
          postMarked(client, { channel }, form, mark),
        );
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
        // The answer of the last try may have been lost.
        if (await isUploaded(deps, place)) return undefined;
        const reply = { channel: place.channel, thread_ts: place.ts };
        await postMessage(client, { ...reply, ...pictureMissing(why, context()) });
        return undefined;
      }),
  };
}

/** Whether an upload whose answer was lost has arrived. Where the bot may not read the thread: a second one is the lesser evil. */
async function isUploaded(deps: SummaryChannelDeps, { channel, ts }: MessagePlace): Promise<boolean> {
  return (await lookForFiles(deps, { channel, threadTs: ts }, [fileName])) === 'there';
}

async function postingOf<Value>(work: () => Promise<Value>, botName: string): Promise<Posting<Value>> {
  try {
    return { outcome: 'posted', value: await work() };
  } catch (error) {
    const trouble = troubleOf(error);
    if (trouble.kind === 'refused') {
      return { outcome: 'refused', why: trouble.detail, next: nextStep(recoverableReason(trouble), botName) };
    }
    const afterMs = trouble.kind === 'rate-limited' ? trouble.retryAfterMs : unavailablePauseMs;
    return { outcome: 'later', afterMs, why: trouble.detail };
  }
}
