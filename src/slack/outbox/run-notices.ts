import type { MessagePlace } from '../../domain/people/message-place.ts';
import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import { manifestOf, manifestText } from '../../domain/restore/manifest.ts';
import { restorePlan } from '../../domain/restore/restore-plan.ts';
import type { Notice } from '../../domain/run/notice.ts';
import type { BackupRun } from '../../domain/run/run.ts';
import type { OutboxItem } from '../../workflow/ports/records.ts';
import { cardLink } from '../client/card-link.ts';
import { mayHaveBeenDone, troubleOf } from '../client/slack-trouble.ts';
import { type TextFile, uploadToThread } from '../client/upload.ts';
import { lookEveryMs, lookForFiles, type UploadWatch } from '../client/uploaded-files.ts';
import {
  type Context,
  type Message,
  messageAsText,
  privateMessage,
  restoreFilesMissing,
  shortForms,
  threadMessage,
} from '../messages/index.ts';
import { isLeftBehind } from './edit-message.ts';
import type { LiveCards } from './live-card.ts';
import { LookAgainError } from './look-again-error.ts';
import { findMarked, postMarked } from './marked-posts.ts';
import { contextOf, type NoticePosterDeps, runAndPolicy } from './poster-deps.ts';
import { postPrivateNotice } from './private-post.ts';
import { isTooLong, sendShortened } from './too-long.ts';
import { inWords, UnpostableError } from './unpostable-error.ts';

export type RunItem = Extract<OutboxItem, { about: 'run' }>;
type Of<Kind extends Notice['kind']> = Extract<Notice, { kind: Kind }>;

/**
 * Brings one message about a run to Slack and returns its ts (undefined where Slack gives none). A message that was
 * tried before is looked for first. Throws UnpostableError, or Slack's errors.
 */
export async function postRunNotice(
  deps: NoticePosterDeps,
  cards: LiveCards,
  uploads: UploadWatch,
  item: RunItem,
): Promise<string | undefined> {
  const { run, policy } = await runAndPolicy(deps, item.runId);
  const triedBefore = item.attempts > 0;
  switch (item.notice.kind) {
    case 'card':
      return (await cards.show(run, policy, { mayHaveArrived: triedBefore })).ts;
    case 'thread':
      if (item.notice.entry.type === 'restore-files') {
        return postRestoreFiles(deps, cards, uploads, item, item.notice, run, policy);
      }
      return postInThread(deps, cards, uploads, item, item.notice, run, policy);
    case 'private':
      return postToPerson(deps, item, item.notice, run, policy);
  }
}

async function postInThread(
  deps: NoticePosterDeps,
  cards: LiveCards,
  uploads: UploadWatch,
  item: RunItem,
  notice: Of<'thread'>,
  run: BackupRun,
  policy: ClusterPolicy,
  say?: (context: Context) => Message,
): Promise<string | undefined> {
  // A card that could not be posted when its turn came: the bot may have been invited since.
  const card = run.card ?? (await cards.show(run, policy, { mayHaveArrived: true }));
  const mark = { runId: run.id, outboxId: item.id };
  const placeUnder = ({ channel, ts }: MessagePlace) => ({ channel, threadTs: ts });
  if (item.attempts > 0) {
    const arrived = await findMarked(deps, { ...placeUnder(card), sinceMs: item.createdAt }, mark);
    if (arrived) return arrived.ts;
  }
  const context = contextOf(deps, policy.language, policy);
  const message = inWords(() => say?.(context) ?? threadMessage(notice.entry, run, context));
  const post = async (under: MessagePlace) => {
    try {
      return (await postMarked(deps.client, placeUnder(under), message, mark)).ts;
    } catch (error) {
      if (!isTooLong(troubleOf(error))) throw error;
    }
    const file = { name: `${notice.entry.type}-${run.id}-${item.id}.txt`, content: messageAsText(message) };
    if (await uploadInstead(deps, uploads, item, under, file, message.text)) return undefined;
    const [first = message, ...shorter] = shortForms(message, `show ${run.id}`, context);
    const send = (form: Message) => postMarked(deps.client, placeUnder(under), form, mark);
    return (await sendShortened(first, shorter, send)).ts;
  };
  try {
    return await post(card);
  } catch (error) {
    if (!isThreadGone(error, card, policy)) throw error;
    // The thread of a deleted message is not visible to readers: it goes on under the new card.
    return post(await cards.replace(run, policy));
  }
}

/** What Slack finds too long as a message, as a file with a short text. False: it takes no files, either. */
async function uploadInstead(
  deps: NoticePosterDeps,
  uploads: UploadWatch,
  item: RunItem,
  under: MessagePlace,
  file: TextFile,
  text: string,
): Promise<boolean> {
  if (await areUploaded(deps, uploads, item, under, [file])) return true;
  if (uploads.of(item.id, item.mayHaveArrived).begun >= uploadTries) return false;
  uploads.begin(item.id);
  try {
    await uploadToThread(deps.client, under, [file], text);
    uploads.forget(item.id);
    return true;
  } catch (error) {
    const trouble = troubleOf(error);
    uploads.failed(item.id, trouble.detail, mayHaveBeenDone(trouble));
    if (trouble.kind !== 'refused' && trouble.kind !== 'proxy-refused') throw error;
    deps.log.warn(
      { runId: item.runId, trouble: trouble.detail },
      'a long message could not be uploaded as a file',
    );
    return false;
  }
}

