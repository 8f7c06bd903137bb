import type { Language } from '../../domain/policy.ts';
import type { Context, Message } from '../messages/index.ts';
import { postPrivately } from '../private-post.ts';
import { troubleOf } from '../slack-trouble.ts';
import { slashCommand } from '../slash-command.ts';
import type { Delivery, ListenerDeps } from './listener.ts';

/** How to speak to this person: their language, and the clock of the cluster that it is about. */
export function contextFor(deps: ListenerDeps, language: Language, cluster: string | undefined): Context {
  const policy = cluster === undefined ? undefined : deps.fleet.cluster(cluster);
  // Without a cluster: the clock that all clusters share, if they do.
  const zones = new Set(deps.fleet.clusters.map((each) => each.timeZone));
  const [shared = 'UTC'] = zones.size === 1 ? zones : [];
  return { language, timeZone: policy?.timeZone ?? shared, now: deps.clock.now(), command: slashCommand };
}

/** The cluster that an answer of the workflow is about. */
export function clusterOf(answer: object): string | undefined {
  if ('run' in answer && typeof answer.run === 'object' && answer.run !== null) return clusterOf(answer.run);
  return 'cluster' in answer && typeof answer.cluster === 'string' ? answer.cluster : undefined;
}

/** A response_url lives 30 min; a person who waited that long is not looking at the channel any more. */
const patienceMs = 25 * 60_000;

/**
 * Tells the person, and nobody else. Never throws: what was decided stands on record whether or not Slack lets us say so.
 * `askedAt` (ms UTC): where an answer can take long; a late one comes as a direct message, which waits for them.
 */
export async function answerPrivately(
  deps: ListenerDeps,
  delivery: Delivery,
  message: Message,
  askedAt?: number,
): Promise<void> {
  const late = askedAt !== undefined && deps.clock.now() - askedAt >= patienceMs;
  try {
    if (delivery.respond && !late) {
      await delivery.respond({ response_type: 'ephemeral', replace_original: false, ...message });
      return;
    }
  } catch (error) {
    deps.log.info(
      { what: delivery.what, trouble: troubleOf(error).detail },
      'no answer through response_url',
    );
  }
  try {
    // The Home tab is no channel.
    const direct = late || delivery.channel === '';
    await postPrivately(deps.client, direct ? { ...delivery, channel: undefined } : delivery, message);
  } catch (error) {
    const { what, slackUser, channel } = delivery;
    deps.log.warn(
      { what, slackUser, channel, trouble: troubleOf(error).detail },
      'a private answer did not arrive',
    );
  }
}
