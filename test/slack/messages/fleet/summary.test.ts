import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BoardRow } from '../../../../src/domain/fleet/board.ts';
import { type WeeklySummary, weekMs } from '../../../../src/domain/fleet/weekly-summary.ts';
import type { ProvenBackup } from '../../../../src/domain/run/proven-backup.ts';
import type { Coverage } from '../../../../src/domain/watch/coverage.ts';
import {
  pictureAlt,
  pictureMissing,
  pictureText,
  summaryMessage,
  summaryPicture,
} from '../../../../src/slack/messages/index.ts';
import { sampleLines, sampleStrips } from '../../../chart/sample-picture.ts';
import { compareGolden as compare } from '../../../support/golden.ts';
import { asPlainText } from '../../../support/plain-text.ts';
import { slackComplaints } from '../../../support/slack-limits.ts';
import { contextIn } from '../runs.ts';

const { now } = contextIn('en');
const dayMs = 86_400_000;

const backup: ProvenBackup = {
  runId: 'r-k7m2p9qx',
  cluster: 'prod-east',
  clusterId: 'c',
  zStream: '4.16.7',
  seq: 1,
  takenAt: now - 9 * dayMs,
  provenAt: now - 9 * dayMs,
  place: 'off-cluster',
  signersEndAt: undefined,
};

function row(cluster: string, coverage: Partial<Coverage>, change: Partial<BoardRow> = {}): BoardRow {
  return {
    cluster,
    coverage: {
      state: 'covered',
      release: { version: '4.16.8', image: 'i' },
      since: now - dayMs,
      why: undefined,
      backup,
      newest: backup,
      warnings: [],
      ...coverage,
    },
    active: undefined,
    lastFailure: undefined,
    lastDrill: undefined,
    nextRunAt: undefined,
    reminder: undefined,
    ...change,
  };
}

const well: WeeklySummary = {
  from: now - weekMs,
  until: now,
  counts: { uncovered: 0, unknown: 0, stale: 0, updating: 0, covered: 14, elsewhere: 0 },
  needy: [],
  elsewhere: [],
  paused: [],
  backups: 61,
  disproven: 0,
  unverified: 0,
  onNodeOnly: [],
  failures: 0,
  failing: [],
  drilled: 5,
  drillsFailed: [],
  strips: sampleStrips,
  lines: sampleLines,
  notDrawn: [],
};

const needy: WeeklySummary = {
  ...well,
  disproven: 1,
  unverified: 2,
  onNodeOnly: ['edge-07', 'lab-1'],
  counts: { uncovered: 1, unknown: 1, stale: 0, updating: 1, covered: 11, elsewhere: 2 },
  elsewhere: [
    { cluster: 'hcp-01', by: "the HyperShift management cluster's OADP schedule" },
    { cluster: 'hcp-02', by: undefined },
  ],
  needy: [
    row('prod-east', { state: 'uncovered', backup: undefined }),
    row('edge-07', {
      state: 'unknown',
      newest: undefined,
      backup: undefined,
      why: { reason: 'timeout', detail: '' },
    }),
    row('lab', {}, { lastDrill: { ok: false, at: now - 2 * dayMs, runId: 'r-lab23456' } }),
  ],
  failures: 3,
  failing: [
    { cluster: 'prod-west', failures: 2 },
    { cluster: 'lab', failures: 1 },
  ],
  drillsFailed: ['lab'],
  notDrawn: ['edge-03', 'edge-04'],
};

const empty: WeeklySummary = { ...well, backups: 0, drilled: 0, strips: [], lines: [] };

for (const language of ['en', 'ko'] as const) {
  const context = contextIn(language);

  test(`summaries read as written down (${language})`, () => {
    compare(language, 'summary', summaryMessage(needy, context), summaryMessage(well, context));
    compare(language, 'summary-empty', summaryMessage(empty, context));
    compare(
      language,
      'summary-picture',
      { text: pictureText(well, context) },
      { text: pictureText(needy, context) },
      pictureMissing('missing_scope; needs the scope files:write', context),
      { text: pictureAlt(well, context) },
    );
  });

  test(`no fleet is too large for one message, and what is left out is counted (${language})`, () => {
    const many = Array.from({ length: 300 }, (_, n) => row(`cluster-${n}`, { state: 'uncovered' }));
    const failing = many.map(({ cluster }) => ({ cluster, failures: 1 }));
    const names = many.map(({ cluster }) => cluster);
    const message = summaryMessage({ ...needy, needy: many, failing, drillsFailed: names }, context);
    assert.deepEqual(slackComplaints(message), []);
    const text = asPlainText(message);
    const shown = many.filter(({ cluster }) => text.includes(`*${cluster}*`)).length;
    assert.ok(shown > 10 && shown < 300, `${shown}`);
    assert.match(text, new RegExp(`… (and|외) ${300 - shown}`));
    assert.ok(pictureText({ ...needy, notDrawn: names }, context).length < 3_000);
  });

  test(`names from outside do not break out (${language})`, () => {
    const evil = '<!here> *x* `y`';
    const summary = { ...needy, needy: [row(evil, {})], notDrawn: [evil], drillsFailed: [evil] };
    const said = JSON.stringify(summaryMessage(summary, context)) + pictureText(summary, context);
    assert.ok(!said.includes('<!here>'));
  });

  test(`the picture has its words in the reader's language (${language})`, () => {
    const picture = summaryPicture(needy, context);
    assert.match(picture?.title ?? '', language === 'ko' ? /[가-힣]/ : /etcd/);
    assert.match(picture?.subtitle ?? '', /2026/);
    assert.match(picture?.subtitle ?? '', /\b8.*10|10.*8/);
    assert.equal(picture?.timeZone, 'Asia/Seoul');
    assert.equal(summaryPicture(empty, context), undefined);
  });
}
