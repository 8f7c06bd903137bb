import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Failure } from '../../../../src/domain/backup/failure.ts';
import type { FileCopy } from '../../../../src/domain/copies/file-copy.ts';
import type { AuditAction } from '../../../../src/domain/people/audit.ts';
import type { Language } from '../../../../src/domain/policy/policy.ts';
import type { FindingOutcome } from '../../../../src/domain/preflight/finding.ts';
import type { Plan } from '../../../../src/domain/preflight/plan.ts';
import { restorePlan } from '../../../../src/domain/restore/restore-plan.ts';
import type { PrivateMessage } from '../../../../src/domain/run/private-message.ts';
import {
  type BackupRun,
  type DrillOutcome,
  type RunStatus,
  runSteps,
} from '../../../../src/domain/run/run.ts';
import {
  cancelAnswer,
  checkAnswer,
  commandProblem,
  drillAnswer,
  helpMessage,
  meanwhileAnswer,
  notRecorded,
  privateMessage,
  requestAnswer,
  restartingAnswer,
  restoreFilesMissing,
  restorePlanAnswer,
  runAnswer,
  runCard,
  runsAnswer,
  threadMessage,
  verifyAnswer,
  voteAnswer,
} from '../../../../src/slack/messages/index.ts';
import type { Message } from '../../../../src/slack/messages/kit/blocks.ts';
import { toolsFor } from '../../../../src/slack/messages/kit/make-tools.ts';
import { aManifest } from '../../../support/manifests.ts';
import { everyFailure, everyFinding } from '../../../support/message-samples.ts';
import { slackComplaints } from '../../../support/slack-limits.ts';
import { contextIn, policy } from '../runs.ts';
import { cannotPostReasons } from '../special-runs.ts';

const pieces = [
  '<!here>',
  '<!channel> ',
  '<@U0APPROVER>',
  '<https://evil.example|the card>',
  '@channel',
  '&',
  '&amp;',
  '<',
  '>',
  '`',
  '```',
  '*',
  '_',
  '~',
  '\n',
  '\u001b[31m',
  '\u0000',
  '\u202e',
  '\u2066',
  '\ud83d',
  '👩‍👩‍👧‍👦',
  '컨트롤 플레인',
  'master-1',
  ' ',
  '|',
  '^',
  '$(reboot)',
];
const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.array(fc.constantFrom(...pieces), { maxLength: 30 }).map((parts) => parts.join('')),
  fc
    .tuple(fc.constantFrom(...pieces), fc.integer({ min: 1, max: 10_000 }))
    .map(([piece, count]) => piece.repeat(Math.ceil(count / piece.length))),
);
const number = fc.oneof(
  fc.integer({ min: -1, max: 2 ** 45 }),
  fc.constantFrom(0, NaN, Infinity, 1e300, -1e300),
);
const optionalNumber = fc.option(number, { nil: undefined });
const language = fc.constantFrom<Language>('en', 'ko');
const status = fc.constantFrom<RunStatus>(
  'requested',
  'waiting',
  'approved',
  'running',
  'succeeded',
  'failed',
  'blocked',
  'refused',
  'rejected',
  'cancelled',
  'expired',
);
const outcome = fc.constantFrom<FindingOutcome>('blocker', 'warning', 'passed', 'later');
const person = fc.record({ slackUser: fc.oneof(nasty, fc.constant('U0APPROVER')), clusterUser: nasty });
const names = fc.array(nasty, { maxLength: 40 });

