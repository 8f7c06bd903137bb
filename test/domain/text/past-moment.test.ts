import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePastMoment } from '../../../src/domain/text/past-moment.ts';

const now = Date.UTC(2026, 10, 25, 10, 30);
const read = (text: string, timeZone = 'Europe/Zurich', at = now) => {
  const found = parsePastMoment(text, timeZone, at);
  return found === undefined ? undefined : new Date(found).toISOString();
};

test('a time alone is the last one that the cluster’s clocks showed', () => {
  assert.equal(read('03:40'), '2026-11-25T02:40:00.000Z');
  assert.equal(read('11:30'), '2026-11-25T10:30:00.000Z', 'this very minute');
  assert.equal(read('11:31'), '2026-11-24T10:31:00.000Z', 'not come yet: yesterday’s');
  assert.equal(read('3:40', 'Asia/Seoul'), '2026-11-24T18:40:00.000Z');
  assert.equal(read('23:00', 'America/Los_Angeles'), '2026-11-25T07:00:00.000Z');
});

test('a dated time is that day’s, also one to come; now is now', () => {
  assert.equal(read('2026-11-24 14:05'), '2026-11-24T13:05:00.000Z');
  assert.equal(read(' 2026-11-24T14:05 '), '2026-11-24T13:05:00.000Z');
  assert.equal(read('2026-12-24 14:05'), '2026-12-24T13:05:00.000Z');
  assert.equal(read('Now'), '2026-11-25T10:30:00.000Z');
});

test('when clocks were changed in between, a time alone is read by the clock of its own day', () => {
  const afterChange = Date.UTC(2026, 9, 25, 10, 0);
  assert.equal(read('01:30', 'Europe/Zurich', afterChange), '2026-10-24T23:30:00.000Z', 'summer time still');
  assert.equal(read('04:30', 'Europe/Zurich', afterChange), '2026-10-25T03:30:00.000Z');
});

test('what is no such moment is none: spans, days alone, other words', () => {
  for (const text of ['3h', '2026-11-24', '24:00', '12:60', '2026-13-01 10:00', 'yesterday', '', '-1:30'])
    assert.equal(read(text), undefined, text);
});
