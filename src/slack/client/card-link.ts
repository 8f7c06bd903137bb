import type { WebClient } from '@slack/web-api';
import type { MessagePlace } from '../../domain/people/message-place.ts';
import { withDeadline } from '../../workflow/ports/deadline.ts';
import type { Clock } from '../../workflow/ports/ports.ts';

const linkDeadlineMs = 2_000;

/** A link to the card; undefined where there is none or Slack does not give it in time: an answer never waits for it long. */
export async function cardLink(
  client: WebClient,
  clock: Clock,
  card: MessagePlace | undefined,
): Promise<string | undefined> {
  if (card === undefined) return undefined;
  const asking = client.chat
    .getPermalink({ channel: card.channel, message_ts: card.ts })
    .then((answer) => answer.permalink)
    .catch(() => undefined);
  const answer = await withDeadline(clock, linkDeadlineMs, asking);
  return answer.inTime ? answer.value : undefined;
}
