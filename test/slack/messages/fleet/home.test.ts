import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import type { HomeView, KnownBlock, ModalView } from '@slack/types';
import { problemsOfView } from '../../../../sandbox/slack/block-check.ts';
import type { JsonObject } from '../../../../sandbox/slack/json.ts';
import { renderView } from '../../../../sandbox/slack/render.ts';
import type { BoardRow } from '../../../../src/domain/fleet/board.ts';
import type { Language } from '../../../../src/domain/policy/policy.ts';
import { coverageStates } from '../../../../src/domain/watch/coverage.ts';
import {
  actionIds,
  checkWindow,
  closedHome,
  detailsWindow,
  failedWindow,
  firstPlace,
  fleetMessage,
  homeView,
  loadingWindow,
  parsePage,
  parsePlace,
  unreadableHome,
} from '../../../../src/slack/messages/index.ts';
import { compareGolden, keepBlocks } from '../../../support/golden.ts';
import { readable } from '../../../support/plain-text.ts';
import { slackComplaints } from '../../../support/slack-limits.ts';
import { aBackup, aBoardRow, aCoverage, boardRows, openReminder } from '../boards.ts';
import { copied } from '../copied-runs.ts';
import { contextIn, findings, runs } from '../runs.ts';

const names = {
  user: (id: string) => `@${id}`,
  channel: (id: string) => `#${id}`,
  group: (id: string) => `@${id}`,
};
const timeZoneOf = () => 'Asia/Seoul';
const languages = ['en', 'ko'] as const;
const en = contextIn('en');

// UPDATE_GOLDEN=1 writes the texts again: then read them aloud before you keep them.
function compare(language: Language, name: string, ...views: readonly (HomeView | ModalView)[]) {
  for (const view of views) assert.deepEqual(problemsOfView(view), [], name);
  keepBlocks(language, name, views);
  const text = `${views.map((view) => renderView(readableView(view), names)).join('\n\n')}\n`;
  const file = new URL(`../golden/${language}/${name}.txt`, import.meta.url);
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, text);
  assert.equal(text, readFileSync(file, 'utf8'), `${language}/${name}.txt`);
}

/** Dates as their fallbacks, so that the text does not depend on the reader's clock. */
function readableView(view: HomeView | ModalView): JsonObject {
  const text = JSON.stringify(view, (key, value: unknown) =>
    key === 'text' && typeof value === 'string' ? readable(value) : value,
  );
  return JSON.parse(text) as JsonObject;
}

for (const language of languages) {
  const context = contextIn(language);

  test(`the Home tab reads as written down (${language})`, () => {
    const board = { rows: boardRows, timeZoneOf };
    compare(language, 'home', homeView({ ...board, place: firstPlace }, context));
    compare(
      language,
      'home-others',
      homeView({ ...board, place: { page: 1, state: 'stale' } }, context),
      homeView({ rows: boardRows.slice(0, 1), timeZoneOf, place: { page: 1, state: 'covered' } }, context),
      homeView({ rows: [], timeZoneOf, place: firstPlace }, context),
      closedHome({ outcome: 'unknown-person' }, context),
      closedHome({ outcome: 'refused-person', accountKind: 'guest' }, context),
      unreadableHome(context),
    );
  });

  test(`windows that open from the board read as written down (${language})`, () => {
    const [row] = boardRows;
    const all = [runs.running, copied.proven, copied.failed, runs.succeeded, runs.failed];
    compare(
      language,
      'board-windows',
      loadingWindow('check', 'prod-west', context),
      failedWindow('details', context),
      checkWindow(
        { outcome: 'checked', cluster: 'prod-west', version: '4.16.9', node: 'master-1', findings },
        context,
      ),
      checkWindow(
        { outcome: 'profile-unreadable', reason: 'timeout', detail: 'users.info: timeout' },
        context,
      ),
      detailsWindow({ cluster: 'prod-west', row, runs: all }, context),
      detailsWindow({ cluster: 'prod-west', row: undefined, runs: [] }, context),
    );
  });

  test(`all clusters at a glance read as written down (${language})`, () => {
    compareGolden(language, 'fleet', fleetMessage(boardRows, context), fleetMessage([], context));
  });

  test(`every page of 300 clusters with the longest names is within Slack's limits (${language})`, () => {
    const rows = longest(300);
    const seen: string[] = [];
    for (let page = 1; page <= 12; page += 1) {
      const view = homeView({ rows, timeZoneOf, place: { page, state: undefined } }, context);
      assert.deepEqual(problemsOfView(view), [], `page ${page}`);
      const bytes = Buffer.byteLength(JSON.stringify(view));
      assert.ok(bytes < 250_000, `page ${page} has ${bytes} bytes`);
      seen.push(...valuesOf(view, actionIds.boardDetails));
    }
    assert.deepEqual(
      seen,
      rows.map(({ cluster }) => cluster),
      'each cluster once, in the order given',
    );
  });

  test(`300 clusters at a glance fit into one message, and the rest is counted (${language})`, () => {
    const message = fleetMessage(longest(300), context);
    assert.deepEqual(slackComplaints(message), []);
    const text = JSON.stringify(message.blocks);
    const shown = longest(300).filter(({ cluster }) => text.includes(`*${cluster}*`)).length;
    assert.ok(shown >= 20, `${shown} are shown`);
    assert.match(text, new RegExp(`[^0-9]${300 - shown}(개| clusters)[^"]*(홈 탭|Home tab)`));
  });

  test(`texts from outside neither break a limit nor speak for the bot (${language})`, () => {
    for (const text of ['<!channel> @here *x* `y` & ```', '가'.repeat(4_000), '\u202e\ud83d', '']) {
      const release = { version: text, image: text };
      const backup = aBackup({ runId: text, zStream: text });
      const coverages = coverageStates.map((state) =>
        aCoverage({
          state,
          release,
          backup,
          newest: aBackup({ zStream: text }),
          why: { reason: 'malformed', detail: text },
        }),
      );
      const rows = coverages.map((coverage, n) =>
        aBoardRow({
          cluster: `c${n}`,
          coverage,
          active: { id: text, status: 'running' },
          lastFailure: { id: text, at: Number.NaN },
        }),
      );
      const view = homeView({ rows, timeZoneOf: () => 'no such zone', place: firstPlace }, context);
      assert.deepEqual(problemsOfView(view), [], text);
      const sections = blocksOf(view).filter(({ type }) => type === 'section');
      const message = { text: 'x', blocks: sections };
      assert.deepEqual(
        // A view is none, and has no limit on all of it together.
        slackComplaints(message).filter((each) => !/never there|characters together/.test(each)),
        [],
        text,
      );
      assert.deepEqual(slackComplaints(fleetMessage(rows, context)), [], text);
      const details = detailsWindow({ cluster: text, row: rows[0], runs: [] }, context);
      assert.deepEqual(problemsOfView(details), [], text);
    }
  });
}

