import type { CannotPost } from '../../domain/run/private-message.ts';
import { privateRecipients } from '../../domain/run/private-recipients.ts';
import type { ClusterNotice } from '../../domain/watch/cluster-notice.ts';
import { bodyOf, findWatchMessage } from '../../domain/watch/live-watch-message.ts';
import type { OutboxItem } from '../../workflow/ports/records.ts';
import { type OutboxDeps, policyOf, runAndPolicy } from './deps.ts';

interface Reason {
  readonly why: CannotPost;
  /** The scope that is missing, where Slack names it. */
  readonly scope?: string | undefined;
  /** Slack's own word, for `refused`. */
  readonly code?: string;
  /** ms UTC; until then it is tried again. */
  readonly keptUntil: number;
}

/**
 * Notifies those who can fix it why the channel does not get its message: the run's requester and the cluster's owners.
 * Through the outbox, under a delivery id of its own: once for each reason until the channel took something again, whatever
 * restarts in between. Of a message about the whole fleet only the log says it.
 */
export async function notifyCannotPost(deps: OutboxDeps, item: OutboxItem, reason: Reason): Promise<void> {
  if (item.about === 'fleet') return;
  const { records, identity, clock } = deps;
  const { why, scope, code, keptUntil } = reason;
  const run = item.about === 'run' ? (await runAndPolicy(deps, item.runId)).run : undefined;
  const cluster = item.about === 'run' ? (run?.cluster ?? '') : item.cluster;
  const policy = policyOf(deps, cluster);
  const channel = (await channelOf(deps, item, run?.card?.channel, why)) ?? policy.channel;
  const about = { channel, why, ...(code === undefined ? {} : { code }), botName: identity.botName };
  const situation = await situationOf(deps, cluster, reason);
  const now = clock.now();

  const requesters = run ? privateRecipients(run, policy) : [];
  if (run && requesters.length > 0) {
    const needed = scope === undefined ? {} : { scope };
    const say = { type: 'cannot-post', ...about, runId: run.id, ...needed, keptUntil } as const;
    const notices = requesters.map(
      (slackUser) => ({ kind: 'private', slackUser, channel: undefined, say }) as const,
    );
    const decision = () => ({ set: {}, audit: [], notices });
    await records.decide({ runId: run.id, deliveryId: `cannot-post:${run.id}:${situation}`, now, decision });
  }

  // No owner to notify: it is in the log, and owners who are configured later are still notified.
  const owners = policy.owners.filter((slackUser) => !requesters.includes(slackUser));
  if (owners.length === 0) return;
  const say = { type: 'channel-lost', ...about } as const;
  const notices = owners.map((slackUser): ClusterNotice => ({ kind: 'private', slackUser, say }));
  await records.decideWatch({
    cluster,
    deliveryId: `channel-lost:${cluster}:${channel}:${situation}`,
    now,
    decision: ({ watch }) => watch && { watch, events: [], notices },
  });
}

/** The same while nothing was posted that would have met with the same refusal. */
async function situationOf({ records }: OutboxDeps, cluster: string, { why, code }: Reason): Promise<string> {
  const where =
    why === 'no-threads' || why === 'thread-locked' ? 'threads' : why === 'threads-only' ? 'top' : 'any';
  return `${code ?? why}:${(await records.lastPosted({ cluster, where })) ?? 'nothing yet'}`;
}

/**
 * The channel that refused; undefined: the configured one. A live message may be in an earlier one; what can be fixed was
 * refused by the configured one, since a message in an earlier one is left behind there.
 */
async function channelOf(
  { records }: OutboxDeps,
  item: OutboxItem,
  cardChannel: string | undefined,
  why: CannotPost,
): Promise<string | undefined> {
  const canBeFixed = why !== 'refused';
  const { notice } = item;
  if (item.about !== 'cluster') return canBeFixed ? undefined : cardChannel;
  if (canBeFixed && notice.kind !== 'nag') return undefined;
  if (!('id' in notice)) return undefined;
  const { id } = notice;
  const kind = notice.kind === 'nag' ? 'reminder' : notice.kind;
  if (kind !== 'reminder' && kind !== 'alarm' && kind !== 'pause')
    return (await records.restoreRoom(id))?.message?.channel;
  const message = findWatchMessage(await records.watch(item.cluster), { kind, id });
  return message && bodyOf(message).message?.channel;
}

/** That something cannot be posted is no news any more once everything can be. */
export function isAboutPosting({ notice }: OutboxItem): boolean {
  if (notice.kind !== 'private') return false;
  return notice.say.type === 'cannot-post' || notice.say.type === 'channel-lost';
}
