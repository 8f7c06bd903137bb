import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InputBlock, KnownBlock, ModalView } from '@slack/types';
import fc from 'fast-check';
import { problemsOfView } from '../../../../sandbox/slack/block-check.ts';
import type { Language } from '../../../../src/domain/policy/policy.ts';
import type { NodeUnfit } from '../../../../src/domain/preflight/finding.ts';
import {
  type BackupForm,
  type FormProblem,
  fieldErrors,
  formIds,
  formView,
  listable,
  loadingView,
  type SeenNodes,
} from '../../../../src/slack/messages/index.ts';
import { toolsFor } from '../../../../src/slack/messages/kit/make-tools.ts';
import { everyFinding } from '../../../support/message-samples.ts';
import { aRun } from '../../../support/runs.ts';
import { slackComplaints } from '../../../support/slack-limits.ts';
import { contextIn } from '../runs.ts';

const pieces = [
  '<!here>',
  '@channel',
  '&amp;',
  '<',
  '`',
  '```',
  '*',
  '\n',
  '\u0000',
  '\u202e',
  '\ud83d',
  '👩‍👩‍👧‍👦',
  '노드',
  '*',
  ' ',
];
const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.array(fc.constantFrom(...pieces), { maxLength: 30 }).map((parts) => parts.join('')),
  fc
    .tuple(fc.constantFrom(...pieces, 'x'), fc.integer({ min: 1, max: 400 }))
    .map(([piece, length]) => piece.repeat(length)),
);
const language = fc.constantFrom<Language>('en', 'ko');
const unfit = Object.keys(toolsFor(contextIn('en')).terms.unfit) as NodeUnfit[];

const nodes: fc.Arbitrary<SeenNodes> = fc.oneof(
  fc.record({
    outcome: fc.constant('proposed' as const),
    cluster: nasty,
    chosen: fc.option(
      fc.record({ node: nasty, because: fc.constantFrom('only' as const, 'first-fit' as const) }),
      { nil: undefined },
    ),
    fit: fc.array(fc.record({ node: nasty, cordoned: fc.boolean() }), { maxLength: 150 }),
    unfit: fc.array(fc.record({ node: nasty, because: fc.constantFrom(...unfit) }), { maxLength: 40 }),
    blockers: nasty.map((text) => everyFinding(text, 7, 'blocker')),
  }),
  fc.record({
    outcome: fc.constant('nodes-unreadable' as const),
    cluster: nasty,
    why: fc.record({ reason: fc.constant('timeout' as const), detail: nasty }),
  }),
);
const typed = fc.record({
  node: fc.option(nasty, { nil: undefined }),
  reason: fc.option(nasty, { nil: undefined }),
  emergency: fc.option(nasty, { nil: undefined }),
});
const clusters = fc
  .uniqueArray(nasty, { maxLength: 20 })
  .chain((odd) =>
    fc
      .integer({ min: 0, max: 980 })
      .map((count) => [
        ...odd,
        ...Array.from({ length: count }, (_, index) => `cluster-${index}-${'x'.repeat(26)}`),
        'prod-east',
      ]),
  );
const form: fc.Arbitrary<BackupForm> = clusters.chain((names) =>
  fc.record({
    channel: fc.constant('C0CHANNEL'),
    clusters: fc.constant(names),
    cluster: fc.option(fc.constantFrom(...listable(names)), { nil: undefined }),
    nodes: fc.option(nodes, { nil: undefined }),
    typed,
    emergency: fc.boolean(),
  }),
);

function complaints(view: ModalView): readonly string[] {
  const sections = view.blocks.filter((block): block is KnownBlock => block.type === 'section');
  const texts = plainTexts(view);
  return [
    ...problemsOfView(JSON.parse(JSON.stringify(view))),
    ...(sections.length > 0 ? slackComplaints({ text: 'form', blocks: sections }) : []),
    ...texts.filter((text) => !text.isWellFormed() || /[\p{Cc}\u202a-\u202e<>&]|undefined/u.test(text)),
    ...(Buffer.byteLength(JSON.stringify(view)) > 250_000 ? ['more than 250 KB'] : []),
  ];
}

function plainTexts(part: unknown): readonly string[] {
  if (typeof part !== 'object' || part === null) return [];
  const own = 'type' in part && part.type === 'plain_text' && 'text' in part ? [String(part.text)] : [];
  return [...own, ...Object.values(part).flatMap(plainTexts)];
}

function offered(view: ModalView, blockId: string): readonly string[] {
  const block = view.blocks.find((each) => each.block_id === blockId);
  const { element } = (block ?? {}) as Partial<InputBlock>;
  if (element?.type !== 'static_select') return [];
  const { options = [], option_groups = [] } = element;
  return [...options, ...option_groups.flatMap((group) => group.options)].map((each) => each.value ?? '');
}

