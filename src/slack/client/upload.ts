import type { FilesGetUploadURLExternalArguments, WebClient } from '@slack/web-api';
import type { MessagePlace } from '../../domain/people/message-place.ts';
import type { Clock } from '../../workflow/ports/ports.ts';
import { mayHaveBeenDone, slackFailure } from './slack-failure.ts';
import { type LookDeps, lookEveryMs, lookForFiles, type UploadPlace } from './uploaded-files.ts';

/** A file that is made of text. */
export interface TextFile {
  readonly name: string;
  readonly content: string;
}

/** Into the person's direct messages with the bot. Returns what went wrong, in a few words; never throws. */
export async function uploadToPerson(
  deps: LookDeps & { readonly clock: Clock },
  slackUser: string,
  file: TextFile,
): Promise<string | undefined> {
  const { client, clock, log } = deps;
  const begunAt = clock.now();
  let channel: string | undefined;
  try {
    // Uploads need a channel id, also for one person.
    channel = (await client.conversations.open({ users: slackUser })).channel?.id;
    if (channel === undefined) return 'Slack gave no direct conversation';
    await client.filesUploadV2({ channel_id: channel, filename: file.name, content: file.content });
    return undefined;
  } catch (error) {
    const failure = slackFailure(error);
    const lost = channel !== undefined && mayHaveBeenDone(failure);
    const place = { channel: channel ?? '', sinceMs: begunAt - clocksApartMs };
    if (lost && (await appears(deps, place, file.name))) return undefined;
    const { detail } = failure;
    log.warn({ slackUser, file: file.name, trouble: detail }, 'a file could not be uploaded');
    return detail;
  }
}

/** Slack dates messages by its own clock. */
const clocksApartMs = 60_000;
/** So often, while the person waits: a file that shows up late must not be reported missing. */
const looks = 4;

async function appears(
  deps: LookDeps & { readonly clock: Clock },
  place: UploadPlace,
  name: string,
): Promise<boolean> {
  for (let look = 0; look < looks; look += 1) {
    const found = await lookForFiles(deps, place, [name]).catch(() => 'absent' as const);
    if (found !== 'absent') return found === 'there';
    if (look + 1 < looks) await deps.clock.sleep(lookEveryMs);
  }
  return false;
}

/** Into the thread under a message, all files as one post with a text. Throws Slack's errors. */
export async function uploadToThread(
  client: WebClient,
  under: MessagePlace,
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
  under: MessagePlace,
  { name, title, alt, content }: PictureFile,
  text: string,
): Promise<undefined> {
  await withAltText(client, alt).filesUploadV2({
    channel_id: under.channel,
    thread_ts: under.ts,
    initial_comment: text,
    filename: name,
    title,
    file: Buffer.from(content),
  });
}

/** The client sends `alt_text`, but Slack's API calls it `alt_txt`, and ignores what it does not know. */
function withAltText(client: WebClient, alt: string): WebClient {
  const getUploadURLExternal = (options: FilesGetUploadURLExternalArguments) =>
    client.files.getUploadURLExternal({ ...options, ...{ alt_txt: alt } });
  const files = Object.create(client.files, { getUploadURLExternal: { value: getUploadURLExternal } });
  return Object.create(client, { files: { value: files } });
}
