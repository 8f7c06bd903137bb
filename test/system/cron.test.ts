import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import { Cron } from 'croner';
import fc from 'fast-check';
import { createCronSlots } from '../../src/system/cron.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;
const cron = createCronSlots();

function slots(expression: string, timeZone: string, from: string, count: number): readonly string[] {
  const found: string[] = [];
  let at: number | undefined = Date.parse(from);
  for (let index = 0; index < count; index += 1) {
    at = cron.next(expression, timeZone, at);
    if (at === undefined) break;
    found.push(new Date(at).toISOString().replace(':00.000Z', 'Z'));
  }
  return found;
}

/** Expression, zone, from when, and the slots that follow, in UTC. */
const changes: readonly (readonly [string, string, string, string, readonly string[]])[] = [
  [
    'Berlin skips 02:30: right after the change, that day and once',
    '30 2 * * *',
    'Europe/Berlin',
    '2026-03-28T00:00Z',
    ['2026-03-28T01:30Z', '2026-03-29T01:00Z', '2026-03-30T00:30Z'],
  ],
  [
    'Berlin shows 02:30 twice: the first time',
    '30 2 * * *',
    'Europe/Berlin',
    '2026-10-24T00:00Z',
    ['2026-10-24T00:30Z', '2026-10-25T00:30Z', '2026-10-26T01:30Z'],
  ],
  [
    'Berlin, asked in the second of the two hours: not again',
    '30 2 * * *',
    'Europe/Berlin',
    '2026-10-25T01:10Z',
    ['2026-10-26T01:30Z'],
  ],
  [
    'Berlin, several times in the skipped hour and its end: one',
    '0,20,40 2,3 * * *',
    'Europe/Berlin',
    '2026-03-29T00:59Z',
    ['2026-03-29T01:00Z', '2026-03-29T01:20Z', '2026-03-29T01:40Z', '2026-03-30T00:00Z'],
  ],
  [
    'Berlin, every second hour: none is left out, none doubled',
    '0 */2 * * *',
    'Europe/Berlin',
    '2026-10-24T22:00Z',
    ['2026-10-25T00:00Z', '2026-10-25T03:00Z', '2026-10-25T05:00Z'],
  ],
  [
    'Berlin, weekly on the day of the change',
    '30 2 * * 0',
    'Europe/Berlin',
    '2026-03-22T02:00Z',
    ['2026-03-29T01:00Z', '2026-04-05T00:30Z'],
  ],
  [
    'New York skips 02:30',
    '30 2 * * *',
    'America/New_York',
    '2026-03-07T08:00Z',
    ['2026-03-08T07:00Z', '2026-03-09T06:30Z'],
  ],
  [
    'New York shows 01:30 twice',
    '30 1 * * *',
    'America/New_York',
    '2026-10-31T06:00Z',
    ['2026-11-01T05:30Z', '2026-11-02T06:30Z'],
  ],
  [
    'Lord Howe skips half an hour, 02:15',
    '15 2 * * *',
    'Australia/Lord_Howe',
    '2026-10-02T16:00Z',
    ['2026-10-03T15:30Z', '2026-10-04T15:15Z'],
  ],
  [
    'Lord Howe skips half an hour: 02:30 is kept',
    '30 2 * * *',
    'Australia/Lord_Howe',
    '2026-10-02T16:30Z',
    ['2026-10-03T15:30Z', '2026-10-04T15:30Z'],
  ],
  [
    'Lord Howe shows 01:45 twice',
    '45 1 * * *',
    'Australia/Lord_Howe',
    '2026-04-03T15:00Z',
    ['2026-04-04T14:45Z', '2026-04-05T15:15Z'],
  ],
  [
    'Seoul changes no clocks',
    '30 2 * * *',
    'Asia/Seoul',
    '2026-03-27T18:00Z',
    ['2026-03-28T17:30Z', '2026-03-29T17:30Z'],
  ],
  [
    'Cairo skips midnight',
    '0 0 * * *',
    'Africa/Cairo',
    '2026-04-22T22:00Z',
    ['2026-04-23T22:00Z', '2026-04-24T21:00Z'],
  ],
  ['a leap day', '0 2 29 2 *', 'UTC', '2026-01-01T00:00Z', ['2028-02-29T02:00Z', '2032-02-29T02:00Z']],
];

