import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Button } from '@slack/types';
import type { RestoreRoom } from '../../../../src/domain/restore-room/room.ts';
import type { RoomCheck } from '../../../../src/domain/restore-room/room-checks.ts';
import {
  doneStep,
  failStep,
  helpAlong,
  skipStep,
  stopRoom,
  takeStep,
} from '../../../../src/domain/restore-room/transitions.ts';
import {
  actionIds,
  commandFile,
  commandFileMissing,
  type Message,
  ownerMessage,
  parseRoomButton,
  parseSkipPlace,
  roomAnswer,
  roomButtonValue,
  roomChecksMessage,
  roomMessage,
  roomSeen,
  roomStepMessage,
  skipFormErrors,
  skipFormView,
} from '../../../../src/slack/messages/index.ts';
import { commandBlocks } from '../../../../src/slack/messages/kit/command-blocks.ts';
import { fromMarkdown } from '../../../../src/slack/messages/kit/from-markdown.ts';
import type { RoomAnswer } from '../../../../src/workflow/restore-room/room-answer.ts';
import { compareGolden as compare } from '../../../support/golden.ts';
import { aManifest, anotherManifest } from '../../../support/manifests.ts';
import { asPlainText } from '../../../support/plain-text.ts';
import { anna, aRoom, bora, changed, doneUntil, numberOf, openedAt } from '../../../support/rooms.ts';
import { slackComplaints } from '../../../support/slack-limits.ts';
import { contextIn } from '../runs.ts';

const now = openedAt + 600_000;
const said = { by: anna, now };
const api = { answers: false, at: openedAt + 1_000 };

/** Rooms in the states that its first message knows. */
function rooms(language: 'en' | 'ko'): Readonly<Record<string, RestoreRoom>> {
  const fresh = { ...aRoom(undefined, language), pause: 'prod-east/pause@1' };
  const held = changed(takeStep(fresh, 1, said)).room;
  const failed = changed(failStep(held, 1, said)).room;
  const helped = changed(helpAlong(failed, { by: bora, now })).room;
  const skipped = changed(skipStep(helped, 1, { ...said, reason: 'the directory is there' })).room;
  const restored = { ...doneUntil(fresh, numberOf(fresh, 'restore') + 1), api };
  const all = { ...doneUntil(fresh, fresh.steps.length + 1), api: { ...api, answers: true } };
  return {
    fresh,
    'paused already': { ...fresh, pause: undefined, api },
    'two people': { ...helped, api },
    skipped: { ...skipped, api },
    stopped: changed(stopRoom(restored, { by: bora, now })).room,
    finished: { ...all, end: { kind: 'finished', at: now } },
  };
}

const why = { reason: 'unreachable', detail: 'connect ECONNREFUSED' } as const;
const checks: Readonly<Record<string, readonly RoomCheck[]>> = {
  silent: [{ of: 'api', state: 'unknown', why }],
  waiting: [
    { of: 'api', state: 'well' },
    { of: 'cluster-id', state: 'not-yet', expected: 'id-1', found: 'id-2' },
    { of: 'z-stream', state: 'not-yet', expected: '4.16.8', found: '4.16.8 → 4.16.9' },
    { of: 'nodes', state: 'not-yet', names: ['master-1'], count: 6 },
    { of: 'operators', state: 'not-yet', names: ['etcd', 'network'], count: 33 },
    { of: 'members', state: 'not-yet', names: ['master-1'], count: 2 },
  ],
  unreadable: [
    { of: 'api', state: 'well' },
    { of: 'nodes', state: 'unknown', why },
    { of: 'operators', state: 'unknown', why },
    { of: 'members', state: 'unknown', why },
  ],
  well: [
    { of: 'api', state: 'well' },
    { of: 'cluster-id', state: 'well', expected: 'id-1' },
    { of: 'z-stream', state: 'well', expected: '4.16.8' },
    { of: 'nodes', state: 'well', count: 6 },
    { of: 'operators', state: 'well', count: 33 },
    { of: 'members', state: 'well', count: 3 },
  ],
};

