import type { App } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import type { Asked } from '../../workflow/access/backups.ts';
import {
  actionIds,
  answerWindow,
  type BoardWindow,
  type Context,
  checkWindow,
  detailsWindow,
  failedWindow,
  loadingWindow,
  runsAnswer,
} from '../messages/index.ts';
import { acknowledge } from './acknowledge.ts';
import { onButton } from './adapter.ts';
import { contextFor, contextOf } from './answer.ts';
import { redraw } from './home.ts';
import type { Delivery, ListenerDeps } from './listener.ts';
import { openFormFor } from './open-form.ts';
import { openView, updateView } from './views.ts';

/** The buttons of one cluster on the board. */
export function listenToBoardButtons(app: App, deps: ListenerDeps): void {
  onClusterButton(app, deps, actionIds.boardBackUp, (delivery, name) => openFormFor(deps, delivery, name));
  onClusterButton(app, deps, actionIds.boardCheck, (delivery, name) =>
    openWindow(deps, delivery, 'check', name),
  );
  onClusterButton(app, deps, actionIds.boardDetails, (delivery, name) =>
    openWindow(deps, delivery, 'details', name),
  );
}

/** What is asked from the Home tab is asked as in the cluster's own channel: the tab has none. */
function onClusterButton(
  app: App,
  deps: ListenerDeps,
  actionId: string,
  open: (delivery: Delivery, cluster: string) => Promise<void>,
): void {
  onButton(app, deps, actionId, async (click) => {
    const cluster = deps.fleet.cluster(click.value);
    if (cluster) return open({ ...click, channel: cluster.channel, home: true }, cluster.name);
    await acknowledge(deps, click);
    return redraw(deps, click);
  });
}

async function openWindow(
  deps: ListenerDeps,
  delivery: Delivery,
  window: BoardWindow,
  cluster: string,
): Promise<void> {
  const known = deps.people.languageKnown(delivery.slackUser, deps.language);
  const opened = await openView(
    deps,
    delivery,
    loadingWindow(window, cluster, contextFor(deps, known, cluster)),
  );
  if (typeof opened === 'string') return;
  const context = contextOf(deps, delivery, cluster);
  await updateView(deps, opened, await contentOf(deps, delivery, window, cluster, context));
}

async function contentOf(
  deps: ListenerDeps,
  asked: Asked,
  window: BoardWindow,
  cluster: string,
  context: Promise<Context>,
): Promise<ModalView> {
  try {
    if (window === 'details') return await details(deps, asked, cluster, context);
    return checkWindow(await deps.backups.check(asked, { cluster, node: undefined }), await context);
  } catch (error) {
    deps.log.error({ what: `board-${window}`, cluster, err: error }, 'a window could not be filled');
    return failedWindow(window, await context);
  }
}

async function details(
  { backups }: ListenerDeps,
  asked: Asked,
  cluster: string,
  asking: Promise<Context>,
): Promise<ModalView> {
  const [runs, board] = await Promise.all([backups.status(asked, { cluster }), backups.board(asked)]);
  const context = await asking;
  if (runs.outcome !== 'runs')
    return answerWindow('details', runsAnswer('status', runs, context).blocks ?? [], context);
  const row = board.outcome === 'board' ? board.rows.find((each) => each.cluster === cluster) : undefined;
  return detailsWindow({ cluster, row, runs: runs.runs }, context);
}
