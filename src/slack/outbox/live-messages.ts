import type { WebClient } from '@slack/web-api';
import type { MessagePlace } from '../../domain/people/message-place.ts';
import { slackFailure } from '../client/slack-failure.ts';
import type { Message } from '../messages/index.ts';
import type { OutboxDeps } from './deps.ts';
import { editMessage } from './edit-message.ts';
import { findMarked, type PostMark, postMarked } from './marked-posts.ts';
import { sendShortened } from './too-long.ts';
import { UnpostableError } from './unpostable-error.ts';

/** A message that is drawn from the records whenever it is shown, posted once and then edited in place. */
export interface LiveMessage {
  readonly mark: PostMark;
  /** Where it is now; undefined: not posted, as far as the records know. */
  readonly place: MessagePlace | undefined;
  /** Where it would be posted now. */
  readonly channel: string;
  /** The message in whose thread it is; absent: it is in the channel itself. */
  readonly threadTs?: string;
  /** ms UTC; it was not posted before then. */
  readonly sinceMs: number;
  /** Present: only progress is shown, at most every 3 s. Reads it again when that time has passed. */
  readonly again?: () => Promise<LiveMessage>;
  readonly draw: () => Promise<Drawn>;
  /** Records where it is now. */
  readonly posted: (place: MessagePlace) => Promise<void>;
  /**
   * Slack permits no more edits of it: shows what is new in another way, and returns where it is from then on. `maybeSaid`:
   * that may have been done already.
   */
  readonly closed: (at: MessagePlace, drawn: Drawn, maybeSaid: boolean) => Promise<MessagePlace>;
}

export interface Drawn {
  readonly message: Message;
  /** For when Slack finds it too long. */
  readonly shorter: readonly Message[];
}

export interface LiveMessages {
  /**
   * Makes the message show what it is about as that is now: posts it, or edits it in place. `mayHaveArrived`: a post may have
   * been done by a process that stopped before it recorded it. `evenIfSame`: edits even a message that shows the same already, to
   * find out whether it is still there. Throws Slack's errors.
   */
  show(
    live: LiveMessage,
    how: { readonly mayHaveArrived: boolean; readonly evenIfSame?: boolean },
  ): Promise<MessagePlace>;
  /**
   * The message is deleted, and with it its thread: puts a new one into its place, unless that has happened already. From then
   * on that one is edited. Throws Slack's errors.
   */
  replace(live: LiveMessage): Promise<MessagePlace>;
  /** When the next message that was put off is due, ms of the monotonic clock. */
  nextRefreshAt(): number | undefined;
  /** Shows the messages that were put off and are due. Throws what is transient; the message stays due then. */
  refresh(): Promise<void>;
}

export const progressEveryMs = 3_000;
const maxRemembered = 1_000;

/** What a message showed last, so that it is not edited to show the same. */
interface Shown {
  readonly at: number;
  readonly content: string;
  readonly inProgress: boolean;
  readonly refresh?: { readonly at: number; readonly again: () => Promise<LiveMessage> };
}

export function createLiveMessages(deps: OutboxDeps): LiveMessages {
  const { client, clock } = deps;
  const shown = new Map<string, Shown>();

  function remember(live: LiveMessage, drawn: Drawn): void {
    const key = JSON.stringify(live.mark);
    shown.delete(key);
    shown.set(key, {
      at: clock.monotonic(),
      content: JSON.stringify(drawn.message),
      inProgress: live.again !== undefined,
    });
    const [oldest] = shown.keys();
    if (shown.size > maxRemembered && oldest !== undefined) shown.delete(oldest);
  }

  function edit({ channel }: LiveMessage, at: MessagePlace, { message, shorter }: Drawn) {
    return sendShortened(message, shorter, (form) => editMessage(client, at, form, channel));
  }

  async function post(live: LiveMessage, drawn: Drawn): Promise<MessagePlace> {
    const place = await postLive(client, live, drawn);
    await live.posted(place);
    remember(live, drawn);
    return place;
  }

  async function arrived(live: LiveMessage): Promise<MessagePlace | undefined> {
    const place = await findSuccessor(deps, live);
    if (place) await live.posted(place);
    return place;
  }

  async function replace(live: LiveMessage, drawn: Drawn): Promise<MessagePlace> {
    const place = await arrived(live);
    if (!place) return post(live, drawn);
    // It was written before its answer was lost, perhaps long ago.
    await edit(live, place, drawn);
    remember(live, drawn);
    return place;
  }

  const messages: LiveMessages = {
    async show(live, { mayHaveArrived, evenIfSame = false }) {
      const drawn = await live.draw();
      const place = live.place ?? (mayHaveArrived ? await arrived(live) : undefined);
      if (!place) return post(live, drawn);
      const key = JSON.stringify(live.mark);
      const last = shown.get(key);
      if (!evenIfSame && last?.content === JSON.stringify(drawn.message)) return place;
      const { again } = live;
      const progress = last?.inProgress === true && again !== undefined;
      if (progress && clock.monotonic() < last.at + progressEveryMs) {
        shown.set(key, { ...last, refresh: { at: last.at + progressEveryMs, again } });
        return place;
      }
      const outcome = await edit(live, place, drawn);
      // Progress alone is worth no new message each time: the next other change brings one.
      if (outcome === 'gone' || (outcome === 'left-behind' && !progress)) return replace(live, drawn);
      const say = outcome === 'closed' && !progress && !evenIfSame;
      const at = say ? await live.closed(place, drawn, mayHaveArrived || !last) : place;
      remember(live, drawn);
      return at;
    },

    async replace(live) {
      return replace(live, await live.draw());
    },

    nextRefreshAt() {
      const times = [...shown.values()].flatMap(({ refresh }) => refresh?.at ?? []);
      return times.length === 0 ? undefined : Math.min(...times);
    },

    async refresh() {
      const now = clock.monotonic();
      for (const [key, entry] of [...shown]) {
        const { refresh, ...without } = entry;
        if (refresh === undefined || refresh.at > now) continue;
        shown.set(key, without);
        try {
          await messages.show(await refresh.again(), { mayHaveArrived: false });
        } catch (error) {
          // What will never work is dropped: the next message about it finds out, and says so.
          if (error instanceof UnpostableError || slackFailure(error).kind === 'refused') continue;
          shown.set(key, entry);
          throw error;
        }
      }
    },
  };
  return messages;
}

/** What is found there and newer than the known one is its successor, whose answer was lost. */
export function findSuccessor(
  deps: OutboxDeps,
  { mark, channel, threadTs, sinceMs, place }: LiveMessage,
): Promise<MessagePlace | undefined> {
  const newer = place === undefined ? {} : { newerThan: place.ts };
  return findMarked(deps, { ...inThread(channel, threadTs), sinceMs, ...newer }, mark);
}

export function postLive(
  client: WebClient,
  { channel, threadTs, mark }: LiveMessage,
  { message, shorter }: Drawn,
): Promise<MessagePlace> {
  return sendShortened(message, shorter, (form) =>
    postMarked(client, inThread(channel, threadTs), form, mark),
  );
}

function inThread(channel: string, threadTs: string | undefined) {
  return threadTs === undefined ? { channel } : { channel, threadTs };
}
