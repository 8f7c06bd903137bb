import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DeclaredRestore } from '../../../../src/domain/copies/restore-mark.ts';
import type { Language } from '../../../../src/domain/policy/policy.ts';
import { restorePlan } from '../../../../src/domain/restore/restore-plan.ts';
import type { BackupRun } from '../../../../src/domain/run/run.ts';
import {
  helpMessage,
  parseRestoredButton,
  parseWatchButton,
  restoredAnswer,
  restoredNotice,
  restorePlanAnswer,
  revisionFellNotice,
  runAnswer,
  runCard,
  runsAnswer,
  threadMessage,
} from '../../../../src/slack/messages/index.ts';
import type { Message } from '../../../../src/slack/messages/kit/blocks.ts';
import type { NamedBackup, RestoredAnswer } from '../../../../src/workflow/access/restored-answer.ts';
import { compareGolden } from '../../../support/golden.ts';
import { aManifest, dayMs, startedAt } from '../../../support/manifests.ts';
import { slackComplaints } from '../../../support/slack-limits.ts';
import { resourcesCopy, snapshotCopy, succeededWith } from '../copied-runs.ts';
import { contextIn } from '../runs.ts';

const hourMs = 3_600_000;
const at = Date.UTC(2026, 10, 23, 3, 40);
const by = { slackUser: 'U0APPROVER', clusterUser: 'approver' };

function backups(count: number, zStream = '4.16.8'): readonly NamedBackup[] {
  return Array.from({ length: count }, (_, index) => ({
    runId: `r-${String(index).padStart(8, '2')}`,
    zStream,
    takenAt: at - (index + 1) * hourMs,
  }));
}

function restore(cluster: string): DeclaredRestore {
  return {
    id: `${cluster}/restored@${at}`,
    cluster,
    clusterId: 'id-1',
    from: 'r-k7m2p9qx',
    at,
    declaredAt: at + hourMs,
    by,
    revoked: undefined,
  };
}

const from: NamedBackup = { runId: 'r-k7m2p9qx', zStream: '4.16.8', takenAt: at - 5 * hourMs };
const nothing = { marked: [], back: [], staying: [] } as const;

/** Each with `text` wherever a person's or a program's words come in. */
function asked(cluster: string, many: number): readonly RestoredAnswer[] {
  const confirm = { outcome: 'confirm-needed', cluster, from, at, fingerprint: '0123456789ab' } as const;
  const effect = { marked: backups(many), back: backups(1), staying: backups(1) };
  return [
    { ...confirm, changed: false, ...effect },
    { ...confirm, changed: false, ...nothing },
    { ...confirm, changed: true, ...nothing, marked: backups(1) },
  ];
}

function done(cluster: string, many: number): readonly RestoredAnswer[] {
  const said = { cluster, restore: restore(cluster) };
  return [
    { outcome: 'declared', ...said, marked: backups(many), back: backups(1), staying: [] },
    { outcome: 'declared', ...said, ...nothing },
    { outcome: 'revoked', ...said, marked: backups(1), back: backups(many), staying: [] },
    { outcome: 'revoked', ...said, ...nothing },
  ];
}

function refused(cluster: string, text: string): readonly RestoredAnswer[] {
  const declared = restore(cluster);
  const runId = 'r-k7m2p9qx';
  const why = { reason: 'unreachable', detail: text } as const;
  const missing = { outcome: 'at-missing', cluster, runId, after: backups(2) } as const;
  return [
    { outcome: 'declared-already', cluster, restore: declared },
    { outcome: 'not-restored', cluster },
    { outcome: 'not-restored', cluster, revoked: { ...declared, revoked: { at: at + 2 * hourMs, by } } },
    { outcome: 'from-missing', cluster, backups: backups(2), inForce: declared },
    { outcome: 'from-missing', cluster, backups: [], inForce: undefined },
    { outcome: 'of-another-cluster', cluster, runId, of: 'prod-west' },
    { outcome: 'nothing-verified', cluster, runId },
    { outcome: 'at-unreadable', cluster, typed: text },
    { outcome: 'at-ahead', cluster, at: at + 100 * dayMs },
    { outcome: 'at-before-backup', cluster, runId, at, takenAt: at + hourMs },
    { ...missing, doubt: { kind: 'outage', at: at - hourMs, runId: 'r-22222220' } },
    { ...missing, doubt: { kind: 'room', at: at - hourMs, runId: 'r-22222220' } },
    { ...missing, doubt: { kind: 'revision-fell', runId: 'r-22222220' } },
    { ...missing, doubt: { kind: 'running', runId: 'r-22222220' } },
    { outcome: 'no-restore-right', cluster, clusterUser: 'viewer', breakGlass: ['U0DEPUTY'] },
    { outcome: 'no-restore-right', cluster, clusterUser: 'viewer', breakGlass: [] },
    { outcome: 'restore-right-unreadable', cluster, why, breakGlass: ['U0DEPUTY'] },
    { outcome: 'restore-right-unreadable', cluster, why, breakGlass: [] },
    { outcome: 'duplicate' },
    { outcome: 'unknown-person' },
    { outcome: 'no-such-run', runId: 'r-k7m2p9qy', nearest: runId },
  ];
}

