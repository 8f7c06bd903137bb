import type { App } from '@slack/bolt';
import type { ReminderAnswer } from '../../workflow/access/backups.ts';
import {
  actionIds,
  parseReminderPlace,
  type ReminderFormPlace,
  type ReminderFormProblem,
  reminderAnswer,
  reminderForm,
  reminderFormErrors,
  reminderFormNotOpened,
  reminderFormView,
  type WatchButton,
} from '../messages/index.ts';
import { recordFirst } from './acknowledge.ts';
import { type Click, onSubmission, type Submission } from './adapter.ts';
import { answerPrivately, contextFor, contextOf } from './answer.ts';
import { trimSpaces } from './command-scanner.ts';
import type { ListenerDeps } from './listener.ts';
import { openView } from './views.ts';
import { onWatchButton } from './watch-buttons.ts';

/** “Not needed, because …”: asks for the reason, which ends the reminder. */
export function listenToDismissal(app: App, deps: ListenerDeps): void {
  onWatchButton(app, deps, actionIds.reminderDismiss, (click, button) => openReasonForm(deps, click, button));
  onSubmission(app, deps, reminderForm.view, (submission) => {
    const place = parseReminderPlace(submission.view.private_metadata);
    const asked = { ...submission, channel: place?.channel ?? '' };
    // What a better reason can fix stays in the form; everything else is said privately.
    return recordFirst(deps, asked, () => dismiss(deps, asked, place), reminderAnswer, {
      refuse: submission.refuse,
      errorsFor(answer) {
        const problem = answer ?? ({ outcome: 'not-recorded' } as const);
        if (!isProblem(problem)) return undefined;
        return (language) => reminderFormErrors(problem, contextFor(deps, language, place?.cluster));
      },
    });
  });
}

/** A reminder that is over is found out when the form is sent. */
async function openReasonForm(deps: ListenerDeps, click: Click, { cluster, id }: WatchButton): Promise<void> {
  const { slackUser, channel } = click;
  const fallback = deps.fleet.cluster(cluster)?.language ?? deps.language;
  const known = deps.people.languageKnown(slackUser, fallback);
  const view = reminderFormView({ channel, cluster, id }, contextFor(deps, known, cluster));
  if ((await openView(deps, click, view)) !== 'failed') return;
  await answerPrivately(deps, click, reminderFormNotOpened(await contextOf(deps, click, cluster)));
}

async function dismiss(
  { backups }: ListenerDeps,
  asked: Submission,
  place: ReminderFormPlace | undefined,
): Promise<ReminderAnswer> {
  if (!asked.ours) return { outcome: 'refused-person', accountKind: 'stranger' };
  if (!place) return { outcome: 'reminder-over', reminder: undefined, cluster: '…' };
  const { values } = asked.view.state;
  const reason = trimSpaces(values[reminderForm.reason]?.[reminderForm.reason]?.value ?? '');
  return backups.dismiss(asked, { cluster: place.cluster, id: place.id, reason });
}

function isProblem(answer: ReminderAnswer | ReminderFormProblem): answer is ReminderFormProblem {
  return ['reason-missing', 'reason-too-long', 'not-recorded'].includes(answer.outcome);
}
