import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DoctorLine } from '../../../../src/domain/doctor/doctor.ts';
import type { Language } from '../../../../src/domain/policy/policy.ts';
import { type FindingOutcome, finding } from '../../../../src/domain/preflight/finding.ts';
import type { BackupRun } from '../../../../src/domain/run/run.ts';
import {
  alarmMessage,
  boardAnswer,
  checkAnswer,
  doctorAnswer,
  escalationMessage,
  helpMessage,
  type Message,
  ownerMessage,
  privateMessage,
  readyAnswer,
  reminderAnswer,
  reminderMessage,
  repeatMessage,
  runAnswer,
  runCard,
  runsAnswer,
  summaryMessage,
  threadMessage,
  verifyAnswer,
} from '../../../../src/slack/messages/index.ts';
import { cutMarkupToBytes, Markup, md } from '../../../../src/slack/messages/kit/markup.ts';
import { spokenText } from '../../../../src/slack/messages/kit/spoken-text.ts';
import { everyDoctorLine } from '../../../support/doctor-samples.ts';
import { compareGolden } from '../../../support/golden.ts';
import { everyFailure, everyFinding } from '../../../support/message-samples.ts';
import { readable } from '../../../support/plain-text.ts';
import { slackComplaints } from '../../../support/slack-limits.ts';
import { aBoardRow, aCoverage, boardRows } from '../boards.ts';
import { copied } from '../copied-runs.ts';
import { askedAt, contextIn, plan, runs } from '../runs.ts';
import { privateSays, specialRuns, threadEntries } from '../special-runs.ts';
import {
  alarmEnds,
  anAlarm,
  aReminder,
  escalation,
  ownerSays,
  readyAnswers,
  reminderAnswers,
  reminderEnds,
  stopping,
} from '../watch-samples.ts';

const languages = ['en', 'ko'] as const;
const outcomes: readonly FindingOutcome[] = ['blocker', 'warning', 'passed', 'later'];
/** Three bytes a character, longer than any one value is shown. */
const long = '컨트롤 플레인 노드가 응답하지 않습니다 '.repeat(400);

function contextOf(language: Language, run: BackupRun) {
  const context = { ...contextIn(language), cluster: 'prod-east', cardLink: 'https://example.slack.com/p1' };
  return { ...context, onCall: 'S0ONCALL', owners: ['U0OWNER'], run };
}

function summaryOf(needy = boardRows) {
  const counts = { covered: 4, stale: 1, uncovered: 1, updating: 1, unknown: 2, elsewhere: 0 };
  return {
    counts,
    needy,
    backups: 9,
    failures: 1,
    failing: [{ cluster: 'prod-west', failures: 1 }],
    drilled: 2,
    drillsFailed: [],
    disproven: 0,
    unverified: 0,
    onNodeOnly: [],
    elsewhere: [],
    paused: [],
    strips: [],
    lines: [],
    notDrawn: [],
    from: askedAt - 7 * 86_400_000,
    until: askedAt,
  };
}

