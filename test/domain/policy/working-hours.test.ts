import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { nextWorkingMinute } from '../../../src/domain/policy/working-hours.ts';

const minutes = (clock: string) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
const utc = (text: string) => Date.parse(`${text}Z`);
const text = (at: number) => new Date(at).toISOString().slice(0, 16);
const hours = (from: string, to: string, days: readonly number[]) => {
  return { fromMinute: minutes(from), toMinute: minutes(to), days };
};
const weekdays = [1, 2, 3, 4, 5];

// 2026-05-13 is a Wednesday.
const cases: [from: string, to: string, days: readonly number[], zone: string, at: string, next: string][] = [
  ['09:00', '18:00', weekdays, 'UTC', '2026-05-13T09:00', '2026-05-13T09:00'],
  ['09:00', '18:00', weekdays, 'UTC', '2026-05-13T17:59:59', '2026-05-13T17:59'],
  ['09:00', '18:00', weekdays, 'UTC', '2026-05-13T18:00', '2026-05-14T09:00'],
  ['09:00', '18:00', weekdays, 'UTC', '2026-05-13T08:59:30', '2026-05-13T09:00'],
  ['09:00', '18:00', weekdays, 'UTC', '2026-05-15T18:00', '2026-05-18T09:00'],
  ['09:00', '18:00', weekdays, 'UTC', '2026-05-17T23:59', '2026-05-18T09:00'],
  ['09:00', '18:00', weekdays, 'Asia/Seoul', '2026-05-15T09:00', '2026-05-18T00:00'],
  ['09:30', '17:00', weekdays, 'Asia/Kolkata', '2026-05-13T12:00', '2026-05-14T04:00'],
  ['09:00', '18:00', [7], 'UTC', '2026-05-17T18:00', '2026-05-24T09:00'],
  ['00:00', '00:00', [3], 'UTC', '2026-05-14T00:00', '2026-05-20T00:00'],
  // A night shift belongs to the day on which it begins.
  ['22:00', '06:00', [5], 'UTC', '2026-05-16T05:59', '2026-05-16T05:59'],
  ['22:00', '06:00', [5], 'UTC', '2026-05-15T05:00', '2026-05-15T22:00'],
  ['22:00', '06:00', [7], 'UTC', '2026-05-18T03:00', '2026-05-18T03:00'],
  // Berlin: clocks go forward on 29 March 2026 (a Sunday), back on 25 October.
  ['09:00', '18:00', [1], 'Europe/Berlin', '2026-03-27T12:00', '2026-03-30T07:00'],
  ['09:00', '18:00', [1], 'Europe/Berlin', '2026-10-24T12:00', '2026-10-26T08:00'],
  ['02:10', '02:50', [7], 'Europe/Berlin', '2026-03-27T12:00', '2026-04-05T00:10'],
];

describe('working hours', () => {
  for (const [from, to, days, zone, at, next] of cases) {
    it(`${from}–${to} on days ${days} in ${zone}, asked at ${at} UTC, come at ${next}`, () => {
      assert.equal(text(nextWorkingMinute(hours(from, to, days), zone, utc(at))), next);
    });
  }

  it('without any day move nothing', () => {
    const at = utc('2026-05-16T03:00');
    assert.equal(nextWorkingMinute(hours('09:00', '18:00', []), 'UTC', at), at);
  });

  it('come within eight days, never before they are asked for, at the same minute when asked again', () => {
    const minute = fc.integer({ min: 0, max: 1439 });
    const days = fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 7 });
    const zone = fc.constantFrom(
      'UTC',
      'Europe/Berlin',
      'America/St_Johns',
      'Asia/Seoul',
      'Australia/Lord_Howe',
    );
    const at = fc.integer({ min: utc('2026-01-01T00:00'), max: utc('2027-12-31T00:00') });
    fc.assert(
      fc.property(minute, minute, days, zone, at, (fromMinute, toMinute, named, timeZone, now) => {
        const asked = { fromMinute, toMinute, days: named };
        const next = nextWorkingMinute(asked, timeZone, now);
        // Only a window that a change of the clocks swallows keeps anybody waiting for longer: until a week later.
        assert.ok(next >= now && next - now <= 15 * 86_400_000);
        assert.equal(nextWorkingMinute(asked, timeZone, next), next);
        const local = new Intl.DateTimeFormat('en-GB', {
          timeZone,
          hour: '2-digit',
          minute: '2-digit',
        }).format(next);
        const inside =
          fromMinute === toMinute ||
          (fromMinute < toMinute
            ? minutes(local) >= fromMinute && minutes(local) < toMinute
            : minutes(local) >= fromMinute || minutes(local) < toMinute);
        assert.ok(inside, `${local} is not in the window`);
        // No earlier minute would have done: the one before is outside.
        if (next > now) assert.notEqual(nextWorkingMinute(asked, timeZone, next - 60_000), next - 60_000);
      }),
      { numRuns: 150 },
    );
  });
});
