import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import { parseUntil } from '../../../src/domain/text/until.ts';

const now = Date.parse('2026-11-23T17:31:05Z');
const hourMs = 3_600_000;
const seoul = 'Asia/Seoul';

describe('until when a person means', () => {
  for (const [typed, ms] of [
    ['8h', 8 * hourMs],
    ['90m', 1.5 * hourMs],
    ['3d', 72 * hourMs],
    ['2w', 14 * 24 * hourMs],
    ['1d12h', 36 * hourMs],
    [' 1D 12H ', 36 * hourMs],
  ] as const) {
    it(`${JSON.stringify(typed)} is a span from now`, () =>
      assert.equal(parseUntil(typed, seoul, now), now + ms));
  }

  for (const [typed, zone, iso] of [
    ['2026-12-01', seoul, '2026-11-30T15:00:00.000Z'],
    ['2026-12-01 08:30', seoul, '2026-11-30T23:30:00.000Z'],
    ['2026-12-01T08:30', 'America/New_York', '2026-12-01T13:30:00.000Z'],
    ['2026-12-01t8:30', 'UTC', '2026-12-01T08:30:00.000Z'],
    ['2026-07-01 08:30', 'Europe/Berlin', '2026-07-01T06:30:00.000Z'],
    // Just before and after the clocks are put back.
    ['2026-10-25 00:30', 'Europe/Berlin', '2026-10-24T22:30:00.000Z'],
    ['2026-10-25 04:30', 'Europe/Berlin', '2026-10-25T03:30:00.000Z'],
  ] as const) {
    it(`${typed} is a moment on the clocks of ${zone}`, () =>
      assert.equal(new Date(parseUntil(typed, zone, now) ?? Number.NaN).toISOString(), iso));
  }

  for (const [typed, zone, iso] of [
    ['2026-03-29 02:30', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
    ['2026-03-08 02:30', 'America/New_York', '2026-03-08T07:30:00.000Z'],
    ['2026-10-04 02:15', 'Australia/Lord_Howe', '2026-10-03T15:45:00.000Z'],
    ['2026-09-06', 'America/Santiago', '2026-09-06T04:00:00.000Z'],
  ] as const) {
    it(`${typed}, which the clocks of ${zone} skip, is a time after the change`, () =>
      assert.equal(new Date(parseUntil(typed, zone, now) ?? Number.NaN).toISOString(), iso));
  }

  it('of a time that the clocks show twice the first one is meant', () => {
    const shown = parseUntil('2026-11-01 01:30', 'America/New_York', now) ?? Number.NaN;
    assert.equal(new Date(shown).toISOString(), '2026-11-01T05:30:00.000Z');
  });

  for (const typed of [
    '',
    ' ',
    'tuesday',
    '0h',
    '-3d',
    '3',
    '2026-02-30',
    '2026-13-01',
    '2026-12-01 24:00',
    '2026-12-01 08:60',
    '1.5d',
    '3d!',
    '2026-12',
    '9'.repeat(5_000),
  ]) {
    it(`${JSON.stringify(typed.slice(0, 20))} is nothing that the bot guesses at`, () =>
      assert.equal(parseUntil(typed, seoul, now), undefined));
  }
});