test('a page that is not there is the last one, and only pages that are there have a button', () => {
  const rows = longest(60);
  const at = (page: number) => homeView({ rows, timeZoneOf, place: { page, state: undefined } }, en);
  assert.deepEqual(valuesOf(at(1), actionIds.boardPageBack), []);
  assert.deepEqual(valuesOf(at(2), actionIds.boardPageBack), ['1', '1'], 'above and below');
  assert.deepEqual(valuesOf(at(2), actionIds.boardPage), ['3', '3']);
  assert.deepEqual(valuesOf(at(3), actionIds.boardPage), []);
  assert.equal(at(99).private_metadata, '3 all');
  assert.equal(valuesOf(at(99), actionIds.boardDetails).length, 10);
});

test('the state that was chosen stays in the view and in the list', () => {
  const view = homeView({ rows: boardRows, timeZoneOf, place: { page: 7, state: 'unknown' } }, en);
  assert.equal(view.private_metadata, '1 unknown');
  assert.deepEqual(valuesOf(view, actionIds.boardDetails), ['edge-7', 'never-seen']);
  const [list] = elements(view).filter(({ action_id }) => action_id === actionIds.boardFilter);
  assert.equal((list as { initial_option?: { value: string } }).initial_option?.value, 'unknown');
  const all = homeView({ rows: boardRows, timeZoneOf, place: firstPlace }, en);
  assert.notEqual(blockOf(view), blockOf(all), 'Slack keeps a choice while the block is called the same');
});

test('a backup is offered where it could run', () => {
  const view = homeView({ rows: boardRows, timeZoneOf, place: firstPlace }, en);
  const offered = valuesOf(view, actionIds.boardBackUp);
  assert.deepEqual(offered, ['prod-west', 'edge-7', 'never-seen', 'lab', 'prod-east', 'vendor-3']);
});

test('places are read back strictly', () => {
  assert.deepEqual(parsePlace('3 stale'), { page: 3, state: 'stale' });
  assert.deepEqual(parsePlace('3 all'), { page: 3, state: undefined });
  for (const text of ['', '0 all', '-1 all', '3', '3 <b>', '1e3 all', '3 all '])
    assert.deepEqual(parsePlace(text), firstPlace, text);
  assert.deepEqual(
    [parsePage('12'), parsePage('x'), parsePage(undefined), parsePage('9999999')],
    [12, 1, 1, 1],
  );
});

function longest(count: number): readonly BoardRow[] {
  const text = '가'.repeat(300);
  return Array.from({ length: count }, (_, n) => {
    const cluster = `cluster-${String(n).padStart(3, '0')}-`.padEnd(40, 'x');
    const backup = aBackup({ cluster, zStream: `4.16.8-${text}` });
    return aBoardRow({
      cluster,
      coverage: aCoverage({
        state: 'unknown',
        release: { version: `4.17.0-${text}`, image: text },
        why: { reason: 'malformed', detail: text },
        backup,
        newest: aBackup({ cluster, runId: 'r-2w3e4r5t', zStream: `4.16.9-${text}` }),
        warnings: [
          { kind: 'signers-end', endAt: 0 },
          { kind: 'only-on-node' },
          { kind: 'not-a-z-stream' },
          { kind: 'preview-backups-not-counted' },
        ],
      }),
      active: { id: 'r-3d4f5g6h', status: 'approved' },
      lastFailure: { id: 'r-9p8q7r6s', at: 0 },
      lastDrill: { ok: false, at: 0, runId: 'r-9p8q7r6s' },
      nextRunAt: 1_900_000_000_000,
      reminder: { ...openReminder, repeats: 99 },
    });
  });
}

/** We make no blocks but these. */
function blocksOf(view: HomeView) {
  return view.blocks as KnownBlock[];
}

function elements(view: HomeView) {
  return blocksOf(view).flatMap((block) => (block.type === 'actions' ? block.elements : []));
}

function valuesOf(view: HomeView, actionId: string): string[] {
  return elements(view).flatMap((each) =>
    each.type === 'button' && each.action_id === actionId ? [each.value ?? ''] : [],
  );
}

function blockOf(view: HomeView): string | undefined {
  return blocksOf(view).find((block) => block.type === 'actions')?.block_id;
}
