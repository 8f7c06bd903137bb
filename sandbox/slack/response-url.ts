import { ApiError } from './api-error.ts';
import type { Args } from './args.ts';
import { contentOf } from './content.ts';
import type { Core } from './core.ts';
import type { Ids } from './ids.ts';
import type { Message } from './model.ts';
import { post } from './posting.ts';

export const RESPONSE_URL_USES = 5;
export const RESPONSE_URL_LIFE_MS = 30 * 60_000;

/** What a response_url answers to. */
export interface ResponseContext {
  readonly user: string;
  readonly channel: string;
  /** The message whose button was clicked; absent for a command. */
  readonly source?: Message;
}

export interface ResponseUrls {
  /** The last part of a new response_url. */
  issue(context: ResponseContext): string;
  /** Takes one use; throws `used_url`, `expired_url` or `invalid_url`. */
  use(key: string): ResponseContext;
}

export function createResponseUrls(ids: Ids, now: () => number): ResponseUrls {
  const issued = new Map<string, { context: ResponseContext; at: number; uses: number }>();
  return {
    issue(context) {
      const key = ids.token('response', 40);
      issued.set(key, { context, at: now(), uses: 0 });
      return key;
    },
    use(key) {
      const entry = issued.get(key);
      if (!entry) throw new ApiError('invalid_url');
      if (now() - entry.at > RESPONSE_URL_LIFE_MS) throw new ApiError('expired_url');
      if (entry.uses >= RESPONSE_URL_USES) throw new ApiError('used_url');
      entry.uses += 1;
      return entry.context;
    },
  };
}

/** Posts, replaces or deletes as the app asked through a response_url; works where the app is no member too. */
export function postToResponseUrl(core: Core, key: string, args: Args): void {
  const context = core.responseUrls.use(key);
  const source = context.source?.deleted === true ? undefined : context.source;
  if (args.flag('delete_original')) {
    if (source) core.state.remove(source, core.identity.botUserId, core.now());
    return;
  }
  const content = contentOf(args, () => core.ids.token('block', 5));
  if (args.flag('replace_original') && source) {
    const next = { text: content.text, blocks: content.blocks };
    core.state.edit(source, next, core.now(), content.blocks.length === 0);
    return;
  }
  const inChannel = args.text('response_type') === 'in_channel';
  const threadTs = args.text('thread_ts');
  post(core, content, {
    channel: context.channel,
    ...(inChannel ? {} : { visibleTo: context.user }),
    ...(threadTs === undefined ? {} : { threadTs }),
  });
}