function answersOf(language: 'en' | 'ko'): readonly RoomAnswer[] {
  const { fresh, skipped, finished } = rooms(language);
  assert(fresh && skipped && finished);
  const held = changed(takeStep(fresh, 1, said)).room;
  const done = changed(doneStep(fresh, 1, said)).room;
  return [
    { outcome: 'room-opened', room: fresh, channel: 'C0PLATFORM' },
    { outcome: 'room-open-already', room: fresh, channel: 'C0PLATFORM' },
    { outcome: 'no-plan', cluster: 'prod-east', what: 'prod-east', zStream: undefined, before: undefined },
    { outcome: 'no-plan', cluster: 'prod-east', what: 'prod-east', zStream: '4.16.9', before: now },
    { outcome: 'room-stopped', room: finished },
    { outcome: 'no-open-room', cluster: 'prod-east' },
    { outcome: 'on-record', room: fresh },
    { outcome: 'no-such-room' },
    { outcome: 'reason-missing' },
    { outcome: 'reason-too-long', length: 700, max: 500 },
    { outcome: 'duplicate' },
    { outcome: 'room-over', room: finished },
    { outcome: 'no-such-step', room: fresh },
    { outcome: 'step-settled', room: done, step: 1 },
    { outcome: 'step-settled', room: skipped, step: 1 },
    { outcome: 'step-held', room: held, step: 1 },
    { outcome: 'step-yours', room: held, step: 1 },
    { outcome: 'nothing-meanwhile', room: fresh },
    { outcome: 'unknown-cluster', name: 'prod-eats', nearest: 'prod-east', known: ['prod-east'] },
  ];
}

for (const language of ['en', 'ko'] as const) {
  const context = contextIn(language);

  test(`a restore room reads as written down (${language})`, () => {
    const states = rooms(language);
    compare(language, 'restore-room', ...Object.values(states).map((room) => roomMessage(room, context)));
    const { finished } = states;
    assert(finished);
    const open = { ...finished, end: undefined };
    compare(
      language,
      'restore-room-checks',
      roomChecksMessage(open, context),
      ...Object.values(checks).map((each) =>
        roomChecksMessage({ ...open, checks: { at: now, checks: each } }, context),
      ),
      roomChecksMessage({ ...finished, checks: { at: now, checks: checks.well ?? [] } }, context),
      ...[true, false].map((answers) => roomSeen({ cluster: 'prod-east', answers, at: now }, context)),
    );
    const link = 'https://example.slack.com/archives/C0PLATFORM/p1';
    compare(
      language,
      'restore-room-answers',
      ...answersOf(language).map((answer) => roomAnswer(answer, { ...context, cardLink: link })),
    );
    const owner = { ...context, cluster: 'prod-east', cardLink: undefined, run: undefined };
    const what = { type: 'restore-room', runId: 'r-abcdefgh', zStream: '4.16.8' } as const;
    compare(
      language,
      'restore-room-owners',
      ownerMessage({ ...what, what: 'opened', by: anna }, owner),
      ownerMessage({ ...what, what: 'stopped', by: anna }, owner),
      ownerMessage({ ...what, what: 'finished' }, owner),
    );
  });

  test(`every step reads as written down, open and in every state (${language})`, () => {
    for (const [name, manifest] of [
      ['by-hand', aManifest()],
      ['scripted', anotherManifest({ runId: 'r-abcdefgh', zStream: '4.20.5' })],
    ] as const) {
      const room = aRoom(manifest, language);
      const shown = room.steps.map((_, index) =>
        roomStepMessage(doneUntil(room, index + 1), index + 1, context),
      );
      compare(language, `restore-room-steps-${name}`, ...shown);
    }
    const room = aRoom(undefined, language);
    const step = numberOf(room, 'restore');
    const before = doneUntil(room, step);
    const held = changed(takeStep(before, step, said)).room;
    const once = changed(failStep(held, step, said)).room;
    const twice = changed(failStep(once, step, said)).room;
    compare(
      language,
      'restore-room-step-states',
      ...[
        before,
        held,
        once,
        twice,
        changed(doneStep(twice, step, said)).room,
        changed(skipStep(held, step, { ...said, reason: 'done by hand' })).room,
        changed(stopRoom(held, said)).room,
      ].map((each) => roomStepMessage(each, step, context)),
      commandFileMissing(step, 'missing_scope', context),
    );
  });
}

function buttonsOf({ blocks = [] }: Message): readonly string[] {
  return blocks
    .flatMap((block) => (block.type === 'actions' ? (block.elements as Button[]) : []))
    .map(({ action_id }) => action_id ?? '');
}

test('who begins in another shell is warned of another recovery host where there can be one', () => {
  const context = contextIn('en');
  const shown = (topology: string) => {
    const manifest = anotherManifest({ runId: 'r-abcdefgh', topology });
    const members = topology === 'SingleReplica' ? manifest.members.slice(0, 1) : manifest.members;
    const room = aRoom({ ...manifest, members });
    return asPlainText(roomStepMessage(room, numberOf(room, 'restore'), context));
  };
  const warned = /If another recovery host was chosen in step \d+, use its address/;
  assert.match(shown('HighlyAvailable'), warned);
  assert.doesNotMatch(shown('SingleReplica'), warned);
});

