import type { App } from '@slack/bolt';
import type { HomeView } from '@slack/types';
import { slackFailure } from '../client/slack-failure.ts';
import {
  actionIds,
  type BoardPlace,
  closedHome,
  firstPlace,
  homeView,
  parsePage,
  parsePlace,
  parseState,
  unreadableHome,
} from '../messages/index.ts';
import { acknowledge } from './acknowledge.ts';
import { type Click, type OpenedHome, onAnyClick, onHomeOpened } from './adapter.ts';
import { contextOf } from './answer.ts';
import type { ListenerDeps } from './listener.ts';

/** Whose Home tab is to be drawn, and which part of the board they look at. */
interface Looker extends OpenedHome {
  readonly place: BoardPlace;
}

/** Longer, and the person has left the tab; opening it again draws it again. */
const patienceMs = 30_000;

export function listenToHome(app: App, deps: ListenerDeps): void {
  onHomeOpened(app, deps, (opened) => draw(deps, { ...opened, place: firstPlace }));
}

/** The board's own controls: another page, another state, reload. */
export function listenToBoardControls(app: App, deps: ListenerDeps): void {
  const control = (id: string, placeOf: (click: Click, now: BoardPlace) => BoardPlace) =>
    onAnyClick(app, deps, id, async (click) => {
      await acknowledge(deps, click);
      await redraw(deps, click, placeOf);
    });
  const turn = ({ value }: Click, now: BoardPlace) => ({ ...now, page: parsePage(value) });
  control(actionIds.boardPage, turn);
  control(actionIds.boardPageBack, turn);
  control(actionIds.boardRefresh, (_, now) => now);
  control(actionIds.boardFilter, (click) => ({ page: 1, state: parseState(chosenOption(click)) }));
}

/** Another part of the board; or the same, where the cluster that was clicked on is not configured any more. */
export async function redraw(
  deps: ListenerDeps,
  click: Click,
  placeOf: (click: Click, now: BoardPlace) => BoardPlace = (_, now) => now,
): Promise<void> {
  const { view } = click.body;
  // The board is in Home tabs only.
  if (view?.type !== 'home') return;
  const place = placeOf(click, parsePlace(view.private_metadata));
  await draw(deps, { ...click, place, hash: view.hash });
}

async function draw(deps: ListenerDeps, looker: Looker): Promise<void> {
  const { slackUser, deliveryId, place } = looker;
  const asking = contextOf(deps, looker);
  const reading = looker.ours
    ? deps.backups.board({ slackUser, deliveryId, channel: '' })
    : Promise.resolve({ outcome: 'refused-person', accountKind: 'stranger' } as const);
  const answer = await reading.catch((error: unknown) => {
    deps.log.error({ what: 'home', err: error }, 'the board could not be read');
    return undefined;
  });
  const context = await asking;
  if (answer === undefined) return publish(deps, looker, unreadableHome(context));
  if (answer.outcome !== 'board') return publish(deps, looker, closedHome(answer, context));
  const { rows } = answer;
  const timeZoneOf = (cluster: string) => deps.fleet.cluster(cluster)?.timeZone ?? context.timeZone;
  return publish(deps, looker, homeView({ rows, place, timeZoneOf }, context));
}

/**
 * Never throws. With the hash of what the person saw: what was published meanwhile is newer than this. A rate limit is
 * waited for once; every failure is logged once.
 */
async function publish(deps: ListenerDeps, { slackUser, hash }: Looker, view: HomeView): Promise<void> {
  const { client, clock, log } = deps;
  const once = async () => {
    try {
      await client.views.publish({ user_id: slackUser, view, ...(hash === undefined ? {} : { hash }) });
      return undefined;
    } catch (error) {
      return slackFailure(error);
    }
  };
  const trouble = await once();
  if (trouble === undefined || isOutdated(trouble)) return;
  log.warn({ slackUser, trouble: trouble.detail }, 'the Home tab could not be drawn');
  if (trouble.kind !== 'rate-limited' || trouble.retryAfterMs > patienceMs) return;
  await clock.sleep(trouble.retryAfterMs);
  await once();
}

function isOutdated(trouble: ReturnType<typeof slackFailure>): boolean {
  return trouble.kind === 'refused' && trouble.code === 'hash_conflict';
}

/** A list's choice; a click knows of buttons alone. */
function chosenOption({ body }: Click): string | undefined {
  const [action] = body.actions;
  return action?.type === 'static_select' ? action.selected_option?.value : undefined;
}