function notices(language: Language, cluster: string, many: number): readonly Message[] {
  const context = { ...contextIn(language), cluster, owners: ['U0OWNER'] };
  const said = { kind: 'restored', restore: restore(cluster).id, from: 'r-k7m2p9qx', at, by } as const;
  const marked = backups(many).map(({ runId }) => runId);
  return [
    restoredNotice({ ...said, marked }, context),
    restoredNotice({ ...said, marked: [] }, { ...context, owners: [] }),
    restoredNotice({ ...said, marked, revoked: true }, context),
    restoredNotice({ ...said, marked: [], revoked: true }, context),
  ];
}

function questions(language: Language, cluster: string): readonly Message[] {
  const context = { ...contextIn(language), cluster, owners: ['U0OWNER'] };
  const before = { runId: 'r-22222220', revision: 9_120_044 };
  const fell = { kind: 'revision-fell', runId: 'r-22222221', revision: 8_001_200, before, at } as const;
  return [
    revisionFellNotice({ ...fell, candidate: 'r-k7m2p9qx' }, context),
    revisionFellNotice(fell, { ...context, owners: [] }),
  ];
}

/** A backup that bears the mark, wherever its run is shown. */
function shown(language: Language): readonly Message[] {
  const context = contextIn(language);
  const run: BackupRun = {
    ...succeededWith({ copies: [snapshotCopy, resourcesCopy], onNode: 'removed' }),
    abandoned: restore('prod-east'),
  };
  const actor = { kind: 'person', ...by } as const;
  const line = (
    action: 'restored-from' | 'left-behind' | 'restore-revoked' | 'back-on-line',
    detail: object,
  ) =>
    threadMessage(
      { type: 'audit', event: { at, actor, action, detail: { ...detail } as Record<string, string> } },
      run,
      context,
    );
  const restoredAt = new Date(at).toISOString();
  return [
    runCard(run, context),
    runsAnswer('list', { outcome: 'runs', cluster: 'prod-east', runs: [run] }, context),
    runAnswer({ outcome: 'run', run }, context),
    line('restored-from', { restoredAt, marked: 'r-22222220, r-22222221', byBreakGlass: 'yes' }),
    line('left-behind', { restoredFrom: 'r-k7m2p9qx', restoredAt }),
    line('restore-revoked', { restoredAt, back: 'r-22222220' }),
    line('back-on-line', { restoredFrom: 'r-k7m2p9qx' }),
  ];
}

function plans(language: Language): readonly Message[] {
  const abandoned = {
    id: 'x',
    restoredFrom: 'r-k7m2p9qx',
    restoredAt: new Date(at).toISOString(),
    marked: new Date(at).toISOString(),
    by,
  };
  const left = { ...aManifest(), abandoned };
  const need = { zStream: '4.16.8', clusterId: undefined, now: startedAt + dayMs };
  const plan = (runId: string | undefined) => {
    const answer = restorePlan([left], { ...need, runId });
    const context = contextIn(language);
    return restorePlanAnswer({ outcome: 'restore-plan', cluster: 'prod-east', answer, text: '' }, context);
  };
  return [plan(left.runId), plan(undefined)];
}

function everything(language: Language, cluster: string, text: string, many: number) {
  const context = contextIn(language);
  const say = (answers: readonly RestoredAnswer[]) => answers.map((each) => restoredAnswer(each, context));
  return {
    'restored-confirm': say(asked(cluster, many)),
    'restored-done': say(done(cluster, many)),
    'restored-refused': say(refused(cluster, text)),
    'restored-notice': notices(language, cluster, many),
    'revision-fell': questions(language, cluster),
    'restored-shown': shown(language),
    'restored-plan': plans(language),
    'help-restored': [helpMessage('restored', context)],
  };
}

for (const language of ['en', 'ko'] as const) {
  test(`what is said of restores reads as written down (${language})`, () => {
    for (const [name, messages] of Object.entries(everything(language, 'prod-east', 'yesterday', 2)))
      compareGolden(language, name, ...messages);
  });

  test(`no cluster, no typed text and no number of backups breaks a limit (${language})`, () => {
    for (const text of [
      '',
      'x'.repeat(10_000),
      '<!here>`*&_~'.repeat(1_000),
      '\u202e<@U0APPROVER>\n'.repeat(50),
    ]) {
      const messages = Object.values(everything(language, 'c'.repeat(253), text, 400)).flat();
      for (const each of messages) assert.deepEqual(slackComplaints(each), []);
      assert.ok(!JSON.stringify(messages).includes('<!here>'));
    }
  });
}

test('the buttons carry ids and times, and are read back; nothing else is', () => {
  const [confirm] = asked('prod-east', 1);
  const [notice] = notices('en', 'prod-east', 1);
  assert.ok(confirm);
  const confirmed = { at, fingerprint: '0123456789ab' };
  assert.deepEqual(parseRestoredButton(valueIn(restoredAnswer(confirm, contextIn('en')))), {
    cluster: 'prod-east',
    from: 'r-k7m2p9qx',
    confirmed,
  });
  assert.deepEqual(parseWatchButton(valueIn(notice)), {
    cluster: 'prod-east',
    id: `prod-east/restored@${at}`,
  });
  for (const text of [
    '',
    'prod-east',
    `prod-east r-k7m2p9qx ${at}`,
    `prod-east r-k7m2p9qx ${at} no`,
    `a b c d`,
  ])
    assert.equal(parseRestoredButton(text), undefined, text);
});

function valueIn(message: Message | undefined): string {
  const found = /"value":"([^"]*)"/.exec(JSON.stringify(message));
  return found?.[1] ?? assert.fail('there is no button');
}
