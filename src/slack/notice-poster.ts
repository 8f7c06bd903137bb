import type { WebClient } from '@slack/web-api';
import type { Notice } from '../domain/notice.ts';
import type { ClusterPolicy, Language } from '../domain/policy.ts';
import type { BackupRun, CardPlace } from '../domain/run.ts';
import type { Clock, Fleet, Log } from '../workflow/ports.ts';
import type { OutboxItem, Records } from '../workflow/records.ts';
import { cardLink } from './card-link.ts';
import type { BotIdentity } from './identity.ts';
import type { LiveCards } from './live-card.ts';
import { privateMessage, threadMessage } from './messages/index.ts';
import type { People } from './people.ts';
import { postPrivately } from './private-post.ts';
import { findMarked, postMarked } from './run-posts.ts';
import { troubleOf } from './slack-trouble.ts';
import { slashCommand } from './slash-command.ts';
import { inWords, UnpostableError } from './unpostable-error.ts';

export interface NoticePosterDeps {
  readonly client: WebClient;
  readonly identity: BotIdentity;
  readonly people: Pick<People, 'language'>;
  readonly records: Pick<Records, 'run' | 'cardPosted'>;
  readonly fleet: Fleet;
  readonly clock: Clock;
  readonly log: Log;
}

type Of<Kind extends Notice['kind']> = Extract<Notice, { kind: Kind }>;

/**
 * Brings one message of the outbox to Slack and returns its ts (undefined where Slack gives none). A message that was
 * tried before is looked for first. Throws UnpostableError, or Slack's errors.
 */
export async function postNotice(
  deps: NoticePosterDeps,
  cards: LiveCards,
  item: OutboxItem,
): Promise<string | undefined> {
  const { run, policy } = await runAndPolicy(deps, item.runId);
  const triedBefore = item.attempts > 0;
  switch (item.notice.kind) {
    case 'card':
      return (await cards.show(run, policy, { mayHaveArrived: triedBefore })).ts;
    case 'thread':
      return postInThread(deps, cards, item, item.notice, run, policy);
    case 'private':
      return postToPerson(deps, item.notice, run, policy);
  }
}

export async function runAndPolicy(
  deps: Pick<NoticePosterDeps, 'records' | 'fleet'>,
  runId: string,
): Promise<{ run: BackupRun; policy: ClusterPolicy }> {
  const run = await deps.records.run(runId);
  if (!run) throw new UnpostableError(`run ${runId} is not in the records`);
  const policy = deps.fleet.cluster(run.cluster);
  if (!policy) {
    throw new UnpostableError(
      `cluster ${run.cluster} is not in the configuration (any more), so its channel is unknown`,
    );
  }
  return { run, policy };
}

async function postInThread(
  deps: NoticePosterDeps,
  cards: LiveCards,
  item: OutboxItem,
  notice: Of<'thread'>,
  run: BackupRun,
  policy: ClusterPolicy,
): Promise<string> {
  // A card that could not be posted when its turn came: the bot may have been invited since.
  const card = run.card ?? (await cards.show(run, policy, { mayHaveArrived: true }));
  const mark = { runId: run.id, outboxId: item.id };
  const placeUnder = ({ channel, ts }: CardPlace) => ({ channel, threadTs: ts });
  if (item.attempts > 0) {
    const arrived = await findMarked(deps, { ...placeUnder(card), sinceMs: item.createdAt }, mark);
    if (arrived) return arrived.ts;
  }
  const context = contextOf(deps, policy.language, policy);
  const message = inWords(() => threadMessage(notice.entry, run, context));
  try {
    return (await postMarked(deps.client, placeUnder(card), message, mark)).ts;
  } catch (error) {
    const trouble = troubleOf(error);
    if (trouble.kind !== 'refused' || trouble.code !== 'thread_not_found') throw error;
    // Nobody would look for the thread of a message that is gone: it goes on under the new card.
    const next = await cards.replace(run, policy);
    return (await postMarked(deps.client, placeUnder(next), message, mark)).ts;
  }
}

async function postToPerson(
  deps: NoticePosterDeps,
  notice: Of<'private'>,
  run: BackupRun,
  policy: ClusterPolicy,
): Promise<undefined> {
  const { client, clock } = deps;
  const [language, link] = await Promise.all([
    deps.people.language(notice.slackUser, policy.language),
    cardLink(client, clock, run.card),
  ]);
  const context = contextOf(deps, language, policy);
  const message = inWords(() =>
    privateMessage(notice.say, link === undefined ? context : { ...context, cardLink: link }),
  );
  await postPrivately(client, notice, message);
  return undefined;
}

function contextOf(deps: NoticePosterDeps, language: Language, policy: ClusterPolicy) {
  return { language, timeZone: policy.timeZone, now: deps.clock.now(), command: slashCommand };
}
