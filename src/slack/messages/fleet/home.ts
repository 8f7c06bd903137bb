import type { ActionsBlock, HomeView, KnownBlock, PlainTextOption, StaticSelect } from '@slack/types';
import type { BoardRow } from '../../../domain/fleet/board.ts';
import { coverageStates } from '../../../domain/watch/coverage.ts';
import type { NotAllowed } from '../../../workflow/access/backups.ts';
import { actionIds } from '../kit/action-ids.ts';
import { actionsBlock, button, footerBlock, plain, sectionBlock } from '../kit/blocks.ts';
import { limits } from '../kit/limits.ts';
import { toolsFor } from '../kit/make-tools.ts';
import { cutMarkup, Markup } from '../kit/markup.ts';
import { refusal } from '../kit/refusal.ts';
import type { Context, Tools } from '../kit/tools.ts';
import { boardRowText } from './board-rows.ts';
import { boardSummary, countStates } from './board-summary.ts';
import { type BoardPlace, everyState, placeText } from './home-place.ts';
import { boardWords } from './words.ts';

const homeCallbackId = 'board';

export interface Board {
  /** Worst first. */
  readonly rows: readonly BoardRow[];
  /** What the person asked to see; a page that is not there is the last one. */
  readonly place: BoardPlace;
  /** Each cluster's own clock (IANA). */
  readonly timeZoneOf: (cluster: string) => string;
}

/** The Home tab: every cluster's state, a page of them with buttons. */
export function homeView(board: Board, context: Context): HomeView {
  const t = toolsFor(context);
  if (board.rows.length === 0) return view([sectionBlock(boardWords(t).fleetEmpty())], '');
  const page = pageOf(board);
  const foot = turning(page, t);
  return view(
    [
      sectionBlock(boardSummary(board.rows, t)),
      footerBlock(boardWords(t).drawnAt(context.now)),
      controls(board, page, t),
      { type: 'divider' },
      ...(page.rows.length === 0 ? [sectionBlock(boardWords(t).noneShown())] : []),
      ...page.rows.flatMap((row) => rowBlocks(row, context, board)),
      ...(page.rows.length === 0 ? [] : [footerBlock(boardWords(t).shown(page))]),
      ...(foot.length === 0 ? [] : [{ ...actionsBlock(foot), block_id: 'board-end' }]),
    ],
    placeText({ page: page.page, state: board.place.state }),
  );
}

/** For a person who may not see the fleet: one sentence, and nothing of it. */
export function closedHome(answer: NotAllowed, context: Context): HomeView {
  return view(refusal(answer, context).blocks ?? [], '');
}

export function unreadableHome(context: Context): HomeView {
  const board = boardWords(toolsFor(context));
  const again = button({ id: actionIds.boardRefresh, label: board.buttons.refresh, value: 'again' });
  return view([sectionBlock(board.unreadable()), actionsBlock([again])], '');
}

interface Page {
  readonly rows: readonly BoardRow[];
  readonly page: number;
  readonly pages: number;
  readonly from: number;
  readonly to: number;
  readonly of: number;
}

function pageOf({ rows, place }: Board): Page {
  const chosen = rows.filter(({ coverage }) => place.state === undefined || coverage.state === place.state);
  const pages = Math.max(1, Math.ceil(chosen.length / limits.boardPage));
  const page = Math.min(Math.max(1, place.page), pages);
  const start = (page - 1) * limits.boardPage;
  const shown = chosen.slice(start, start + limits.boardPage);
  return { rows: shown, page, pages, from: start + 1, to: start + shown.length, of: chosen.length };
}

function controls({ rows, place }: Board, page: Page, t: Tools): ActionsBlock {
  const board = boardWords(t);
  const refresh = button({ id: actionIds.boardRefresh, label: board.buttons.refresh, value: 'again' });
  const block = actionsBlock([refresh, ...turning(page, t), filter(rows, place, t)]);
  // Slack keeps a choice while the block's id stays: after another one the list must show that.
  return { ...block, block_id: `board-top/${place.state ?? everyState}/${page.page}` };
}

function turning({ page, pages }: Page, t: Tools) {
  const { earlier, later } = boardWords(t).buttons;
  const to = (id: 'boardPage' | 'boardPageBack', label: string, target: number) =>
    button({ id: actionIds[id], label, value: String(target) });
  return [
    ...(page > 1 ? [to('boardPageBack', earlier, page - 1)] : []),
    ...(page < pages ? [to('boardPage', later, page + 1)] : []),
  ];
}

function filter(rows: readonly BoardRow[], { state }: BoardPlace, t: Tools): StaticSelect {
  const { filter: say } = boardWords(t);
  const counts = countStates(rows);
  const all = option(say.all(rows.length), everyState);
  const states = coverageStates.map((each) => option(say.state[each](counts[each]), each));
  return {
    type: 'static_select',
    action_id: actionIds.boardFilter,
    placeholder: plain(say.placeholder, limits.inputPlaceholder),
    options: [all, ...states],
    initial_option: states.find(({ value }) => value === state) ?? all,
  };
}

function option(label: string, value: string): PlainTextOption {
  return { text: plain(label, limits.optionText), value };
}

function rowBlocks(row: BoardRow, context: Context, { timeZoneOf }: Board): KnownBlock[] {
  const { cluster, coverage, active } = row;
  const t = toolsFor({ ...context, timeZone: timeZoneOf(cluster) });
  const { buttons } = boardWords(t);
  const text = boardRowText(row, t);
  // While it is being updated, a run is under way or the control plane is elsewhere, a backup cannot run: the row says so.
  const hosted = coverage.elsewhere?.controlPlane === 'hosted';
  const possible = coverage.state !== 'updating' && active === undefined && !hosted;
  const urgent = coverage.state === 'uncovered' || coverage.state === 'stale';
  const style = urgent ? { style: 'primary' as const } : {};
  return [
    sectionBlock(new Markup(cutMarkup(text.source, limits.boardRow))),
    actionsBlock([
      ...(possible
        ? [button({ id: actionIds.boardBackUp, label: buttons.backUp, value: cluster, ...style })]
        : []),
      button({ id: actionIds.boardCheck, label: buttons.check, value: cluster }),
      button({ id: actionIds.boardDetails, label: buttons.details, value: cluster }),
    ]),
  ];
}

function view(blocks: readonly KnownBlock[], place: string): HomeView {
  return {
    type: 'home',
    callback_id: homeCallbackId,
    private_metadata: place,
    blocks: blocks.slice(0, limits.homeBlocks),
  };
}
