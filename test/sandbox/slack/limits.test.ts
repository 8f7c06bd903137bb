import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WebClient } from '@slack/web-api';
import fc from 'fast-check';
import { problemsOfMessageBlocks, problemsOfView } from '../../../sandbox/slack/block-check.ts';
import { refusal, silentLog, workspaceFor } from './bolt-app.ts';

const mrkdwn = (length: number) => ({ type: 'mrkdwn', text: 'x'.repeat(length) });
const plain = (length: number) => ({ type: 'plain_text', text: 'x'.repeat(length) });
const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));
const buttonOf = (fields: object) => ({ type: 'button', text: plain(5), ...fields });
const actions = (...elements: object[]) => ({ type: 'actions', elements });
const confirm = (fields: object) =>
  actions(
    buttonOf({ confirm: { title: plain(5), text: mrkdwn(5), confirm: plain(5), deny: plain(5), ...fields } }),
  );

/** Each limit as Slack states it: what is built with n passes, with n + 1 is refused at the path. */
const limits: readonly [name: string, max: number, path: string, build: (n: number) => object[]][] = [
  ['blocks of a message', 50, '/blocks', (n) => times(n, () => ({ type: 'divider' }))],
  ['section text', 3000, '/blocks/0/text/text', (n) => [{ type: 'section', text: mrkdwn(n) }]],
  ['fields', 10, '/blocks/0/fields', (n) => [{ type: 'section', fields: times(n, () => mrkdwn(1)) }]],
  ['field text', 2000, '/blocks/0/fields/0/text', (n) => [{ type: 'section', fields: [mrkdwn(n)] }]],
  ['header', 150, '/blocks/0/text/text', (n) => [{ type: 'header', text: plain(n) }]],
  ['button text', 75, '/blocks/0/elements/0/text/text', (n) => [actions(buttonOf({ text: plain(n) }))]],
  ['button value', 2000, '/blocks/0/elements/0/value', (n) => [actions(buttonOf({ value: 'x'.repeat(n) }))]],
  ['button url', 3000, '/blocks/0/elements/0/url', (n) => [actions(buttonOf({ url: 'x'.repeat(n) }))]],
  [
    'action_id',
    255,
    '/blocks/0/elements/0/action_id',
    (n) => [actions(buttonOf({ action_id: 'x'.repeat(n) }))],
  ],
  ['block_id', 255, '/blocks/0/block_id', (n) => [{ type: 'divider', block_id: 'x'.repeat(n) }]],
  ['actions', 25, '/blocks/0/elements', (n) => [actions(...times(n, () => buttonOf({})))]],
  ['context', 10, '/blocks/0/elements', (n) => [{ type: 'context', elements: times(n, () => mrkdwn(1)) }]],
  ['confirm title', 100, '/blocks/0/elements/0/confirm/title/text', (n) => [confirm({ title: plain(n) })]],
  ['confirm text', 300, '/blocks/0/elements/0/confirm/text/text', (n) => [confirm({ text: mrkdwn(n) })]],
  [
    'confirm button',
    30,
    '/blocks/0/elements/0/confirm/confirm/text',
    (n) => [confirm({ confirm: plain(n) })],
  ],
  ['deny button', 30, '/blocks/0/elements/0/confirm/deny/text', (n) => [confirm({ deny: plain(n) })]],
  ['markdown', 12_000, '/blocks/0/text', (n) => [{ type: 'markdown', text: 'x'.repeat(n) }]],
];

for (const [name, max, path, build] of limits) {
  test(`${name}: ${max} pass, ${max + 1} are refused at ${path}`, () => {
    assert.deepEqual(problemsOfMessageBlocks(build(max)), []);
    const refused = problemsOfMessageBlocks(build(max + 1));
    assert.ok(
      refused.some((message) => message.endsWith(`[json-pointer:${path}]`)),
      refused.join('\n'),
    );
  });
}

test('section texts of any length pass exactly up to the limit', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 6000 }), (length) => {
      const refused = problemsOfMessageBlocks([{ type: 'section', text: mrkdwn(length) }]);
      assert.equal(refused.length === 0, length >= 1 && length <= 3000);
    }),
  );
});

test('a key that Slack does not know is refused wherever it occurs', () => {
  const known = ['type', 'text', 'action_id', 'value', 'style', 'url', 'confirm', 'accessibility_label'];
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (key) => {
      fc.pre(!known.includes(key) && key !== '__proto__');
      const refused = problemsOfMessageBlocks([actions(buttonOf({ [key]: true }))]);
      assert.deepEqual(refused, [`invalid additional property: ${key} [json-pointer:/blocks/0/elements/0]`]);
    }),
  );
});

test('whatever is given as blocks, the check answers and never throws', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      assert.ok(Array.isArray(problemsOfMessageBlocks(value)));
      assert.ok(Array.isArray(problemsOfView(value)));
    }),
  );
});

