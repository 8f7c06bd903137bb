import type { App } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import type { ClusterPolicy } from '../../domain/policy.ts';
import type { Asked } from '../../workflow/backups.ts';
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
import { troubleOf } from '../slack-trouble.ts';
import { acknowledge } from './acknowledge.ts';
import { contextFor } from './answer.ts';
import { type Click, deliveryOf, onButton, refuseStranger } from './buttons.ts';
import { redraw } from './home.ts';
import type { Delivery, ListenerDeps } from './listener.ts';
import { openFormFor } from './open-form.ts';

/** The buttons of one cluster on the board. A window opens before anything is read: its trigger lives 3 s. */
export function listenToBoardButtons(app: App, deps: ListenerDeps): void {
  onButton(app, actionIds.boardBackUp, (click) =>
    withCluster(deps, click, (delivery, { name }) =>
      openFormFor(deps, delivery, click.body.trigger_id, name),
    ),
  );
  onButton(app, actionIds.boardCheck, (click) =>
    withCluster(deps, click, (delivery, { name }) =>
      openWindow(deps, { delivery, click, window: 'check', name }),
    ),
  );
  onButton(app, actionIds.boardDetails, (click) =>
    withCluster(deps, click, (delivery, { name }) =>
      openWindow(deps, { delivery, click, window: 'details', name }),
    ),
  );
}

/** What is asked from the Home tab is asked as in the cluster's own channel: the tab has none. */
async function withCluster(
  deps: ListenerDeps,
  click: Click,
  open: (delivery: Delivery, cluster: ClusterPolicy) => Promise<void>,
): Promise<void> {
  const clicked = deliveryOf(deps, click);
  if (!clicked.ours) return refuseStranger(deps, clicked);
  const cluster = deps.fleet.cluster(click.action.value ?? '');
  if (cluster) return open({ ...clicked, channel: cluster.channel }, cluster);
  await acknowledge(deps, clicked);
  return redraw(deps, click);
}

interface Opening {
  readonly delivery: Delivery;
  readonly click: Click;
  readonly window: BoardWindow;
  readonly name: string;
}

async function openWindow(deps: ListenerDeps, { delivery, click, window, name }: Opening): Promise<void> {
  const { client, people, log } = deps;
  const { slackUser, what } = delivery;
  const loading = loadingWindow(
    window,
    name,
    contextFor(deps, people.languageKnown(slackUser, deps.language), name),
  );
  const opening = client.views.open({ trigger_id: click.body.trigger_id, view: loading }).then(
    (answer) => answer.view?.id,
    (error: unknown) => {
      const trouble = troubleOf(error);
      // Slack delivered it twice, and the first delivery has opened the window.
      if (trouble.kind !== 'refused' || trouble.code !== 'exchanged_trigger_id')
        log.warn({ what, trouble: trouble.detail }, 'a window could not be opened');
      return undefined;
    },
  );
  await acknowledge(deps, delivery);
  const id = await opening;
  if (id === undefined) return;
  const language = people.language(slackUser, deps.language);
  const content = await contentOf(deps, { window, name, asked: delivery }, async () =>
    contextFor(deps, await language, name),
  );
  await update(deps, id, content);
}

async function contentOf(
  deps: ListenerDeps,
  { window, name, asked }: { window: BoardWindow; name: string; asked: Asked },
  contextNow: () => Promise<Context>,
): Promise<ModalView> {
  try {
    return window === 'check'
      ? checkWindow(await deps.backups.check(asked, { cluster: name, node: undefined }), await contextNow())
      : await details(deps, asked, name, contextNow);
  } catch (error) {
    deps.log.error({ what: `board-${window}`, cluster: name, err: error }, 'a window could not be filled');
    return failedWindow(window, await contextNow());
  }
}

async function details(
  { backups }: ListenerDeps,
  asked: Asked,
  cluster: string,
  contextNow: () => Promise<Context>,
): Promise<ModalView> {
  const [runs, board] = await Promise.all([backups.status(asked, { cluster }), backups.board(asked)]);
  const context = await contextNow();
  if (runs.outcome !== 'runs')
    return answerWindow('details', runsAnswer('status', runs, context).blocks ?? [], context);
  const row = board.outcome === 'board' ? board.rows.find((each) => each.cluster === cluster) : undefined;
  return detailsWindow({ cluster, row, runs: runs.runs }, context);
}

/** Whoever closed the window does not wait for it any more. */
async function update({ client, log }: ListenerDeps, id: string, view: ModalView): Promise<void> {
  try {
    await client.views.update({ view_id: id, view });
  } catch (error) {
    const trouble = troubleOf(error);
    if (trouble.kind === 'refused' && trouble.code === 'not_found') return;
    log.warn({ trouble: trouble.detail }, 'a window could not be filled');
  }
}
