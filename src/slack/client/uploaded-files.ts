import type { WebClient } from '@slack/web-api';
import type { Log } from '../../workflow/ports/ports.ts';
import { conversationPages, isOurMessage } from './conversation-pages.ts';
import type { BotIdentity } from './identity.ts';
import { slackFailure } from './slack-failure.ts';

/** Where an upload may have arrived: a thread, or, without `threadTs`, a direct conversation since `sinceMs` (ms UTC). */
export interface UploadPlace {
  readonly channel: string;
  readonly threadTs?: string;
  readonly sinceMs?: number;
}

export interface LookDeps {
  readonly client: WebClient;
  readonly identity: BotIdentity;
  readonly log: Log;
}

/** After an upload that was answered or not, its files may take so long to appear. */
export const sharedWithinMs = 20_000;
export const lookEveryMs = 3_000;

/**
 * Whether all files of an upload whose answer was lost are there. Where the bot may not look it says so in the log. Throws
 * when Slack cannot be asked just now.
 */
export async function lookForFiles(
  { client, identity, log }: LookDeps,
  place: UploadPlace,
  names: readonly string[],
): Promise<'there' | 'absent' | 'cannot-look'> {
  const missing = new Set(names);
  const { channel, threadTs, sinceMs = 0 } = place;
  try {
    for await (const messages of conversationPages(client, { channel, threadTs, oldestMs: sinceMs })) {
      for (const each of messages.filter((one) => isOurMessage(identity, one)))
        for (const { name } of each.files ?? []) missing.delete(name ?? '');
      if (missing.size === 0) return 'there';
    }
    return 'absent';
  } catch (error) {
    const failure = slackFailure(error);
    if (failure.kind !== 'refused') throw error;
    if (failure.code === 'thread_not_found') return 'absent';
    log.warn(
      { channel, files: names, trouble: failure.detail },
      'cannot look whether files have arrived, so they may be uploaded twice (scopes channels:history, groups:history, im:history)',
    );
    return 'cannot-look';
  }
}
