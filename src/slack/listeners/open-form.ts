import type { App } from '@slack/bolt';
import { clustersHere, meantCluster } from '../../workflow/admission.ts';
import type { Asked, RequestAnswer } from '../../workflow/backups.ts';
import { readForm, type SentView } from '../form-state.ts';
import {
  actionIds,
  formIds,
  listable,
  loadingView,
  maxTyped,
  requestAnswer,
  type TypedFields,
} from '../messages/index.ts';
import { limits } from '../messages/limits.ts';
import { troubleOf } from '../slack-trouble.ts';
import { acknowledge, acknowledgeFirst } from './acknowledge.ts';
import { answerPrivately, contextFor } from './answer.ts';
import { deliveryOf, onButton, refuseStranger } from './buttons.ts';
import { formOf, type OpenView, showForm } from './form-views.ts';
import type { Delivery, ListenerDeps } from './listener.ts';

const nothingTyped: TypedFields = { node: undefined, reason: undefined, emergency: undefined };

/** Whether a `run` that names no cluster is to be answered with the form: no I/O, the trigger lives 3 s. */
export function needsForm(deps: ListenerDeps, asked: Asked, typed: TypedFields): boolean {
  const ambiguous = 'question' in meantCluster(deps.fleet, undefined, asked.channel);
  return ambiguous && typedFits(typed) && formPossible(deps, asked);
}

/** The button under the list of clusters. */
export function listenToAsk(app: App, deps: ListenerDeps): void {
  onButton(app, actionIds.ask, (click) => {
    const delivery = deliveryOf(deps, click);
    if (!delivery.ours) return refuseStranger(deps, delivery);
    if (formPossible(deps, delivery)) return openForm(deps, delivery, click.body.trigger_id, nothingTyped);
    return acknowledgeFirst(deps, delivery, async () => textForm(deps, delivery), requestAnswer);
  });
}

/** A cluster was chosen in the form: its nodes are offered. Changes nothing but the form. */
export function listenToClusterChoice(app: App, deps: ListenerDeps): void {
  onButton(app, formIds.cluster, async (click) => {
    const { view } = click.body;
    const delivery = deliveryOf(deps, click);
    if (!delivery.ours) return refuseStranger(deps, delivery);
    await acknowledge(deps, delivery);
    if (view?.callback_id !== formIds.view) return;
    const sent = readForm(view as SentView);
    const asked: Asked = { ...delivery, channel: sent.channel };
    // A node that was chosen from another cluster's list is not carried over; a typed one is.
    const typed = { ...sent, node: sent.nodeOf === undefined ? sent.node : undefined };
    await showForm(deps, asked, { id: view.id }, formOf(deps, asked, sent.cluster, typed));
  });
}

/** For a button that names its cluster: the form with this cluster chosen, in which the person may choose another. */
export function openFormFor(
  deps: ListenerDeps,
  delivery: Delivery,
  triggerId: string,
  cluster: string,
): Promise<void> {
  if (formPossible(deps, delivery)) return openForm(deps, delivery, triggerId, nothingTyped, cluster);
  return acknowledgeFirst(deps, delivery, async () => textForm(deps, delivery), requestAnswer);
}

/** Opens the form before anything is read or waited for; where Slack does not open it, the answer is the text form's. */
export async function openForm(
  deps: ListenerDeps,
  delivery: Delivery,
  triggerId: string,
  typed: TypedFields,
  cluster?: string,
): Promise<void> {
  const opening = openLoading(deps, delivery, triggerId);
  await acknowledge(deps, delivery);
  const opened = await opening;
  if (opened === 'earlier') return;
  const shown =
    opened !== 'failed' &&
    (await showForm(deps, delivery, opened, firstForm(deps, delivery, typed, cluster)));
  if (shown) return;
  const language = await deps.people.language(delivery.slackUser, deps.language);
  const answer = requestAnswer(textForm(deps, delivery), contextFor(deps, language, undefined));
  await answerPrivately(deps, delivery, answer);
}

/** With the cluster chosen where one is named, or where only one can be meant. */
function firstForm(deps: ListenerDeps, asked: Asked, typed: TypedFields, cluster: string | undefined) {
  if (cluster !== undefined) return formOf(deps, asked, cluster, typed);
  const meant = meantCluster(deps.fleet, undefined, asked.channel);
  const here = clustersHere(deps.fleet, asked.channel);
  const only = 'cluster' in meant ? meant.cluster : here.length === 1 ? here[0] : undefined;
  return formOf(deps, asked, only?.name, typed);
}

async function openLoading(
  deps: ListenerDeps,
  { slackUser, channel, what }: Delivery,
  triggerId: string,
): Promise<OpenView | 'earlier' | 'failed'> {
  const language = deps.people.languageKnown(slackUser, deps.language);
  const view = loadingView(channel, contextFor(deps, language, undefined));
  try {
    const answer = await deps.client.views.open({ trigger_id: triggerId, view });
    return answer.view?.id === undefined ? 'failed' : { id: answer.view.id };
  } catch (error) {
    const trouble = troubleOf(error);
    // Slack delivered it twice, and the first delivery has opened the form.
    if (trouble.kind === 'refused' && trouble.code === 'exchanged_trigger_id') return 'earlier';
    deps.log.warn({ what, trouble: trouble.detail }, 'a form could not be opened');
    return 'failed';
  }
}

function textForm({ fleet }: ListenerDeps, { slackUser }: Asked): RequestAnswer {
  if (!fleet.person(slackUser)) return { outcome: 'unknown-person' };
  return { outcome: 'cluster-missing', known: fleet.clusters.map((each) => each.name) };
}

function formPossible({ fleet }: ListenerDeps, { slackUser, channel }: Asked): boolean {
  const count = listable(clustersHere(fleet, channel).map((each) => each.name)).length;
  return fleet.person(slackUser) !== undefined && count > 0 && count <= limits.modalClusters;
}

/** Slack refuses a field that begins with more than it takes. */
function typedFits(typed: TypedFields): boolean {
  return (['node', 'reason', 'emergency'] as const).every(
    (field) => (typed[field]?.length ?? 0) <= maxTyped[field],
  );
}
