import { createHash } from 'node:crypto';
import { elsewhereOf } from '../../domain/policy/elsewhere.ts';
import { pauseApprovers } from '../../domain/policy/pause.ts';
import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import type { LiveWatchMessage } from '../../domain/watch/cluster-watch.ts';
import { bodyOf } from '../../domain/watch/live-watch-message.ts';
import { cardLink } from '../client/card-link.ts';
import { alarmMessage, type Message, pauseMessage, reminderMessage, shortForms } from '../messages/index.ts';
import { contextOf, type OutboxDeps } from './deps.ts';
import type { LiveMessage } from './live-messages.ts';
import { findMarked, postMarked } from './marked-posts.ts';
import { sendShortened } from './too-long.ts';
import { inWords } from './unpostable-error.ts';

/** The message of a reminder, alarm or pause in the cluster's channel. */
export function watchMessageOf(
  deps: OutboxDeps,
  watched: LiveWatchMessage,
  policy: ClusterPolicy,
): LiveMessage {
  const { client, records } = deps;
  const { name: cluster, channel } = policy;
  const { id, openedAt: sinceMs, message: place } = bodyOf(watched);
  return {
    mark: { cluster, message: id },
    place,
    channel,
    sinceMs,
    draw: async () => {
      const message = await draw(deps, watched, policy);
      const context = contextOf(deps, policy.language, policy);
      return { message, shorter: inWords(() => shortForms(message, `check ${cluster}`, context)) };
    },
    posted: (at) => records.watchMessagePosted(cluster, id, at),
    // Its buttons still work: what is new is said in its thread, without any. The channel sees what people have to know there.
    async closed(at, drawn, maybeSaid) {
      const said = withoutButtons(drawn.message);
      const digest = createHash('sha256').update(JSON.stringify(said)).digest('hex').slice(0, 16);
      const mark = { cluster, message: `${id} ${digest}` };
      const thread = { channel: at.channel, threadTs: at.ts };
      if (maybeSaid && (await findMarked(deps, { ...thread, sinceMs }, mark))) return at;
      const to = { ...thread, broadcast: isForTheChannel(watched) };
      await sendShortened(said, drawn.shorter, (form) => postMarked(client, to, withoutButtons(form), mark));
      return at;
    },
  };
}

async function draw(deps: OutboxDeps, watched: LiveWatchMessage, policy: ClusterPolicy): Promise<Message> {
  const { client, clock, records } = deps;
  const { end } = bodyOf(watched);
  const run = end?.kind === 'resolved' ? await records.run(end.runId) : undefined;
  const link = await cardLink(client, clock, run?.card);
  const { name: cluster, onCall } = policy;
  const watch = watched.kind === 'pause' ? await records.watch(cluster) : undefined;
  const elsewhere = elsewhereOf(policy, watch?.topology) !== undefined;
  const context = { ...contextOf(deps, policy.language, policy), cluster, onCall, cardLink: link };
  return inWords(() => {
    if (watched.kind === 'reminder') return reminderMessage(watched.reminder, context);
    return watched.kind === 'alarm'
      ? alarmMessage(watched.alarm, context)
      : pauseMessage(watched.pause, { ...context, elsewhere, approvers: pauseApprovers(policy) });
  });
}

function withoutButtons({ text, blocks = [] }: Message): Message {
  return { text, blocks: blocks.filter(({ type }) => type !== 'actions') };
}

/** A newer pause has a message of its own, and a reminder that is open is repeated in the channel anyway. */
function isForTheChannel(watched: LiveWatchMessage): boolean {
  const { end } = bodyOf(watched);
  return end === undefined ? watched.kind !== 'reminder' : end.kind !== 'replaced';
}
