import { manifestText } from '../domain/manifest.ts';
import { manifestWith } from '../domain/manifest-edition.ts';
import type { Notice } from '../domain/notice.ts';
import type { ClusterPolicy } from '../domain/policy.ts';
import { restorePlan } from '../domain/restore-plan.ts';
import type { BackupRun, CardPlace } from '../domain/run.ts';
import type { OutboxItem } from '../workflow/records.ts';
import { cardLink } from './card-link.ts';
import type { LiveCards } from './live-card.ts';
import { findMarked, postMarked } from './marked-posts.ts';
import {
  type Context,
  type Message,
  privateMessage,
  restoreFilesMissing,
  threadMessage,
} from './messages/index.ts';
import { contextOf, type NoticePosterDeps, runAndPolicy } from './poster-deps.ts';
import { postPrivately } from './private-post.ts';
import { troubleOf } from './slack-trouble.ts';
import { inWords, UnpostableError } from './unpostable-error.ts';
import { type TextFile, uploadToThread } from './upload.ts';

export type RunItem = Extract<OutboxItem, { about: 'run' }>;
type Of<Kind extends Notice['kind']> = Extract<Notice, { kind: Kind }>;

/**
 * Brings one message about a run to Slack and returns its ts (undefined where Slack gives none). A message that was
 * tried before is looked for first. Throws UnpostableError, or Slack's errors.
 */
export async function postRunNotice(
  deps: NoticePosterDeps,
  cards: LiveCards,
  item: RunItem,
): Promise<string | undefined> {
  const { run, policy } = await runAndPolicy(deps, item.runId);
  const triedBefore = item.attempts > 0;
  switch (item.notice.kind) {
    case 'card':
      return (await cards.show(run, policy, { mayHaveArrived: triedBefore })).ts;
    case 'thread':
      if (item.notice.entry.type === 'restore-files') {
        return postRestoreFiles(deps, cards, item, item.notice, run, policy);
      }
      return postInThread(deps, cards, item, item.notice, run, policy);
    case 'private':
      return postToPerson(deps, item.notice, run, policy);
  }
}

async function postInThread(
  deps: NoticePosterDeps,
  cards: LiveCards,
  item: RunItem,
  notice: Of<'thread'>,
  run: BackupRun,
  policy: ClusterPolicy,
  say?: (context: Context) => Message,
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
  const message = inWords(() => say?.(context) ?? threadMessage(notice.entry, run, context));
  try {
    return (await postMarked(deps.client, placeUnder(card), message, mark)).ts;
  } catch (error) {
    if (!isThreadGone(error)) throw error;
    // Nobody would look for the thread of a message that is gone: it goes on under the new card.
    const next = await cards.replace(run, policy);
    return (await postMarked(deps.client, placeUnder(next), message, mark)).ts;
  }
}

/** Somebody deleted the card. */
function isThreadGone(error: unknown): boolean {
  const trouble = troubleOf(error);
  return trouble.kind === 'refused' && trouble.code === 'thread_not_found';
}

/** Slack may take messages and no files (a scope, a proxy): then the thread says where the files are, and goes on. */
const uploadTries = 3;

/** At least once: an upload whose answer was lost is not looked for. Undefined: uploaded, which gives no ts. */
async function postRestoreFiles(
  deps: NoticePosterDeps,
  cards: LiveCards,
  item: RunItem,
  notice: Of<'thread'>,
  run: BackupRun,
  policy: ClusterPolicy,
): Promise<string | undefined> {
  const files = inWords(() => restoreFiles(deps, run, policy));
  if (files.length === 0) throw new UnpostableError(`run ${run.id} has no manifest to put into its thread`);
  const card = run.card ?? (await cards.show(run, policy, { mayHaveArrived: true }));
  const context = contextOf(deps, policy.language, policy);
  const { text } = inWords(() => threadMessage(notice.entry, run, context));
  const upload = (under: CardPlace) => uploadToThread(deps.client, under, files, text);
  try {
    await upload(card).catch(async (error: unknown) => {
      if (!isThreadGone(error)) throw error;
      await upload(await cards.replace(run, policy));
    });
    return undefined;
  } catch (error) {
    const trouble = troubleOf(error);
    const passing = trouble.kind !== 'refused' && item.attempts + 1 < uploadTries;
    if (passing || trouble.kind === 'unauthorized' || trouble.kind === 'rate-limited') throw error;
    deps.log.warn(
      { runId: run.id, trouble: trouble.detail },
      'the files for a restore could not be uploaded',
    );
    const say = (each: Context) => restoreFilesMissing(run, trouble.detail, each);
    return postInThread(deps, cards, item, notice, run, policy, say);
  }
}

/** Both as they are of use when cluster, bot and destinations are out of sight. */
function restoreFiles(
  { restoreText, clock }: NoticePosterDeps,
  { id, success }: BackupRun,
  { language }: ClusterPolicy,
): readonly TextFile[] {
  if (!success?.manifest) return [];
  const manifest = manifestWith(success.manifest, success.drill ? { drill: success.drill } : {});
  const need = {
    zStream: manifest.release.zStream,
    clusterId: manifest.cluster.id,
    runId: id,
    now: clock.now(),
  };
  const answer = restorePlan([manifest], need);
  const plan = restoreText && {
    name: 'RESTORE.md',
    content: restoreText(answer, manifest.cluster.name, language),
  };
  return [{ name: 'manifest.json', content: manifestText(manifest) }, ...(plan ? [plan] : [])];
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
