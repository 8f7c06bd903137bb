import type { App } from '@slack/bolt';
import { clustersHere, meantCluster } from '../../workflow/access/asked-cluster.ts';
import type { Asked, RequestAnswer } from '../../workflow/access/backups.ts';
import {
  actionIds,
  formIds,
  listable,
  loadingView,
  maxTyped,
  requestAnswer,
  type TypedFields,
} from '../messages/index.ts';
import { limits } from '../messages/kit/limits.ts';
import { acknowledge, acknowledgeFirst } from './acknowledge.ts';
import { onButton } from './adapter.ts';
import { answerPrivately, contextFor, contextOf } from './answer.ts';
import { readForm, type SentView } from './form-state.ts';
import { formOf, showForm } from './form-views.ts';
import type { Delivery, ListenerDeps } from './listener.ts';
import { openView } from './views.ts';

const nothingTyped: TypedFields = { node: undefined, reason: undefined, emergency: undefined };

/** Whether a `run` that names no cluster is to be answered with the form: no I/O, the trigger lives 3 s. */
export function needsForm(deps: ListenerDeps, asked: Asked, typed: TypedFields): boolean {
  const ambiguous = 'question' in meantCluster(deps.fleet, undefined, asked.channel);
  return ambiguous && typedFits(typed) && formPossible(deps, asked);
}

/** The button under the list of clusters. */
export function listenToAsk(app: App, deps: ListenerDeps): void {
  onButton(app, deps, actionIds.ask, (click) => openFormFor(deps, click));
}

/** A cluster was chosen in the form: its nodes are offered. Changes nothing but the form. */
export function listenToClusterChoice(app: App, deps: ListenerDeps): void {
  onButton(app, deps, formIds.cluster, async (click) => {
    const { view } = click.body;
    await acknowledge(deps, click);
    if (view?.callback_id !== formIds.view) return;
    const sent = readForm(view as SentView);
    const asked: Asked = { ...click, channel: sent.channel, home: sent.home };
    // A node that was chosen from another cluster's list is not carried over; a typed one is.
    const typed = { ...sent, node: sent.nodeOf === undefined ? sent.node : undefined };
    await showForm(deps, asked, { id: view.id }, formOf(deps, asked, sent.cluster, typed));
  });
}

/** For a button. One that names its cluster gets the form with this cluster chosen, in which the person may choose another. */
export function openFormFor(deps: ListenerDeps, delivery: Delivery, cluster?: string): Promise<void> {
  if (formPossible(deps, delivery)) return openForm(deps, delivery, nothingTyped, cluster);
  return acknowledgeFirst(deps, delivery, async () => textForm(deps, delivery), requestAnswer);
}

/** Opens the form before anything is read or waited for; where Slack does not open it, the answer is the text form's. */
export async function openForm(
  deps: ListenerDeps,
  delivery: Delivery,
  typed: TypedFields,
  cluster?: string,
): Promise<void> {
  const { channel, home } = delivery;
  const known = deps.people.languageKnown(delivery.slackUser, deps.language);
  const loading = loadingView({ channel, home }, contextFor(deps, known, undefined));
  const opened = await openView(deps, delivery, loading);
  if (opened === 'earlier') return;
  const shown =
    opened !== 'failed' &&
    (await showForm(deps, delivery, opened, firstForm(deps, delivery, typed, cluster)));
  if (shown) return;
  const answer = requestAnswer(textForm(deps, delivery), await contextOf(deps, delivery));
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
