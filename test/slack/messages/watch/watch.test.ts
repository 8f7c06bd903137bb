import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Button, ModalView } from '@slack/types';
import type { JsonObject } from '../../../../sandbox/slack/json.ts';
import { renderView } from '../../../../sandbox/slack/render.ts';
import type { Language } from '../../../../src/domain/policy/policy.ts';
import { coverageStates } from '../../../../src/domain/watch/coverage.ts';
import {
  actionIds,
  alarmMessage,
  alarmReason,
  alarmTooLate,
  escalationMessage,
  type Message,
  ownerMessage,
  parseReminderPlace,
  parseWatchButton,
  readyAnswer,
  reminderAnswer,
  reminderFormErrors,
  reminderFormNotOpened,
  reminderFormView,
  reminderMessage,
  reminderReason,
  repeatMessage,
} from '../../../../src/slack/messages/index.ts';
import { message } from '../../../../src/slack/messages/kit/blocks.ts';
import { toolsFor } from '../../../../src/slack/messages/kit/make-tools.ts';
import { coverageWords } from '../../../../src/slack/messages/watch/words.ts';
import { compareGolden as compare } from '../../../support/golden.ts';
import { everyFinding } from '../../../support/message-samples.ts';
import { asPlainText } from '../../../support/plain-text.ts';
import { slackComplaints } from '../../../support/slack-limits.ts';
import { aBackup, aCoverage } from '../boards.ts';
import { askedAt, contextIn, runs } from '../runs.ts';
import {
  alarmEnds,
  anAlarm,
  aReminder,
  escalation,
  ownerSays,
  readyAnswers,
  release,
  reminderAnswers,
  reminderEnds,
  stopping,
} from '../watch-samples.ts';

const cardLink = 'https://example.slack.com/archives/C0PLATFORM/p1';

function contextOf(language: Language) {
  const context = { ...contextIn(language), cluster: 'prod-east', cardLink, onCall: 'S0ONCALL' };
  return { ...context, owners: ['U0OWNER', 'U0OTHER'], run: runs.failed };
}

function buttonsOf({ blocks = [] }: Message): readonly Button[] {
  return blocks.flatMap((block) => (block.type === 'actions' ? (block.elements as Button[]) : []));
}

