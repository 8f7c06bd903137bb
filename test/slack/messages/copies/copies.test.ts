import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FileCopy } from '../../../../src/domain/copies/file-copy.ts';
import { plannedCopy } from '../../../../src/domain/copies/planned-copy.ts';
import type { DrillFailure } from '../../../../src/domain/drill/drill.ts';
import type { RestoreNeed } from '../../../../src/domain/restore/restore-choice.ts';
import { restorePlan } from '../../../../src/domain/restore/restore-plan.ts';
import type { BackupRun, DrillOutcome } from '../../../../src/domain/run/run.ts';
import { copyFailureWords, copyWords } from '../../../../src/slack/messages/copies/words.ts';
import {
  drillAnswer,
  drillWaitsAnswer,
  helpMessage,
  type Message,
  meanwhileAnswer,
  privateMessage,
  restartingAnswer,
  restoreFilesMissing,
  restorePlanAnswer,
  runAnswer,
  runCard,
  runsAnswer,
  threadMessage,
  verifyAnswer,
} from '../../../../src/slack/messages/index.ts';
import { toolsFor } from '../../../../src/slack/messages/kit/make-tools.ts';
import type { RestorePlanAnswer } from '../../../../src/workflow/access/backups.ts';
import { compareGolden as compare } from '../../../support/golden.ts';
import { anotherManifest, dayMs, startedAt } from '../../../support/manifests.ts';
import { asPlainText } from '../../../support/plain-text.ts';
import { slackComplaints } from '../../../support/slack-limits.ts';
import {
  copied,
  failedCopy,
  resourcesCopy,
  rottenCopy,
  snapshotCopy,
  succeededWith,
} from '../copied-runs.ts';
import { askedAt, contextIn, plan, runs } from '../runs.ts';

const en = contextIn('en');
const toolProblem = {
  minor: '3.6',
  kind: 'incomplete',
  detail: 'etcd 3.6 needs etcdutl for a restore, and there is none in /opt/etcd/3.6',
} as const;
const otherDrill = { runId: 'r-an0ther1', cluster: 'prod-west', since: askedAt };
const both = [en, contextIn('ko')];
const now = startedAt + 3 * dayMs;

const drilledAt = { at: '2026-11-24T02:00:00Z', ok: false, revision: null, keys: null, why: 'no keys' };
const manifests = [
  anotherManifest({ runId: 'r-other234', at: startedAt + 2 * dayMs, zStream: '4.16.9' }),
  anotherManifest({ runId: 'r-half2345', at: startedAt + dayMs, proven: ['snapshot'] }),
  anotherManifest({ runId: 'r-newest23' }),
  anotherManifest({ runId: 'r-older234', at: startedAt - dayMs }),
];

function planOf(
  zStream: string | undefined,
  of = manifests,
  more: Partial<RestoreNeed> = {},
): RestorePlanAnswer {
  const answer = restorePlan(of, { zStream, clusterId: undefined, runId: undefined, now, ...more });
  const members = { at: startedAt, answered: ['master-0', 'master-1'], silent: ['master-2'] };
  const known = { seen: more.seen, silentSince: startedAt + dayMs, members };
  return { outcome: 'restore-plan', cluster: 'prod-east', answer, text: '# …', known };
}

const before = { at: startedAt + dayMs + 60_000, timeZone: 'UTC' };
const disproven = manifests
  .slice(2, 3)
  .map((each) => ({ ...each, drill: { ...drilledAt, disproven: true } }));
/** What there is to say of a moment, of a drill that failed, and of a cluster that the watch has seen. */
const choices: readonly RestorePlanAnswer[] = [
  planOf('4.16.8', [anotherManifest({ runId: 'r-after234', at: startedAt + 2 * dayMs }), ...manifests], {
    before,
    seen: { kind: 'on', zStream: '4.16.8', at: startedAt },
  }),
  planOf('4.16.8', manifests.slice(2), { before: { ...before, at: startedAt, note: 'doubled' } }),
  planOf('4.16.8', disproven),
  { outcome: 'no-such-moment', cluster: 'prod-east', typed: 'noon', ahead: undefined },
  {
    outcome: 'no-such-moment',
    cluster: 'prod-east',
    typed: '2026-12-24 12:00',
    ahead: startedAt + 30 * dayMs,
  },
];

