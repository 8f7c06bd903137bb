import type { MessagePlace } from '../../domain/people/message-place.ts';
import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import type { BackupRun } from '../../domain/run/run.ts';
import { cardLink } from '../client/card-link.ts';
import { slackFailure } from '../client/slack-failure.ts';
import { cardMoved, runCard, shortForms } from '../messages/index.ts';
import { contextOf, type OutboxDeps, runAndPolicy } from './deps.ts';
import { findSuccessor, type LiveMessage, postLive } from './live-messages.ts';
import { findMarked, postMarked } from './marked-posts.ts';
import { inWords, UnpostableError } from './unpostable-error.ts';

/** The card of a run, whose thread is the run's log. */
export function cardOf(deps: OutboxDeps, run: BackupRun, policy: ClusterPolicy): LiveMessage {
  const { client, records } = deps;
  const again = async () => {
    const now = await runAndPolicy(deps, run.id);
    return cardOf(deps, now.run, now.policy);
  };
  const card: LiveMessage = {
    mark: { runId: run.id },
    place: run.card,
    channel: policy.channel,
    sinceMs: run.requestedAt,
    ...(run.status === 'running' ? { again } : {}),
    draw: async () => {
      const context = { ...contextOf(deps, policy.language, policy), policy };
      const message = inWords(() => runCard(run, context));
      return { message, shorter: inWords(() => shortForms(message, `show ${run.id}`, context)) };
    },
    posted: (place) => records.cardPosted(run.id, place),
    // The old card goes on showing an old state, with buttons: its thread says where the run goes on.
    async closed(old, drawn) {
      const known = await findSuccessor(deps, card);
      const place = known ?? (await postLive(client, card, drawn));
      await sayMoved(deps, run, policy, { from: old, to: place, mayBeSaid: known !== undefined });
      // Last: whatever fails before is done by the next try.
      await records.cardPosted(run.id, place);
      return place;
    },
  };
  return card;
}

async function sayMoved(
  deps: OutboxDeps,
  run: BackupRun,
  policy: ClusterPolicy,
  { from, to, mayBeSaid }: { from: MessagePlace; to: MessagePlace; mayBeSaid: boolean },
): Promise<void> {
  const { client, clock, log } = deps;
  const thread = { channel: from.channel, threadTs: from.ts };
  const mark = { runId: run.id, message: `moved ${to.ts}` };
  try {
    if (mayBeSaid && (await findMarked(deps, { ...thread, sinceMs: run.requestedAt }, mark))) return;
    const movedTo = { runId: run.id, channel: to.channel, cardLink: await cardLink(client, clock, to) };
    const moved = inWords(() => cardMoved(movedTo, contextOf(deps, policy.language, policy)));
    await postMarked(client, thread, moved, mark);
  } catch (error) {
    const failure = slackFailure(error);
    const refused = failure.kind === 'refused' || failure.kind === 'proxy-refused';
    if (!refused && !(error instanceof UnpostableError)) throw error;
    // The run's new card and thread do not wait for a thread that takes nothing.
    const fields = { runId: run.id, trouble: failure.detail };
    log.warn(fields, 'the thread of the old card does not say where the run goes on');
  }
}