/** Every kind of message about one run and one cluster, with everything filled in by `text`. */
function everyMessage(language: Language, text: string): readonly Message[] {
  const filled = { cluster: text, reason: text, plan: { ...plan, node: text, approvers: [text, text] } };
  const findings = everyFinding(text, 1_000_000, 'blocker');
  const left = { node: text, paths: [text, text, text, text], sessionPod: text };
  const step = 'running-script' as const;
  const failures = everyFailure(text, 1_000_000).map(
    (failure): BackupRun => ({
      ...runs.failed,
      ...filled,
      failed: { failure, step, outputTail: Array(200).fill(text), left },
    }),
  );
  const all: readonly BackupRun[] = [
    ...[...Object.values(runs), ...Object.values(specialRuns), ...Object.values(copied)].map(
      (run): BackupRun => ({ ...run, cluster: text, reason: text }),
    ),
    { ...runs.blocked, ...filled, findings },
  ];
  const context = contextOf(language, failures[0] ?? runs.failed);
  const where = { ...context, cluster: text };
  const doctorLines: readonly DoctorLine[] = everyDoctorLine(text, 1_000_000);
  const rows = Array(60).fill(aBoardRow({ cluster: text, coverage: aCoverage({ state: 'uncovered' }) }));
  const checks = outcomes.map((outcome) => everyFinding(text, 1_000_000, outcome));
  return [
    ...all.flatMap((run) => [
      runCard(run, context),
      runAnswer({ outcome: 'run', run }, context),
      verifyAnswer({ outcome: 'verified', run }, context),
      ...(['details', 'receipt', 'report', 'failure', 'restore-files'] as const).map((type) =>
        threadMessage({ type }, run, context),
      ),
    ]),
    ...failures.flatMap((run) => [runCard(run, context), threadMessage({ type: 'failure' }, run, context)]),
    ...threadEntries.map((entry) => threadMessage(entry, { ...runs.waiting, ...filled }, context)),
    ...findings.map((each) => threadMessage({ type: 'warning', finding: each }, runs.waiting, context)),
    ...privateSays.map((say) => privateMessage(say, context)),
    privateMessage({ type: 'blocked-now', runId: 'r-k7m2p9qx', findings }, context),
    ...[[], stopping, findings].map((each) => reminderMessage(aReminder({ findings: each }), where)),
    ...reminderEnds.map((end) => reminderMessage(aReminder({ end }), where)),
    repeatMessage(aReminder(), where),
    ...(['requested', 'begun'] as const).map((phase) =>
      alarmMessage(anAlarm({ phase, failing: true }), where),
    ),
    ...alarmEnds.map((end) => alarmMessage(anAlarm({ end }), where)),
    escalationMessage(escalation, where),
    ...ownerSays.map((say) => ownerMessage(say, where)),
    ...reminderAnswers.map((answer) => reminderAnswer(answer, context)),
    ...readyAnswers.map((answer) => readyAnswer(answer, context)),
    summaryMessage(summaryOf(rows), context),
    boardAnswer({ outcome: 'board', rows }, context),
    doctorAnswer({ outcome: 'examined', cluster: text, lines: doctorLines }, context),
    ...checks.map((each) =>
      checkAnswer({ outcome: 'checked', cluster: text, version: text, node: text, findings: each }, context),
    ),
    checkAnswer(
      { outcome: 'checked', cluster: text, version: text, node: undefined, findings: checks.flat() },
      context,
    ),
    runsAnswer('list', { outcome: 'runs', cluster: text, runs: Array(60).fill(all[0]) }, context),
    ...[undefined, 'run', 'files', 'nonsense'].map((topic) => helpMessage(topic, context)),
  ];
}

for (const language of languages) {
  test(`no message's text is longer than what Slack edits and shows privately, nor its blocks too long together (${language})`, () => {
    for (const text of [long, '<&>'.repeat(3_000), '_*~:x:'.repeat(1_000)]) {
      for (const message of everyMessage(language, text)) assert.deepEqual(slackComplaints(message), []);
    }
  });

  test(`a long message's text is not its blocks, joined (${language})`, () => {
    for (const message of [...everyMessage(language, 'prod-east'), ...everyMessage(language, long)]) {
      const parts = (message.blocks ?? []).flatMap((block) => {
        if (block.type === 'section') return [block.text?.text ?? ''];
        if (block.type !== 'context') return [];
        return block.elements.map((each) => ('text' in each ? each.text : ''));
      });
      const joined = parts.join('\n');
      if (parts.length < 2 || joined.length < 1_000) continue;
      assert.ok(message.text.length < joined.length, `as long as the blocks: ${message.text}`);
      assert.notEqual(message.text, joined);
    }
  });

  test(`the texts that notifications show and screen readers read (${language})`, () => {
    const context = contextOf(language, runs.failed);
    const spoken = [
      ...Object.values(runs).map((run) => runCard(run, context)),
      runCard(specialRuns['waiting-scheduled'], context),
      runCard(specialRuns['emergency-approved'], context),
      runCard(copied.proven, context),
      runCard(copied.failed, context),
      runCard(copied.disproven, context),
      threadMessage({ type: 'details' }, runs.blocked, context),
      threadMessage({ type: 'report' }, copied.proven, context),
      threadMessage({ type: 'receipt' }, copied.failed, context),
      threadMessage({ type: 'failure' }, runs.failed, context),
      reminderMessage(aReminder({ findings: stopping }), context),
      alarmMessage(anAlarm(), context),
      escalationMessage(escalation, context),
      ownerMessage(ownerSays[0] ?? assert.fail(), context),
      summaryMessage(summaryOf(), context),
      boardAnswer({ outcome: 'board', rows: boardRows }, context),
      checkAnswer(
        { outcome: 'checked', cluster: 'prod-east', version: '4.16.8', node: 'master-1', findings: stopping },
        context,
      ),
    ];
    compareGolden(language, 'spoken', ...spoken.map(({ text }) => ({ text: `${text}\n` })));
  });
}

