import type { App, ViewSubmitAction } from '@slack/bolt';
import type { Asked, RequestAnswer } from '../../workflow/backups.ts';
import { cardLink } from '../card-link.ts';
import { withDeadline } from '../deadline.ts';
import { readForm, type SentForm } from '../form-state.ts';
import { isOurs } from '../identity.ts';
import { type FormProblem, fieldErrors, formIds, requestAnswer } from '../messages/index.ts';
import { troubleOf } from '../slack-trouble.ts';
import { acknowledge, recordDeadlineMs } from './acknowledge.ts';
import { answerPrivately, clusterOf, contextFor } from './answer.ts';
import type { Delivery, ListenerDeps } from './listener.ts';

type Recorded = Extract<RequestAnswer, { outcome: 'recorded' | 'duplicate' }>;
type Tried = Recorded | FormProblem;

interface Submission {
  readonly delivery: Delivery;
  readonly sent: SentForm;
  /** Keeps the form open, with these sentences under its fields. */
  readonly refuse: (errors: Record<string, string>) => Promise<void>;
}

/** The form was sent: recorded first, then acknowledged. What cannot be recorded stays in the form, with the reason. */
export function listenToFormSubmission(app: App, deps: ListenerDeps): void {
  app.view<ViewSubmitAction>(
    { callback_id: formIds.view, type: 'view_submission' },
    async ({ body, ack }) => {
      const sent = readForm(body.view);
      const delivery: Delivery = {
        slackUser: body.user.id,
        channel: sent.channel,
        // The same in every delivery of one submission; a form that was refused and is sent again is another one.
        deliveryId: `form:${body.view.id}:${body.trigger_id}`,
        what: formIds.view,
        ours: isOurs(deps.identity, {
          teamId: body.team?.id,
          userTeamId: body.user.team_id,
          enterpriseId: body.enterprise?.id,
        }),
        respond: undefined,
        ack: () => ack(),
        ackSpeaks: false,
      };
      const refuse = (errors: Record<string, string>) => ack({ response_action: 'errors', errors });
      await submit(deps, { delivery, sent, refuse });
    },
  );
}

async function submit(deps: ListenerDeps, { delivery, sent, refuse }: Submission): Promise<void> {
  const language = deps.people.language(delivery.slackUser, deps.language);
  const recording = record(deps, delivery, sent);
  const recorded = await withDeadline(deps.clock, recordDeadlineMs, recording).catch((error: unknown) => {
    deps.log.error({ what: delivery.what, err: error }, 'a request could not be put on record');
    return undefined;
  });
  const tried: Tried = recorded?.inTime ? recorded.value : { outcome: 'not-recorded' };
  if (isRecorded(tried)) {
    await acknowledge(deps, delivery);
    return tell(deps, delivery, tried);
  }
  const context = contextFor(deps, await language, sent.cluster);
  await refuse(fieldErrors(tried, sent, context)).catch((error: unknown) => {
    deps.log.warn(
      { what: delivery.what, trouble: troubleOf(error).detail },
      'a form’s errors did not arrive',
    );
  });
  if (recorded?.inTime === false) await tellWhenLate(deps, delivery, recording);
}

async function record(deps: ListenerDeps, delivery: Delivery, sent: SentForm): Promise<Tried> {
  if (!delivery.ours) return { outcome: 'refused-person', standing: 'stranger' };
  const { cluster, node, nodeOf, reason, emergency } = sent;
  if (cluster === undefined) return { outcome: 'cluster-missing', known: [] };
  if (nodeOf !== undefined && nodeOf !== cluster)
    return { outcome: 'nodes-of-another-cluster', cluster, shown: nodeOf };
  const { slackUser, channel, deliveryId } = delivery;
  const asked: Asked = { slackUser, channel, deliveryId };
  return deps.backups.request(asked, { cluster, node, reason, emergency });
}

/** The records answered after the person had read that they did not: then they must hear the truth. */
async function tellWhenLate(
  deps: ListenerDeps,
  delivery: Delivery,
  recording: Promise<Tried>,
): Promise<void> {
  deps.log.error({ what: delivery.what, deadlineMs: recordDeadlineMs }, 'the records did not answer in time');
  try {
    const late = await recording;
    if (isRecorded(late)) await tell(deps, delivery, late);
  } catch (error) {
    deps.log.error({ what: delivery.what, err: error }, 'a request could not be put on record');
  }
}

async function tell(deps: ListenerDeps, delivery: Delivery, answer: Recorded): Promise<void> {
  const language = await deps.people.language(delivery.slackUser, deps.language);
  const context = contextFor(deps, language, clusterOf(answer));
  const card = 'run' in answer ? answer.run.card : undefined;
  const link = await cardLink(deps.client, deps.clock, card);
  const said = requestAnswer(answer, link === undefined ? context : { ...context, cardLink: link });
  await answerPrivately(deps, delivery, said);
}

function isRecorded(tried: Tried): tried is Recorded {
  return tried.outcome === 'recorded' || tried.outcome === 'duplicate';
}
