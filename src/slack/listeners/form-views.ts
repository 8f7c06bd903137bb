import type { ModalView } from '@slack/types';
import type { Unreadable } from '../../domain/reading.ts';
import { clustersHere, mayBreakGlass } from '../../workflow/admission.ts';
import type { Asked, NodeProposal } from '../../workflow/backups.ts';
import { withDeadline } from '../deadline.ts';
import {
  type BackupForm,
  closedView,
  formView,
  requestAnswer,
  type SeenNodes,
  type TypedFields,
} from '../messages/index.ts';
import { troubleOf } from '../slack-trouble.ts';
import { contextFor } from './answer.ts';
import type { ListenerDeps } from './listener.ts';

/** Longer, and the person has closed it; the form can be sent without the nodes. */
const nodesDeadlineMs = 10_000;

export interface OpenView {
  readonly id: string;
  /** Given: only if the view is still as it was then. */
  readonly hash?: string | undefined;
}

export function formOf(
  deps: ListenerDeps,
  asked: Asked,
  cluster: string | undefined,
  typed: TypedFields,
): BackupForm {
  const here = clustersHere(deps.fleet, asked.channel);
  const meant = here.filter((each) => cluster === undefined || each.name === cluster);
  return {
    channel: asked.channel,
    clusters: here.map((each) => each.name),
    cluster,
    nodes: undefined,
    typed,
    emergency: typed.emergency !== undefined || meant.some((each) => mayBreakGlass(each, asked.slackUser)),
  };
}

/**
 * Shows the form and, once the chosen cluster's nodes are known, shows them in it. False: Slack did not take the form
 * (that it was closed or sent meanwhile is no failure).
 */
export async function showForm(
  deps: ListenerDeps,
  asked: Asked,
  view: OpenView,
  form: BackupForm,
): Promise<boolean> {
  const language = await deps.people.language(asked.slackUser, deps.language);
  const context = contextFor(deps, language, form.cluster);
  const shown = await update(deps, view, formView(form, context));
  const { cluster } = form;
  if (shown.outcome !== 'shown' || cluster === undefined) return shown.outcome !== 'failed';
  const proposal = await propose(deps, asked, cluster);
  const seen = isSeen(proposal)
    ? formView({ ...form, nodes: proposal }, context)
    : closedView(form.channel, requestAnswer(proposal, context).blocks ?? [], context);
  // With the hash: a choice that was made meanwhile is newer than what was read for this one.
  await update(deps, shown.view, seen);
  return true;
}

async function propose(deps: ListenerDeps, asked: Asked, cluster: string): Promise<NodeProposal> {
  const unreadable = (reason: Unreadable['reason'], detail: string): NodeProposal => {
    return { outcome: 'nodes-unreadable', cluster, why: { reason, detail } };
  };
  try {
    const reading = deps.backups.proposeNode(asked, { cluster });
    const answer = await withDeadline(deps.clock, nodesDeadlineMs, reading);
    if (answer.inTime) return answer.value;
    return unreadable('timeout', `no answer within ${nodesDeadlineMs / 1000} s`);
  } catch (error) {
    deps.log.error({ cluster, err: error }, 'the nodes of a cluster could not be read');
    return unreadable('malformed', '');
  }
}

function isSeen(proposal: NodeProposal): proposal is SeenNodes {
  return proposal.outcome === 'proposed' || proposal.outcome === 'nodes-unreadable';
}

/** `over`: it is not there any more, or it has changed since. */
type Updated =
  | { readonly outcome: 'shown'; readonly view: OpenView }
  | { readonly outcome: 'over' | 'failed' };

async function update({ client, log }: ListenerDeps, view: OpenView, content: ModalView): Promise<Updated> {
  const hash = view.hash === undefined ? {} : { hash: view.hash };
  try {
    const answer = await client.views.update({ view_id: view.id, ...hash, view: content });
    return { outcome: 'shown', view: { id: view.id, hash: answer.view?.hash } };
  } catch (error) {
    const trouble = troubleOf(error);
    if (trouble.kind === 'refused' && ['not_found', 'hash_conflict'].includes(trouble.code)) {
      return { outcome: 'over' };
    }
    log.warn({ trouble: trouble.detail }, 'a form could not be changed');
    return { outcome: 'failed' };
  }
}
