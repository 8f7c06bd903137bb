import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Button } from '@slack/types';
import { failure } from '../../../../src/domain/backup/failure.ts';
import { type WeeklySummary, weeklySummary } from '../../../../src/domain/fleet/weekly-summary.ts';
import { finding } from '../../../../src/domain/preflight/finding.ts';
import type { RetryReason } from '../../../../src/domain/run/retry-origin.ts';
import type { BackupRun } from '../../../../src/domain/run/run.ts';
import {
  actionIds,
  fleetMessage,
  homeView,
  type Message,
  ownerMessage,
  pauseAnswer,
  pauseMessage,
  runAnswer,
  runCard,
  runsAnswer,
  summaryMessage,
} from '../../../../src/slack/messages/index.ts';
import { compareGolden as compare } from '../../../support/golden.ts';
import { asPlainText } from '../../../support/plain-text.ts';
import { slackComplaints } from '../../../support/slack-limits.ts';
import { aBoardRow, aCoverage, hourMs } from '../boards.ts';
import { aPause, pauseAnswers, pauseEnds, pauses } from '../pause-samples.ts';
import { askedAt, contextIn, runs } from '../runs.ts';

const retryOrigin = (because: RetryReason, avoid: readonly string[]): BackupRun['origin'] => ({
  kind: 'schedule',
  retry: { slot: askedAt - hourMs, number: 2, of: 4, after: 'r-k7m2p9qx', because, avoid },
});
const progressing = finding('blocker', 'operator.progressing', { name: 'etcd', message: 'revision 14' });
const stalled = failure('session-not-started', { node: 'master-0', afterMs: 120_000, detail: 'pulling' });
const retried: readonly BackupRun[] = [
  { ...runs.waiting, origin: retryOrigin({ kind: 'blocked', findings: [progressing] }, []) },
  { ...runs.waiting, origin: retryOrigin({ kind: 'failed', failure: stalled }, ['master-0']) },
];
const row = aBoardRow({
  pause: aPause,
  coverage: aCoverage({ state: 'unknown', why: { reason: 'timeout', detail: 'no answer' } }),
});
const retryRow = aBoardRow({
  cluster: 'prod-west',
  retry: { at: askedAt + hourMs, number: 2, of: 4 },
  nextRunAt: askedAt + 24 * hourMs,
});
const rows = [retryRow, row];
const summary: WeeklySummary = weeklySummary({ rows, runs: [], now: askedAt });

function buttonsOf({ blocks = [] }: Message): readonly string[] {
  return blocks
    .flatMap((block) => (block.type === 'actions' ? (block.elements as Button[]) : []))
    .map(({ action_id }) => action_id ?? '');
}