for (const language of ['en', 'ko'] as const) {
  const context = contextIn(language);

  test(`cards of copies read as written down (${language})`, () => {
    for (const [name, run] of Object.entries(copied)) {
      compare(language, `card-copies-${name}`, runCard(run, context));
    }
  });

  test(`receipts and reports of copies read as written down (${language})`, () => {
    for (const name of ['proven', 'failed', 'unread', 'rotten'] as const) {
      compare(language, `thread-receipt-${name}`, threadMessage({ type: 'receipt' }, copied[name], context));
    }
    compare(language, 'thread-report-copies', threadMessage({ type: 'report' }, copied.proven, context));
    compare(
      language,
      'thread-restore-files',
      threadMessage({ type: 'restore-files' }, copied.proven, context),
      restoreFilesMissing(copied.proven, 'missing_scope; needs the scope files:write', context),
    );
    compare(language, 'show-copies', runAnswer({ outcome: 'run', run: copied.failed }, context));
    const list = { outcome: 'runs', cluster: 'prod-east' } as const;
    const listed = [copied.proven, copied.failed, copied.rotten, runs.succeeded];
    compare(language, 'list', runsAnswer('list', { ...list, runs: listed }, context));
    const by = "the HyperShift management cluster's OADP schedule";
    const elsewhere = [
      { cluster: 'hcp-01', elsewhere: { by, controlPlane: 'hosted' } as const },
      { cluster: 'hcp-02', elsewhere: { by: undefined, controlPlane: 'hosted' } as const },
      { cluster: 'vendor-3', elsewhere: { by: 'the vendor', controlPlane: 'own' } as const },
    ];
    const all = { outcome: 'runs', cluster: undefined, elsewhere } as const;
    const one = { outcome: 'runs', cluster: 'hcp-01', runs: [], elsewhere: elsewhere.slice(0, 1) } as const;
    compare(
      language,
      'list-elsewhere',
      runsAnswer('list', { ...all, runs: [copied.proven] }, context),
      runsAnswer('list', { ...all, runs: [] }, context),
      runsAnswer('list', one, context),
    );
  });

  test(`answers to verify, drill and restore-plan read as written down (${language})`, () => {
    const { proven, rotten, unread } = copied;
    compare(
      language,
      'verify',
      meanwhileAnswer('verify', proven.id, context),
      verifyAnswer({ outcome: 'verified', run: proven }, context),
      verifyAnswer({ outcome: 'verified', run: rotten }, context),
      verifyAnswer({ outcome: 'verified', run: unread }, context),
      verifyAnswer({ outcome: 'no-copies', run: runs.succeeded }, context),
      verifyAnswer({ outcome: 'no-backup', run: runs.rejected }, context),
    );
    compare(
      language,
      'drill',
      meanwhileAnswer('drill', proven.id, context),
      restartingAnswer('drill', proven.id, context),
      ...[proven, rotten].map((run) =>
        drillAnswer({ outcome: 'drilled', run, drill: required(run.success?.drill) }, context),
      ),
      drillAnswer({ outcome: 'no-etcd-tools', problems: [] }, context),
      drillAnswer({ outcome: 'no-etcd-tools', problems: [toolProblem] }, context),
      drillAnswer(
        { outcome: 'drill-under-way', run: proven, holder: { ...otherDrill, runId: proven.id } },
        context,
      ),
      drillWaitsAnswer(proven.id, otherDrill, context),
      drillWaitsAnswer(proven.id, undefined, context),
      drillAnswer({ outcome: 'drill-waits-already', run: proven, holder: otherDrill }, context),
      drillAnswer({ outcome: 'drill-waited-in-vain', run: proven, holder: otherDrill }, context),
      drillAnswer(
        { outcome: 'encrypted', run: succeededWith({ copies: [{ ...resourcesCopy, file: 'snapshot' }] }) },
        context,
      ),
    );
    const waiting = { since: askedAt, dueAt: askedAt + 30_000, tries: 0 };
    compare(
      language,
      'drill-waits',
      threadMessage(
        { type: 'drill-waits', at: askedAt + 80_000, ofRun: otherDrill.runId, cluster: otherDrill.cluster },
        proven,
        context,
      ),
      ...[
        { drillWait: waiting },
        { drillWait: { ...waiting, tries: 1 } },
        {
          drillWait: {
            ...waiting,
            tries: 1,
            away: {
              destination: 'nas-1',
              detail:
                'open of prod-east in /backups failed: the file system did not answer lstat within 120 s',
            },
          },
        },
        { drillWait: waiting, drillBegunAt: askedAt + 90_000 },
      ].map((state) => {
        const { drill: _, ...success } = required(proven.success);
        return runCard({ ...proven, success: { ...success, ...state } }, context);
      }),
    );
    const drilled = [
      copied.disproven,
      copied['disproven-by-control'],
      copied.inconclusive,
      copied['not-drilled'],
      copied['drill-killed'],
    ];
    compare(
      language,
      'drill-verdicts',
      ...[copied.disproven, copied.inconclusive].map((run) => {
        const { drill } = run.success ?? {};
        assert.ok(drill && !drill.ok);
        const say = { type: 'drill-failed', runId: run.id, cluster: run.cluster, drill } as const;
        return privateMessage(say, context);
      }),
      ...drilled.map((run) =>
        drillAnswer({ outcome: 'drilled', run, drill: required(run.success?.drill) }, context),
      ),
      threadMessage(
        { type: 'drill', drill: required(copied.disproven.success?.drill) },
        copied.disproven,
        context,
      ),
      threadMessage({ type: 'report' }, copied.disproven, context),
      runsAnswer('list', { outcome: 'runs', cluster: 'prod-east', runs: drilled }, context),
    );
    compare(
      language,
      'restore-plan',
      restorePlanAnswer(planOf('4.16.8'), context),
      restorePlanAnswer(planOf(undefined), context, 'missing_scope; needs the scope files:write'),
      restorePlanAnswer(planOf('4.15.1'), context),
      restorePlanAnswer(planOf(undefined, []), context),
    );
    compare(language, 'restore-plan-before', ...choices.map((answer) => restorePlanAnswer(answer, context)));
    compare(
      language,
      'help-copies',
      ...['verify', 'drill', 'restore-plan'].map((topic) => helpMessage(topic, context)),
    );
  });
}