/** The card was deleted, or it is in a channel that takes nothing and is not the configured one any more. */
function isThreadGone(error: unknown, card: MessagePlace, { channel }: ClusterPolicy): boolean {
  const trouble = troubleOf(error);
  const isDeleted = trouble.kind === 'refused' && trouble.code === 'thread_not_found';
  return isDeleted || isLeftBehind(error, card, channel);
}

/** Slack may take messages and no files (a scope, a proxy): then the thread says where the files are, and goes on. */
const uploadTries = 3;

/** An upload whose answer was lost is looked for before it is made again. Undefined: uploaded, which gives no ts. */
async function postRestoreFiles(
  deps: NoticePosterDeps,
  cards: LiveCards,
  uploads: UploadWatch,
  item: RunItem,
  notice: Of<'thread'>,
  run: BackupRun,
  policy: ClusterPolicy,
): Promise<string | undefined> {
  const files = inWords(() => restoreFiles(deps, run, policy));
  if (files.length === 0) throw new UnpostableError(`run ${run.id} has no manifest to put into its thread`);
  const sayInstead = (trouble: string) => {
    uploads.forget(item.id);
    deps.log.warn({ runId: run.id, trouble }, 'the files for a restore could not be uploaded');
    const say = (each: Context) => restoreFilesMissing(run, trouble, each);
    return postInThread(deps, cards, uploads, item, notice, run, policy, say);
  };
  const card = run.card ?? (await cards.show(run, policy, { mayHaveArrived: true }));
  if (await areUploaded(deps, uploads, item, card, files)) return undefined;
  const { begun, trouble: earlier } = uploads.of(item.id, item.mayHaveArrived);
  if (begun >= uploadTries) return sayInstead(earlier ?? 'no answer');
  const { text } = inWords(() => threadMessage(notice.entry, run, contextOf(deps, policy.language, policy)));
  const upload = (under: MessagePlace) => uploadToThread(deps.client, under, files, text);
  uploads.begin(item.id);
  try {
    await upload(card).catch(async (error: unknown) => {
      if (!isThreadGone(error, card, policy)) throw error;
      await upload(await cards.replace(run, policy));
    });
    uploads.forget(item.id);
    return undefined;
  } catch (error) {
    const trouble = troubleOf(error);
    // A proxy may let messages pass and no files: the thread finds out.
    if (trouble.kind === 'refused' || trouble.kind === 'proxy-refused') return sayInstead(trouble.detail);
    uploads.failed(item.id, trouble.detail, mayHaveBeenDone(trouble));
    throw error;
  }
}

/** Throws LookAgainError while the files of an earlier try may still appear. */
async function areUploaded(
  deps: NoticePosterDeps,
  uploads: UploadWatch,
  item: RunItem,
  { channel, ts }: MessagePlace,
  files: readonly TextFile[],
): Promise<boolean> {
  if (!item.mayHaveArrived) return false;
  const { mayAppear } = uploads.of(item.id, true);
  const found = await lookForFiles(
    deps,
    { channel, threadTs: ts },
    files.map(({ name }) => name),
  );
  if (found === 'absent' && mayAppear) throw new LookAgainError('an upload to the thread', lookEveryMs);
  if (found === 'there') uploads.forget(item.id);
  return found === 'there';
}

/** Both as they are of use when cluster, bot and destinations are out of sight. */
function restoreFiles(
  { restoreText, clock }: NoticePosterDeps,
  run: BackupRun,
  { language }: ClusterPolicy,
): readonly TextFile[] {
  const manifest = manifestOf(run);
  if (!manifest) return [];
  const need = {
    zStream: manifest.release.zStream,
    clusterId: manifest.cluster.id,
    runId: run.id,
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
  item: RunItem,
  notice: Of<'private'>,
  run: BackupRun,
  policy: ClusterPolicy,
): Promise<undefined> {
  const { client, clock } = deps;
  // Its card was given up, and they were notified of that.
  if (notice.say.type === 'request-on-card' && run.card === undefined) return undefined;
  const [language, link] = await Promise.all([
    deps.people.language(notice.slackUser, policy.language),
    cardLink(client, clock, run.card),
  ]);
  const context = contextOf(deps, language, policy);
  const message = inWords(() =>
    privateMessage(notice.say, link === undefined ? context : { ...context, cardLink: link }),
  );
  await postPrivateNotice(deps, item, notice, message, { runId: run.id, outboxId: item.id });
  return undefined;
}
