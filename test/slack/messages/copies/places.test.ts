import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlaceState, PlaceTrouble } from '../../../../src/domain/copies/place-state.ts';
import type { Language } from '../../../../src/domain/policy/policy.ts';
import {
  adoptAnswer,
  helpMessage,
  ownerMessage,
  parsePlaceButton,
  placesAnswer,
  threadMessage,
} from '../../../../src/slack/messages/index.ts';
import type { Message } from '../../../../src/slack/messages/kit/blocks.ts';
import type { AdoptAnswer, SeenPlace } from '../../../../src/workflow/access/backups.ts';
import { compareGolden } from '../../../support/golden.ts';
import { slackComplaints } from '../../../support/slack-limits.ts';
import { contextIn, runs } from '../runs.ts';

const at = Date.UTC(2026, 10, 23, 6, 14, 44);
const states: readonly PlaceState[] = [
  'known',
  'new',
  'absent',
  'different',
  'adopt-needed',
  'unreadable',
  'unreachable',
];
const troubles: readonly PlaceTrouble[] = ['absent', 'different', 'adopt-needed', 'unreadable'];

function seen(destination: string, text: string): readonly SeenPlace[] {
  return states.map((state) => ({
    destination,
    label: text,
    state,
    since: state === 'new' || state === 'adopt-needed' ? undefined : at,
    troubleSince: troubles.includes(state as PlaceTrouble) ? at : undefined,
    detail: state === 'unreachable' || state === 'unreadable' ? text : undefined,
  }));
}

function adoptions(destination: string, text: string): readonly AdoptAnswer[] {
  const contents = { objects: 12, newestAt: at, recorded: 4, found: 3 };
  const empty = { objects: 0, newestAt: undefined, recorded: 4, found: 0 };
  const found = { destination, label: text };
  const why = { reason: 'unreachable', detail: text } as const;
  return [
    { outcome: 'adopted', ...found, state: 'absent', contents: { ...contents, found: 4 }, marker: 'written' },
    { outcome: 'adopted', ...found, state: 'different', contents, marker: 'taken' },
    {
      outcome: 'confirm-needed',
      ...found,
      state: 'absent',
      contents: empty,
      fingerprint: 'none',
      changed: false,
    },
    {
      outcome: 'confirm-needed',
      ...found,
      state: 'different',
      contents,
      fingerprint: 'p-aaaabbbbccccdddd',
      changed: true,
    },
    { outcome: 'known-already', ...found },
    { outcome: 'place-unreachable', destination, detail: text },
    { outcome: 'marker-unreadable', ...found, detail: text },
    { outcome: 'unknown-destination', name: text, nearest: destination, known: [destination] },
    { outcome: 'unknown-destination', name: text, nearest: undefined, known: [destination] },
    { outcome: 'unknown-destination', name: text, nearest: undefined, known: [] },
    { outcome: 'not-an-owner', destination, owners: ['U0STORAGE'] },
    { outcome: 'not-cluster-admin-everywhere', destination, lacking: ['prod-west'] },
    { outcome: 'rights-unreadable', destination, cluster: 'prod-west', why },
    { outcome: 'no-decider', destination },
    { outcome: 'unknown-person' },
  ];
}

function everything(
  language: Language,
  destination: string,
  text: string,
): Readonly<Record<string, readonly Message[]>> {
  const context = contextIn(language);
  const owner = { ...context, cluster: 'prod-east', run: undefined, onCall: undefined, cardLink: undefined };
  const says = troubles.flatMap((state) =>
    (['directory', 'bucket'] as const).map((kind) => ({
      type: 'place-not-known' as const,
      destination,
      label: text,
      kind,
      state,
    })),
  );
  return {
    'places-list': [
      placesAnswer({ outcome: 'places', places: seen(destination, text) }, context),
      placesAnswer({ outcome: 'places', places: [] }, context),
    ],
    'places-adopt': adoptions(destination, text).map((each) => adoptAnswer(each, context)),
    'places-owner': says.map((say) => ownerMessage(say, owner)),
    'places-thread': troubles.map((state) =>
      threadMessage({ type: 'place-not-known', destination, state }, runs.running, context),
    ),
    'help-destination': [helpMessage('destination', context)],
  };
}

for (const language of ['en', 'ko'] as const) {
  test(`what is said of places reads as written down (${language})`, () => {
    for (const [name, messages] of Object.entries(everything(language, 'nas-1', '/mnt/etcd-backups'))) {
      compareGolden(language, name, ...messages);
    }
  });

  test(`no place, however it is called, breaks a limit (${language})`, () => {
    for (const text of [
      '',
      'x'.repeat(10_000),
      '<!here>`*&_~'.repeat(1_000),
      '\u202e<@U0APPROVER>\n'.repeat(50),
    ]) {
      const messages = Object.values(everything(language, `n${'a'.repeat(39)}`, text)).flat();
      for (const each of messages) assert.deepEqual(slackComplaints(each), []);
      assert.ok(!JSON.stringify(messages).includes('<!here>'));
    }
  });
}

test('the button carries the destination and what was seen; nothing else is read back', () => {
  assert.deepEqual(parsePlaceButton('nas-1 none'), { destination: 'nas-1', confirmed: 'none' });
  const id = 'p-aaaabbbbccccdddd';
  assert.deepEqual(parsePlaceButton(`vault.eu ${id}`), { destination: 'vault.eu', confirmed: id });
  for (const text of ['', 'nas-1', 'nas-1 yes', 'nas 1 none', '../x none', `nas-1 ${id} more`]) {
    assert.equal(parsePlaceButton(text), undefined, text);
  }
});
