import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isOffPeak, nextOffPeak, windowText } from '../../../src/domain/policy/off-peak.ts';

const window = (from: string, to: string) => ({ fromMinute: minutes(from), toMinute: minutes(to) });
const minutes = (clock: string) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
const utc = (text: string) => Date.parse(`${text}Z`);
const text = (at: number | undefined) =>
  at === undefined ? undefined : new Date(at).toISOString().slice(0, 16);

const inside: [from: string, to: string, zone: string, at: string, expected: boolean][] = [
  ['22:00', '05:00', 'UTC', '2026-05-13T22:00', true],
  ['22:00', '05:00', 'UTC', '2026-05-13T21:59:59', false],
  ['22:00', '05:00', 'UTC', '2026-05-14T00:00', true],
  ['22:00', '05:00', 'UTC', '2026-05-14T04:59:59', true],
  ['22:00', '05:00', 'UTC', '2026-05-14T05:00', false],
  ['01:00', '03:00', 'Asia/Seoul', '2026-05-13T16:30', true],
  ['01:00', '03:00', 'Asia/Kolkata', '2026-05-13T19:29', false],
  ['01:00', '03:00', 'Asia/Kolkata', '2026-05-13T19:30', true],
  ['00:00', '00:00', 'UTC', '2026-05-13T12:00', true],
  // New York, first Sunday of November: 01:30 comes twice.
  ['01:00', '02:00', 'America/New_York', '2026-11-01T05:30', true],
  ['01:00', '02:00', 'America/New_York', '2026-11-01T06:30', true],
  ['01:00', '02:00', 'America/New_York', '2026-11-01T07:00', false],
];

const starts: [from: string, to: string, zone: string, at: string, expected: string][] = [
  ['22:00', '05:00', 'UTC', '2026-05-13T12:00:30', '2026-05-13T22:00'],
  ['22:00', '05:00', 'UTC', '2026-05-13T23:00', '2026-05-13T23:00'],
  ['01:00', '03:00', 'Asia/Seoul', '2026-05-13T20:00', '2026-05-14T16:00'],
  // Berlin, last Sunday of March: clocks go from 02:00 to 03:00.
  ['02:30', '04:00', 'Europe/Berlin', '2026-03-29T00:00', '2026-03-29T01:00'],
  ['02:10', '02:50', 'Europe/Berlin', '2026-03-29T00:00', '2026-03-30T00:10'],
  ['22:00', '05:00', 'Europe/Berlin', '2026-03-28T12:00', '2026-03-28T21:00'],
  ['22:00', '05:00', 'Europe/Berlin', '2026-03-29T12:00', '2026-03-29T20:00'],
  // Lord Howe Island moves by half an hour.
  ['02:00', '03:00', 'Australia/Lord_Howe', '2026-10-03T14:00', '2026-10-03T15:30'],
];

describe('the off-peak window', () => {
  for (const [from, to, zone, at, expected] of inside) {
    it(`${from}–${to} in ${zone} ${expected ? 'holds' : 'does not hold'} ${at} UTC`, () => {
      assert.equal(isOffPeak(window(from, to), zone, utc(at)), expected);
    });
  }

  for (const [from, to, zone, at, expected] of starts) {
    it(`${from}–${to} in ${zone}, asked at ${at} UTC, starts next at ${expected}`, () => {
      assert.equal(text(nextOffPeak(window(from, to), zone, utc(at))), expected);
    });
  }

  it('starts next where it holds, and did not hold a minute before', () => {
    const minute = fc.integer({ min: 0, max: 1439 });
    const zone = fc.constantFrom(
      'UTC',
      'Europe/Berlin',
      'America/St_Johns',
      'Asia/Seoul',
      'Australia/Lord_Howe',
    );
    const at = fc.integer({ min: utc('2026-01-01T00:00'), max: utc('2027-12-31T00:00') });
    fc.assert(
      fc.property(minute, minute, zone, at, (fromMinute, toMinute, timeZone, now) => {
        const asked = { fromMinute, toMinute };
        const next = nextOffPeak(asked, timeZone, now);
        // Only a window that a change of the clocks swallows two days running could have no start.
        assert.ok(next !== undefined && next >= now);
        assert.ok(isOffPeak(asked, timeZone, next));
        if (next > now) assert.ok(!isOffPeak(asked, timeZone, next - 60_000));
      }),
      { numRuns: 60 },
    );
  });

  it('is written as two clock times', () => {
    assert.equal(windowText(window('22:00', '05:05')), '22:00–05:05');
  });
});
