import type { Args } from './args.ts';
import { contentOf } from './content.ts';
import type { Core } from './core.ts';
import { post } from './posting.ts';

/** Posts, replaces or deletes as the app asked through a response_url; works where the app is no member too. */
export function postToResponseUrl(core: Core, key: string, args: Args): void {
  const context = core.responseUrls.use(key);
  const source = context.source?.deleted === true ? undefined : context.source;
  if (args.flag('delete_original')) {
    if (source) core.state.remove(source, core.identity.botUserId, core.now());
    return;
  }
  const content = contentOf(core, args);
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