test('Slack takes the form, whatever the names and however many', () => {
  fc.assert(
    fc.property(form, language, (each, spoken) => {
      const view = formView(each, contextIn(spoken));
      assert.deepEqual(complaints(view), []);
      assert.deepEqual(offered(view, formIds.cluster).toSorted(), listable(each.clusters).toSorted());
    }),
    { numRuns: 150 },
  );
});

test('a cluster that the list cannot hold is counted in words', () => {
  const each: BackupForm = {
    channel: 'C0CHANNEL',
    clusters: ['prod-east', 'x'.repeat(200)],
    cluster: undefined,
    nodes: undefined,
    typed: { node: undefined, reason: undefined, emergency: undefined },
    emergency: false,
  };
  assert.match(JSON.stringify(formView(each, contextIn('en'))), /One cluster is missing in this list/);
  assert.match(JSON.stringify(formView(each, contextIn('ko'))), /클러스터가 1개/);
});

test('nodes that the list cannot hold are named in words', () => {
  const fit = Array.from({ length: 120 }, (_, index) => ({ node: `master-${index}`, cordoned: false }));
  const each: BackupForm = {
    channel: 'C0CHANNEL',
    clusters: ['prod-east'],
    cluster: 'prod-east',
    nodes: {
      outcome: 'proposed',
      cluster: 'prod-east',
      chosen: { node: 'master-0', because: 'first-fit' },
      fit: [{ node: 'x'.repeat(200), cordoned: false }, ...fit],
      unfit: [],
      blockers: [],
    },
    typed: { node: 'master-7', reason: undefined, emergency: undefined },
    emergency: false,
  };
  const view = formView(each, contextIn('en'));
  assert.deepEqual(complaints(view), []);
  assert.equal(offered(view, 'form-node/prod-east').length, 100);
  assert.match(JSON.stringify(view), /Not in this list: `x{100,}…?`, `master-99`/);
});

test('Slack takes the form that is still loading', () => {
  for (const spoken of ['en', 'ko'] as const) {
    assert.deepEqual(complaints(loadingView({ channel: 'C0CHANNEL' }, contextIn(spoken))), []);
  }
});

test('every refusal is a sentence under a field that is there', () => {
  const samples = (
    text: string,
  ): { readonly [Outcome in FormProblem['outcome']]: FormProblem & { outcome: Outcome } } => ({
    busy: { outcome: 'busy', run: aRun({ id: text, cluster: text }) },
    'bad-node': { outcome: 'bad-node', node: text },
    'reason-too-long': { outcome: 'reason-too-long', length: 501, max: 500 },
    'no-emergency-right': { outcome: 'no-emergency-right', cluster: text, people: [] },
    'cluster-missing': { outcome: 'cluster-missing', known: [] },
    'unknown-cluster': { outcome: 'unknown-cluster', name: text, nearest: undefined, known: [] },
    'being-removed': { outcome: 'being-removed', cluster: text },
    'not-permitted': { outcome: 'not-permitted', cluster: text, clusterUser: text, act: 'endReminder' },
    'permission-unreadable': {
      outcome: 'permission-unreadable',
      cluster: text,
      why: { reason: 'timeout', detail: text },
    },
    'wrong-channel': { outcome: 'wrong-channel', cluster: text, allowed: [] },
    'unknown-person': { outcome: 'unknown-person' },
    'refused-person': { outcome: 'refused-person', accountKind: 'guest' },
    'profile-unreadable': { outcome: 'profile-unreadable', reason: 'timeout', detail: text },
    'not-recorded': { outcome: 'not-recorded' },
    'nodes-of-another-cluster': { outcome: 'nodes-of-another-cluster', cluster: text, shown: text },
  });
  const ids = fc.subarray([formIds.nodeName, formIds.reason, formIds.emergency]);
  fc.assert(
    fc.property(nasty, typed, ids, language, (text, fields, some, spoken) => {
      const blockIds = [formIds.cluster, ...some];
      for (const problem of Object.values(samples(text))) {
        const errors = Object.entries(fieldErrors(problem, { ...fields, blockIds }, contextIn(spoken)));
        assert.equal(errors.length, 1, problem.outcome);
        const [field = '', sentence = ''] = errors[0] ?? [];
        assert.ok((blockIds as string[]).includes(field), `${problem.outcome} at ${field}`);
        assert.ok(sentence.length > 5 && sentence.length <= 300, sentence);
        assert.ok(sentence.isWellFormed() && !/[\p{Cc}\u202e<>]|undefined/u.test(sentence), sentence);
      }
    }),
  );
});
