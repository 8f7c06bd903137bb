import { elsewhereOf } from '../../domain/policy/elsewhere.ts';
import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import type { ClusterNotice } from '../../domain/watch/cluster-notice.ts';
import type { ClusterWatch, LiveWatchMessage, Reminder } from '../../domain/watch/cluster-watch.ts';
import type { OutboxItem } from '../../workflow/ports/records.ts';
import { cardLink } from '../client/card-link.ts';
import {
  escalationMessage,
  type Message,
  ownerMessage,
  repeatMessage,
  shortForms,
} from '../messages/index.ts';
import type { LiveWatchMessages } from './live-watch-message.ts';
import { findMarked, type Post, postMarked } from './marked-posts.ts';
import { contextOf, type NoticePosterDeps, policyOf } from './poster-deps.ts';
import { postPrivateNotice } from './private-post.ts';
import { sendShortened } from './too-long.ts';
import { inWords } from './unpostable-error.ts';

export type ClusterItem = Extract<OutboxItem, { about: 'cluster' }>;
type Of<Kind extends ClusterNotice['kind']> = Extract<ClusterNotice, { kind: Kind }>;

/**
 * Brings one message about a cluster to Slack and returns its ts; undefined: it is a direct message, or what it was about
 * is no longer what the cluster's watch holds, so there is nothing to say. Throws UnpostableError, or Slack's errors.
 */
export async function postClusterNotice(
  deps: NoticePosterDeps,
  live: LiveWatchMessages,
  item: ClusterItem,
): Promise<string | undefined> {
  const policy = policyOf(deps, item.cluster);
  const { notice } = item;
  switch (notice.kind) {
    case 'reminder':
    case 'alarm':
    case 'pause': {
      const watched = watchedBy(await deps.records.watch(item.cluster), notice);
      return watched && (await live.show(watched, policy, { mayHaveArrived: item.attempts > 0 })).ts;
    }
    case 'nag':
      return postRepeat(deps, live, item, notice, policy);
    case 'escalation':
      return postEscalation(deps, item, notice, policy);
    case 'owner':
      return postToOwner(deps, item, notice, policy);
  }
}

/** What the live message shows, as it is on record now; undefined: others took its place long ago. */
function watchedBy(
  watch: ClusterWatch | undefined,
  { kind, id }: Of<'reminder' | 'alarm' | 'pause'>,
): LiveWatchMessage | undefined {
  if (kind === 'pause') {
    const pause = watch?.pauses?.find((each) => each.id === id);
    return pause && { kind, pause };
  }
  if (kind === 'reminder' && watch?.reminder?.id === id) return { kind, reminder: watch.reminder };
  if (kind === 'alarm' && watch?.alarm?.id === id) return { kind, alarm: watch.alarm };
  return watch?.earlier.find(
    (each) => each.kind === kind && (each.kind === 'reminder' ? each.reminder : each.alarm).id === id,
  );
}

async function postRepeat(
  deps: NoticePosterDeps,
  live: LiveWatchMessages,
  item: ClusterItem,
  notice: Of<'nag'>,
  policy: ClusterPolicy,
): Promise<string | undefined> {
  const reminder = (await deps.records.watch(item.cluster))?.reminder;
  if (reminder?.id !== notice.id || !isWorthRepeating(reminder, notice)) return undefined;
  const message = inWords(() =>
    repeatMessage(reminder, {
      ...contextOf(deps, policy.language, policy),
      cluster: item.cluster,
      onCall: policy.onCall,
    }),
  );
  // It also says when the next repetition comes; and it may have been deleted, buttons and all.
  const head = await live.show({ kind: 'reminder', reminder }, policy, {
    mayHaveArrived: true,
    evenIfSame: true,
  });
  return postOnce(deps, item, { channel: head.channel, threadTs: head.ts, broadcast: true }, message, policy);
}

/** After a day without Slack one repetition is enough: the newest. */
function isWorthRepeating(reminder: Reminder, { nag }: Of<'nag'>): boolean {
  return reminder.end === undefined && nag >= reminder.repeats;
}

async function postEscalation(
  deps: NoticePosterDeps,
  item: ClusterItem,
  notice: Of<'escalation'>,
  policy: ClusterPolicy,
): Promise<string> {
  const run = await deps.records.run(notice.runId);
  const link = await cardLink(deps.client, deps.clock, run?.card);
  const message = inWords(() =>
    escalationMessage(notice, {
      ...contextOf(deps, policy.language, policy),
      cluster: item.cluster,
      run,
      owners: policy.owners,
      onCall: policy.onCall,
      cardLink: link,
    }),
  );
  return postOnce(deps, item, { channel: policy.channel }, message, policy);
}

async function postToOwner(
  deps: NoticePosterDeps,
  item: ClusterItem,
  { slackUser, say }: Of<'owner'>,
  policy: ClusterPolicy,
): Promise<undefined> {
  const watch = say.type === 'paused' ? await deps.records.watch(item.cluster) : undefined;
  const run = say.type === 'schedule-failed' ? await deps.records.run(say.runId) : undefined;
  const [language, link] = await Promise.all([
    deps.people.language(slackUser, policy.language),
    cardLink(deps.client, deps.clock, run?.card),
  ]);
  const context = {
    ...contextOf(deps, language, policy),
    cluster: policy.name,
    elsewhere: elsewhereOf(policy, watch?.topology) !== undefined,
    run,
    cardLink: link,
  };
  const message = inWords(() => ownerMessage(say, context));
  const to = { slackUser, channel: undefined };
  await postPrivateNotice(deps, item, to, message, { cluster: item.cluster, outboxId: item.id });
  return undefined;
}

/** A message whose answer was lost is looked for before it is posted again. */
async function postOnce(
  deps: NoticePosterDeps,
  item: ClusterItem,
  to: Post,
  message: Message,
  policy: ClusterPolicy,
): Promise<string> {
  const mark = { cluster: item.cluster, outboxId: item.id };
  const arrived =
    item.attempts > 0 ? await findMarked(deps, { ...to, sinceMs: item.createdAt }, mark) : undefined;
  if (arrived) return arrived.ts;
  const shorter = shortForms(message, `check ${item.cluster}`, contextOf(deps, policy.language, policy));
  return (await sendShortened(message, shorter, (form) => postMarked(deps.client, to, form, mark))).ts;
}
