import assert from 'node:assert/strict';
import { test } from 'node:test';
import { momentText, parseMoment } from '../../../src/domain/text/moment.ts';

const now = Date.UTC(2026, 10, 23, 6, 14, 44);
const iso = (text: string, zone = 'UTC', at = now) => {
  const moment = parseMoment(text, zone, at);
  return moment && new Date(moment.at).toISOString().replace('.000Z', 'Z');
};

test('a time without a date is the last one that has passed, on the clocks of the zone', () => {
  assert.equal(iso('06:05'), '2026-11-23T06:05:00Z');
  assert.equal(iso('6:05:30'), '2026-11-23T06:05:30Z');
  assert.equal(iso('14:05'), '2026-11-22T14:05:00Z', 'not reached yet today');
  assert.equal(iso('15:05', 'Asia/Seoul'), '2026-11-23T06:05:00Z');
  assert.equal(iso('15:30', 'Asia/Seoul'), '2026-11-22T06:30:00Z');
  assert.equal(iso('23:50', 'America/New_York'), '2026-11-23T04:50:00Z', 'yesterday there');
});

test('with a date it is that one, whether it has passed or not', () => {
  assert.equal(iso('2026-11-23 14:05', 'Asia/Seoul'), '2026-11-23T05:05:00Z');
  assert.equal(iso('2026-11-23T14:05:10', 'Asia/Seoul'), '2026-11-23T05:05:10Z');
  assert.equal(iso(' 2027-01-01  00:00 '), '2027-01-01T00:00:00Z');
});

test('a time that clocks skipped is the moment of the change', () => {
  const moment = parseMoment('2026-03-29 02:30', 'Europe/Berlin', now);
  assert.deepEqual(moment, { at: Date.UTC(2026, 2, 29, 1, 0), note: 'skipped' });
  const half = parseMoment('2026-10-04 02:15', 'Australia/Lord_Howe', now);
  assert.equal(half?.note, 'skipped');
  assert.equal(half?.at, Date.UTC(2026, 9, 3, 15, 30));
});

test('of a time that clocks showed twice it is the first', () => {
  assert.deepEqual(parseMoment('2026-10-25 02:30:10', 'Europe/Berlin', now), {
    at: Date.UTC(2026, 9, 25, 0, 30, 10),
    note: 'doubled',
  });
  assert.equal(parseMoment('2026-10-25 03:30', 'Europe/Berlin', now)?.note, undefined);
  assert.equal(parseMoment('2026-10-25 01:59', 'Europe/Berlin', now)?.note, undefined);
});

test('what names no moment is none', () => {
  for (const text of ['', 'noon', '24:00', '14:60', '14', '3d', '2026-02-30 10:00', '2026-11-23', '-1:00']) {
    assert.equal(parseMoment(text, 'UTC', now), undefined, text);
  }
});

test('a moment is shown with its zone', () => {
  assert.equal(momentText('Asia/Seoul', now), '2026-11-23 15:14:44 Asia/Seoul');
});
