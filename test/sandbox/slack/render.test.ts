import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { plainOf } from '../../../sandbox/slack/mrkdwn.ts';
import { renderContent } from '../../../sandbox/slack/render.ts';
import { displayWidth, wrap } from '../../../sandbox/slack/terminal-width.ts';
import { workspaceFor } from './bolt-app.ts';

const names = {
  user: (id: string) => `@${id}`,
  channel: (id: string) => `#${id}`,
  group: (id: string) => `@g-${id}`,
};

test('mrkdwn becomes what a person reads', () => {
  const cases: [string, string][] = [
    ['*bold* _italic_ ~gone~ and `code_with_*marks*`', 'bold italic gone and code_with_*marks*'],
    ['snapshot_2024_01.db and 2*3*4', 'snapshot_2024_01.db and 2*3*4'],
    ['*Run `r-1`* · _`a*b` of `c`_ `d`', 'Run r-1 · a*b of c d'],
    ['<@U1> in <#C1> with <!subteam^S1> and <!here>', '@U1 in #C1 with @g-S1 and @here'],
    ['<https://example.com|docs> <https://example.com>', 'docs (https://example.com) https://example.com'],
    ['a &lt; b &amp;&amp; c &gt; d', 'a < b && c > d'],
    ['&lt;@U1&gt;', '<@U1>'],
    ['<!date^1767600000^{date}|5 Jan 2026>', '5 Jan 2026'],
    [':white_check_mark: done :unknown_one:', '✅ done :unknown_one:'],
    ['before\n```\nline 1\nline 2\n```', 'before\n\n    line 1\n    line 2'],
    ['>quoted', '│ quoted'],
    ['*굵게* 보통', '굵게 보통'],
  ];
  for (const [given, expected] of cases) assert.equal(plainOf(given, names), expected);
});

test('a card reads like a card', () => {
  const plain = (text: string) => ({ type: 'plain_text', text });
  const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
  const blocks = [
    { type: 'header', text: plain('Back up etcd of prod-east') },
    {
      type: 'section',
      text: mrkdwn('*14* checks passed'),
      accessory: { type: 'button', text: plain('Details'), action_id: 'd' },
    },
    { type: 'section', fields: [mrkdwn('*Node*\n`master-1`'), mrkdwn('*z-stream*\n4.16.8')] },
    { type: 'divider' },
    { type: 'context', elements: [mrkdwn('asked by <@U1>'), mrkdwn('expires 14:32')] },
    {
      type: 'actions',
      elements: [
        { type: 'button', text: plain('Approve'), action_id: 'a' },
        { type: 'static_select', placeholder: plain('Choose a node'), action_id: 'n' },
      ],
    },
  ];
  assert.equal(
    renderContent({ text: 'not shown', blocks }, names),
    [
      'Back up etcd of prod-east',
      '14 checks passed  [Details]',
      'Node: master-1',
      'z-stream: 4.16.8',
      '────────',
      '  asked by @U1  expires 14:32',
      '[Approve] [Choose a node ▾]',
    ].join('\n'),
  );
});

test('widths: a Korean syllable and an emoji take two columns', () => {
  assert.equal(displayWidth('etcd'), 4);
  assert.equal(displayWidth('백업'), 4);
  assert.equal(displayWidth('✅ 완료'), 7);
  assert.equal(displayWidth('⚠️'), 2);
  assert.equal(displayWidth('e\u0301'), 1);
});

test('no wrapped line is too wide and no character is lost', () => {
  const words = fc.array(fc.constantFrom('etcd', '백업이', '✅', 'sha256:0123456789abcdef', ' ', 'a', '\n'));
  fc.assert(
    fc.property(words, fc.integer({ min: 4, max: 30 }), (parts, columns) => {
      const text = parts.join('');
      const lines = wrap(text, columns);
      for (const line of lines) assert.ok(displayWidth(line) <= columns, `${line} in ${columns}`);
      assert.equal(lines.join('').replace(/\s/g, ''), text.replace(/\s/g, ''));
    }),
  );
});

test('the transcript of a Korean conversation stays within the terminal', async (t) => {
  const workspace = await workspaceFor(t, { now: () => Date.UTC(2026, 0, 5, 10, 0, 0) });
  const person = workspace.addUser({ name: 'requester' });
  const ops = workspace.addChannel({ name: 'ops', members: [person] });
  workspace.say({ user: person, channel: ops, text: '네트워크 변경 전에 백업이 필요합니다 <@U1>' });
  workspace.archive(ops);
  assert.equal(
    workspace.transcript({ columns: 40 }),
    [
      '10:00:00  @requester in #ops:',
      '          │ 네트워크 변경 전에 백업이',
      '          │ 필요합니다 @U1',
      '10:00:00  #ops is archived',
    ].join('\n'),
  );
  assert.equal(workspace.transcript({ from: 1 }), '10:00:00  #ops is archived');
});