const fileKind = fc.constantFrom('snapshot' as const, 'resources' as const);
const recipients = fc.array(fc.record({ name: nasty, publicKey: nasty }), { maxLength: 20 });
const planCopies = fc.array(
  fc.record({ file: fileKind, destination: nasty, encryptedFor: fc.array(nasty, { maxLength: 20 }) }),
  { maxLength: 4 },
);
const copy: fc.Arbitrary<FileCopy> = fc.record({
  file: fileKind,
  destination: nasty,
  place: fc.constant({ kind: 'directory' as const, path: '/' }),
  custodians: names,
  encryptFor: recipients,
  key: nasty,
  location: nasty,
  tries: fc.nat(),
  stored: fc.option(fc.record({ size: number, sha256: nasty, at: number, lockedUntil: optionalNumber }), {
    nil: undefined,
  }),
  provenAt: optionalNumber,
  failure: fc.option(
    fc.record({
      kind: fc.oneof(nasty, fc.constantFrom('unreachable', 'sha256', 'constructor')),
      detail: nasty,
      at: number,
    }),
    { nil: undefined },
  ),
  nextTryAt: optionalNumber,
});
const drill: fc.Arbitrary<DrillOutcome> = fc.oneof(
  fc.record({ ok: fc.constant(true as const), revision: fc.nat(), keys: number, at: number }),
  fc.record({
    ok: fc.constant(false as const),
    failure: fc.oneof(
      fc.record({ kind: fc.constantFrom('restore-failed' as const, 'not-run' as const), detail: nasty }),
      fc.record({ kind: fc.constant('no-room' as const), freeBytes: number, neededBytes: number }),
    ),
    why: nasty,
    at: number,
  }),
  fc.record({ ok: fc.constant(false as const), why: nasty, at: number }),
);
const progress = fc.record({ file: fileKind, bytes: number, total: number, startedAt: number, at: number });

const plan: fc.Arbitrary<Plan> = fc.record({
  clusterId: nasty,
  infrastructureName: nasty,
  apiUrl: nasty,
  zStream: nasty,
  releaseImage: nasty,
  topology: fc.oneof(nasty, fc.constant('DualReplica')),
  node: nasty,
  nodeIp: nasty,
  directory: nasty,
  sessionImage: nasty,
  proxyInUse: fc.boolean(),
  encryptionType: fc.oneof(nasty, fc.constantFrom('aescbc', 'identity', 'unknown')),
  members: names,
  approvalsNeeded: fc.nat(),
  approvers: names,
  selfApproval: fc.boolean(),
  copies: planCopies,
});

const planFields = Object.keys(toolsFor(contextIn('en')).terms.planField) as (keyof Plan)[];
const planChanges = fc.array(
  fc.record({
    field: fc.constantFrom(...planFields),
    approved: fc.oneof(nasty, fc.constantFrom('', 'true', 'identity')),
    now: nasty,
  }),
);

const findings = fc
  .tuple(nasty, number, outcome, fc.boolean())
  .map(([text, value, each, some]) => (some ? everyFinding(text, value, each) : []));
const failed: fc.Arbitrary<Failure> = fc
  .tuple(nasty, number, fc.nat())
  .map(([text, value, index]) => everyFailure(text, value).at(index % everyFailure('', 0).length) as Failure);