for (const language of ['en', 'ko'] as const) {
  const context = contextOf(language);

  test(`reminders read as written down (${language})`, () => {
    compare(
      language,
      'reminder',
      reminderMessage(aReminder(), context),
      reminderMessage(aReminder({ findings: stopping }), context),
      reminderMessage(aReminder({ from: undefined, findings: [] }), context),
      reminderMessage(
        aReminder({ findings: undefined, checkedAt: undefined, nextRepeatAt: undefined }),
        context,
      ),
      reminderMessage(aReminder({ findings: undefined }), context),
    );
    const ended = reminderEnds.map((end) => reminderMessage(aReminder({ end }), context));
    compare(language, 'reminder-ended', ...ended);
    compare(
      language,
      'reminder-nag',
      repeatMessage(aReminder({ repeats: 2 }), context),
      repeatMessage(aReminder({ repeats: 2 }), { ...context, onCall: undefined }),
    );
    compare(language, 'reminder-answers', ...reminderAnswers.map((each) => reminderAnswer(each, context)));
  });

  test(`alarms read as written down (${language})`, () => {
    compare(
      language,
      'alarm',
      alarmMessage(anAlarm(), context),
      alarmMessage(anAlarm({ backupTakenAt: askedAt - 40 * 86_400_000 }), context),
      alarmMessage(anAlarm({ refusal: 'Precondition "EtcdRecentBackup" failed: no recent backup' }), context),
      alarmMessage(anAlarm({ phase: 'begun' }), { ...context, onCall: undefined }),
      alarmMessage(anAlarm({ phase: 'begun', failing: true }), { ...context, onCall: undefined }),
      ...alarmEnds.map((end) => alarmMessage(anAlarm({ end }), context)),
      alarmTooLate({ outcome: 'alarm-over', cluster: 'prod-east' }, context),
      alarmTooLate({ outcome: 'alarm-begun', cluster: 'prod-east' }, context),
    );
  });

  test(`what owners are sent reads as written down (${language})`, () => {
    const noRecipients = { ...context, owners: [], onCall: undefined, run: undefined };
    compare(
      language,
      'owners',
      escalationMessage(escalation, context),
      escalationMessage({ ...escalation, nextStartAt: undefined }, { ...context, run: runs.blocked }),
      escalationMessage(escalation, noRecipients),
      ...ownerSays.map((say) => ownerMessage(say, context)),
    );
  });

  test(`whether a cluster may be updated reads as written down (${language})`, () => {
    compare(language, 'ready', ...readyAnswers.map((each) => readyAnswer(each, context)));
  });

  test(`how a cluster is covered reads as written down (${language})`, () => {
    const coverage = coverageWords(toolsFor(context));
    const why = { reason: 'timeout', detail: 'no answer within 20 s' } as const;
    const bare = { release: undefined, since: undefined, backup: undefined, newest: undefined };
    const said = coverageStates.flatMap((state) => [
      coverage.state[state],
      coverage.means(aCoverage({ state, why: state === 'unknown' ? why : undefined })),
      coverage.means(aCoverage({ state, ...bare })),
    ]);
    const { now } = context;
    const warned = [
      { kind: 'signers-end', endAt: now + 3 * 86_400_000 } as const,
      { kind: 'signers-end', endAt: now } as const,
      { kind: 'only-on-node' } as const,
      { kind: 'not-a-z-stream' } as const,
      { kind: 'preview-backups-not-counted' } as const,
    ].flatMap((warning) => [coverage.warning(warning), coverage.warningShort[warning.kind]]);
    compare(language, 'coverage', ...[...said, ...warned].map((each) => message({ sections: [each] })));
  });

  test(`the form that asks why no backup is needed reads as written down (${language})`, () => {
    const place = { channel: 'C0PLATFORM', cluster: 'prod-east', id: aReminder().id };
    const view = reminderFormView(place, context);
    const errors = (['reason-missing', 'not-recorded'] as const).map((outcome) =>
      reminderFormErrors({ outcome }, context),
    );
    const long = reminderFormErrors({ outcome: 'reason-too-long', length: 700, max: 500 }, context);
    const text = [readable(view), ...[...errors, long].flatMap((each) => Object.values(each))].join('\n');
    compare(language, 'reminder-form', { text }, reminderFormNotOpened(context));
    assert.deepEqual(parseReminderPlace(view.private_metadata ?? ''), place);
  });

  test(`no outside text breaks out of a message or exceeds Slack's limits (${language})`, () => {
    for (const text of [
      '',
      'x'.repeat(10_000),
      '<!here>`*&_~'.repeat(1_000),
      '\u202e<@U0BOSS>\n'.repeat(50),
    ]) {
      const to = release(text);
      const findings = everyFinding(text, Number.NaN, 'blocker');
      const nasty = {
        ...context,
        cluster: text,
        onCall: text,
        owners: Array.from({ length: 50 }, () => text),
      };
      const reminders = [
        aReminder({ id: text, from: to, to, findings }),
        aReminder({ id: text, to, findings: everyFinding(text, 1, 'warning') }),
        ...reminderEnds.map((end) => aReminder({ to, end })),
        aReminder({
          end: {
            kind: 'dismissed',
            at: Number.NaN,
            by: { slackUser: text, clusterUser: text },
            reason: text,
          },
        }),
      ];
      const alarms = [
        anAlarm({ id: text, from: to, to, refusal: text }),
        anAlarm({ from: to, to, phase: 'begun' }),
      ];
      const messages = [
        ...reminders.flatMap((each) => [reminderMessage(each, nasty), repeatMessage(each, nasty)]),
        ...alarms.map((each) => alarmMessage(each, nasty)),
        escalationMessage(escalation, nasty),
        ...ownerSays.map((say) =>
          ownerMessage(
            { ...say, ...(say.type === 'channel-lost' ? { channel: text, botName: text } : {}) },
            nasty,
          ),
        ),
        alarmTooLate({ outcome: 'alarm-over', cluster: text }, context),
        ...reminderAnswers.map((each) =>
          reminderAnswer('cluster' in each ? { ...each, cluster: text } : each, context),
        ),
        readyAnswer(
          {
            outcome: 'readiness',
            readiness: {
              cluster: text,
              ready: false,
              reasons: [
                { kind: 'fresh-backup', backup: aBackup({ zStream: text, runId: text }) },
                { kind: 'updating', to },
              ],
              coverage: aCoverage({ release: to }),
            },
          },
          context,
        ),
      ];
      for (const each of messages) assert.deepEqual(slackComplaints(each), []);
    }
  });
}

