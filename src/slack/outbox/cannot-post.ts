import type { Fleet } from '../../domain/policy/policy.ts';
import type { Notice } from '../../domain/run/notice.ts';
import { privateRecipients } from '../../domain/run/private-recipients.ts';
import type { CannotPost, PrivateSay } from '../../domain/run/private-say.ts';
import type { ClusterNotice } from '../../domain/watch/cluster-notice.ts';
import type { Clock } from '../../workflow/ports/ports.ts';
import type { OutboxItem, Records } from '../../workflow/ports/records.ts';
import type { BotIdentity } from '../client/identity.ts';
import type { ClusterItem } from './cluster-notices.ts';
import { policyOf, runAndPolicy } from './poster-deps.ts';
import type { RunItem } from './run-notices.ts';

export interface CannotPostDeps {
  readonly identity: Pick<BotIdentity, 'botName'>;
  readonly records: Pick<Records, 'run' | 'decide' | 'watch' | 'decideWatch' | 'lastPosted'>;
  readonly fleet: Fleet;
  readonly clock: Clock;
}

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
 * restarts in between.
 */
export async function tellCannotPost(deps: CannotPostDeps, item: OutboxItem, reason: Reason): Promise<void> {
  if (item.about === 'cluster') {
    const channel = await placeOf(deps, item, reason);
    return tellOwners(deps, { cluster: item.cluster, channel, but: [] }, reason);
  }
  const { run, policy } = await runAndPolicy(deps, item.runId);
  const told = privateRecipients(run, policy);
  const { channel } = (canBeFixed(reason) ? undefined : run.card) ?? policy;
  const id = await situation(deps, run.cluster, reason);
  await tellOfRun(deps, item, told, { ...reason, channel, id });
  return tellOwners(deps, { cluster: run.cluster, channel, but: told }, reason);
}

/** The same while nothing was posted that would have met with the same refusal. */
async function situation(
  { records }: CannotPostDeps,
  cluster: string,
  { why, code }: Reason,
): Promise<string> {
  const where =
    why === 'no-threads' || why === 'thread-locked' ? 'threads' : why === 'threads-only' ? 'top' : 'any';
  return `${code ?? why}:${(await records.lastPosted({ cluster, where })) ?? 'nothing yet'}`;
}

export function isPrivate({ notice }: OutboxItem): boolean {
  return notice.kind === 'private' || notice.kind === 'owner';
}

/** That something cannot be posted is no news any more once everything can be. */
export function isAboutPosting({ notice }: OutboxItem): boolean {
  if (notice.kind === 'private') return notice.say.type === 'cannot-post';
  return notice.kind === 'owner' && notice.say.type === 'channel-lost';
}

async function tellOfRun(
  deps: CannotPostDeps,
  { runId }: RunItem,
  people: readonly string[],
  { why, scope, code, keptUntil, channel, id }: Reason & { channel: string; id: string },
): Promise<void> {
  const say: PrivateSay = {
    type: 'cannot-post',
    runId,
    channel,
    botName: deps.identity.botName,
    why,
    ...(scope === undefined ? {} : { scope }),
    ...(code === undefined ? {} : { code }),
    keptUntil,
  };
  const notices = people.map((slackUser): Notice => {
    return { kind: 'private', slackUser, channel: undefined, say };
  });
  if (notices.length === 0) return;
  const decision = () => ({ set: {}, audit: [], notices });
  const deliveryId = `cannot-post:${runId}:${id}`;
  await deps.records.decide({ runId, deliveryId, now: deps.clock.now(), decision });
}

/** `but`: who is notified of the same already, about the run that met with it. */
async function tellOwners(
  deps: CannotPostDeps,
  subject: { cluster: string; channel: string | undefined; but: readonly string[] },
  reason: Reason,
): Promise<void> {
  const { cluster, but } = subject;
  const { why, code } = reason;
  const policy = policyOf(deps, cluster);
  const now = deps.clock.now();
  const channel = subject.channel ?? policy.channel;
  const { botName } = deps.identity;
  const say = {
    type: 'channel-lost',
    channel,
    why,
    ...(code === undefined ? {} : { code }),
    botName,
  } as const;
  const notices = policy.owners
    .filter((slackUser) => !but.includes(slackUser))
    .map((slackUser): ClusterNotice => ({ kind: 'owner', slackUser, say }));
  // No owner to notify: it is in the log, and owners who are configured later are still notified.
  if (notices.length === 0) return;
  await deps.records.decideWatch({
    cluster,
    deliveryId: `channel-lost:${cluster}:${channel}:${await situation(deps, cluster, reason)}`,
    now,
    decision: ({ watch }) => watch && { watch, events: [], notices },
  });
}

/** Then it was the configured channel that refused: a message in an earlier one that refuses so is left behind there. */
function canBeFixed({ why }: Reason): boolean {
  return why !== 'refused';
}

/** The channel that refused; undefined: the configured one. The live message may be in an earlier one. */
async function placeOf(
  deps: CannotPostDeps,
  { cluster, notice }: ClusterItem,
  reason: Reason,
): Promise<string | undefined> {
  if (canBeFixed(reason) && notice.kind !== 'nag') return undefined;
  const watch = await deps.records.watch(cluster);
  if (notice.kind === 'pause') return watch?.pauses?.find(({ id }) => id === notice.id)?.message?.channel;
  if (notice.kind === 'alarm') return watch?.alarm?.message?.channel;
  return notice.kind === 'escalation' ? undefined : watch?.reminder?.message?.channel;
}
