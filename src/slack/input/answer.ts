import type { MessagePlace } from '../../domain/people/message-place.ts';
import type { Language } from '../../domain/policy/policy.ts';
import type { RequestAnswer } from '../../workflow/access/backups.ts';
import { cardLink } from '../client/card-link.ts';
import { noUnfurling } from '../client/post-message.ts';
import { mayHaveBeenDone, slackFailure } from '../client/slack-failure.ts';
import { slashCommand } from '../client/slash-command.ts';
import { type Context, type Message, requestAnswer, sentAgain } from '../messages/index.ts';
import type { AnswerContext } from '../messages/kit/refusal.ts';
import { postPrivately } from '../outbox/private-post.ts';
import type { Delivery, ListenerDeps } from './listener.ts';

/** How to speak to this person: their language, and the clock of the cluster that it is about. */
export function contextFor(deps: ListenerDeps, language: Language, cluster: string | undefined): Context {
  const policy = cluster === undefined ? undefined : deps.fleet.cluster(cluster);
  // Without a cluster: the clock that all clusters share, if they do.
  const zones = new Set(deps.fleet.clusters.map((each) => each.timeZone));
  const [shared = 'UTC'] = zones.size === 1 ? zones : [];
  return { language, timeZone: policy?.timeZone ?? shared, now: deps.clock.now(), command: slashCommand };
}

/** The same, once Slack has said which language is theirs. */
export async function contextOf(
  deps: ListenerDeps,
  { slackUser }: Pick<Delivery, 'slackUser'>,
  cluster?: string,
): Promise<Context> {
  return contextFor(deps, await deps.people.language(slackUser, deps.language), cluster);
}

/** With the address of the run's card, where it has one. */
export async function withCardLink(
  { client, clock }: ListenerDeps,
  context: Context,
  card: MessagePlace | undefined,
): Promise<AnswerContext> {
  const link = await cardLink(client, clock, card);
  return link === undefined ? context : { ...context, cardLink: link };
}

/** What became of a request, with the address of the card where there is one already. */
export async function requested(
  deps: ListenerDeps,
  answer: RequestAnswer,
  context: Context,
): Promise<Message> {
  const card = 'run' in answer ? answer.run.card : undefined;
  return requestAnswer(answer, await withCardLink(deps, context, card));
}

/** The cluster that an answer of the workflow is about. */
export function clusterOf(answer: object): string | undefined {
  if ('run' in answer && typeof answer.run === 'object' && answer.run !== null) return clusterOf(answer.run);
  return 'cluster' in answer && typeof answer.cluster === 'string' ? answer.cluster : undefined;
}

/** A response_url lives 30 min; a person who waited that long is not looking at the channel any more. */
const patienceMs = 25 * 60_000;

/**
 * Answers the person privately. Never throws: what was decided is on record whether or not Slack lets us say so.
 * `askedAt` (ms of the monotonic clock): where an answer can take long; a late one comes as a direct message, which waits for them.
 */
export async function answerPrivately(
  deps: ListenerDeps,
  delivery: Delivery,
  message: Message,
  askedAt?: number,
): Promise<void> {
  let said = message;
  const late = askedAt !== undefined && deps.clock.monotonic() - askedAt >= patienceMs;
  try {
    if (delivery.respond && !late) {
      await delivery.respond({
        response_type: 'ephemeral',
        replace_original: false,
        ...message,
        ...noUnfurling,
      });
      return;
    }
  } catch (error) {
    deps.log.info(
      { what: delivery.what, trouble: slackFailure(error).detail },
      'no answer through response_url',
    );
    // Slack lists no ephemeral messages, so it cannot be looked for: an answer that comes twice, and says so, is better than none.
    if (mayHaveArrived(error)) {
      const language = await deps.people.language(delivery.slackUser, deps.language);
      said = sentAgain(message, contextFor(deps, language, undefined));
    }
  }
  try {
    // A person in the Home tab does not see a channel.
    const direct = late || delivery.home === true || delivery.channel === '';
    await postPrivately(deps.client, direct ? { ...delivery, channel: undefined } : delivery, said);
  } catch (error) {
    const { what, slackUser, channel } = delivery;
    deps.log.warn(
      { what, slackUser, channel, trouble: slackFailure(error).detail },
      'a private answer did not arrive',
    );
  }
}

/** Whether Slack may show what it did not confirm. Bolt's error for an answer of another status than 2xx carries that status. */
function mayHaveArrived(error: unknown): boolean {
  if (error instanceof Error && 'statusCode' in error) return Number(error.statusCode) >= 500;
  return mayHaveBeenDone(slackFailure(error));
}
