import type { MessagePlace } from '../../domain/people/message-place.ts';
import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import { manifestOf, manifestText } from '../../domain/restore/manifest.ts';
import { restorePlan } from '../../domain/restore/restore-plan.ts';
import type { ThreadEntry } from '../../domain/run/notice.ts';
import type { BackupRun } from '../../domain/run/run.ts';
import type { OutboxItem } from '../../workflow/ports/records.ts';
import { slackFailure } from '../client/slack-failure.ts';
import { type TextFile, uploadToThread } from '../client/upload.ts';
import {
  type Message,
  messageAsText,
  restoreFilesMissing,
  shortForms,
  threadMessage,
} from '../messages/index.ts';
import { contextOf } from './deps.ts';
import { isLeftBehind } from './edit-message.ts';
import { findEarlier, markOf, postMarked } from './marked-posts.ts';
import type { PosterDeps } from './poster-deps.ts';
import { cardOf } from './run-card.ts';
import { isTooLong, sendShortened } from './too-long.ts';
import { inWords, UnpostableError } from './unpostable-error.ts';

/** What a message in a run's thread is about. */
interface InThread {
  readonly item: OutboxItem;
  readonly entry: ThreadEntry;
  readonly run: BackupRun;
  readonly policy: ClusterPolicy;
}

/** Returns its ts; undefined: it was uploaded, which gives none. */
export async function postInThread(deps: PosterDeps, about: InThread): Promise<string | undefined> {
  const { entry, run, policy } = about;
  const context = contextOf(deps, policy.language, policy);
  if (entry.type === 'restore-files') return postRestoreFiles(deps, about);
  return postEntry(
    deps,
    about,
    inWords(() => threadMessage(entry, run, context)),
  );
}

async function postEntry(
  deps: PosterDeps,
  { item, entry, run, policy }: InThread,
  message: Message,
): Promise<string | undefined> {
  const { client } = deps;
  const card = await placeOfCard(deps, run, policy);
  const to = ({ channel, ts }: MessagePlace) => ({ channel, threadTs: ts });
  const arrived = await findEarlier(deps, item, to(card));
  if (arrived) return arrived.ts;
  return underCard(deps, run, policy, card, async (under) => {
    const send = (form: Message) => postMarked(client, to(under), form, markOf(item));
    try {
      return (await send(message)).ts;
    } catch (error) {
      if (!isTooLong(slackFailure(error))) throw error;
    }
    const file = { name: `${entry.type}-${run.id}-${item.id}.txt`, content: messageAsText(message) };
    const failure = await deps.uploadOnce(item, under, [file.name], () =>
      uploadToThread(client, under, [file], message.text),
    );
    if (failure === undefined) return undefined;
    deps.log.warn({ runId: run.id, trouble: failure }, 'a long message could not be uploaded as a file');
    const context = contextOf(deps, policy.language, policy);
    const [first = message, ...shorter] = shortForms(message, `show ${run.id}`, context);
    return (await sendShortened(first, shorter, send)).ts;
  });
}

/** A card that could not be posted when its turn came: the bot may have been invited since. */
async function placeOfCard(deps: PosterDeps, run: BackupRun, policy: ClusterPolicy): Promise<MessagePlace> {
  return run.card ?? deps.live.show(cardOf(deps, run, policy), { mayHaveArrived: true });
}

/** The thread of a deleted message is not visible to readers: it goes on under the new card. */
async function underCard<Sent>(
  deps: PosterDeps,
  run: BackupRun,
  policy: ClusterPolicy,
  card: MessagePlace,
  send: (under: MessagePlace) => Promise<Sent>,
): Promise<Sent> {
  try {
    return await send(card);
  } catch (error) {
    const failure = slackFailure(error);
    const isDeleted = failure.kind === 'refused' && failure.code === 'thread_not_found';
    // Or it is in a channel that takes nothing and is not the configured one any more.
    if (!isDeleted && !isLeftBehind(error, card, policy.channel)) throw error;
    return send(await deps.live.replace(cardOf(deps, run, policy)));
  }
}

async function postRestoreFiles(deps: PosterDeps, about: InThread): Promise<string | undefined> {
  const { item, entry, run, policy } = about;
  const context = contextOf(deps, policy.language, policy);
  const files = inWords(() => restoreFiles(deps, run, policy));
  if (files.length === 0) throw new UnpostableError(`run ${run.id} has no manifest to put into its thread`);
  const { text } = inWords(() => threadMessage(entry, run, context));
  const card = await placeOfCard(deps, run, policy);
  const names = files.map(({ name }) => name);
  const failure = await deps.uploadOnce(item, card, names, () =>
    underCard(deps, run, policy, card, (under) => uploadToThread(deps.client, under, files, text)),
  );
  if (failure === undefined) return undefined;
  deps.log.warn({ runId: run.id, trouble: failure }, 'the files for a restore could not be uploaded');
  return postEntry(
    deps,
    about,
    inWords(() => restoreFilesMissing(run, failure, context)),
  );
}

/** Both as they are of use when cluster, bot and destinations are out of sight. */
function restoreFiles(
  { restoreText, clock }: PosterDeps,
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