test('what speaks against the backup is said as long as the room is open, and what comes first until the cluster is changed', () => {
  const context = contextIn('en');
  const drill = {
    at: '2026-11-23T07:00:00Z',
    ok: false,
    why: 'the snapshot does not restore',
    revision: null,
    keys: null,
    disproven: true,
  };
  const room = aRoom({ ...anotherManifest({ runId: 'r-disproven', zStream: '4.18.9' }), drill });
  const shown = (each: RestoreRoom) => asPlainText(roomMessage(each, context));
  const warning = /A restore drill has shown that this snapshot does not bring back/;
  const first = /if two of three members are lost[\s\S]*quorum-restore\.sh/i;
  const restored = doneUntil(room, numberOf(room, 'restore') + 1);
  const stopped = changed(stopRoom(restored, said)).room;
  const seen = [room, doneUntil(room, 4), restored, stopped].map((each) => [
    warning.test(shown(each)),
    first.test(shown(each)),
  ]);
  assert.deepEqual(seen, [
    [true, true],
    [true, true],
    [true, false],
    [false, false],
  ]);
  assert.match(roomMessage(room, context).text, warning, 'also where blocks are not read');
});

test('an API that answers speaks against the restore, until a step has changed the cluster', () => {
  const room = aRoom();
  const restored = doneUntil(room, numberOf(room, 'restore') + 1);
  for (const [language, words] of [
    ['en', /If it takes changes, too, do not restore/],
    ['ko', /변경도 된다면 복원하지 마십시오/],
  ] as const) {
    const warned = (each: RestoreRoom, answers: boolean) =>
      words.test(asPlainText(roomMessage({ ...each, api: { answers, at: now } }, contextIn(language))));
    assert.deepEqual(
      [warned(room, true), warned(room, false), warned(restored, true)],
      [true, false, false],
      language,
    );
  }
});

test('a step has the buttons that do something: the one for a second step only while there is one', () => {
  const context = contextIn('en');
  const room = aRoom();
  const always = [
    actionIds.restoreDone,
    actionIds.restoreFailed,
    actionIds.restoreSkip,
    actionIds.restoreTake,
  ];
  assert.deepEqual(buttonsOf(roomStepMessage(room, 1, context)), [...always, actionIds.restoreMeanwhile]);
  const last = doneUntil(room, numberOf(room, 'restore'));
  assert.deepEqual(buttonsOf(roomStepMessage(last, numberOf(room, 'restore'), context)), always);
  assert.deepEqual(buttonsOf(roomStepMessage(last, 1, context)), [], 'it is done');
  assert.throws(() => roomStepMessage(room, 99, context), /has no step 99/);
});

test('every command is in its message character by character, or in a file', () => {
  const shown = (commands: readonly string[]) =>
    commandBlocks(commands)
      ?.map(({ source }) => source)
      .join('\n')
      .replaceAll(/^```\n|\n```$/gm, '')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&amp;', '&');
  const { steps } = aRoom();
  for (const { commands } of steps)
    if (commands.length > 0) assert.equal(shown(commands), commands.join('\n'));
  const long = Array.from({ length: 12 }, (_, at) => `ssh core@node-${at} '${'x < y; '.repeat(30)}'`);
  assert.equal(shown(long.slice(0, 12)), long.join('\n'), 'in several blocks');
  for (const commands of [
    ['x'.repeat(3_000)],
    ['&'.repeat(700)],
    ['echo ```'],
    ['echo \u0007'],
    Array(40).fill('y'.repeat(200)),
  ])
    assert.equal(commandBlocks(commands), undefined, commands[0]?.slice(0, 20));
});

test('however long the words around them are, no command is cut', () => {
  const room = aRoom();
  const text = 'word '.repeat(900);
  const words = {
    title: text,
    text: [text, text, text],
    expect: text,
    otherwise: text,
    causes: [text],
    wayBack: text,
  };
  const commands = Array.from({ length: 16 }, (_, at) => `echo ${at} ${'y'.repeat(290)}`);
  const [first, ...rest] = room.steps;
  assert(first);
  const failures = [{ by: anna, at: now }];
  const holder = { by: { slackUser: text, clusterUser: text }, at: now };
  const long = { ...room, steps: [{ ...first, commands, text: words, failures, holder }, ...rest] };
  const message = roomStepMessage(long, 1, contextIn('en'));
  assert.deepEqual(slackComplaints(message), []);
  const shown = asPlainText(message);
  for (const command of commands) assert(shown.includes(`${command}\n`), command.slice(0, 8));
});

