import { createHash } from 'node:crypto';
import type { WebClient } from '@slack/web-api';
import type { MessagePlace } from '../../domain/people/message-place.ts';
import { elsewhereOf } from '../../domain/policy/elsewhere.ts';
import { type Pause, pauseApprovers } from '../../domain/policy/pause.ts';
import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import type { LiveWatchMessage, Reminder, UpdateAlarm } from '../../domain/watch/cluster-watch.ts';
import type { Clock, Log } from '../../workflow/ports/ports.ts';
import type { Records } from '../../workflow/ports/records.ts';
import { cardLink } from '../client/card-link.ts';
import type { BotIdentity } from '../client/identity.ts';
import { alarmMessage, type Message, pauseMessage, reminderMessage, shortForms } from '../messages/index.ts';
import { editMessage } from './edit-message.ts';
import { findMarked, postMarked } from './marked-posts.ts';
import { contextOf } from './poster-deps.ts';
import { sendShortened } from './too-long.ts';
import { inWords } from './unpostable-error.ts';

/** The one message that a reminder, alarm or pause owns in the cluster's channel: posted once, then edited in place. */
export interface LiveWatchMessages {
  /**
   * Makes the message show what it is about as that is now. `mayHaveArrived`: a post may have been done by a process that
   * stopped before it recorded it. `evenIfSame`: edits even a message that says the same already, to find out whether it is still
   * there. A message that was deleted is posted again. One that can no longer be edited keeps its buttons, which still work, so
   * what is new is said in its thread, without any. Throws Slack's errors.
   */
  show(
    watched: LiveWatchMessage,
    policy: ClusterPolicy,
    how: { readonly mayHaveArrived: boolean; readonly evenIfSame?: boolean },
  ): Promise<MessagePlace>;
}

const maxRemembered = 1_000;

export function createLiveWatchMessages(input: {
  readonly client: WebClient;
  readonly identity: BotIdentity;
  readonly records: Pick<Records, 'run' | 'watch' | 'watchMessagePosted'>;
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

  async function draw(watched: LiveWatchMessage, policy: ClusterPolicy): Promise<Message> {
    const { end } = bodyOf(watched);
    const run = end?.kind === 'resolved' ? await records.run(end.runId) : undefined;
    const link = await cardLink(client, clock, run?.card);
    const { name: cluster, onCall } = policy;
    const watch = watched.kind === 'pause' ? await records.watch(cluster) : undefined;
    const elsewhere = elsewhereOf(policy, watch?.topology) !== undefined;
    const context = { ...contextOf(input, policy.language, policy), cluster, onCall, cardLink: link };
    return inWords(() => {
      if (watched.kind === 'reminder') return reminderMessage(watched.reminder, context);
      return watched.kind === 'alarm'
        ? alarmMessage(watched.alarm, context)
        : pauseMessage(watched.pause, { ...context, elsewhere, approvers: pauseApprovers(policy) });
    });
  }

  /** Until Slack finds it short enough. */
  function send<Sent>(
    message: Message,
    policy: ClusterPolicy,
    how: (form: Message) => Promise<Sent>,
  ): Promise<Sent> {
    const context = contextOf(input, policy.language, policy);
    const shorter = inWords(() => shortForms(message, `check ${policy.name}`, context));
    return sendShortened(message, shorter, how);
  }

  async function postOnce(watched: LiveWatchMessage, policy: ClusterPolicy, message: Message, look: boolean) {
    const { name, channel } = policy;
    const { id, openedAt, message: known } = bodyOf(watched);
    const mark = { cluster: name, message: id };
    const newer = known === undefined ? {} : { newerThan: known.ts };
    // What is found there and newer than the known one is its successor, whose answer was lost.
    const arrived = look
      ? await findMarked(input, { channel, sinceMs: openedAt, ...newer }, mark)
      : undefined;
    const place =
      arrived ?? (await send(message, policy, (form) => postMarked(client, { channel }, form, mark)));
    await records.watchMessagePosted(name, id, place);
    return { place, edit: arrived !== undefined };
  }

  /** `look`: it may have been said already. The channel sees what people have to know there. */
  async function sayInThread(
    watched: LiveWatchMessage,
    policy: ClusterPolicy,
    {
      place,
      message,
      look,
    }: { readonly place: MessagePlace; readonly message: Message; readonly look: boolean },
  ): Promise<void> {
    const { id, openedAt } = bodyOf(watched);
    const said = withoutButtons(message);
    const digest = createHash('sha256').update(JSON.stringify(said)).digest('hex').slice(0, 16);
    const mark = { cluster: policy.name, message: `${id} ${digest}` };
    const thread = { channel: place.channel, threadTs: place.ts };
    if (look && (await findMarked(input, { ...thread, sinceMs: openedAt }, mark))) return;
    const to = { ...thread, broadcast: isForTheChannel(watched) };
    await send(said, policy, (form) => postMarked(client, to, withoutButtons(form), mark));
  }

  return {
    async show(watched, policy, { mayHaveArrived, evenIfSame = false }) {
      const { id, message: known } = bodyOf(watched);
      const key = `${policy.name} ${id}`;
      const message = await draw(watched, policy);
      const content = JSON.stringify(message);
      if (known && !evenIfSame && shown.get(key) === content) return known;
      const edit = (at: MessagePlace) =>
        send(message, policy, (form) => editMessage(client, at, form, policy.channel));
      const edited = known && (await edit(known));
      if (known && edited === 'edited') {
        remember(key, content);
        return known;
      }
      if (known && edited === 'closed') {
        // `evenIfSame`: its repetition follows in the same thread.
        const look = mayHaveArrived || !shown.has(key);
        if (!evenIfSame) await sayInThread(watched, policy, { place: known, message, look });
        remember(key, content);
        return known;
      }
      const posted = await postOnce(watched, policy, message, mayHaveArrived || known !== undefined);
      // It was written before its answer was lost, perhaps long ago.
      if (posted.edit) await edit(posted.place);
      remember(key, content);
      return posted.place;
    },
  };
}

function withoutButtons({ text, blocks = [] }: Message): Message {
  return { text, blocks: blocks.filter(({ type }) => type !== 'actions') };
}

/** A newer pause has a message of its own, and a reminder that is open is repeated in the channel anyway. */
function isForTheChannel(watched: LiveWatchMessage): boolean {
  const { end } = bodyOf(watched);
  return end === undefined ? watched.kind !== 'reminder' : end.kind !== 'replaced';
}

function bodyOf(watched: LiveWatchMessage): Reminder | UpdateAlarm | Pause {
  if (watched.kind === 'reminder') return watched.reminder;
  return watched.kind === 'alarm' ? watched.alarm : watched.pause;
}
