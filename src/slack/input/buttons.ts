import type { App } from '@slack/bolt';
import type { BackupRun } from '../../domain/run/run.ts';
import { isActive } from '../../domain/run/run-status.ts';
import type { CancelAnswer, VoteAnswer } from '../../workflow/access/backups.ts';
import { slackFailure } from '../client/slack-failure.ts';
import {
  actionIds,
  type Context,
  cancelAnswer,
  commandProblem,
  formIds,
  type Message,
  parseButtonValue,
  runCard,
  shortForms,
  voteAnswer,
} from '../messages/index.ts';
import { editMessage } from '../outbox/edit-message.ts';
import { sendShortened } from '../outbox/too-long.ts';
import { acknowledge, acknowledgeFirst, recordFirst } from './acknowledge.ts';
import { type Click, onAnyClick, onButton } from './adapter.ts';
import { contextFor, withCardLink } from './answer.ts';
import type { ListenerDeps } from './listener.ts';

export function listenToVote(app: App, deps: ListenerDeps, decision: 'approve' | 'reject'): void {
  onButton(app, deps, actionIds[decision], (click) => {
    const value = parseButtonValue(click.value);
    if (!value) return noSuchRun(deps, click);
    // Without a plan's number an approval would hold for whatever the plan is now: plans are counted from 1.
    const { runId, planRevision = 0 } = value;
    const vote = () => deps.backups.vote(click, { runId, decision, reason: undefined, planRevision });
    return recordAndRedraw(deps, click, vote, async (answer, context) => {
      const lookThere = answer.outcome === 'old-plan' || answer.outcome === 'not-this-card';
      return voteAnswer(answer, lookThere ? await withCardLink(deps, context, answer.run.card) : context);
    });
  });
}

export function listenToCancel(app: App, deps: ListenerDeps): void {
  onButton(app, deps, actionIds.cancel, (click) => {
    const value = parseButtonValue(click.value);
    if (!value) return noSuchRun(deps, click);
    const cancel = () => deps.backups.cancel(click, { runId: value.runId, reason: undefined });
    return recordAndRedraw(deps, click, cancel, cancelAnswer);
  });
}

/** A card whose last edit was given up still has buttons: a click on one shows its run as it ended. */
async function recordAndRedraw<Answer extends VoteAnswer | CancelAnswer>(
  deps: ListenerDeps,
  click: Click,
  record: () => Promise<Answer>,
  words: (answer: Answer, context: Context) => Message | Promise<Message>,
): Promise<void> {
  let over: BackupRun | undefined;
  const recorded = async () => {
    const answer = await record();
    // What this very click ended is drawn again by the sender.
    if ('run' in answer && answer.outcome !== 'cancelled') over = answer.run;
    return answer;
  };
  await recordFirst(deps, click, recorded, words);
  if (over && !isActive(over.status)) await redrawCard(deps, over, click);
}

async function redrawCard(deps: ListenerDeps, run: BackupRun, { message: clicked }: Click): Promise<void> {
  const policy = deps.fleet.cluster(run.cluster);
  const { card } = run;
  if (!policy || !card || card.channel !== clicked?.channel || card.ts !== clicked.ts) return;
  try {
    const context = contextFor(deps, policy.language, run.cluster);
    const message = runCard(run, { ...context, policy });
    await sendShortened(message, shortForms(message, `show ${run.id}`, context), (form) =>
      editMessage(deps.client, card, form, policy.channel),
    );
  } catch (error) {
    // The clicker has the answer; the next click tries again.
    deps.log.info({ runId: run.id, trouble: slackFailure(error).detail }, 'an old card could not be redrawn');
  }
}

/** Buttons that an earlier or later release of this bot posted: a click on an old button always gets an answer. */
export function listenToUnknownButtons(app: App, deps: ListenerDeps): void {
  const known = new Set<string>([...Object.values(actionIds), ...Object.values(formIds)]);
  onAnyClick(app, deps, /^[\s\S]*$/, async (click) => {
    const { action_id: word, url } = click.action;
    if (known.has(word)) return;
    // Slack opens the address by itself and only wants an acknowledgement.
    if (url !== undefined) return acknowledge(deps, click);
    deps.log.warn({ actionId: word.slice(0, 80) }, 'a button of another release was clicked');
    const problem = { kind: 'unknown-word', word } as const;
    return acknowledgeFirst(deps, click, async () => problem, commandProblem);
  });
}

function noSuchRun(deps: ListenerDeps, click: Click): Promise<void> {
  const answer = { outcome: 'no-such-run', runId: click.value.slice(0, 40) } as const;
  return acknowledgeFirst(deps, click, async () => answer, voteAnswer);
}