describe('slots of a cron expression', () => {
  for (const [name, expression, timeZone, from, expected] of changes) {
    it(name, () => assert.deepEqual(slots(expression, timeZone, from, expected.length), expected));
  }

  it('are strictly after the moment asked for, also in the middle of a minute', () => {
    assert.deepEqual(slots('0 2 * * *', 'UTC', '2026-01-01T02:00:00Z', 1), ['2026-01-02T02:00Z']);
    assert.deepEqual(slots('0 2 * * *', 'UTC', '2026-01-01T01:59:59.999Z', 1), ['2026-01-01T02:00Z']);
    assert.deepEqual(slots('* * * * *', 'Asia/Seoul', '2026-01-01T02:00:30.500Z', 1), ['2026-01-01T02:01Z']);
  });

  it('end where no day is ever meant', () => {
    assert.equal(cron.next('0 0 30 2 *', 'Europe/Berlin', 0), undefined);
    assert.throws(() => cron.next('0 0 0 * * *', 'UTC', 0), /5/);
  });

  const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Seoul', 'Africa/Cairo'];
  const field = (least: number, most: number) =>
    fc.oneof(
      fc.integer({ min: least, max: most }).map(String),
      fc.integer({ min: 2, max: 7 }).map((step) => `*/${step}`),
      fc.constant('*'),
      fc
        .uniqueArray(fc.integer({ min: least, max: most }), { minLength: 2, maxLength: 3 })
        .map((all) => all.join(',')),
    );

  /** Minute by minute: a time counts when the clock comes to it or leaps over it for the first time. */
  function byTheClock(expression: string, timeZone: string, from: number, to: number): readonly number[] {
    const pattern = new Cron(expression, { mode: '5-part', timezone: 'UTC', paused: true });
    const face = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
    const wallAt = (at: number) => Date.parse(`${face.format(at).replace(' ', 'T')}Z`);
    const found: number[] = [];
    let latest = Math.max(wallAt(from), ...[1, 2, 3, 4].map((part) => wallAt(from - part * 15 * minuteMs)));
    for (let at = from + minuteMs; at <= to; at += minuteMs) {
      const wall = wallAt(at);
      if (wall <= latest) continue;
      const due = pattern.nextRun(new Date(latest))?.getTime();
      if (due !== undefined && due <= wall) found.push(at);
      latest = wall;
    }
    return found;
  }

  it('are those that the clock on the wall comes to, each once, around every change of the clocks', () => {
    // Days of 2026 on which one of the zones changes its clocks.
    const days = ['03-08', '03-29', '04-04', '04-05', '04-24', '10-03', '10-25', '10-30', '11-01'];
    const input = fc.record({
      zone: fc.constantFrom(...zones),
      day: fc.constantFrom(...days),
      minute: field(0, 59),
      hour: fc.oneof(fc.integer({ min: 0, max: 4 }).map(String), field(0, 23)),
      shift: fc.integer({ min: -18 * 60, max: 0 }),
    });
    fc.assert(
      fc.property(input, ({ zone, day, minute, hour, shift }) => {
        const expression = `${minute} ${hour} * * *`;
        const from = Date.parse(`2026-${day}T00:00Z`) + shift * minuteMs;
        const to = from + 2 * dayMs;
        const found: number[] = [];
        for (
          let at = cron.next(expression, zone, from);
          at !== undefined && at <= to;
          at = cron.next(expression, zone, at)
        ) {
          found.push(at);
        }
        assert.deepEqual(found, byTheClock(expression, zone, from, to), `${expression} ${zone}`);
      }),
      { numRuns: 30 },
    );
  });
});