for (const language of ['en', 'ko'] as const) {
  const base = { ...contextIn(language), cluster: 'prod-east', cardLink: undefined };
  const context = { ...base, approvers: ['U0OWNER', 'U0APPROVER'], run: undefined };

  test(`a pause reads as written down (${language})`, () => {
    compare(
      language,
      'pause',
      ...pauses.map((pause) => pauseMessage(pause, context)),
      ...pauses.slice(0, 1).map((pause) => pauseMessage(pause, { ...context, approvers: [] })),
    );
    compare(language, 'pause-answers', ...pauseAnswers.map((each) => pauseAnswer(each, contextIn(language))));
    compare(
      language,
      'pause-owners',
      ownerMessage({ type: 'paused', pause: aPause }, context),
      ...pauseEnds
        .filter(({ kind }) => kind === 'ended' || kind === 'resumed')
        .map((end) => ownerMessage({ type: 'pause-over', pause: aPause, end, state: 'uncovered' }, context)),
      ...(['updating', 'unknown', 'elsewhere'] as const).map((state) =>
        ownerMessage(
          { type: 'pause-over', pause: aPause, end: { kind: 'ended', at: askedAt }, state },
          context,
        ),
      ),
    );
  });

  test(`a pause of a cluster that others back up promises no reminder and takes none away (${language})`, () => {
    const there = { ...context, elsewhere: true };
    const answers = [
      { outcome: 'paused', cluster: 'prod-east', pause: aPause, elsewhere: true },
      { outcome: 'resumed', cluster: 'prod-east', pause: aPause, elsewhere: true },
    ] as const;
    compare(
      language,
      'pause-elsewhere',
      ...[aPause, ...pauseEnds.map((end) => ({ ...aPause, end }))].map((each) => pauseMessage(each, there)),
      ownerMessage({ type: 'paused', pause: aPause }, there),
      ...answers.map((each) => pauseAnswer(each, contextIn(language))),
    );
  });

  test(`a pause and a retry are shown wherever clusters are (${language})`, () => {
    const list = { outcome: 'runs', cluster: undefined, runs: [runs.running] } as const;
    const notes = rows.map(({ cluster, retry, pause }) => ({ cluster, retry, pause }));
    const card = contextIn(language);
    compare(
      language,
      'pause-and-retry',
      fleetMessage(rows, contextIn(language)),
      runsAnswer('status', { ...list, notes }, contextIn(language)),
      runsAnswer('list', { ...list, runs: [], cluster: 'prod-east', notes }, contextIn(language)),
      summaryMessage(summary, contextIn(language)),
      ...retried.map((run) => runCard(run, card)),
      runAnswer({ outcome: 'run', run: retried[1] ?? runs.waiting }, contextIn(language)),
      ownerMessage(
        { type: 'schedule-failed', runId: 'r-k7m2p9qx', failures: 1, nextStartAt: askedAt, retries: 4 },
        { ...context, run: runs.failed },
      ),
    );
    const home = JSON.stringify(
      homeView(
        { rows, place: { page: 1, state: undefined }, timeZoneOf: () => 'Asia/Seoul' },
        contextIn(language),
      ),
    );
    assert(home.includes('moves to the new rack'), home);
    assert(home.includes(language === 'en' ? 'retry 2 of 4' : '재시도 2/4'), home);
  });
}

test('the message of a pause has the buttons that do something, and none when it is over', () => {
  const context = { ...contextIn('en'), cluster: 'prod-east', cardLink: undefined, approvers: [] };
  const [asked, active, approved, resuming, ...over] = pauses.map((pause) =>
    buttonsOf(pauseMessage(pause, context)),
  );
  assert.deepEqual(asked, [actionIds.pauseApprove, actionIds.pauseReject]);
  assert.deepEqual(active, [actionIds.pauseResume]);
  assert.deepEqual(approved, [actionIds.pauseResume]);
  assert.deepEqual(resuming, [actionIds.pauseApprove, actionIds.pauseReject]);
  assert(over.every((buttons) => buttons.length === 0));
});

test('a paused cluster is in no need, and counted apart', () => {
  assert.deepEqual(summary.needy, []);
  assert.deepEqual(
    summary.paused.map(({ cluster }) => cluster),
    ['prod-east'],
  );
  assert.equal(summary.counts.unknown, 0);
});

test('no outside text breaks out of a pause or exceeds Slack’s limits', () => {
  for (const text of ['', 'x'.repeat(10_000), '<!here>`*&_~'.repeat(1_000), '\u202e<@U0BOSS>\n'.repeat(50)]) {
    const by = { slackUser: text, clusterUser: text };
    const nasty = { ...aPause, id: text, by, reason: text, until: Number.NaN };
    const context = {
      ...contextIn('en'),
      cluster: text,
      cardLink: undefined,
      approvers: Array(50).fill(text),
    };
    const messages = [
      ...pauses.map((pause) => pauseMessage({ ...pause, ...nasty, since: pause.since }, context)),
      ...pauseAnswers.map((each) =>
        pauseAnswer('cluster' in each ? { ...each, cluster: text } : each, contextIn('en')),
      ),
      fleetMessage(
        Array.from({ length: 60 }, () => ({ ...row, cluster: text, pause: nasty })),
        contextIn('en'),
      ),
      summaryMessage(
        {
          ...summary,
          paused: Array.from({ length: 60 }, () => ({ ...row, cluster: text, pause: nasty })),
        },
        contextIn('en'),
      ),
    ];
    for (const message of messages) {
      assert.deepEqual(slackComplaints(message), [], asPlainText(message).slice(0, 300));
      assert(!JSON.stringify(message.blocks).includes('<!here>'));
      assert(!JSON.stringify(message.blocks).includes('<@U0BOSS>'));
    }
  }
});