test('the buttons carry ids and nothing else, and are shown only while they do something', () => {
  const context = contextOf('en');
  const open = buttonsOf(reminderMessage(aReminder(), context));
  assert.deepEqual(
    open.map((each) => each.action_id),
    [actionIds.reminderBackUp, actionIds.reminderSnooze, actionIds.reminderDismiss],
  );
  for (const each of open)
    assert.deepEqual(parseWatchButton(each.value ?? ''), { cluster: 'prod-east', id: aReminder().id });
  for (const end of reminderEnds)
    assert.deepEqual(buttonsOf(reminderMessage(aReminder({ end }), context)), []);
  const [alarm, ...others] = buttonsOf(alarmMessage(anAlarm({ refusal: 'no recent backup' }), context));
  assert.equal(others.length, 0);
  assert.deepEqual(parseWatchButton(alarm?.value ?? ''), { cluster: 'prod-east', id: anAlarm().id });
  // Neither before an update that may begin at any moment nor during it does a run get past the checks.
  assert.deepEqual(buttonsOf(alarmMessage(anAlarm(), context)), []);
  assert.deepEqual(buttonsOf(alarmMessage(anAlarm({ phase: 'begun' }), context)), []);
  for (const end of alarmEnds) assert.deepEqual(buttonsOf(alarmMessage(anAlarm({ end }), context)), []);
});

test('no value in code touches a letter: Slack would show the backticks', () => {
  const context = contextOf('ko');
  const all = [
    reminderMessage(aReminder({ findings: stopping }), context),
    ...reminderEnds.map((end) => reminderMessage(aReminder({ end }), context)),
    repeatMessage(aReminder(), context),
    ...[anAlarm(), anAlarm({ phase: 'begun', failing: true })].map((each) => alarmMessage(each, context)),
    ...alarmEnds.map((end) => alarmMessage(anAlarm({ end }), context)),
    alarmTooLate({ outcome: 'alarm-over', cluster: 'prod-east' }, context),
    alarmTooLate({ outcome: 'alarm-begun', cluster: 'prod-east' }, context),
    escalationMessage(escalation, context),
    ...ownerSays.map((say) => ownerMessage(say, context)),
    ...reminderAnswers.map((each) => reminderAnswer(each, context)),
    ...readyAnswers.map((each) => readyAnswer(each, context)),
    ...coverageStates.map((state) =>
      message({
        sections: [coverageWords(toolsFor(context)).means(aCoverage({ state }))],
      }),
    ),
  ];
  for (const { text } of all) {
    const odd = text.replace(/(^|[^\p{L}\p{N}`])`[^`\n]+`(?![\p{L}\p{N}`])/gu, '$1');
    assert.ok(!odd.includes('`'), odd);
  }
});

test('pools that lag never block a backup; what does comes first', () => {
  const context = contextOf('en');
  const free = asPlainText(reminderMessage(aReminder(), context));
  assert.match(free, /✅ A backup can run/);
  assert.match(free, /still being updated: `worker`, `infra`\. That does not block the backup/);
  const held = asPlainText(reminderMessage(aReminder({ findings: stopping }), context));
  assert.ok(held.indexOf('revision 14') < held.indexOf('still being updated'));
  assert.doesNotMatch(held, /can run:/);
});

test('a value that is no button’s of ours is none; a name that would not fit makes no button', () => {
  for (const value of ['', 'prod-east', ' x', `${'x'.repeat(300)} id`, `c ${'x'.repeat(1_501)}`])
    assert.equal(parseWatchButton(value), undefined, value.slice(0, 20));
  assert.deepEqual(buttonsOf(reminderMessage(aReminder({ id: 'x'.repeat(2_000) }), contextOf('en'))), []);
  for (const metadata of ['', 'C0PLATFORM', '<!here> prod-east id', 'C0PLATFORM prod-east'])
    assert.equal(parseReminderPlace(metadata), undefined, metadata);
});

test('the reason on record says which update it was, in the language of the channel', () => {
  assert.equal(reminderReason(aReminder(), 'prod-east', contextOf('en')), 'after the update to 4.16.9');
  assert.equal(reminderReason(aReminder(), 'prod-east', contextOf('ko')), '4.16.9 업데이트 후');
  assert.equal(
    reminderReason(aReminder({ from: undefined }), 'prod-east', contextOf('en')),
    'first backup of 4.16.9',
  );
  assert.equal(alarmReason(anAlarm(), 'prod-east', contextOf('en')), 'before the update to 4.16.10');
});

const names = {
  user: (id: string) => `@${id}`,
  channel: (id: string) => `#${id}`,
  group: (id: string) => `@${id}`,
};
function readable(view: ModalView): string {
  return renderView(JSON.parse(JSON.stringify(view)) as JsonObject, names);
}
