import type { App, ViewSubmitAction } from '@slack/bolt';
import type { Asked, ReminderAnswer } from '../../workflow/backups.ts';
import { trimSpaces } from '../command-scanner.ts';
import { withDeadline } from '../deadline.ts';
import { isOurs } from '../identity.ts';
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
import { troubleOf } from '../slack-trouble.ts';
import { acknowledge, recordDeadlineMs } from './acknowledge.ts';
import { answerPrivately, clusterOf, contextFor } from './answer.ts';
import type { Click } from './buttons.ts';
import type { Delivery, ListenerDeps } from './listener.ts';
import { onWatchButton } from './watch-buttons.ts';

/** “Not needed, because …”: asks for the reason, which ends the reminder. */
export function listenToDismissal(app: App, deps: ListenerDeps): void {
  onWatchButton(app, deps, actionIds.reminderDismiss, (delivery, click, button) =>
    openReasonForm(deps, delivery, click, button),
  );
  app.view<ViewSubmitAction>(
    { callback_id: reminderForm.view, type: 'view_submission' },
    async ({ body, ack }) => {
      const { values } = body.view.state;
      const place = parseReminderPlace(body.view.private_metadata);
      const delivery: Delivery = {
        slackUser: body.user.id,
        channel: place?.channel ?? '',
        // The same in every delivery of one submission; a form that was refused and is sent again is another one.
        deliveryId: `form:${body.view.id}:${body.trigger_id}`,
        what: reminderForm.view,
        ours: isOurs(deps.identity, {
          teamId: body.team?.id,
          userTeamId: body.user.team_id,
          enterpriseId: body.enterprise?.id,
        }),
        respond: undefined,
        ack: () => ack(),
        ackSpeaks: false,
      };
      const reason = trimSpaces(values[reminderForm.reason]?.[reminderForm.reason]?.value ?? '');
      const refuse = (errors: Record<string, string>) => ack({ response_action: 'errors', errors });
      await dismiss(deps, { delivery, place, reason, refuse });
    },
  );
}

/** Before anything is read or waited for: the trigger lives 3 s. A reminder that is over is found out when it is sent. */
async function openReasonForm(
  deps: ListenerDeps,
  delivery: Delivery,
  click: Click,
  { cluster, id }: WatchButton,
): Promise<void> {
  const { slackUser, channel, what } = delivery;
  const fallback = deps.fleet.cluster(cluster)?.language ?? deps.language;
  const known = deps.people.languageKnown(slackUser, fallback);
  const view = reminderFormView({ channel, cluster, id }, contextFor(deps, known, cluster));
  const opening = deps.client.views.open({ trigger_id: click.body.trigger_id, view }).then(
    () => true,
    (error: unknown) => {
      const trouble = troubleOf(error);
      // Slack delivered it twice, and the first delivery has opened the form.
      if (trouble.kind === 'refused' && trouble.code === 'exchanged_trigger_id') return true;
      deps.log.warn({ what, trouble: trouble.detail }, 'a form could not be opened');
      return false;
    },
  );
  await acknowledge(deps, delivery);
  if (await opening) return;
  const language = await deps.people.language(slackUser, deps.language);
  await answerPrivately(deps, delivery, reminderFormNotOpened(contextFor(deps, language, cluster)));
}

interface Submission {
  readonly delivery: Delivery;
  /** undefined: not from a form of ours. */
  readonly place: ReminderFormPlace | undefined;
  readonly reason: string;
  /** Keeps the form open, with these sentences under its fields. */
  readonly refuse: (errors: Record<string, string>) => Promise<void>;
}

/** Recorded first, then acknowledged. What a better reason can mend stays in the form; everything else is told alone. */
async function dismiss(deps: ListenerDeps, { delivery, place, reason, refuse }: Submission): Promise<void> {
  const language = deps.people.language(delivery.slackUser, deps.language);
  const recording = record(deps, delivery, place, reason);
  const recorded = await withDeadline(deps.clock, recordDeadlineMs, recording).catch((error: unknown) => {
    deps.log.error({ what: delivery.what, err: error }, 'a decision could not be put on record');
    return undefined;
  });
  const answer = recorded?.inTime ? recorded.value : ({ outcome: 'not-recorded' } as const);
  if (isProblem(answer)) {
    const context = contextFor(deps, await language, place?.cluster);
    await refuse(reminderFormErrors(answer, context)).catch((error: unknown) => {
      deps.log.warn(
        { what: delivery.what, trouble: troubleOf(error).detail },
        'a form’s errors did not arrive',
      );
    });
  } else {
    await acknowledge(deps, delivery);
    await tell(deps, delivery, answer);
  }
  // It may still come through: then the person must hear the truth.
  if (recorded?.inTime === false) {
    await recording.then(
      (late) => tell(deps, delivery, late),
      (error: unknown) =>
        deps.log.error({ what: delivery.what, err: error }, 'a decision could not be put on record'),
    );
  }
}

async function record(
  { backups }: ListenerDeps,
  { ours, slackUser, channel, deliveryId }: Delivery,
  place: ReminderFormPlace | undefined,
  reason: string,
): Promise<ReminderAnswer> {
  if (!ours) return { outcome: 'refused-person', standing: 'stranger' };
  if (!place) return { outcome: 'reminder-over', reminder: undefined, cluster: '…' };
  const asked: Asked = { slackUser, channel, deliveryId };
  return backups.dismiss(asked, { cluster: place.cluster, id: place.id, reason });
}

async function tell(deps: ListenerDeps, delivery: Delivery, answer: ReminderAnswer): Promise<void> {
  const language = await deps.people.language(delivery.slackUser, deps.language);
  await answerPrivately(
    deps,
    delivery,
    reminderAnswer(answer, contextFor(deps, language, clusterOf(answer))),
  );
}

function isProblem(answer: ReminderAnswer | ReminderFormProblem): answer is ReminderFormProblem {
  return ['reason-missing', 'reason-too-long', 'not-recorded'].includes(answer.outcome);
}
