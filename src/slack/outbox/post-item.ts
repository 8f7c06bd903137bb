import { elsewhereOf } from '../../domain/policy/elsewhere.ts';
import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import type { BackupRun } from '../../domain/run/run.ts';
import type { ClusterNotice } from '../../domain/watch/cluster-notice.ts';
import { findWatchMessage } from '../../domain/watch/live-watch-message.ts';
import type { OutboxItem } from '../../workflow/ports/records.ts';
import { cardLink } from '../client/card-link.ts';
import {
  type Context,
  escalationMessage,
  type Message,
  ownerMessage,
  privateMessage,
  repeatMessage,
  restoredNotice,
  revisionFellNotice,
  shortForms,
} from '../messages/index.ts';
import { contextOf, policyOf, runAndPolicy } from './deps.ts';
import { findEarlier, markOf, type Post, postMarked } from './marked-posts.ts';
import type { PosterDeps } from './poster-deps.ts';
import { postPrivateNotice, type ToPerson } from './private-post.ts';
import { cardOf } from './run-card.ts';
import { postSummary } from './summary-message.ts';
import { postInThread } from './thread-messages.ts';
import { sendShortened } from './too-long.ts';
import { inWords } from './unpostable-error.ts';
import { watchMessageOf } from './watch-message.ts';

type RunItem = Extract<OutboxItem, { about: 'run' }>;
type ClusterItem = Extract<OutboxItem, { about: 'cluster' }>;
type Of<Kind extends ClusterNotice['kind']> = Extract<ClusterNotice, { kind: Kind }>;

/**
 * Brings one message of the outbox to Slack and returns its ts; undefined: Slack gives none, or what it was about is over, so
 * there is nothing to say. A message that was tried before is looked for first. Throws UnpostableError, or Slack's errors.
 */
export function postItem(deps: PosterDeps, item: OutboxItem): Promise<string | undefined> {
  if (item.about === 'fleet') return postSummary(deps, item, item.notice.slot);
  return item.about === 'run' ? postOfRun(deps, item) : postOfCluster(deps, item);
}

async function postOfRun(deps: PosterDeps, item: RunItem): Promise<string | undefined> {
  const { run, policy } = await runAndPolicy(deps, item.runId);
  const { notice } = item;
  switch (notice.kind) {
    case 'card':
      return (await deps.live.show(cardOf(deps, run, policy), { mayHaveArrived: item.attempts > 0 })).ts;
    case 'thread':
      return postInThread(deps, { item, entry: notice.entry, run, policy });
    case 'private': {
      const { say } = notice;
      // Its card was given up, and they were notified of that.
      if (say.type === 'request-on-card' && run.card === undefined) return undefined;
      return postToPerson(deps, item, { to: notice, policy, run }, (context) => privateMessage(say, context));
    }
  }
}

async function postOfCluster(deps: PosterDeps, item: ClusterItem): Promise<string | undefined> {
  const policy = policyOf(deps, item.cluster);
  const { notice } = item;
  switch (notice.kind) {
    case 'reminder':
    case 'alarm':
    case 'pause': {
      const watched = findWatchMessage(await deps.records.watch(item.cluster), notice);
      if (!watched) return undefined;
      const how = { mayHaveArrived: item.attempts > 0 };
      return (await deps.live.show(watchMessageOf(deps, watched, policy), how)).ts;
    }
    case 'nag':
      return postRepeat(deps, item, notice, policy);
    case 'escalation':
      return postEscalation(deps, item, notice, policy);
    case 'restored':
    case 'revision-fell':
      return postOfRestore(deps, item, notice, policy);
    case 'private':
      return postToOwner(deps, item, notice, policy);
  }
}