const whys: readonly PrivateMessage['type'][] = [
  'refused-person',
  'profile-unreadable',
  'not-cluster-admin',
  'rights-unreadable',
  'blocked-now',
  'vote-void',
];
const run: fc.Arbitrary<BackupRun> = fc.record({
  id: fc.oneof(nasty, fc.constant('r-k7m2p9qx')),
  cluster: nasty,
  status,
  requester: person,
  origin: fc.constantFrom({ kind: 'command' as const }, { kind: 'schedule' as const }),
  reason: fc.option(nasty, { nil: undefined }),
  emergency: fc.option(nasty, { nil: undefined }),
  planRevision: fc.nat(),
  planChanges,
  nodeWanted: fc.option(nasty, { nil: undefined }),
  askedIn: nasty,
  requestedAt: number,
  plan: fc.option(plan, { nil: undefined }),
  findings,
  votes: fc.array(
    fc.record({
      person,
      decision: fc.constantFrom('approve' as const, 'reject' as const),
      reason: fc.option(nasty, { nil: undefined }),
      at: number,
      status: fc.constantFrom('pending' as const, 'counted' as const, 'refused' as const),
      why: fc.constantFrom(...whys),
    }),
    { maxLength: 30 },
  ),
  expiresAt: optionalNumber,
  startedAt: optionalNumber,
  finishedAt: optionalNumber,
  step: fc.option(fc.constantFrom(...runSteps), { nil: undefined }),
  success: fc.option(
    fc.record({
      scriptMs: number,
      sessionPodLeft: fc.option(nasty, { nil: undefined }),
      artifacts: fc.record({
        snapshot: fc.record({
          path: nasty,
          size: number,
          sha256: nasty,
          status: fc.option(
            fc.record({
              hash: number,
              revision: fc.nat(),
              totalKey: number,
              totalSize: number,
              version: fc.option(nasty, { nil: undefined }),
            }),
            { nil: undefined },
          ),
        }),
        resources: fc.record({ path: nasty, size: number, sha256: nasty }),
      }),
      copies: fc.array(copy, { maxLength: 5 }),
      drill,
      onNode: fc.constantFrom('kept' as const, 'removed' as const),
    }),
    { nil: undefined },
  ),
  failed: fc.option(
    fc.record({
      failure: failed,
      step: fc.option(fc.constantFrom(...runSteps), { nil: undefined }),
      outputTail: names,
      left: fc.option(
        fc.record({
          node: nasty,
          paths: fc.option(names, { nil: undefined }),
          sessionPod: fc.option(nasty, { nil: undefined }),
        }),
        { nil: undefined },
      ),
    }),
    { nil: undefined },
  ),
  copyProgress: fc.option(fc.array(progress, { maxLength: 4 }), { nil: undefined }),
  endedBy: fc.option(person, { nil: undefined }),
  endReason: fc.option(nasty, { nil: undefined }),
  card: fc.constant(undefined),
});

const context = fc
  .record({
    language,
    now: number,
    timeZone: fc.oneof(nasty, fc.constantFrom('Asia/Seoul', 'UTC')),
    command: nasty,
  })
  .map((each) => ({ ...contextIn(each.language), ...each }));

const options = { numRuns: 150 };

function fits(message: Message) {
  assert.deepEqual(slackComplaints(message), []);
}

test('no card exceeds a limit or lets markup through, whatever the run holds', () => {
  fc.assert(
    fc.property(run, context, names, (each, where, approvers) => {
      const approval = { ...policy.approval, approvers };
      fits(runCard(each, { ...where, policy: { ...policy, approval } }));
    }),
    options,
  );
});

test('no thread message exceeds a limit or lets markup through', () => {
  const actions = Object.keys(toolsFor(contextIn('en')).terms.audit) as AuditAction[];
  const keys = ['reason', 'node', 'emergency', 'toldOwners', 'voidedApprovals', 'step', 'path', 'ofRun'];
  const event = fc.record({
    at: number,
    actor: fc.oneof(
      fc.constant({ kind: 'bot' as const }),
      person.map((each) => ({ kind: 'person' as const, ...each })),
    ),
    action: fc.constantFrom(...actions),
    detail: fc.dictionary(fc.oneof(nasty, fc.constantFrom(...keys, ...planFields)), nasty, { maxKeys: 20 }),
  });
  fc.assert(
    fc.property(run, context, event, fc.option(nasty, { nil: undefined }), (each, where, audit, detail) => {
      fits(threadMessage({ type: 'audit', event: audit }, each, where));
      fits(threadMessage({ type: 'step', step: 'verifying', at: audit.at, detail }, each, where));
      for (const found of each.findings.slice(0, 5))
        fits(threadMessage({ type: 'warning', finding: found }, each, where));
      fits(threadMessage({ type: 'details' }, each, where));
      fits(threadMessage({ type: 'report' }, each, where));
      fits(threadMessage({ type: 'failure' }, each, where));
      fits(threadMessage({ type: 'receipt' }, each, where));
      fits(threadMessage({ type: 'restore-files' }, each, where));
      fits(restoreFilesMissing(each, each.id, where));
    }),
    options,
  );
});

