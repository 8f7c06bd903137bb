import type { WebClient } from '@slack/web-api';
import type { Reminder, UpdateAlarm, WatchMessage } from '../domain/cluster-watch.ts';
import type { ClusterPolicy } from '../domain/policy.ts';
import type { CardPlace } from '../domain/run.ts';
import type { Clock, Log } from '../workflow/ports.ts';
import type { Records } from '../workflow/records.ts';
import { cardLink } from './card-link.ts';
import { editMessage } from './edit-message.ts';
import type { BotIdentity } from './identity.ts';
import { findMarked, postMarked } from './marked-posts.ts';
import { alarmMessage, type Message, reminderMessage } from './messages/index.ts';
import { contextOf } from './poster-deps.ts';
import { inWords } from './unpostable-error.ts';

/** The one message that a reminder or alarm owns in the cluster's channel: posted once, then edited in place. */
export interface LiveWatchMessages {
  /**
   * Makes the message show what it is about as that is now. `mayHaveArrived`: a post may have been done by somebody who
   * did not live to note it. `anew`: edits also what says the same already, and so finds out whether it is still there.
   * A message that was deleted is posted anew. Throws Slack's errors.
   */
  show(
    watched: WatchMessage,
    policy: ClusterPolicy,
    how: { readonly mayHaveArrived: boolean; readonly anew?: boolean },
  ): Promise<CardPlace>;
}

const maxRemembered = 1_000;

export function createLiveWatchMessages(input: {
  readonly client: WebClient;
  readonly identity: BotIdentity;
  readonly records: Pick<Records, 'run' | 'watchMessagePosted'>;
  readonly clock: Clock;
  readonly log: Log;
}): LiveWatchMessages {
  const { client, clock, records } = input;
  /** What each message said last, so that it is not edited to say the same. */
  const shown = new Map<string, string>();

  function remember(key: string, content: string): void {
    shown.delete(key);
    shown.set(key, content);
    const [oldest] = shown.keys();
    if (shown.size > maxRemembered && oldest !== undefined) shown.delete(oldest);
  }

  async function draw(watched: WatchMessage, policy: ClusterPolicy): Promise<Message> {
    const { end } = bodyOf(watched);
    const run = end?.kind === 'resolved' ? await records.run(end.runId) : undefined;
    const link = await cardLink(client, clock, run?.card);
    const { name: cluster, onCall } = policy;
    const context = { ...contextOf(input, policy.language, policy), cluster, onCall, cardLink: link };
    return inWords(() =>
      watched.kind === 'reminder'
        ? reminderMessage(watched.reminder, context)
        : alarmMessage(watched.alarm, context),
    );
  }

  async function postOnce(
    watched: WatchMessage,
    { name, channel }: ClusterPolicy,
    message: Message,
    look: boolean,
  ) {
    const { id, openedAt } = bodyOf(watched);
    const mark = { cluster: name, message: id };
    // A deleted message is not in the channel's history: what is found there is a newer one whose answer was lost.
    const arrived = look ? await findMarked(input, { channel, sinceMs: openedAt }, mark) : undefined;
    const place = arrived ?? (await postMarked(client, { channel }, message, mark));
    await records.watchMessagePosted(name, id, place);
    return { place, edit: arrived !== undefined };
  }

  return {
    async show(watched, policy, { mayHaveArrived, anew = false }) {
      const { id, message: known } = bodyOf(watched);
      const key = `${policy.name} ${id}`;
      const message = await draw(watched, policy);
      const content = JSON.stringify(message);
      if (known && !anew && shown.get(key) === content) return known;
      let place = known;
      if (place && (await editMessage(client, place, message)) === 'gone') place = undefined;
      if (!place) {
        const posted = await postOnce(watched, policy, message, mayHaveArrived || known !== undefined);
        place = posted.place;
        // It was written before its answer was lost, perhaps long ago.
        if (posted.edit) await editMessage(client, place, message);
      }
      remember(key, content);
      return place;
    },
  };
}

function bodyOf(watched: WatchMessage): Reminder | UpdateAlarm {
  return watched.kind === 'reminder' ? watched.reminder : watched.alarm;
}