test('the card names where the files go instead of the directory, as the approved plan says', () => {
  const text = textOf(runCard(copied.waiting, en));
  assert.match(
    text,
    /Goes to: `nas-1` \(etcd snapshot\) · `vault-s3` \(static pod resources, encrypted for 2 recipients\)/,
  );
  assert.doesNotMatch(text, /on that node/);
  const another = {
    ...en,
    policy: { ...en.policy, copies: [{ ...snapshotCopy, destination: 'elsewhere' }] },
  };
  assert.doesNotMatch(textOf(runCard(copied.waiting, another)), /elsewhere/);
  assert.match(textOf(runCard(runs.waiting, en)), /on that node/);
});

test('the card warns of one place, one recipient and plain resources, and only of what is so', () => {
  const card = (...copies: FileCopy[]) =>
    textOf(runCard({ ...runs.waiting, plan: { ...plan, copies: copies.map(plannedCopy) } }, en));
  const one = resourcesCopy.encryptFor.slice(0, 1);
  const warned = /go to one place|by `ops-a` alone|are not encrypted/;
  assert.doesNotMatch(card(snapshotCopy, resourcesCopy), warned);
  assert.match(card(snapshotCopy, { ...resourcesCopy, destination: 'nas-1' }), /go to one place.*`nas-1`/);
  assert.match(
    card(snapshotCopy, { ...resourcesCopy, encryptFor: one }),
    /resources can be opened by `ops-a` alone/,
  );
  assert.match(card(snapshotCopy, { ...resourcesCopy, encryptFor: [] }), /resources are not encrypted/);
  assert.doesNotMatch(card({ ...snapshotCopy, encryptFor: [] }, resourcesCopy), /not encrypted/);
});

