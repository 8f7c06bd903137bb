import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isOffPeak } from '../../../src/domain/policy/off-peak.ts';
import {
  cron,
  failedChange,
  nightly,
  provenChange,
  ScheduleLab,
  scheduledRun,
} from '../../support/scheduled.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
// Two days before clocks are changed in Berlin.
const begin = Date.parse('2026-10-23T10:17:00Z');

/** What may happen between two turns. A turn that is long in coming is a bot that was down. */
const happening = fc.oneof(
  { weight: 6, arbitrary: fc.record({ what: fc.constant('turn' as const), ms: fc.constant(30_000) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constant('down' as const),
      ms: fc.integer({ min: minuteMs, max: 40 * hourMs }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant('silence' as const),
      ms: fc.integer({ min: 0, max: 3 * hourMs }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ what: fc.constant('by-hand' as const), ms: fc.integer({ min: 0, max: hourMs }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ what: fc.constant('end' as const), ms: fc.integer({ min: 0, max: hourMs }) }),
  },
);

const situation = fc.record({
  expression: fc.constantFrom('0 2 * * *', '30 2 * * *', '*/20 * * * *', '0 */3 * * *', '15 12 * * 1-5'),
  jitterMs: fc.constantFrom(0, 15 * minuteMs, 4 * hourMs),
  offPeak: fc.constantFrom(
    undefined,
    { fromMinute: 22 * 60, toMinute: 5 * 60 },
    { fromMinute: 120, toMinute: 180 },
  ),
  timeZone: fc.constantFrom('Europe/Berlin', 'Australia/Lord_Howe', 'UTC'),
  name: fc.string({ minLength: 1, maxLength: 12 }),
  happenings: fc.array(happening, { maxLength: 60 }),
});

describe('whatever happens', () => {
  it('a slot brings one run at most, what was missed brings one, and nothing is forgotten', () => {
    fc.assert(
      fc.property(situation, ({ expression, jitterMs, offPeak, timeZone, name, happenings }) => {
        const schedule = { cron: expression, jitterMs, approval: 'auto' } as const;
        const lab = new ScheduleLab(begin, { ...nightly, name, timeZone, offPeak, schedule });
        const asked: { at: number; slot: number }[] = [];
        let now = begin;
        const turn = () => {
          const before = lab.slots.length;
          lab.turn(now);
          const slot = lab.slots[before];
          if (slot !== undefined) asked.push({ at: now, slot });
        };
        turn();
        for (const { what, ms } of happenings) {
          now += ms;
          if (what === 'silence') {
            const silent = { since: now, why: { reason: 'timeout', detail: 'slow' } } as const;
            lab.watch = { ...lab.watch, silent: lab.watch.silent ? undefined : silent };
          }
          if (what === 'by-hand') lab.active ??= { ...scheduledRun('r-byhand'), origin: { kind: 'command' } };
          if (what === 'end' && lab.active?.origin.kind === 'schedule') {
            lab.end(ms % 2 === 0 ? provenChange : failedChange);
          } else if (what === 'end') lab.active = undefined;
          turn();
        }
        // Quiet again: four days without any trouble.
        lab.watch = { ...lab.watch, silent: undefined };
        lab.active = undefined;
        for (const end = now + 4 * dayMs; now < end; now += 5 * minuteMs) {
          turn();
          if (lab.active) lab.end(provenChange);
        }

        const shown = JSON.stringify(asked.map((each) => [new Date(each.at), new Date(each.slot)]));
        asked.forEach(({ at, slot }, index) => {
          assert(slot <= at, `asked before its time: ${shown}`);
          assert(slot > begin, `asked for the past: ${shown}`);
          assert.equal(cron.next(expression, timeZone, slot - 1), slot, `no slot: ${shown}`);
          const before = asked[index - 1];
          // So no slot twice, and of all that were missed only the newest.
          if (before) assert(slot > before.at, `asked twice for what one run has served: ${shown}`);
          const grace = 15 * minuteMs;
          const inWindow =
            !offPeak || isOffPeak(offPeak, timeZone, at) || isOffPeak(offPeak, timeZone, at - grace);
          assert(inWindow, `asked outside the window: ${shown}`);
        });
        const last = asked.at(-1);
        // A slot that waits for window and jitter may be a day and a bit behind, over a weekend three.
        assert(last && now - last.at <= 3.5 * dayMs, `forgotten: ${shown}`);
        const { next } = lab.schedule;
        assert(next && next.slot > last.slot && next.startAt >= next.slot, shown);
      }),
      { numRuns: 60 },
    );
  });
});