test('no private answer exceeds a limit or lets markup through', () => {
  fc.assert(
    fc.property(run, context, nasty, names, number, findings, (each, where, text, known, count, found) => {
      const linked = { ...where, cardLink: text };
      fits(requestAnswer({ outcome: 'recorded', run: each, cardChannel: text }, linked));
      fits(requestAnswer({ outcome: 'busy', run: each }, linked));
      fits(requestAnswer({ outcome: 'bad-node', node: text }, where));
      fits(requestAnswer({ outcome: 'reason-too-long', length: count, max: count }, where));
      fits(requestAnswer({ outcome: 'unknown-cluster', name: text, nearest: text, known }, where));
      fits(requestAnswer({ outcome: 'cluster-missing', known }, where));
      fits(requestAnswer({ outcome: 'wrong-channel', cluster: text, allowed: known }, where));
      fits(requestAnswer({ outcome: 'profile-unreadable', reason: 'timeout', detail: text }, where));
      fits(voteAnswer({ outcome: 'not-an-approver', run: each, approvers: known }, where));
      fits(voteAnswer({ outcome: 'own-request', run: each }, where));
      fits(voteAnswer({ outcome: 'not-waiting', run: each }, where));
      fits(voteAnswer({ outcome: 'no-such-run', runId: text }, where));
      fits(cancelAnswer({ outcome: 'not-yours', run: each }, where));
      fits(
        checkAnswer({ outcome: 'checked', cluster: text, version: text, node: text, findings: found }, where),
      );
      fits(runsAnswer('status', { outcome: 'runs', cluster: text, runs: Array(60).fill(each) }, where));
      fits(runsAnswer('list', { outcome: 'runs', cluster: text, runs: [] }, where));
      fits(runAnswer({ outcome: 'run', run: each }, where));
      fits(helpMessage(text, where));
      fits(verifyAnswer({ outcome: 'verified', run: each }, where));
      fits(verifyAnswer({ outcome: 'no-copies', run: each }, where));
      fits(verifyAnswer({ outcome: 'no-backup', run: each }, where));
      fits(verifyAnswer({ outcome: 'no-such-run', runId: text, nearest: text }, where));
      fits(drillAnswer({ outcome: 'encrypted', run: each }, where));
      if (each.success) {
        fits(
          drillAnswer({ outcome: 'drilled', run: each, drill: each.success.drill as DrillOutcome }, where),
        );
      }
      fits(meanwhileAnswer('verify', text, where));
      fits(restartingAnswer('verify', text, where));
      fits(notRecorded(where));
      fits(requestAnswer({ outcome: 'no-emergency-right', cluster: text, people: known }, where));
      fits(voteAnswer({ outcome: 'old-plan', run: each }, linked));
      fits(voteAnswer({ outcome: 'not-this-card', run: each }, linked));
      const { status, planChanges: changes, requester: by } = each;
      fits(privateMessage({ type: 'vote-too-late', runId: text, status }, where));
      fits(privateMessage({ type: 'vote-void', runId: text, changes }, linked));
      fits(privateMessage({ type: 'blocked-now', runId: text, findings: found }, linked));
      fits(
        privateMessage(
          { type: 'emergency-started', runId: text, cluster: text, by, emergency: text },
          linked,
        ),
      );
      for (const why of cannotPostReasons) {
        const names = { runId: text, channel: text, botName: text, scope: text, code: text };
        fits(privateMessage({ type: 'cannot-post', ...names, why, keptUntil: 0 }, linked));
      }
      fits(privateMessage({ type: 'not-cluster-admin', cluster: text, clusterUser: text }, where));
      fits(commandProblem({ kind: 'unknown-option', option: text, command: text, nearest: text }, where));
      fits(commandProblem({ kind: 'too-many-words', command: text, word: text }, where));
    }),
    { numRuns: 60 },
  );
});

