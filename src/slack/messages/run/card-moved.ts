import { type Message, message } from '../kit/blocks.ts';
import { toolsFor } from '../kit/make-tools.ts';
import { linksTo } from '../kit/texts-by.ts';
import type { Context } from '../kit/tools.ts';
import { cardWords } from './words.ts';

/** Where the new card is; `cardLink`: its address. */
export interface MovedTo {
  readonly runId: string;
  readonly channel: string;
  readonly cardLink: string | undefined;
}

/** In the thread of a card that Slack does not let be edited any more. */
export function cardMoved({ runId, channel, cardLink }: MovedTo, context: Context): Message {
  const say = cardWords(toolsFor(context));
  return message({ sections: [say.moved({ runId, channel }, linksTo(cardLink))] });
}