test('commands that no message can hold go whole into a file, and the message says so', () => {
  const room = aRoom();
  const [first, ...rest] = room.steps;
  assert(first);
  const commands = [`echo ${'x'.repeat(4_000)}`, 'true'];
  const long = { ...room, steps: [{ ...first, commands }, ...rest] };
  assert.deepEqual(commandFile(long, 1), { name: 'step-01.txt', content: `${commands.join('\n')}\n` });
  assert.equal(commandFile(room, 1), undefined);
  const message = roomStepMessage(long, 1, contextIn('en'));
  assert.match(asPlainText(message), /step-01\.txt/);
  assert.deepEqual(slackComplaints(message), []);
});

test('Markdown becomes markup: code, bold, and nothing that a text from outside could begin', () => {
  const source = (text: string) => fromMarkdown(text).source.replaceAll(/[\u2060\ufeff]/g, '');
  assert.equal(source('Run `oc get csr`, **now**.'), 'Run `oc get csr`, *now*.');
  assert.equal(source('`OK`로 끝납니다'), '`OK`\u200a로 끝납니다');
  assert.equal(source('a ** b'), 'a ** b');
  assert.equal(source('<!channel> & `a<b`'), '&lt;!channel&gt; &amp; `a&lt;b`');
  assert.notEqual(fromMarkdown('*x*').source, '*x*', 'a lone marker formats nothing');
});

test('buttons and the form carry ids that are read back, and nothing else is', () => {
  const { id } = aRoom();
  assert.deepEqual(parseRoomButton(roomButtonValue(id, 7)), { room: id, cluster: 'prod-east', step: 7 });
  assert.deepEqual(parseRoomButton(roomButtonValue(id)), { room: id, cluster: 'prod-east', step: 0 });
  for (const text of ['', id, `${id} x`, `${id} -1`, `${id} 1.5`, 'prod-east 1', `${'x'.repeat(400)} 1`])
    assert.equal(parseRoomButton(text), undefined, text);
  const place = { room: id, cluster: 'prod-east', step: 3, channel: 'C0OPS' };
  const view = skipFormView(place, contextIn('ko'));
  assert.deepEqual(parseSkipPlace(view.private_metadata ?? ''), place);
  for (const text of ['', `${id} 3`, `c0ops ${id} 3`]) assert.equal(parseSkipPlace(text), undefined, text);
  for (const problem of [
    { outcome: 'reason-missing' },
    { outcome: 'not-recorded' },
    { outcome: 'reason-too-long', length: 700, max: 500 },
  ] as const)
    assert.match(Object.values(skipFormErrors(problem, contextIn('en')))[0] ?? '', /\S/);
});

test('no outside text breaks out of a restore room or exceeds Slack’s limits', () => {
  for (const text of ['', 'x'.repeat(9_000), '<!here>`*&_~'.repeat(900), '\u202e<@U0BOSS>\n'.repeat(50)]) {
    const by = { slackUser: text, clusterUser: text };
    const base = aRoom();
    const steps = base.steps.map((step) => ({
      ...step,
      text: {
        title: text,
        text: [text, text],
        expect: text,
        otherwise: text,
        causes: [text, text],
        wayBack: text,
      },
      openedAt,
      failures: [{ by, at: Number.NaN }],
    }));
    const paper = {
      ...base.paper,
      locations: Array(9).fill({ path: text, where: text }),
      hostCommand: text,
      zStream: text,
      runId: text,
    };
    const room: RestoreRoom = { ...base, cluster: text, openedBy: by, paper, steps };
    const fewer = { ...room, paper: { ...paper, locations: paper.locations.slice(0, 4) } };
    const skipped = steps.map((step) => ({
      ...step,
      end: { kind: 'skipped', by, at: now, reason: text } as const,
    }));
    const messages = (['en', 'ko'] as const).flatMap((language) => {
      const context = contextIn(language);
      return [
        roomMessage(room, context),
        roomMessage(fewer, context),
        roomMessage({ ...room, steps: skipped, end: { kind: 'stopped', by, at: now } }, context),
        ...steps.map((_, index) => roomStepMessage(room, index + 1, context)),
        ...[room, { ...room, steps: skipped }].map((each) => roomStepMessage(each, 13, context)),
      ];
    });
    for (const message of messages) {
      assert.deepEqual(slackComplaints(message), [], asPlainText(message).slice(0, 300));
      assert(!JSON.stringify(message.blocks).includes('<!here>'));
      assert(!JSON.stringify(message.blocks).includes('<@U0BOSS>'));
    }
  }
});
