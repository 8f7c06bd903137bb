import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { plainOf } from '../../../../sandbox/slack/mrkdwn.ts';
import { message, stack } from '../../../../src/slack/messages/kit/blocks.ts';
import {
  code,
  codeBlock,
  cutMarkup,
  join,
  link,
  Markup,
  md,
  outside,
} from '../../../../src/slack/messages/kit/markup.ts';
import { readable } from '../../../support/plain-text.ts';
import { slackComplaints } from '../../../support/slack-limits.ts';

test('plain strings in a template are cleaned and escaped, markup is not', () => {
  assert.equal(
    md`Node ${code('a`b')} says ${'<b> & *c*'}, ${3} times`.source,
    "Node `a'b` says &lt;b&gt; &amp; \u2060*\ufeffc\u2060*\ufeff, 3 times",
  );
});

test('what people typed stays text: no italics, bold, strike, code, quote or emoji', () => {
  const names = { user: (id: string) => id, channel: (id: string) => id, group: (id: string) => id };
  const typed = [
    ':white_check_mark: approved',
    'a:x:b :+1::no_entry: :팀_로고:',
    '_all good_ *really* ~not~',
    '__init__ (_see_) “*x*” _a _b_ c_',
    'snapshot_2026_11_24 and a_b',
    '> quoted',
    'at 14:02:11, https://example.com:8443/a_b_c',
  ];
  for (const text of typed) {
    const { source } = md`Reason: ${text}`;
    // As the simulated Slack shows it, and as the strictest reader of markers would.
    assert.equal(readable(plainOf(source, names)), `Reason: ${text}`);
    assert.doesNotMatch(source, /(?<![\p{L}\p{N}])[*_~](?![\s\ufeff])/u, 'a marker that may open');
    assert.doesNotMatch(source, /:[^\s:\u2060/]{1,100}:(?!\d)/u, 'a name of an emoji');
    assert.doesNotMatch(outside(text).source, /^(&gt;|>)/, 'a quotation');
  }
  assert.equal(outside('snapshot_2026_11_24').source, 'snapshot_2026_11_24', 'it can be copied as it is');
});

test('a cut parts no marker from the signs that keep it text', () => {
  const source = md`${'*bold* _it_ :x: ~s~ '.repeat(5)}`.source;
  for (let max = 6; max < source.length; max += 1) {
    assert.doesNotMatch(cutMarkup(source, max), /[*_~](?!\ufeff)/u);
    assert.doesNotMatch(outside('*bold* _it_ ~s~ '.repeat(5), max).source, /[*_~](?!\ufeff)/u);
  }
});

test('outside texts are cut between code points and never inside an escape', () => {
  assert.equal(outside('😀😀😀', 5).source, '😀😀…');
  assert.equal(outside('&&&', 12).source, '&amp;&amp;…');
  assert.equal(outside('abc', 3).source, 'abc');
});

test('a cut of our own markup leaves no half mention, date, escape or code span', () => {
  const parts = [
    new Markup('<@U0APPROVER>'),
    new Markup('<!date^1700000000^{date_short_pretty} {time}|2023-11-14 22:13>'),
    link('https://example.com/?a=1&b=2', md`the card`),
    code('a & <b>'),
    md`${'& < > 😀'} words`,
    codeBlock(['one', 'two & three']) ?? md``,
  ];
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...parts), { minLength: 1, maxLength: 12 }),
      fc.nat(),
      (some, at) => {
        const source = join(some, ' ').source;
        const max = 20 + (at % source.length);
        const cut = cutMarkup(source, max);
        assert.ok(cut.length <= max);
        assert.deepEqual(slackComplaints({ text: cut }), []);
      },
    ),
    { numRuns: 2_000 },
  );
});

test('a link needs a plain web address, else its label appears alone', () => {
  assert.equal(link('javascript:alert(1)', md`card`).source, 'card');
  assert.equal(link('https://a|b', md`card`).source, 'card');
  assert.equal(link(undefined, md`card`).source, 'card');
  assert.equal(link('https://a.example/p1', md`card`).source, '<https://a.example/p1|card>');
});

test('a message never has more blocks than Slack takes', () => {
  const sections = Array.from({ length: 80 }, (_, n) => md`section ${n}`);
  const built = message({ sections, footer: md`foot`, text: sections.slice(0, 1), rest: md`and more` });
  assert.deepEqual(slackComplaints(built), []);
  assert.equal(built.blocks?.at(-1)?.type, 'context');
});

test('stacking counts what does not fit', () => {
  const entries = Array.from({ length: 100 }, (_, n) => md`entry ${String(n).padStart(96, '0')}`);
  const sections = stack(entries, { room: 2_000, more: (count) => md`and ${count} more` });
  const text = join(sections, '\n').source;
  const shown = text.split('\n').filter((line) => line.startsWith('entry')).length;
  assert.ok(shown > 10 && text.endsWith(`and ${100 - shown} more`), text.slice(-30));
});
