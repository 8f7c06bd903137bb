import type { Unreadable } from '../../domain/cluster/reading.ts';
import { clustersHere } from '../../workflow/access/asked-cluster.ts';
import { mayBreakGlass } from '../../workflow/access/authorization.ts';
import type { Asked, NodeProposal } from '../../workflow/access/backups.ts';
import { withDeadline } from '../../workflow/ports/deadline.ts';
import {
  type BackupForm,
  closedView,
  formView,
  requestAnswer,
  type SeenNodes,
  type TypedFields,
} from '../messages/index.ts';
import { contextOf } from './answer.ts';
import type { ListenerDeps } from './listener.ts';
import { type OpenView, updateView } from './views.ts';

/** Longer, and the person has closed it; the form can be sent without the nodes. */
const nodesDeadlineMs = 10_000;

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
    home: asked.home,
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
  const { cluster } = form;
  const context = await contextOf(deps, asked, cluster);
  const shown = await updateView(deps, view, formView(form, context));
  if (typeof shown === 'string' || cluster === undefined) return shown !== 'failed';
  const proposal = await propose(deps, asked, cluster);
  const seen = isSeen(proposal)
    ? formView({ ...form, nodes: proposal }, context)
    : closedView(form, requestAnswer(proposal, context).blocks ?? [], context);
  // With the hash: a choice that was made meanwhile is newer than what was read for this one.
  await updateView(deps, shown, seen);
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
