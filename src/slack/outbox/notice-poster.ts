import type { OutboxItem } from '../../workflow/ports/records.ts';
import { createUploadWatch } from '../client/uploaded-files.ts';
import { postClusterNotice } from './cluster-notices.ts';
import { createLiveCards, type LiveCards } from './live-card.ts';
import { createLiveWatchMessages } from './live-watch-message.ts';
import type { NoticePosterDeps } from './poster-deps.ts';
import { postRunNotice } from './run-notices.ts';

export interface NoticePoster {
  /**
   * Brings one message of the outbox to Slack and returns its ts (undefined where Slack gives none, or where it has
   * nothing to say any more). A message that was tried before is looked for first. Throws UnpostableError, or Slack's errors.
   */
  post(item: OutboxItem): Promise<string | undefined>;
  readonly cards: LiveCards;
}

export function createNoticePoster(deps: NoticePosterDeps): NoticePoster {
  const cards = createLiveCards(deps);
  const live = createLiveWatchMessages(deps);
  const uploads = createUploadWatch(deps.clock);
  return {
    cards,
    post: (item) =>
      item.about === 'run' ? postRunNotice(deps, cards, uploads, item) : postClusterNotice(deps, live, item),
  };
}