test('progress has speed and time left as soon as they are known, and never nonsense', () => {
  const progress = (change: object) => {
    const [first] = required(copied.copying.copyProgress);
    return textOf(runCard({ ...copied.copying, copyProgress: [{ ...required(first), ...change }] }, en));
  };
  assert.match(progress({}), /etcd snapshot → `nas-1`: 52 MB of 104 MB · 26 MB\/s · 2 s left/);
  assert.match(progress({ bytes: 0, at: copied.copying.requestedAt }), /`nas-1`: 0 B of 104 MB$/m);
  assert.match(progress({ bytes: 108_146_720 }), /all 104 MB sent, now stored and read back/);
  const over = runCard({ ...copied.copying, step: 'closing-session' }, en);
  assert.doesNotMatch(textOf(over), /MB\/s/);
});

test('the receipt states the outcome in one line, whatever the state of each file', () => {
  const line = (copies: FileCopy[], onNode: 'kept' | 'removed' | undefined) => {
    const run = succeededWith({ copies, ...(onNode === undefined ? {} : { onNode }) });
    return textOf(threadMessage({ type: 'receipt' }, run, en)).split('\n')[0];
  };
  assert.equal(
    line([snapshotCopy, failedCopy], undefined),
    'on the node: yes · etcd snapshot at `nas-1`: copy verified · static pod resources at `vault-s3`: failed, tried 3 times, next try 2026-11-24 02:43 (Asia/Seoul)',
  );
  assert.equal(
    line([rottenCopy, resourcesCopy], 'removed'),
    'removed from the node by retention; copies: etcd snapshot at `nas-1`: stored, but not verified · static pod resources at `vault-s3`: copy verified',
  );
  const planned = { ...failedCopy, failure: undefined, tries: 0, nextTryAt: undefined };
  assert.match(line([snapshotCopy, planned], 'kept') ?? '', /`vault-s3`: not copied yet$/);
});

test('a backup that did not leave the cluster is nowhere called backed up, and says nothing of copying by hand once it did', () => {
  for (const context of both) {
    const status = toolsFor(context).terms.status.succeeded.source;
    for (const run of [copied.failed, copied.rotten, copied.disproven]) {
      const card = runCard(run, context);
      assert.doesNotMatch(card.text, new RegExp(status));
      assert.match(textOf(card), /⚠️|❌/);
      assert.doesNotMatch(textOf(card), /✅/);
      for (const said of [
        runsAnswer('status', { outcome: 'runs', cluster: undefined, runs: [run] }, context),
        runAnswer({ outcome: 'run', run }, context),
      ])
        assert.doesNotMatch(textOf(said), new RegExp(`· ${status}`));
    }
    assert.match(runCard(copied.proven, context).text, new RegExp(status));
  }
  assert.doesNotMatch(textOf(runCard(copied.proven, en)), /off the cluster, to two separate places/);
  assert.match(textOf(runCard(runs.succeeded, en)), /off the cluster, to two separate places/);
  const report = (run: BackupRun) => textOf(threadMessage({ type: 'report' }, run, en));
  assert.doesNotMatch(
    report(copied.proven),
    /Copy both files off the cluster|Keep the static pod resources apart/,
  );
  assert.match(report(copied.failed), /Copy both files off the cluster/);
  const onePlace = [snapshotCopy, { ...resourcesCopy, destination: 'nas-1' }];
  assert.match(report(succeededWith({ copies: onePlace })), /Keep the static pod resources apart/);
});

