import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDate } from '../../sandbox/page/web/dates.ts';
import { type Piece, parseMrkdwn } from '../../sandbox/page/web/mrkdwn.ts';
import { suggestionsFor } from '../../sandbox/page/web/suggestions.ts';

const text = (said: string): Piece => ({ kind: 'text', text: said });

const cases: readonly (readonly [string, readonly Piece[]])[] = [
  ['a &lt;b&gt; &amp;amp; c', [text('a <b> &amp; c')]],
  [
    '*bold* and _italic_ and ~gone~',
    [
      { kind: 'bold', pieces: [text('bold')] },
      text(' and '),
      { kind: 'italic', pieces: [text('italic')] },
      text(' and '),
      { kind: 'strike', pieces: [text('gone')] },
    ],
  ],
  [
    '*Run `r_1_x`*: 3*4*5, snake_case_name',
    [
      { kind: 'bold', pieces: [text('Run '), { kind: 'code', text: 'r_1_x' }] },
      text(': 3*4*5, snake_case_name'),
    ],
  ],
  ['`*not bold* <@U1>`', [{ kind: 'code', text: '*not bold* <@U1>' }]],
  [
    'see\n```\nls *.db\n&gt; x\n```\nend',
    [text('see\n'), { kind: 'pre', pieces: [text('ls *.db\n> x')] }, text('end')],
  ],
  [
    'before\n&gt; said *so*\n&gt; twice\nafter',
    [
      text('before'),
      { kind: 'quote', pieces: [text('said '), { kind: 'bold', pieces: [text('so')] }, text('\ntwice')] },
      text('after'),
    ],
  ],
  [
    '<@U1> in <#C1|general>, <!subteam^S1|@ops> <!here>',
    [
      { kind: 'user', id: 'U1', label: undefined },
      text(' in '),
      { kind: 'channel', id: 'C1', label: 'general' },
      text(', '),
      { kind: 'group', id: 'S1', label: '@ops' },
      text(' '),
      { kind: 'mention', text: '@here' },
    ],
  ],
  [
    '*<https://a.example/x_y_z?a=1&amp;b=2|the _page_>*',
    [
      {
        kind: 'bold',
        pieces: [{ kind: 'link', url: 'https://a.example/x_y_z?a=1&b=2', label: 'the _page_' }],
      },
    ],
  ],
  [
    'until <!date^1800000000^{date_num} {time}|2027-01-15 08:00 (UTC)>',
    [
      text('until '),
      {
        kind: 'date',
        seconds: 1_800_000_000,
        format: '{date_num} {time}',
        fallback: '2027-01-15 08:00 (UTC)',
      },
    ],
  ],
  [':warning: :no_such_emoji:', [text('⚠️ :no_such_emoji:')]],
];

for (const [mrkdwn, pieces] of cases) {
  test(`mrkdwn becomes what people see: ${JSON.stringify(mrkdwn)}`, () => {
    assert.deepEqual(parseMrkdwn(mrkdwn), pieces);
  });
}

test('a date is written in the reader’s language, and days near to now by their names', () => {
  const noon = new Date(2026, 10, 24, 12);
  const at = (days: number) => new Date(2026, 10, 24 + days, 3, 5).getTime() / 1000;
  const format = '{date_short_pretty} {time}';
  assert.equal(formatDate(at(0), format, 'en', noon), 'today 3:05 AM');
  assert.equal(formatDate(at(1), format, 'en', noon), 'tomorrow 3:05 AM');
  assert.equal(formatDate(at(-1), format, 'ko', noon), '어제 오전 3:05');
  assert.equal(formatDate(at(2), format, 'en', noon), 'Nov 26, 2026 3:05 AM');
  assert.equal(formatDate(at(2), '{date_num} {no_token}', 'ko', noon), '2026-11-26 {no_token}');
});

test('the command is offered at the first letter, then its words, then nothing', () => {
  const command = { name: '/etcd-backup', description: '', hint: '', words: ['run', 'resume', 'check'] };
  const offered = (typed: string) => suggestionsFor(typed, command);
  assert.deepEqual(offered(''), { texts: [], isBegun: false });
  assert.deepEqual(offered('hello'), { texts: [], isBegun: false });
  assert.deepEqual(offered('/et'), { texts: ['/etcd-backup '], isBegun: true });
  assert.deepEqual(offered('/other'), { texts: [], isBegun: false });
  // Enter still sends the command alone.
  assert.equal(offered('/etcd-backup ').isBegun, false);
  assert.equal(offered('/etcd-backup ').texts.length, 3);
  assert.deepEqual(offered('/etcd-backup r'), {
    texts: ['/etcd-backup run ', '/etcd-backup resume '],
    isBegun: true,
  });
  assert.deepEqual(offered('/etcd-backup run').texts, []);
  assert.deepEqual(offered('/etcd-backup run prod').texts, []);
});