test('no restore plan exceeds a limit or lets markup through, whatever the manifest holds', () => {
  const kinds = fc.constantFrom(
    'other-cluster' as const,
    'other-z-stream' as const,
    'not-proven' as const,
    'disproven' as const,
    'older' as const,
  );
  fc.assert(
    fc.property(nasty, names, context, number, fc.array(kinds), (text, some, where, at, rejectedFor) => {
      const base = aManifest();
      const copies = some.map(() => ({
        destination: text,
        place: { kind: 'directory' as const, path: text },
        key: text,
        storedSize: at,
        storedSha256: text,
        encryptedFor: [],
        custodians: some,
        lockedUntil: null,
        provenAt: text,
      }));
      const file = { ...base.files.snapshot, name: text, nodePath: text, copies };
      const manifest = {
        ...base,
        runId: text,
        cluster: { ...base.cluster, name: text },
        release: { zStream: text, image: text },
        times: { requested: text, started: text, finished: text },
        files: { snapshot: file, resources: file },
      };
      const certificates = [{ subject: text, notAfter: text }];
      const warnings = [
        { kind: 'signer-expired' as const, bundle: text, all: at > 0, certificates },
        { kind: 'disproven' as const },
        { kind: 'signers-unknown' as const, bundles: some },
        { kind: 'z-stream-unknown' as const, zStream: text, others: some },
      ];
      const rejected = rejectedFor.map((kind) => ({
        manifest,
        because: { kind, clusterId: '', zStream: '', wanted: '', files: [] },
      }));
      const empty = restorePlan([base], {
        zStream: undefined,
        clusterId: undefined,
        runId: undefined,
        now: 0,
      });
      assert.equal(empty.outcome, 'plan');
      if (empty.outcome !== 'plan') return;
      const plan = { ...empty.plan, manifest, warnings, rejected };
      const answer = { outcome: 'restore-plan', cluster: text, text } as const;
      fits(restorePlanAnswer({ ...answer, answer: { outcome: 'plan', plan } }, where, text));
      const need = { zStream: text, clusterId: undefined, runId: undefined, now: at };
      fits(
        restorePlanAnswer(
          { ...answer, answer: { outcome: 'none', need, rejected, nearest: rejected[0] } },
          where,
        ),
      );
    }),
    options,
  );
});

test('every finding and every failure fits, in every outcome and both languages', () => {
  for (const where of [contextIn('en'), contextIn('ko')]) {
    for (const text of ['', 'x'.repeat(10_000), '<!here>`*&'.repeat(1_000)]) {
      for (const each of everyFailure(text, 1_000_000)) {
        const left = { node: text, paths: [text], sessionPod: text };
        const run = { ...fc.sample(plainRun, 1)[0], status: 'failed' } as BackupRun;
        const failed = { failure: each, step: undefined, outputTail: Array(200).fill(text), left };
        fits(runCard({ ...run, failed }, where));
        fits(threadMessage({ type: 'failure' }, { ...run, failed }, where));
      }
      for (const each of ['blocker', 'warning', 'passed', 'later'] as const) {
        const found = everyFinding(text, 1_000_000, each);
        for (const one of found) {
          fits(
            threadMessage({ type: 'warning', finding: one }, fc.sample(plainRun, 1)[0] as BackupRun, where),
          );
          fits(privateMessage({ type: 'blocked-now', runId: 'r-k7m2p9qx', findings: [one] }, where));
        }
        fits(
          checkAnswer(
            { outcome: 'checked', cluster: 'x', version: undefined, node: undefined, findings: found },
            where,
          ),
        );
      }
    }
  }
});

const plainRun = run.map((each) => ({ ...each, id: 'r-k7m2p9qx' }));
