import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isOffPeak } from '../../../src/domain/policy/off-peak.ts';
import {
  newestSlot,
  nextRunAfter,
  partOf,
  startFor,
  type Timetable,
} from '../../../src/domain/watch/schedule-times.ts';
import { cron } from '../../support/scheduled.ts';

const minuteMs = 60_000;
const at = (text: string) => Date.parse(`${text}Z`);

function table(change: Partial<Timetable> = {}, jitterMs = 0, expression = '0 2 * * *'): Timetable {
  const schedule = { cron: expression, jitterMs, approval: 'auto' } as const;
  return { name: 'prod-east', timeZone: 'UTC', offPeak: undefined, schedule, ...change };
}

const night = { fromMinute: 22 * 60, toMinute: 6 * 60 };

describe('the part of the jitter', () => {
  it('is the same for one name for ever, and from 0 up to but not 1', () => {
    // Written down: a new version of the bot must not move a fleet's runs.
    assert.equal(Math.round(partOf('prod-east') * 1e6), 479_577);
    fc.assert(
      fc.property(fc.string(), (name) => {
        const part = partOf(name);
        assert(part >= 0 && part < 1 && part === partOf(name));
      }),
    );
  });

  it('spreads a fleet of similar names evenly', () => {
    const tenths = Array.from({ length: 10 }, () => 0);
    for (let index = 0; index < 500; index += 1) {
      const tenth = Math.floor(partOf(`cluster-${String(index).padStart(3, '0')}`) * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    assert(
      tenths.every((count) => count > 25 && count < 80),
      tenths.join(' '),
    );
  });
});

describe('the start of a run', () => {
  it('is its slot, and later by the same jitter every day', () => {
    assert.equal(startFor(table(), at('2026-11-23T02:00')), at('2026-11-23T02:00'));
    const late = startFor(table({}, 15 * minuteMs), at('2026-11-23T02:00')) - at('2026-11-23T02:00');
    assert(late > 0 && late < 15 * minuteMs);
    assert.equal(startFor(table({}, 15 * minuteMs), at('2026-11-24T02:00')) - at('2026-11-24T02:00'), late);
  });

  it('moves into the off-peak window, by the clocks of the time zone', () => {
    const seoul = table({ offPeak: night, timeZone: 'Asia/Seoul' });
    // Noon in Seoul; the window begins at 22:00 there.
    assert.equal(startFor(seoul, at('2026-11-23T03:00')), at('2026-11-23T13:00'));
    assert.equal(startFor(seoul, at('2026-11-23T14:00')), at('2026-11-23T14:00'));
    assert.equal(startFor(seoul, at('2026-11-23T21:00')), at('2026-11-24T13:00'));
  });

  it('keeps the jitter inside the window, however little of it is left', () => {
    const names = Array.from({ length: 50 }, (_, index) => `cluster-${index}`);
    const starts = names.map((name) =>
      startFor(table({ name, offPeak: night }, 3_600_000), at('2026-11-23T05:50')),
    );
    for (const start of starts) assert(isOffPeak(night, 'UTC', start), new Date(start).toISOString());
    assert(new Set(starts).size > 40, 'they are still spread');
  });

  it('lies in the window and not before its slot, whatever window and time', () => {
    const minute = fc.integer({ min: 0, max: 1439 });
    const input = fc.record({
      fromMinute: minute,
      toMinute: minute,
      slot: fc.integer({ min: at('2026-01-01T00:00'), max: at('2026-12-31T00:00') }),
      jitterMs: fc.integer({ min: 0, max: 12 * 3_600_000 }),
      zone: fc.constantFrom('UTC', 'Europe/Berlin', 'Australia/Lord_Howe'),
      name: fc.string({ minLength: 1 }),
    });
    fc.assert(
      fc.property(input, ({ fromMinute, toMinute, slot, jitterMs, zone, name }) => {
        fc.pre(fromMinute !== toMinute);
        const offPeak = { fromMinute, toMinute };
        const start = startFor(table({ name, offPeak, timeZone: zone }, jitterMs), slot);
        assert(start >= slot);
        assert(isOffPeak(offPeak, zone, start), new Date(start).toISOString());
      }),
      { numRuns: 60 },
    );
  });
});

describe('slots', () => {
  it('come strictly after', () => {
    const next = nextRunAfter(table(), cron, at('2026-11-23T02:00'));
    assert.deepEqual(next, { slot: at('2026-11-24T02:00'), startAt: at('2026-11-24T02:00') });
  });

  it('the newest one is found, however many lie in between', () => {
    const find = (expression: string, known: string, now: string) =>
      new Date(newestSlot(table({}, 0, expression), cron, at(known), at(now))).toISOString().slice(0, 16);
    assert.equal(find('0 2 * * *', '2026-11-23T02:00', '2026-11-23T02:00'), '2026-11-23T02:00');
    assert.equal(find('0 2 * * *', '2026-11-23T02:00', '2026-11-24T01:59'), '2026-11-23T02:00');
    assert.equal(find('0 2 * * *', '2026-11-23T02:00', '2026-11-26T02:00'), '2026-11-26T02:00');
    assert.equal(find('* * * * *', '2016-11-23T02:00', '2026-11-26T02:00'), '2026-11-26T02:00');
    assert.equal(find('0 2 1 1 *', '2020-01-01T02:00', '2026-11-26T02:00'), '2026-01-01T02:00');
    assert.equal(find('0 2 29 2 *', '2020-02-29T02:00', '2026-11-26T02:00'), '2024-02-29T02:00');
  });
});