test('a receipt never calls proven what was not read back, and names the original while it is there', () => {
  const receipt = (run: BackupRun) => textOf(threadMessage({ type: 'receipt' }, run, en));
  assert.match(receipt(copied.rotten), /⚠️ \*etcd snapshot\*[\s\S]*Copy not verified:/);
  assert.match(receipt(copied.rotten), /original is not on the node any more.*run prod-east/);
  const failed = receipt(copied.failed).split('❌')[1] ?? '';
  assert.doesNotMatch(failed, /s3:\/\/etcd-keys\/prod-east|Encrypted/, 'nothing is there');
  assert.match(receipt(copied.failed), /original is on node `master-1`: `\/home\/core/);
  const decrypted = required(runs.succeeded.success).artifacts.resources.sha256;
  assert.ok(receipt(copied.proven).includes(decrypted), 'the digest after decryption');
});

test('a failure of a kind without words of its own is described by its detail', () => {
  const failure = { kind: 'of-a-later-release', detail: 'what it said', at: 0 };
  const run = succeededWith({ copies: [{ ...failedCopy, failure }, snapshotCopy] });
  assert.match(
    textOf(threadMessage({ type: 'receipt' }, run, en)),
    /it did not work[\s\S]*In detail: what it said/,
  );
  const drill = { ok: false, why: 'the moon', at: 0 } as const;
  assert.match(textOf(drillAnswer({ outcome: 'drilled', run, drill }, en)), /inconclusive: “the moon”/);
  const later = { ...drill, failure: { kind: 'of-a-later-release' } } as unknown as DrillOutcome;
  assert.match(
    textOf(drillAnswer({ outcome: 'drilled', run, drill: later }, en)),
    /inconclusive: “the moon”/,
  );
});

test('every way in which a drill fails has words in both languages and fits, with the longest detail', () => {
  const run = succeededWith({ copies: [snapshotCopy, resourcesCopy] });
  const detail = '<!here>`*&'.repeat(50);
  const status = { hash: 1, revision: 2, totalKey: 3, totalSize: 4_096, version: undefined };
  const found = { ...status, hash: 9, revision: 8, totalKey: 7, totalSize: 5_120 };
  const fields = ['hash', 'revision', 'totalKey', 'totalSize'] as const;
  const failures: { readonly [Kind in DrillFailure['kind']]: Extract<DrillFailure, { kind: Kind }> } = {
    'not-fetched': { kind: 'not-fetched', detail },
    'not-known-place': { kind: 'not-known-place', destination: 'nas-1', detail },
    'not-run': { kind: 'not-run', detail },
    'process-ended': { kind: 'process-ended' },
    'no-tools': { kind: 'no-tools', minor: '3.5' },
    'other-byte-order': { kind: 'other-byte-order' },
    'snapshot-unreadable': { kind: 'snapshot-unreadable', detail },
    'snapshot-damaged': { kind: 'snapshot-damaged', size: 12 },
    'no-room': { kind: 'no-room', freeBytes: 1, neededBytes: 2 ** 30 },
    'status-failed': { kind: 'status-failed', detail },
    'status-differs': { kind: 'status-differs', fields, expected: status, found },
    'restore-failed': { kind: 'restore-failed', detail },
    'etcd-not-started': { kind: 'etcd-not-started', detail },
    'etcd-ended': { kind: 'etcd-ended', detail },
    'revision-differs': { kind: 'revision-differs', expected: 5_346, found: 5_340 },
    'no-keys': { kind: 'no-keys' },
    'read-failed': { kind: 'read-failed', detail },
    deadline: { kind: 'deadline', deadlineMs: 2_000, phase: 'counting' },
    aborted: { kind: 'aborted', phase: 'status' },
  };
  const phases = ['fetching', 'reading', 'status', 'restoring', 'starting', 'counting'] as const;
  const all = [...Object.values(failures), ...phases.map((phase) => ({ kind: 'aborted', phase }) as const)];
  for (const context of both) {
    const said = all.map((failure) => {
      const drill = { ok: false, failure, why: 'only for the audit', at: 0 } as const;
      const message = drillAnswer({ outcome: 'drilled', run, drill }, context);
      assert.deepEqual(slackComplaints(message), [], failure.kind);
      const text = copyWords(toolsFor(context)).drill(drill).source;
      assert.equal(/[가-힣]/.test(text.replace(/^[^:]*:/, '')), context.language === 'ko', text);
      assert.doesNotMatch(text, /only for the audit/);
      return text;
    });
    assert.equal(new Set(said).size, all.length - 1, 'each has words of its own');
    assert.match(
      said.join('\n'),
      context.language === 'ko' ? /리비전 8\(예상 2\)/ : /revision 8 instead of 2/,
    );
  }
});

test('every kind of failure has words in both languages and fits, with the longest detail', () => {
  for (const context of both) {
    const failures = copyFailureWords(toolsFor(context));
    for (const kind of Object.keys(failures)) {
      const failure = { kind, detail: '<!here>`*&'.repeat(50), at: 0 };
      const run = succeededWith({ copies: [{ ...failedCopy, failure }, snapshotCopy] });
      for (const message of [runCard(run, context), threadMessage({ type: 'receipt' }, run, context)])
        assert.deepEqual(slackComplaints(message), [], kind);
    }
    for (const text of Object.values(failures).flatMap(({ said, next }) => [said, next]))
      assert.equal(/[가-힣]/.test(text.source), context.language === 'ko', text.source);
  }
});

test('counts of a backup’s proof are of files, whatever the number of places', () => {
  const list = (copies: FileCopy[]) =>
    textOf(runsAnswer('list', { outcome: 'runs', cluster: 'x', runs: [succeededWith({ copies })] }, en));
  assert.match(list([snapshotCopy, resourcesCopy]), /✅ copies verified at 2 places · drill –/);
  assert.match(
    list([snapshotCopy, { ...resourcesCopy, destination: 'nas-1' }]),
    /✅ copies verified at 1 place ·/,
  );
  assert.match(list([snapshotCopy, failedCopy]), /⚠️ copies of 1 of 2 files verified/);
  assert.match(list([]), /⚠️ on the node only/);
});

test('the restore plan counts why others do not qualify, and says so where none does', () => {
  assert.match(
    textOf(restorePlanAnswer(planOf('4.16.8'), en)),
    /1 of another z-stream · 1 without a verified copy of both files · 1 older/,
  );
  const none = textOf(restorePlanAnswer(planOf('4.15.1'), en));
  assert.match(none, /exactly the z-stream 4\.15\.1.*None of the 4/);
  const missing = restorePlanAnswer(
    { outcome: 'no-such-run', runId: 'r-7k3m9xq2', nearest: 'r-7k3m9xq3' },
    en,
  );
  assert.match(textOf(missing), /Did you mean `r-7k3m9xq3`/);
  assert.match(
    textOf(restorePlanAnswer({ outcome: 'unknown-person' }, en)),
    /does not know which cluster user/,
  );
});

test('no value in code touches a letter in Korean', () => {
  const ko = contextIn('ko');
  const all: Message[] = [
    ...Object.values(copied).flatMap((run) => [
      runCard(run, ko),
      threadMessage({ type: 'receipt' }, run, ko),
      threadMessage({ type: 'report' }, run, ko),
      verifyAnswer({ outcome: 'verified', run }, ko),
      drillAnswer({ outcome: 'encrypted', run }, ko),
      verifyAnswer({ outcome: 'no-copies', run }, ko),
      verifyAnswer({ outcome: 'no-backup', run }, ko),
    ]),
    restoreFilesMissing(copied.proven, 'why', ko),
    ...[planOf('4.16.8'), planOf(undefined), planOf('4.15.1'), ...choices].map((answer) =>
      restorePlanAnswer(answer, ko),
    ),
    drillAnswer({ outcome: 'no-etcd-tools', problems: [toolProblem] }, ko),
  ];
  for (const { blocks = [] } of all) {
    for (const block of blocks) {
      const text = block.type === 'section' ? (block.text?.text ?? '') : '';
      const odd = text.replace(/(^|[^\p{L}\p{N}`])`[^`\n]+`(?![\p{L}\p{N}`])/gu, '$1');
      assert.ok(!odd.includes('`'), odd);
    }
  }
});

function textOf(message: Message): string {
  return asPlainText(message);
}

function required<T>(value: T | undefined): T {
  assert.ok(value !== undefined);
  return value;
}