async function postRepeat(
  deps: PosterDeps,
  item: ClusterItem,
  { id, nag }: Of<'nag'>,
  policy: ClusterPolicy,
): Promise<string | undefined> {
  const reminder = (await deps.records.watch(item.cluster))?.reminder;
  // After a day without Slack one repetition is enough: the newest.
  if (reminder?.id !== id || reminder.end !== undefined || nag < reminder.repeats) return undefined;
  const { name: cluster, onCall } = policy;
  const message = inWords(() =>
    repeatMessage(reminder, { ...contextOf(deps, policy.language, policy), cluster, onCall }),
  );
  // It also says when the next repetition comes; and it may have been deleted, buttons and all.
  const head = await deps.live.show(watchMessageOf(deps, { kind: 'reminder', reminder }, policy), {
    mayHaveArrived: true,
    evenIfSame: true,
  });
  return postOnce(deps, item, { channel: head.channel, threadTs: head.ts, broadcast: true }, message, policy);
}

async function postEscalation(
  deps: PosterDeps,
  item: ClusterItem,
  notice: Of<'escalation'>,
  policy: ClusterPolicy,
): Promise<string> {
  const run = await deps.records.run(notice.runId);
  const link = await cardLink(deps.client, deps.clock, run?.card);
  const { name: cluster, owners, onCall, channel } = policy;
  const context = { ...contextOf(deps, policy.language, policy), cluster, run, owners, onCall };
  const message = inWords(() => escalationMessage(notice, { ...context, cardLink: link }));
  return postOnce(deps, item, { channel }, message, policy);
}

async function postOfRestore(
  deps: PosterDeps,
  item: ClusterItem,
  notice: Of<'restored' | 'revision-fell'>,
  policy: ClusterPolicy,
): Promise<string> {
  const { name: cluster, channel } = policy;
  const by = notice.kind === 'restored' ? notice.by.slackUser : undefined;
  const owners = policy.owners.filter((owner) => owner !== by);
  const context = { ...contextOf(deps, policy.language, policy), cluster, owners };
  const message = inWords(() =>
    notice.kind === 'restored' ? restoredNotice(notice, context) : revisionFellNotice(notice, context),
  );
  return postOnce(deps, item, { channel }, message, policy);
}

async function postToOwner(
  deps: PosterDeps,
  item: ClusterItem,
  { slackUser, say }: Of<'private'>,
  policy: ClusterPolicy,
): Promise<undefined> {
  const watch = say.type === 'paused' ? await deps.records.watch(item.cluster) : undefined;
  const run = say.type === 'schedule-failed' ? await deps.records.run(say.runId) : undefined;
  const elsewhere = elsewhereOf(policy, watch?.topology) !== undefined;
  const to = { slackUser, channel: undefined };
  return postToPerson(deps, item, { to, policy, run }, (context) =>
    ownerMessage(say, { ...context, cardLink: context.cardLink, cluster: policy.name, elsewhere, run }),
  );
}

/** In their language, with a link to the card of `run`. */
async function postToPerson(
  deps: PosterDeps,
  item: OutboxItem,
  { to, policy, run }: { to: ToPerson; policy: ClusterPolicy; run: BackupRun | undefined },
  words: (context: Context & { readonly cardLink?: string }) => Message,
): Promise<undefined> {
  const [language, link] = await Promise.all([
    deps.people.language(to.slackUser, policy.language),
    cardLink(deps.client, deps.clock, run?.card),
  ]);
  const context = contextOf(deps, language, policy);
  const message = inWords(() => words(link === undefined ? context : { ...context, cardLink: link }));
  return postPrivateNotice(deps, item, to, message);
}

async function postOnce(
  deps: PosterDeps,
  item: ClusterItem,
  to: Post,
  message: Message,
  policy: ClusterPolicy,
): Promise<string> {
  const mark = markOf(item);
  const arrived = await findEarlier(deps, item, to);
  if (arrived) return arrived.ts;
  const shorter = shortForms(message, `check ${item.cluster}`, contextOf(deps, policy.language, policy));
  return (await sendShortened(message, shorter, (form) => postMarked(deps.client, to, form, mark))).ts;
}
