import type { App } from '@slack/bolt';
import type { HomeView } from '@slack/types';
import type { Asked } from '../../workflow/backups.ts';
import { isOurs } from '../identity.ts';
import {
  actionIds,
  type BoardPlace,
  type Context,
  closedHome,
  firstPlace,
  homeView,
  parsePage,
  parsePlace,
  parseState,
  unreadableHome,
} from '../messages/index.ts';
import { troubleOf } from '../slack-trouble.ts';
import { acknowledge } from './acknowledge.ts';
import { contextFor } from './answer.ts';
import { type Click, deliveryOf, onButton } from './buttons.ts';
import type { ListenerDeps } from './listener.ts';

/** Whose Home tab is to be drawn, and which part of the board they look at. */
interface Looker extends Pick<Asked, 'slackUser' | 'deliveryId'> {
  readonly ours: boolean;
  readonly place: BoardPlace;
  /** The view as the person saw it; undefined: none was published for them yet. */
  readonly hash: string | undefined;
}

/** Longer, and the person has left the tab; opening it again draws it again. */
const patienceMs = 30_000;

/** Somebody opens the Home tab: Bolt acknowledges events itself. */
export function listenToHome(app: App, deps: ListenerDeps): void {
  app.event('app_home_opened', async ({ event, body }) => {
    // The Messages tab comes as the same event.
    if (event.tab !== 'home') return;
    await draw(deps, {
      slackUser: event.user,
      deliveryId: `event:${body.event_id}`,
      ours: isOurs(deps.identity, {
        teamId: body.team_id,
        userTeamId: undefined,
        enterpriseId: body.enterprise_id,
      }),
      place: firstPlace,
      hash: hashOf(event.view),
    });
  });
}

/** The board's own controls: another page, another state, anew. */
export function listenToBoardControls(app: App, deps: ListenerDeps): void {
  const control = (id: string, placeOf: (click: Click, now: BoardPlace) => BoardPlace) =>
    onButton(app, id, async (click) => {
      const delivery = deliveryOf(deps, click);
      await acknowledge(deps, delivery);
      const { view } = click.body;
      // The board stands in Home tabs alone.
      if (view?.type !== 'home') return;
      const place = placeOf(click, parsePlace(view.private_metadata));
      await draw(deps, { ...delivery, place, hash: view.hash });
    });
  const turn = ({ action }: Click, now: BoardPlace) => ({ ...now, page: parsePage(action.value) });
  control(actionIds.boardPage, turn);
  control(actionIds.boardPageBack, turn);
  control(actionIds.boardRefresh, (_, now) => now);
  control(actionIds.boardFilter, (click) => ({ page: 1, state: parseState(chosenOption(click)) }));
}

/** After a click on a cluster that is not configured any more: the board without it is the answer. */
export async function redraw(deps: ListenerDeps, click: Click): Promise<void> {
  const { view } = click.body;
  if (view?.type !== 'home') return;
  const place = parsePlace(view.private_metadata);
  await draw(deps, { ...deliveryOf(deps, click), place, hash: view.hash });
}

async function draw(deps: ListenerDeps, looker: Looker): Promise<void> {
  const { slackUser, deliveryId, place } = looker;
  const language = deps.people.language(slackUser, deps.language);
  const reading = looker.ours
    ? deps.backups.board({ slackUser, deliveryId, channel: '' })
    : Promise.resolve({ outcome: 'refused-person', standing: 'stranger' } as const);
  const answer = await reading.catch((error: unknown) => {
    deps.log.error({ what: 'home', err: error }, 'the board could not be read');
    return undefined;
  });
  const context: Context = contextFor(deps, await language, undefined);
  if (answer === undefined) return publish(deps, looker, unreadableHome(context));
  if (answer.outcome !== 'board') return publish(deps, looker, closedHome(answer, context));
  const { rows } = answer;
  const timeZoneOf = (cluster: string) => deps.fleet.cluster(cluster)?.timeZone ?? context.timeZone;
  return publish(deps, looker, homeView({ rows, place, timeZoneOf }, context));
}

/**
 * Never throws. With the hash of what the person saw: what was published meanwhile is newer than this. A rate limit is
 * waited for once; every failure is told in the log once.
 */
async function publish(deps: ListenerDeps, { slackUser, hash }: Looker, view: HomeView): Promise<void> {
  const { client, clock, log } = deps;
  const once = async () => {
    try {
      await client.views.publish({ user_id: slackUser, view, ...(hash === undefined ? {} : { hash }) });
      return undefined;
    } catch (error) {
      return troubleOf(error);
    }
  };
  const trouble = await once();
  if (trouble === undefined || isOutdated(trouble)) return;
  log.warn({ slackUser, trouble: trouble.detail }, 'the Home tab could not be drawn');
  if (trouble.kind !== 'rate-limited' || trouble.retryAfterMs > patienceMs) return;
  await clock.sleep(trouble.retryAfterMs);
  await once();
}

function isOutdated(trouble: ReturnType<typeof troubleOf>): boolean {
  return trouble.kind === 'refused' && trouble.code === 'hash_conflict';
}

/** Bolt's types of the event leave the hash out. */
function hashOf(view: object | undefined): string | undefined {
  return view && 'hash' in view && typeof view.hash === 'string' ? view.hash : undefined;
}

/** A list's choice; onButton knows of buttons alone. */
function chosenOption({ body }: Click): string | undefined {
  const [action] = body.actions;
  return action?.type === 'static_select' ? action.selected_option?.value : undefined;
}
