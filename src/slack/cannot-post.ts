import type { ClusterNotice } from '../domain/cluster-notice.ts';
import type { Notice } from '../domain/notice.ts';
import type { CannotPost, PrivateSay } from '../domain/private-say.ts';
import { toldOfRun } from '../domain/told-of-run.ts';
import type { Clock, Fleet } from '../workflow/ports.ts';
import type { OutboxItem, Records } from '../workflow/records.ts';
import type { ClusterItem } from './cluster-notices.ts';
import type { BotIdentity } from './identity.ts';
import { policyOf, runAndPolicy } from './poster-deps.ts';
import type { RunItem } from './run-notices.ts';

export interface CannotPostDeps {
  readonly identity: Pick<BotIdentity, 'botName'>;
  readonly records: Pick<Records, 'run' | 'decide' | 'watch' | 'decideWatch'>;
  readonly fleet: Fleet;
  readonly clock: Clock;
}

interface Reason {
  readonly why: CannotPost;
  /** The scope that is missing, where Slack names it. */
  readonly scope: string | undefined;
  /** ms UTC; until then it is tried again. */
  readonly keptUntil: number;
}

/**
 * Tells whoever can mend it why the channel does not get its message: the run's requester, or the cluster's owners.
 * Through the outbox, under a delivery id of its own: not again for the same trouble, whatever restarts in between.
 */
export function tellCannotPost(deps: CannotPostDeps, item: OutboxItem, reason: Reason): Promise<void> {
  return item.about === 'run' ? tellRequester(deps, item, reason) : tellOwners(deps, item, reason);
}

export function isPrivate({ notice }: OutboxItem): boolean {
  return notice.kind === 'private' || notice.kind === 'owner';
}

/** That something cannot be posted is no news any more once everything can be. */
export function isAboutPosting({ notice }: OutboxItem): boolean {
  if (notice.kind === 'private') return notice.say.type === 'cannot-post';
  return notice.kind === 'owner' && notice.say.type === 'channel-lost';
}

async function tellRequester(
  deps: CannotPostDeps,
  { runId }: RunItem,
  { why, scope, keptUntil }: Reason,
): Promise<void> {
  const { run, policy } = await runAndPolicy(deps, runId);
  const say: PrivateSay = {
    type: 'cannot-post',
    runId,
    channel: run.card?.channel ?? policy.channel,
    botName: deps.identity.botName,
    why,
    ...(scope === undefined ? {} : { scope }),
    keptUntil,
  };
  const notices = toldOfRun(run, policy).map((slackUser): Notice => {
    return { kind: 'private', slackUser, channel: undefined, say };
  });
  if (notices.length === 0) return;
  const decision = () => ({ set: {}, audit: [], notices });
  const deliveryId = `cannot-post:${runId}:${why}`;
  await deps.records.decide({ runId, deliveryId, now: deps.clock.now(), decision });
}

const dayMs = 24 * 3_600_000;

/** Once a day (UTC) at most: a channel that is lost anew, or still, is news again the next day. */
async function tellOwners(deps: CannotPostDeps, item: ClusterItem, { why }: Reason): Promise<void> {
  const { cluster } = item;
  const policy = policyOf(deps, cluster);
  const now = deps.clock.now();
  const channel = (await placeOf(deps, item)) ?? policy.channel;
  const say = { type: 'channel-lost', channel, why, botName: deps.identity.botName } as const;
  const notices = policy.owners.map((slackUser): ClusterNotice => ({ kind: 'owner', slackUser, say }));
  // Nobody to tell: the log has said it, and owners who are configured later are still told.
  if (notices.length === 0) return;
  await deps.records.decideWatch({
    cluster,
    deliveryId: `channel-lost:${cluster}:${channel}:${why}:${Math.floor(now / dayMs)}`,
    now,
    decision: ({ watch }) => watch && { watch, events: [], notices },
  });
}

/** The channel in which the live message stands, which may be another one than is configured by now. */
async function placeOf(deps: CannotPostDeps, { cluster, notice }: ClusterItem): Promise<string | undefined> {
  const watch = await deps.records.watch(cluster);
  if (notice.kind === 'alarm') return watch?.alarm?.message?.channel;
  return notice.kind === 'escalation' ? undefined : watch?.reminder?.message?.channel;
}
