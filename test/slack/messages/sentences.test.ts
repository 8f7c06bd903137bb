import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Button } from '@slack/types';
import { failure } from '../../../src/domain/backup/failure.ts';
import { finding } from '../../../src/domain/preflight/finding.ts';
import type { Plan } from '../../../src/domain/preflight/plan.ts';
import type { BackupRun, RunStatus, Vote } from '../../../src/domain/run/run.ts';
import { helpWords } from '../../../src/slack/messages/answers/words.ts';
import { backupFormWords } from '../../../src/slack/messages/form/words.ts';
import {
  actionIds,
  checkAnswer,
  commandProblem,
  helpMessage,
  notRecorded,
  privateMessage,
  requestAnswer,
  runAnswer,
  runCard,
  runsAnswer,
  threadMessage,
  voteAnswer,
} from '../../../src/slack/messages/index.ts';
import type { Message } from '../../../src/slack/messages/kit/blocks.ts';
import { toolsFor } from '../../../src/slack/messages/kit/make-tools.ts';
import { findingText } from '../../../src/slack/messages/preflight/findings.ts';
import { sourceFiles } from '../../architecture/source-files.ts';
import { everyFailure, everyFinding } from '../../support/message-samples.ts';
import { asPlainText, readable } from '../../support/plain-text.ts';
import { approval as approvalVote, askedAt, blocked, contextIn, plan, policy, runs } from './runs.ts';
import { privateSays, specialRuns, threadEntries, unreadable } from './special-runs.ts';

const en = contextIn('en');
const ko = contextIn('ko');
const helpTopics = Object.keys(helpWords(toolsFor(en)).topics);

