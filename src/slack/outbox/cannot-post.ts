import type { Notice } from '../../domain/run/notice.ts';
import type { CannotPost, PrivateSay } from '../../domain/run/private-say.ts';
import { toldOfRun } from '../../domain/run/told-of-run.ts';
import type { ClusterNotice } from '../../domain/watch/cluster-notice.ts';
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
 * restarts in between.
 */
export async function tellCannotPost(deps: OutboxDeps, item: OutboxItem, reason: Reason): Promise<void> {
  // It is in the log.
  if (item.about === 'fleet') return;
  if (item.about === 'cluster') {
    const channel = await placeOf(deps, item, reason);
    return tellOwners(deps, { cluster: item.cluster, channel, but: [] }, reason);
  }
  const { run, policy } = await runAndPolicy(deps, item.runId);
  const told = toldOfRun(run, policy);
  const { channel } = (canBeFixed(reason) ? undefined : run.card) ?? policy;
  const id = await situation(deps, run.cluster, reason);
  await tellOfRun(deps, run.id, told, { ...reason, channel, id });
  return tellOwners(deps, { cluster: run.cluster, channel, but: told }, reason);
}

/** The same while nothing was posted that would have met with the same refusal. */
async function situation({ records }: OutboxDeps, cluster: string, { why, code }: Reason): Promise<string> {
  const where =
    why === 'no-threads' || why === 'thread-locked' ? 'threads' : why === 'threads-only' ? 'top' : 'any';
  return `${code ?? why}:${(await records.lastPosted({ cluster, where })) ?? 'nothing yet'}`;
}

export function isPrivate({ notice }: OutboxItem): boolean {
  return notice.kind === 'private';
}

/** That something cannot be posted is no news any more once everything can be. */
export function isAboutPosting({ notice }: OutboxItem): boolean {
  if (notice.kind !== 'private') return false;
  return notice.say.type === 'cannot-post' || notice.say.type === 'channel-lost';
}

async function tellOfRun(
  deps: OutboxDeps,
  runId: string,
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
  deps: OutboxDeps,
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
    .map((slackUser): ClusterNotice => ({ kind: 'private', slackUser, say }));
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
  deps: OutboxDeps,
  { cluster, notice }: Extract<OutboxItem, { about: 'cluster' }>,
  reason: Reason,
): Promise<string | undefined> {
  if (canBeFixed(reason) && notice.kind !== 'nag') return undefined;
  const watch = await deps.records.watch(cluster);
  if (notice.kind === 'pause') return watch?.pauses?.find(({ id }) => id === notice.id)?.message?.channel;
  if (notice.kind === 'alarm') return watch?.alarm?.message?.channel;
  return notice.kind === 'escalation' ? undefined : watch?.reminder?.message?.channel;
}
