import assert from 'node:assert/strict';
import { test } from 'node:test';
import { message } from '../../../../src/slack/messages/kit/blocks.ts';
import { toolsFor } from '../../../../src/slack/messages/kit/make-tools.ts';
import { md } from '../../../../src/slack/messages/kit/markup.ts';

const now = Date.UTC(2026, 10, 23, 18);
const inZone = (timeZone: string) => toolsFor({ language: 'en', timeZone, now, command: '/etcd-backup' });
const seoul = inZone('Asia/Seoul');
const textsOf = (sent: ReturnType<typeof message>) =>
  (sent.blocks ?? []).map((block) => (block.type === 'section' ? block.text?.text : JSON.stringify(block)));

test('a message names its zone with its first time alone, in blocks, footer and text', () => {
  const at = md`at ${seoul.time(now)}`;
  const sent = message({
    sections: [md`${at} and ${at}`, at],
    footer: at,
    text: [at, undefined, at],
    rest: md`more`,
  });
  const [first, second, footer] = textsOf(sent);
  assert.equal(first, 'at 2026-11-24 03:00 (Asia/Seoul) and at 2026-11-24 03:00');
  assert.equal(second, 'at 2026-11-24 03:00');
  assert.match(footer ?? '', /"at 2026-11-24 03:00"/);
  assert.equal(sent.text, 'at 2026-11-24 03:00 (Asia/Seoul)\nat 2026-11-24 03:00');
});

test('what is shown in the reader’s own zone neither names the zone nor loses it, and code is kept', () => {
  const typed = seoul.code('2026-11-24 03:00 (Asia/Seoul)');
  const sent = message({
    sections: [md`${seoul.moment(now)} ${typed} ${seoul.time(now)} ${seoul.moment(now)}`],
  });
  const token = /<!date\^\d+\^[^|]+\|2026-11-24 03:00 \(Asia\/Seoul\)>/g;
  assert.equal(sent.text.match(token)?.length, 2);
  assert.equal(
    sent.text.replaceAll(token, 'T'),
    'T `2026-11-24 03:00 (Asia/Seoul)` 2026-11-24 03:00 (Asia/Seoul) T',
  );
});

test('times of several zones keep theirs', () => {
  const [here, there] = [seoul.time(now), inZone('Europe/Berlin').time(now)];
  const sent = message({ sections: [md`${here}, ${there}, ${here}`] });
  assert.equal(
    sent.text,
    '2026-11-24 03:00 (Asia/Seoul), 2026-11-23 19:00 (Europe/Berlin), 2026-11-24 03:00 (Asia/Seoul)',
  );
});