test('ids: an action_id once in its block, a block_id once in the message', () => {
  const twice = actions(buttonOf({ action_id: 'approve' }), buttonOf({ action_id: 'approve' }));
  assert.match(
    problemsOfMessageBlocks([twice]).join(),
    /`action_id` "approve" already exists.*elements\/1\/action_id/,
  );
  const apart = [actions(buttonOf({ action_id: 'approve' })), actions(buttonOf({ action_id: 'approve' }))];
  assert.deepEqual(problemsOfMessageBlocks(apart), []);
  const divider = { type: 'divider', block_id: 'same' };
  assert.match(problemsOfMessageBlocks([divider, divider]).join(), /`block_id` "same" already exists/);
});

test('shapes that Slack refuses', () => {
  const bad: [object, RegExp][] = [
    [{ type: 'section' }, /must define either `text` or `fields`/],
    [{ type: 'header', text: mrkdwn(3) }, /unsupported type: mrkdwn.*\/text\/type/],
    [{ type: 'section', text: 'bare' }, /must be an object/],
    [{ type: 'banner' }, /unsupported type: banner/],
    [{ text: plain(1) }, /missing required field: type/],
    [actions({ type: 'plain_text_input' }), /unsupported type: plain_text_input/],
    [{ type: 'section', text: { ...mrkdwn(3), emoji: true } }, /invalid additional property: emoji/],
    [actions(buttonOf({ style: 'default' })), /must be one of: primary, danger/],
    [actions(), /no fewer than 1 items/],
  ];
  for (const [block, expected] of bad) assert.match(problemsOfMessageBlocks([block]).join(), expected);
});

test('views: 100 blocks, titles of 24, metadata of 3,000, a submit button where there are inputs', () => {
  const modal = (fields: object) => ({ type: 'modal', title: plain(24), blocks: [], ...fields });
  const dividers = (n: number) => times(n, () => ({ type: 'divider' }));
  assert.deepEqual(problemsOfView(modal({ blocks: dividers(100), private_metadata: 'x'.repeat(3000) })), []);
  assert.match(
    problemsOfView(modal({ blocks: dividers(101) })).join(),
    /no more than 100 items.*\/view\/blocks\]/,
  );
  assert.match(
    problemsOfView(modal({ title: plain(25) })).join(),
    /less than 25 characters.*\/view\/title\/text/,
  );
  assert.match(problemsOfView(modal({ private_metadata: 'x'.repeat(3001) })).join(), /private_metadata/);
  const input = { type: 'input', label: plain(3), element: { type: 'plain_text_input' } };
  assert.match(problemsOfView(modal({ blocks: [input] })).join(), /missing required field: submit/);
  assert.deepEqual(problemsOfView(modal({ blocks: [input], submit: plain(24) })), []);
  assert.match(
    problemsOfView({ type: 'home', title: plain(3), blocks: [] }).join(),
    /additional property: title/,
  );
  assert.deepEqual(problemsOfView({ type: 'home', blocks: dividers(100) }), []);
});

test('over the wire: refusals carry the path, long texts are cut on a post and refused on an update', async (t) => {
  const workspace = await workspaceFor(t);
  const client = new WebClient(workspace.botToken, {
    slackApiUrl: workspace.apiUrl,
    retryConfig: { retries: 0 },
    logger: silentLog,
  });
  const channel = workspace.addChannel({ name: 'ops' }).id;
  const blocks = (list: object[]) => ({ channel, text: 'x', blocks: list as never });

  const refused = await client.chat
    .postMessage(blocks([{ type: 'header', text: plain(151) }]))
    .catch((e) => e.data);
  assert.equal(refused.error, 'invalid_blocks');
  assert.deepEqual(refused.response_metadata.messages, [
    '[ERROR] must be less than 151 characters [json-pointer:/blocks/0/text/text]',
  ]);
  assert.equal(
    await refusal(client.chat.postMessage({ channel, text: 'x', blocks: '{' as never })),
    'invalid_blocks_format',
  );
  assert.equal(await refusal(client.chat.postMessage({ channel, text: '' })), 'no_text');
  assert.equal(workspace.messages(channel).length, 0);

  const whole = await client.chat.postMessage({ channel, text: 'x'.repeat(40_000) });
  const cut = await client.chat.postMessage({ channel, text: 'x'.repeat(40_001) });
  assert.equal(whole.warning, undefined);
  assert.equal(cut.warning, 'message_truncated');
  assert.deepEqual(
    workspace.messages(channel).map((message) => message.text.length),
    [40_000, 40_000],
  );
  const ts = whole.ts ?? '';
  assert.equal(await refusal(client.chat.update({ channel, ts, text: 'x'.repeat(4_000) })), 'ok');
  assert.equal(await refusal(client.chat.update({ channel, ts, text: 'x'.repeat(4_001) })), 'msg_too_long');
  // The limit of an update counts bytes: a Korean syllable is three.
  assert.equal(await refusal(client.chat.update({ channel, ts, text: '가'.repeat(1_333) })), 'ok');
  assert.equal(await refusal(client.chat.update({ channel, ts, text: '가'.repeat(1_334) })), 'msg_too_long');
  const sections = (n: number) => times(n, () => ({ type: 'section', text: mrkdwn(2_400) }));
  assert.equal(await refusal(client.chat.postMessage(blocks(sections(5)))), 'ok');
  assert.equal(
    await refusal(client.chat.postMessage(blocks([...sections(5), { type: 'section', text: mrkdwn(1) }]))),
    'msg_blocks_too_long',
  );
});