test('English texts say verified, fixed and again, and no rare synonym of them', async () => {
  const files = (await sourceFiles('src')).filter(({ path }) => /\/messages\/[a-z]+\/en[./]/.test(path));
  assert.ok(files.length > 20);
  for (const { path, text: source } of files) {
    const said = source.match(/md`[^`]*`|'[^'\n=]* [^'\n=]*'/g) ?? [];
    for (const text of said) {
      const words = text.replace(/\$\{[^}]*\}/g, '…');
      assert.doesNotMatch(words, /\b(?:proven|mend(?:s|ed|ing)?|anew|stands|stood)\b/i, `${path}: ${text}`);
    }
  }
});

test('a reason cannot pretend to be a line, a mention or a link of ours', () => {
  const reason =
    'fine\n✅ *Approved* by <@U0BOSS> <!here> @channel <https://evil.example|card> \u202egnp.exe';
  const text = sourceOf(runCard({ ...runs.waiting, reason }, en));
  assert.ok(!text.includes('*Approved*'));
  assert.ok(!text.includes('<@U0BOSS>') && !text.includes('<!here>') && !text.includes('<https://evil'));
  assert.ok(!text.includes('@channel') && !text.includes('\u202e'));
  assert.match(text, /“fine ✅ \u2060\*\ufeffApproved\u2060\*\ufeff by &lt;@U0BOSS&gt;/);
});

test('script output stays inside its block of code, its newest lines kept', () => {
  const outputTail = [
    ...Array.from({ length: 500 }, (_, n) => `line ${n} of many`),
    '```<@U0BOSS>``` \u001b[31mred\u001b[0m',
  ];
  const failed = { ...required(runs.failed.failed), outputTail };
  const text = sourceOf(threadMessage({ type: 'failure' }, { ...runs.failed, failed }, en));
  assert.equal(text.split('```').length, 3);
  assert.match(text, /line 499 of many\n'''&lt;@U0BOSS&gt;''' red\n```/);
  assert.ok(!text.includes('line 1 of many'));
});

test('only live buttons are on a card; they carry the run id, and approve the plan’s number too', () => {
  const { approve, reject, cancel } = actionIds;
  const live: Partial<Record<RunStatus, string[]>> = {
    requested: [cancel],
    waiting: [approve, reject, cancel],
    approved: [cancel],
  };
  for (const run of Object.values(runs) as BackupRun[]) {
    const buttons = buttonsOf(runCard(run, en));
    assert.deepEqual(
      buttons.map((each) => each.action_id),
      live[run.status] ?? [],
      run.status,
    );
    for (const each of buttons) {
      assert.equal(each.value, each.action_id === approve ? 'r-k7m2p9qx.1' : 'r-k7m2p9qx', run.status);
    }
  }
});

test('the approve button asks once more and names cluster and node', () => {
  const [approve] = buttonsOf(runCard(runs.waiting, en));
  assert.equal(approve?.style, 'primary');
  assert.match(approve?.confirm?.title?.text ?? '', /prod-east/);
  assert.match(approve?.confirm?.text.text ?? '', /prod-east.*master-1/);
});

test('the card shows the rules of the plan that is approved, not those of a newer configuration', () => {
  const newer = { ...policy, approval: { ...policy.approval, needed: 9, approvers: ['U0NEWER'] } };
  const text = sourceOf(runCard(runs.waiting, { ...en, policy: newer }));
  assert.match(text, /Needs 1 of <@U0APPROVER>, <@U0ONCALL>, not the requester/);
  assert.ok(!text.includes('U0NEWER'));
});

test('without named approvers any cluster-admin may approve; self-approval is said', () => {
  const open = { ...plan, approvers: [], approvalsNeeded: 2, selfApproval: true };
  const text = sourceOf(runCard({ ...runs.waiting, plan: open }, en));
  assert.match(text, /Needs 2 approvals by cluster-admins, the requester included/);
});

test('a blocked card names the latest time of all blockers to try again', () => {
  const later = askedAt + 40 * 3_600_000;
  const more = finding('blocker', 'certificates.installer-signer-in-use', { bundle: 'b', retryAt: later });
  const text = sourceOf(runCard({ ...runs.blocked, findings: [...blocked, more] }, en));
  assert.match(text, new RegExp(`Try again after <!date\\^${later / 1000}\\^`));
});

test('a run that is blocked by what could not be read says what that was', () => {
  const why = { reason: 'forbidden', detail: '' } as const;
  const found = [finding('warning', 'topology.unreadable', { why })];
  const text = sourceOf(runCard({ ...runs.blocked, findings: found }, en));
  assert.match(text, /could not be read: the bot is not allowed to read it\./);
});

test('blockers come before warnings and passes, whatever the order of the checks', () => {
  const text = asPlainText(
    threadMessage({ type: 'details' }, { ...runs.waiting, findings: blocked.toReversed() }, en),
  );
  assert.ok(text.indexOf('blockers') < text.indexOf('passed'));
});

test('when not all findings fit, the message says how many are missing', () => {
  const findings = [...everyFinding('x'.repeat(250), 1, 'blocker'), ...everyFinding('y', 1, 'passed')];
  const text = asPlainText(threadMessage({ type: 'details' }, { ...runs.blocked, findings }, en));
  assert.match(text, /… and \d+ more that do not fit here/);
});

test('what encryption covers is said by what the cluster uses', () => {
  const report = (encryptionType: string) =>
    asPlainText(
      threadMessage({ type: 'report' }, { ...runs.succeeded, plan: { ...plan, encryptionType } }, en),
    );
  assert.match(report('aesgcm'), /etcd encryption \(`aesgcm`\) covers values only/);
  assert.match(report('identity'), /etcd encryption is off: everything in the snapshot can be read/);
  assert.match(report('identity'), /even without etcd encryption that file holds the keys/);
  assert.match(report('unknown'), /Treat the snapshot as if every Secret in it could be read/);
});

test('the report names a session that could not be removed, and the other restore procedure of two-node clusters', () => {
  const success = { ...required(runs.succeeded.success), sessionPodLeft: 'etcd-backup-prod-east' };
  const run = { ...runs.succeeded, success, plan: { ...plan, topology: 'DualReplica' } };
  const text = asPlainText(threadMessage({ type: 'report' }, run, en));
  assert.match(text, /session pod `etcd-backup-prod-east` could not be removed/);
  assert.match(text, /restore follows another procedure/);
});

test('nothing is called left only where the run cannot have touched the node', () => {
  const text = (kind: 'interrupted' | 'session-taken', step: 'running-script' | 'opening-session') => {
    const reason =
      kind === 'interrupted'
        ? failure(kind, { step })
        : failure(kind, { pod: 'p', namespace: 'n', byRun: 'r' });
    const failed = { failure: reason, step, outputTail: [], left: undefined };
    return asPlainText(threadMessage({ type: 'failure' }, { ...runs.failed, failed }, en));
  };
  assert.match(text('session-taken', 'opening-session'), /Left on the node:\* nothing\./);
  assert.match(text('interrupted', 'opening-session'), /Left on the node:\* not known\./);
  assert.match(text('interrupted', 'running-script'), /not known\. Look on node `master-1` in `\/home\/core/);
});

test('paths that are left are named in full', () => {
  const path = `${plan.directory}/${'d'.repeat(400)}.db.part`;
  const left = { node: 'master-1', paths: [path], sessionPod: undefined };
  const failed = { ...required(runs.failed.failed), left };
  assert.ok(asPlainText(threadMessage({ type: 'failure' }, { ...runs.failed, failed }, en)).includes(path));
});

test('what changed since the approval is shown field by field', () => {
  const changes = [{ field: 'node', approved: 'master-1', now: 'master-2' } as const];
  const failed = {
    failure: failure('plan-changed', { changes }),
    step: undefined,
    outputTail: [],
    left: undefined,
  };
  const text = asPlainText(threadMessage({ type: 'failure' }, { ...runs.failed, failed }, en));
  assert.match(text, /• node: approved `master-1`, now `master-2`/);
});

test('audit lines say who, when and why', () => {
  const actor = { kind: 'person', slackUser: 'U0APPROVER', clusterUser: 'approver' } as const;
  const event = { at: askedAt, actor, action: 'approved', detail: { reason: 'seen' } } as const;
  const line = (context: typeof en) =>
    asPlainText(threadMessage({ type: 'audit', event }, runs.approved, context));
  assert.equal(line(en), '02:31:05 · @U0APPROVER (`approver`) approved: “seen”\n');
  assert.equal(line(ko), '02:31:05 · @U0APPROVER (`approver`) · 승인했습니다: “seen”\n');
});

test('a step line has the time on the cluster’s clock', () => {
  const entry = { type: 'step', step: 'running-script', at: askedAt, detail: undefined } as const;
  assert.equal(asPlainText(threadMessage(entry, runs.running, en)), '02:31:05 · running the backup script\n');
  const utc = threadMessage(entry, runs.running, { ...en, timeZone: 'No/Such_Zone' });
  assert.equal(asPlainText(utc), '17:31:05 · running the backup script\n');
});

test('sizes, durations and numbers read well in both languages', () => {
  const say = (context: typeof en) => {
    const t = toolsFor(context);
    const sizes = [0, 512, 1024, 1536, 108_146_720, 8 * 1024 ** 3].map((size) =>
      readable(t.size(size).source),
    );
    return [...sizes, ...[400, 1_700, 41_000, 61_000, 120_000, 3_720_000].map((ms) => t.duration(ms))];
  };
  assert.deepEqual(say(en), [
    '0 B (0 bytes)',
    '512 B (512 bytes)',
    '1 KB (1,024 bytes)',
    '1.5 KB (1,536 bytes)',
    '104 MB (108,146,720 bytes)',
    '8 GB (8,589,934,592 bytes)',
    '0.4 s',
    '1.7 s',
    '41 s',
    '1 min 1 s',
    '2 min',
    '1 h 2 min',
  ]);
  assert.deepEqual(say(ko).slice(4), [
    '104 MB (108,146,720바이트)',
    '8 GB (8,589,934,592바이트)',
    '0.4초',
    '1.7초',
    '41초',
    '1분 1초',
    '2분',
    '1시간 2분',
  ]);
});

test('every refusal says what to do next', () => {
  const text = (message: Message) => asPlainText(message).trim();
  assert.equal(
    text(requestAnswer({ outcome: 'unknown-person' }, en)),
    "The bot does not know which cluster user you are. Ask an administrator to add you under `people` in the bot's configuration.",
  );
  assert.equal(
    text(requestAnswer({ outcome: 'wrong-channel', cluster: 'prod-east', allowed: ['C0PLATFORM'] }, en)),
    'The cluster `prod-east` cannot be used from this channel. Go to #C0PLATFORM and ask again there.',
  );
  assert.equal(
    text(voteAnswer({ outcome: 'own-request', run: runs.waiting }, en)),
    'This is your own request, so a second person has to decide on `r-k7m2p9qx`. To take it back: `/etcd-backup cancel r-k7m2p9qx`',
  );
  assert.equal(
    text(voteAnswer({ outcome: 'expired', run: runs.expired }, en)),
    'The request `r-k7m2p9qx` has expired: nothing was run. Ask again with `/etcd-backup run prod-east`',
  );
  assert.match(text(notRecorded(en)), /nothing was run\. Try again in a minute/);
  assert.match(
    text(commandProblem({ kind: 'unknown-word', word: 'rnu', nearest: 'run' }, en)),
    /Did you mean `\/etcd-backup run`\?/,
  );
  assert.match(
    text(commandProblem({ kind: 'missing', what: 'run', command: 'approve' }, ko)),
    /`\/etcd-backup approve r-…`/,
  );
  assert.match(
    text(runsAnswer('list', { outcome: 'runs', cluster: 'prod-east', runs: [] }, ko)),
    /아직 백업이 없습니다/,
  );
});

test('a request that is on record links to its card where the address is known', () => {
  const answer = { outcome: 'recorded', run: runs.requested, cardChannel: 'C0PLATFORM' } as const;
  const linked = requestAnswer(answer, {
    ...en,
    cardLink: 'https://example.slack.com/archives/C0/p1?a=1&b=2',
  });
  assert.match(sourceOf(linked), /<https:\/\/example\.slack\.com\/archives\/C0\/p1\?a=1&amp;b=2\|its card>/);
  assert.match(
    sourceOf(requestAnswer(answer, { ...en, cardLink: 'https://x|y>' })),
    / its card comes in <#C0PLATFORM>/,
  );
});

test('a vote that came too late names the run’s outcome in words', () => {
  const say = { type: 'vote-too-late', runId: 'r-k7m2p9qx', status: 'expired' } as const;
  assert.match(asPlainText(privateMessage(say, en)), /came too late: the run is ⌛ expired/);
});

test('a check with blockers says so plainly', () => {
  const answer = {
    outcome: 'checked',
    cluster: 'prod-east',
    version: undefined,
    node: undefined,
    findings: blocked,
  } as const;
  assert.match(
    asPlainText(checkAnswer(answer, en)),
    /⛔ A backup cannot run now\. Nothing was changed on the cluster\./,
  );
});

test('a check that came to no plan never says that a backup can run', () => {
  const answer = { outcome: 'checked', cluster: 'prod-east', version: '4.16.8', ...unreadable } as const;
  for (const context of [en, ko]) {
    const text = asPlainText(checkAnswer(answer, context));
    assert.match(text, /⛔/);
    assert.doesNotMatch(text, /backup can run|백업할 수 있습니다|실행할 수 있/);
  }
});

test('an emergency run is marked in every status, on the card, in its notification and in show', () => {
  for (const context of [en, ko]) {
    for (const run of Object.values(runs) as BackupRun[]) {
      const emergency = { ...run, emergency: 'all others are asleep' };
      const card = runCard(emergency, context);
      for (const text of [
        sourceOf(card),
        asPlainText(runAnswer({ outcome: 'run', run: emergency }, context)),
      ])
        assert.match(text, /🚨[^\n]*U0REQUESTER[^\n]*“all others are asleep”/, run.status);
      assert.match(card.text, /^🚨/, run.status);
      assert.doesNotMatch(runCard(run, context).text + sourceOf(runCard(run, context)), /🚨/, run.status);
    }
  }
});

test('that no second person was asked is said only where it is certain', () => {
  const text = (change: Partial<BackupRun>) =>
    sourceOf(runCard({ ...specialRuns['emergency-approved'], ...change }, en));
  assert.match(text({}), /no approval needed[\s\S]*no second person was asked/);
  assert.doesNotMatch(text({ status: 'waiting', planRevision: 2 }), /no second person was asked/);
  assert.doesNotMatch(
    text({ votes: [approvalVote], planRevision: 2 }),
    /no second person was asked|no approval needed/,
  );
});

test('a refused vote says why, and only the reason that is on record', () => {
  const refused = (why?: Vote['why']) => {
    const vote: Vote = { ...approvalVote, status: 'refused', ...(why === undefined ? {} : { why }) };
    return sourceOf(runCard({ ...runs.waiting, votes: [vote] }, en));
  };
  assert.match(refused('not-cluster-admin'), /is not cluster-admin: it does not count/);
  assert.match(refused('rights-unreadable'), /rights on the cluster could not be read/);
  assert.match(refused('blocked-now'), /no backup can run just now/);
  assert.match(refused('profile-unreadable'), /Slack did not say who they are/);
  assert.match(refused('refused-person'), /may not decide here/);
  for (const other of ['vote-void', undefined] as const) {
    assert.match(refused(other), /decided, but it does not count/);
    assert.doesNotMatch(refused(other), /cluster-admin:/);
  }
});

test('who cannot be looked up in Slack learns what to do about it, by its cause', () => {
  const cases = [
    ['unauthorized', /Trying again does not help: ask the administrator of this bot/, /봇 담당자/],
    ['forbidden', /ask the administrator of this bot to look at its Slack token and scopes/, /봇 담당자/],
    ['absent', /does not know your account/, /계정을 찾지 못해/],
    ['timeout', /Try again in a minute/, /잠시 후 다시/],
    ['unreachable', /Try again in a minute/, /잠시 후 다시/],
    // Put on record by an earlier release.
    [undefined, /Try again in a minute/, /잠시 후 다시/],
  ] as const;
  for (const [reason, english, korean] of cases) {
    const why = { ...(reason && { reason }), detail: 'users.info: no' };
    const say = { type: 'profile-unreadable', ...why } as const;
    assert.match(sourceOf(privateMessage(say, en)), english);
    assert.match(sourceOf(privateMessage(say, ko)), korean);
    if (!reason) continue;
    const answer = { outcome: 'profile-unreadable', reason, detail: 'users.info: no' } as const;
    assert.match(sourceOf(requestAnswer(answer, en)), english);
    assert.match(sourceOf(requestAnswer(answer, ko)), korean);
  }
  for (const context of [en, ko]) {
    const form = backupFormWords(toolsFor(context)).problem['profile-unreadable'];
    const of = (reason: 'unauthorized' | 'timeout') =>
      form({ outcome: 'profile-unreadable', reason, detail: '' });
    assert.notEqual(of('unauthorized'), of('timeout'));
  }
});

test('a changed plan is shown on the card that asks again, and nowhere else', () => {
  const changed = specialRuns['waiting-changed'];
  assert.match(sourceOf(runCard(changed, en)), /The plan changed:\* z-stream `4\.16\.8` → `4\.16\.9`/);
  assert.doesNotMatch(sourceOf(runCard({ ...changed, planRevision: 1 }, en)), /The plan changed/);
  assert.doesNotMatch(sourceOf(runCard({ ...changed, status: 'running' }, en)), /The plan changed/);
  assert.match(sourceOf(runCard({ ...changed, planChanges: [] }, en)), /The plan changed\.\*/);
});

test('values of a plan are in people’s words, and of long ones that end is kept in which they differ', () => {
  const t = toolsFor(en);
  const say = (field: keyof Plan, approved: string, now: string) =>
    readable(t.planChanges([{ field, approved, now }]).source);
  assert.equal(say('proxyInUse', 'true', 'false'), 'proxy in use yes → no');
  assert.equal(
    say('approvers', '', 'U0APPROVER,U0ONCALL'),
    'approvers any cluster-admin → @U0APPROVER, @U0ONCALL',
  );
  assert.equal(say('encryptionType', 'identity', 'aescbc'), 'etcd encryption off → `aescbc`');
  assert.equal(say('members', 'a,b,c', 'a,b'), 'etcd members `a`, `b`, `c` → `a`, `b`');
  const image = (end: string) => `quay.io/openshift-release-dev/ocp-release@sha256:${end.padStart(64, '0')}`;
  const long = say('releaseImage', image('1f6c'), image('02ab'));
  assert.match(long, /^release image `quay\.io[^`]*…0+1f6c` → `quay\.io[^`]*…0+02ab`$/);
  assert.ok(long.length < 160, long);
  const many = Array.from({ length: 7 }, () => ({ field: 'node', approved: 'a', now: 'b' }) as const);
  assert.match(t.planChanges(many).source, /and 3 more$/);
});

test('a resumed run says that the script is not started again, or that it had not been started', () => {
  const line = (step: string | undefined) => {
    const detail: Record<string, string> = step === undefined ? {} : { step };
    const event = { at: askedAt, actor: { kind: 'bot' }, action: 'resumed', detail } as const;
    return asPlainText(threadMessage({ type: 'audit', event }, runs.running, en));
  };
  for (const step of ['running-script', 'verifying', 'closing-session'])
    assert.match(line(step), /goes on from this step: .* The backup script is not started a second time/);
  for (const step of ['checking-again', 'opening-session', 'checking-node', 'a step of another release'])
    assert.match(line(step), /had not been started, so the bot checks everything once more/);
  assert.match(line(undefined), /goes on with this run/);
});

test('a clock that is behind is not called ahead', () => {
  const t = toolsFor(en);
  const say = (seconds: number) =>
    findingText(finding('warning', 'clock.skewed', { node: 'master-1', seconds }), t).found.source;
  assert.match(say(95), /1 min 35 s ahead of the bot's/);
  assert.match(say(-95), /1 min 35 s behind the bot's/);
});

test('every topic has its help, and an unknown one shows what there is', () => {
  for (const topic of helpTopics) assert.ok(asPlainText(helpMessage(topic, ko)).length > 40, topic);
  assert.match(asPlainText(helpMessage('ready', en)), /Did you mean `\/etcd-backup help ready-to-update`/);
  assert.match(asPlainText(helpMessage('rn', en)), /There is no help on `rn`[\s\S]*\/etcd-backup run/);
});

test('both languages carry the same values in every finding and failure', () => {
  for (const [name, context] of Object.entries({ en, ko })) {
    const t = toolsFor(context);
    for (const each of everyFinding('VALUE', 1_700_000_000_000, 'warning')) {
      const said = findingText(each, t);
      const text = [said.looked, said.found, said.why, said.next].map((part) => part?.source ?? '').join(' ');
      const takes = JSON.stringify(each.params).includes('VALUE');
      assert.equal(text.includes('VALUE'), takes, `${name}: ${each.code}`);
      assert.equal(/[가-힣]/.test(text), name === 'ko', `${name}: ${each.code}`);
    }
    for (const each of everyFailure('VALUE', 1_000)) {
      const failed = { failure: each, step: undefined, outputTail: [], left: undefined };
      const text = asPlainText(
        threadMessage({ type: 'failure' }, { ...runs.failed, cluster: 'x', failed }, context),
      );
      assert.equal(
        text.includes('VALUE'),
        JSON.stringify(each.params).includes('VALUE'),
        `${name}: ${each.kind}`,
      );
    }
  }
});

test('no value in code touches a letter: Slack would show the backticks', () => {
  const all = [
    ...everyFailure('VALUE', 1).map((each) => {
      const failed = { failure: each, step: undefined, outputTail: [], left: undefined };
      return threadMessage({ type: 'failure' }, { ...runs.failed, failed }, ko);
    }),
    ...everyFinding('VALUE', 1, 'warning').map((each) =>
      threadMessage({ type: 'details' }, { ...runs.waiting, findings: [each] }, ko),
    ),
    ...helpTopics.map((topic) => helpMessage(topic, ko)),
    ...(Object.values({ ...runs, ...specialRuns }) as BackupRun[]).map((run) => runCard(run, ko)),
    ...threadEntries.map((entry) => threadMessage(entry, runs.running, ko)),
    ...privateSays.map((say) => privateMessage(say, ko)),
  ];
  for (const each of all) {
    const odd = sourceOf(each).replace(/(^|[^\p{L}\p{N}`])`[^`\n]+`(?![\p{L}\p{N}`])/gu, '$1');
    assert.ok(!odd.includes('`'), odd);
  }
});

function sourceOf(message: Message): string {
  return (message.blocks ?? [])
    .map((block) => (block.type === 'section' ? (block.text?.text ?? '') : ''))
    .join('\n');
}

function buttonsOf(message: Message): Button[] {
  return (message.blocks ?? []).flatMap((block) =>
    block.type === 'actions' ? block.elements.filter((each): each is Button => each.type === 'button') : [],
  );
}

function required<T>(value: T | undefined): T {
  assert.ok(value !== undefined);
  return value;
}