test('a card says who asks for what, whose turn it is and what they can do', () => {
  const text = readable(runCard(runs.waiting, contextIn('en')).text);
  assert.match(text, /prod-east.*waiting for approval/);
  assert.match(text, /requested by @U0REQUESTER: “before the network change”/);
  assert.match(text, /Needs 1 of @U0APPROVER, @U0ONCALL/);
  assert.match(text, /approve r-k7m2p9qx/);
});

test('a text that is too long keeps every sentence, cuts the longest, and fits in bytes', () => {
  const sentences = [md`${'누가'}`, new Markup('가'.repeat(5_000)), md`\`/etcd-backup run prod-east\``];
  const text = spokenText(sentences);
  assert.ok(Buffer.byteLength(text) <= 3_000);
  assert.ok(text.startsWith('누가\n가가') && text.endsWith('…\n`/etcd-backup run prod-east`'));
  assert.ok(Buffer.byteLength(text) > 2_900);
});

test('a cut by bytes leaves no half character and no open code span', () => {
  const source = '노드 `master-1` 😀 & <@U0APPROVER> '.replaceAll('&', '&amp;').repeat(20);
  for (let max = 20; max < 700; max += 1) {
    const text = cutMarkupToBytes(source, max);
    assert.ok(Buffer.byteLength(text) <= max, `${max}`);
    assert.deepEqual(slackComplaints({ text }), []);
  }
});

test('a message that cannot hold everything says where the rest is', () => {
  const { outcome, code } = { outcome: 'blocker', code: 'etcd.degraded' } as const;
  const findings = Array.from({ length: 60 }, () => finding(outcome, code, { message: 'x'.repeat(280) }));
  const run = { ...runs.failed, findings };
  const show = runAnswer({ outcome: 'run', run }, contextIn('en'));
  const last = JSON.stringify(show.blocks);
  assert.match(last, /more that do not fit here: settle those above first/);
  const receipt = { ...copied.proven, success: { ...copied.proven.success, copies: [] } };
  const copies = Array.from({ length: 12 }, () => (copied.failed.success?.copies ?? []).map(longer)).flat();
  const many = { ...receipt, success: { ...copied.proven.success, copies } } as BackupRun;
  const text = JSON.stringify(threadMessage({ type: 'receipt' }, many, contextIn('en')).blocks?.at(-1));
  assert.match(text, /Not everything fits into this message\. All of it, as a file: `\/etcd-backup audit r-/);
});

function longer<Copy extends { readonly location: string }>(copy: Copy): Copy {
  return { ...copy, location: `/srv/${'backup/'.repeat(80)}` };
}

test('a text that is a byte too long, with signs of several bytes at its end, is cut all the same', () => {
  const { source } = md`${'<!here>'.repeat(4)}컨트롤`;
  const max = Buffer.byteLength(source) - 1;
  assert.ok(Buffer.byteLength(cutMarkupToBytes(source, max)) <= max);
});
