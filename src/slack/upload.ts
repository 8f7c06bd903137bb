import type { WebClient } from '@slack/web-api';
import type { CardPlace } from '../domain/run.ts';
import type { Log } from '../workflow/ports.ts';
import { troubleOf } from './slack-trouble.ts';

/** A file that is made of text. */
export interface TextFile {
  readonly name: string;
  readonly content: string;
}

/** Into the person's direct messages with the bot. Returns what went wrong, in a few words; never throws. */
export async function uploadToPerson(
  { client, log }: { readonly client: WebClient; readonly log: Log },
  slackUser: string,
  file: TextFile,
): Promise<string | undefined> {
  try {
    // Uploads need a channel id, also for one person.
    const direct = await client.conversations.open({ users: slackUser });
    const channel = direct.channel?.id;
    if (channel === undefined) return 'Slack gave no direct conversation';
    await client.filesUploadV2({ channel_id: channel, filename: file.name, content: file.content });
    return undefined;
  } catch (error) {
    const { detail } = troubleOf(error);
    log.warn({ slackUser, file: file.name, trouble: detail }, 'a file could not be uploaded');
    return detail;
  }
}

/** Into the thread under a message, all files as one post with a text. Throws Slack's errors. */
export async function uploadToThread(
  client: WebClient,
  under: CardPlace,
  files: readonly TextFile[],
  text: string,
): Promise<void> {
  await client.filesUploadV2({
    channel_id: under.channel,
    thread_ts: under.ts,
    initial_comment: text,
    file_uploads: files.map(({ name, content }) => ({ filename: name, content })),
  });
}

/** A picture, with what it shows in words for those who cannot see it. */
export interface PictureFile {
  readonly name: string;
  readonly title: string;
  readonly alt: string;
  readonly content: Uint8Array;
}

/** Into the thread under a message. Throws Slack's errors. */
export async function uploadPicture(
  client: WebClient,
  under: CardPlace,
  { name, title, alt, content }: PictureFile,
  text: string,
): Promise<undefined> {
  await client.filesUploadV2({
    channel_id: under.channel,
    thread_ts: under.ts,
    initial_comment: text,
    filename: name,
    title,
    alt_text: alt,
    file: Buffer.from(content),
  });
}
