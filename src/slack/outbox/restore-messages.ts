import { createHash } from 'node:crypto';
import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import type { RestoreRoom } from '../../domain/restore-room/room.ts';
import type { ClusterNotice } from '../../domain/watch/cluster-notice.ts';
import type { OutboxItem, RoomPart } from '../../workflow/ports/records.ts';
import { slackFailure } from '../client/slack-failure.ts';
import { uploadToThread } from '../client/upload.ts';
import {
  type Context,
  commandFile,
  commandFileMissing,
  commandFileText,
  type Message,
  roomChecksMessage,
  roomMessage,
  roomSeen,
  roomStepMessage,
  shortForms,
} from '../messages/index.ts';
import { contextOf, type OutboxDeps } from './deps.ts';
import { findSuccessor, type LiveMessage, postLive } from './live-messages.ts';
import { findEarlier, findMarked, markOf, postMarked } from './marked-posts.ts';
import type { PosterDeps } from './poster-deps.ts';
import { sendShortened } from './too-long.ts';
import { inWords } from './unpostable-error.ts';

type RoomNotice = Extract<ClusterNotice, { kind: `restore-${string}` }>;

/** A notice of a restore room, on its way. */
interface OfRoom {
  readonly item: OutboxItem;
  readonly notice: RoomNotice;
  readonly policy: ClusterPolicy;
}

/** Returns its ts; undefined: there is nothing to say, or it was uploaded, which gives none. */
export async function postOfRoom(deps: PosterDeps, about: OfRoom): Promise<string | undefined> {
  const { item, notice, policy } = about;
  const room = await deps.records.restoreRoom(notice.id);
  if (!room) return undefined;
  const how = { mayHaveArrived: item.attempts > 0 };
  if (notice.kind === 'restore-room') return (await deps.live.show(headOf(deps, room, policy), how)).ts;
  if (notice.kind === 'restore-commands') return postCommands(deps, about, room, notice.step);
  if (notice.kind === 'restore-seen') {
    const seen = { cluster: room.cluster, answers: notice.answers, at: notice.at };
    return postOnce(deps, about, room, (context) => roomSeen(seen, context));
  }
  const part = notice.kind === 'restore-step' ? notice.step : 'checks';
  return underHead(deps, room, policy, async (threadTs) => {
    const live = partOf(deps, room, { policy, part, threadTs });
    return (await deps.live.show(live, how)).ts;
  });
}

/** The first message, in the cluster's channel. */
function headOf(deps: OutboxDeps, room: RestoreRoom, policy: ClusterPolicy): LiveMessage {
  const mark = { cluster: room.cluster, message: room.id };
  const since = { sinceMs: room.openedAt, place: room.message };
  return {
    mark,
    ...since,
    channel: policy.channel,
    draw: drawn(deps, room, policy, (context) => roomMessage(room, context)),
    posted: (at) => deps.records.roomMessagePosted(room.id, 'room', at),
    // Its thread is the room and stays: what is new is said there.
    async closed(at, { message, shorter }, maybeSaid) {
      const digest = createHash('sha256').update(JSON.stringify(message)).digest('hex').slice(0, 16);
      const again = { ...mark, message: `${room.id} ${digest}` };
      const thread = { channel: at.channel, threadTs: at.ts };
      if (maybeSaid && (await findMarked(deps, { ...thread, sinceMs: room.openedAt }, again))) return at;
      await sendShortened(message, shorter, (form) => postMarked(deps.client, thread, form, again));
      return at;
    },
  };
}

/** A message in the thread: one step, or the bot's own checks. */
function partOf(
  deps: OutboxDeps,
  room: RestoreRoom,
  { policy, part, threadTs }: { policy: ClusterPolicy; part: RoomPart; threadTs: string },
): LiveMessage {
  const step = typeof part === 'number' ? room.steps[part - 1] : undefined;
  const name = typeof part === 'number' ? `step ${part} ${step?.kind ?? ''}` : part;
  const words = (context: Context) =>
    typeof part === 'number' ? roomStepMessage(room, part, context) : roomChecksMessage(room, context);
  const live: LiveMessage = {
    mark: { cluster: room.cluster, message: `${room.id} ${name}` },
    place: typeof part === 'number' ? step?.message : room.checksMessage,
    channel: room.message?.channel ?? policy.channel,
    threadTs,
    sinceMs: step?.openedAt ?? room.openedAt,
    draw: drawn(deps, room, policy, words),
    posted: (at) => deps.records.roomMessagePosted(room.id, part, at),
    // A step takes longer than some workspaces let messages be edited: a new one takes its place.
    async closed(_at, now, maybeSaid) {
      const known = maybeSaid ? await findSuccessor(deps, live) : undefined;
      const place = known ?? (await postLive(deps.client, live, now));
      await live.posted(place);
      return place;
    },
  };
  return live;
}

/** In the room's own language: the words of its steps are on record in that one. */
function drawn(
  deps: OutboxDeps,
  { paper }: RestoreRoom,
  policy: ClusterPolicy,
  words: (context: Context) => Message,
): LiveMessage['draw'] {
  return async () => {
    const context = contextOf(deps, paper.language, policy);
    const message = inWords(() => words(context));
    return { message, shorter: inWords(() => shortForms(message, `restore-plan ${paper.runId}`, context)) };
  };
}

/** A first message that was deleted took its thread with it: the room goes on under a new one. */
async function underHead<Sent>(
  deps: PosterDeps,
  room: RestoreRoom,
  policy: ClusterPolicy,
  send: (threadTs: string) => Promise<Sent>,
): Promise<Sent> {
  const head = headOf(deps, room, policy);
  const place = room.message ?? (await deps.live.show(head, { mayHaveArrived: true }));
  try {
    return await send(place.ts);
  } catch (error) {
    const failure = slackFailure(error);
    if (failure.kind !== 'refused' || failure.code !== 'thread_not_found') throw error;
    return send((await deps.live.replace(head)).ts);
  }
}

function postOnce(
  deps: PosterDeps,
  { item, policy }: OfRoom,
  room: RestoreRoom,
  words: (context: Context) => Message,
): Promise<string> {
  const message = inWords(() => words(contextOf(deps, room.paper.language, policy)));
  return underHead(deps, room, policy, async (threadTs) => {
    const to = { channel: room.message?.channel ?? policy.channel, threadTs };
    const arrived = await findEarlier(deps, item, to);
    return (arrived ?? (await postMarked(deps.client, to, message, markOf(item)))).ts;
  });
}

/** Only where the step's message cannot hold them. */
async function postCommands(
  deps: PosterDeps,
  about: OfRoom,
  room: RestoreRoom,
  step: number,
): Promise<string | undefined> {
  const { item, policy } = about;
  const file = inWords(() => commandFile(room, step));
  if (!file) return undefined;
  const text = inWords(() => commandFileText(room, step, contextOf(deps, room.paper.language, policy)));
  const failure = await underHead(deps, room, policy, (threadTs) => {
    const under = { channel: room.message?.channel ?? policy.channel, ts: threadTs };
    return deps.uploadOnce(item, under, [file.name], () => uploadToThread(deps.client, under, [file], text));
  });
  if (failure === undefined) return undefined;
  deps.log.warn({ room: room.id, step, trouble: failure }, 'the commands of a step could not be uploaded');
  return postOnce(deps, about, room, (context) => commandFileMissing(step, failure, context));
}
