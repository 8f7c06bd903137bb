import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { VersionFacts } from '../../../src/domain/cluster/facts.ts';
import type { ClusterWatch } from '../../../src/domain/watch/cluster-watch.ts';
import { judgeCoverage } from '../../../src/domain/watch/coverage.ts';
import { dayMs, hourMs, noon, policy } from '../../support/cluster-facts.ts';
import {
  asking,
  failing,
  proven,
  reinstalled,
  release,
  settledOn,
  throughRecords,
  updatingTo,
  WatchLab,
} from '../../support/watches.ts';

/** What may happen to a cluster between two looks. */
const moves = [
  'nothing',
  'ask',
  'ask',
  'take-back',
  'begin',
  'begin',
  'arrive',
  'arrive',
  'turn-back',
  'fail',
  'recover',
  'vanish',
  'answer',
  'back-up',
  'prune',
  'reinstall',
] as const;
type Move = (typeof moves)[number];

interface Step {
  readonly move: Move;
  readonly z: number;
  readonly minutes: number;
  readonly again: number;
}

/** A cluster that keeps its ClusterVersion as the version operator does, and counts the updates that people wanted. */
class World {
  private history: { name: string; state: 'Completed' | 'Partial'; at: number }[] = [
    { name: '4.16.0', state: 'Completed', at: -300 },
  ];
  private asked: string | undefined;
  private broken = false;
  private id = 0;
  private clock = 0;
  reachable = true;
  private intents = 0;
  /** The last request for each release: several can be made between two looks. */
  private readonly wanted = new Map<string, number>();

  get current() {
    return this.history[0] ?? { name: '', state: 'Partial' as const, at: 0 };
  }

  get clusterId(): string {
    return `cluster-${this.id}`;
  }

  move({ move, z }: Step): void {
    const name = `4.16.${z}`;
    this.clock += 1;
    switch (move) {
      case 'ask':
        if (name === this.current.name || name === this.asked) return;
        this.asked = name;
        this.want(name);
        return;
      case 'take-back':
        this.asked = undefined;
        return;
      case 'begin': {
        const to = this.asked ?? name;
        if (to === this.current.name) return;
        if (this.asked === undefined) this.want(to);
        this.go(to);
        this.asked = undefined;
        return;
      }
      case 'turn-back': {
        const whole = this.history.find(({ state }) => state === 'Completed');
        if (whole && this.current.state === 'Partial' && whole.name !== this.current.name)
          this.go(whole.name);
        return;
      }
      case 'arrive':
        this.current.state = 'Completed';
        return;
      case 'fail':
      case 'recover':
        this.broken = move === 'fail';
        return;
      case 'vanish':
      case 'answer':
        this.reachable = move === 'answer';
        return;
      case 'reinstall':
        this.id += 1;
        this.want(name);
        this.asked = undefined;
        this.history = [{ name, state: 'Completed', at: this.clock }];
        return;
      default:
    }
  }

  requestFor(version: string): number | undefined {
    return this.wanted.get(version);
  }

  private want(name: string): void {
    this.intents += 1;
    this.wanted.set(name, this.intents);
  }

  private go(to: string): void {
    this.history.unshift({ name: to, state: 'Partial', at: this.clock });
  }

  get facts(): VersionFacts {
    const entries = this.history.map(
      ({ name, state, at }) => `${state === 'Partial' ? '~' : ''}${name}@${at}`,
    );
    const facts = (this.current.state === 'Partial' ? updatingTo : settledOn)(...entries);
    const shown = this.asked === undefined ? facts : asking(facts, { version: this.asked });
    return reinstalled(this.broken ? failing(shown) : shown, this.clusterId);
  }
}

const step: fc.Arbitrary<Step> = fc.record({
  move: fc.constantFrom(...moves),
  z: fc.integer({ min: 0, max: 3 }),
  minutes: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 60, max: 5 * 24 * 60 })),
  again: fc.integer({ min: 0, max: 2 }),
});
const walk = fc.array(step, { minLength: 1, maxLength: 40 });

interface Played {
  readonly lab: WatchLab;
  readonly world: World;
  readonly now: number;
}

function play(steps: readonly Step[], options: { again: boolean; after: (played: Played) => void }): Played {
  const lab = new WatchLab();
  const world = new World();
  let now = noon;
  for (const each of steps) {
    now += each.minutes * 60_000;
    world.move(each);
    const { clusterId, current } = world;
    if (each.move === 'back-up') lab.backUp(proven(current.name, now, { clusterId }));
    if (each.move === 'prune') lab.proven = [];
    const looks = options.again ? 1 + each.again : 1;
    for (let look = 0; look < looks; look += 1) {
      lab.look(now, world.reachable ? world.facts : undefined);
      options.after({ lab, world, now });
    }
  }
  return { lab, world, now };
}

/** Which event may follow which, of one kind of story. `start` is the beginning. */
const stories: readonly Readonly<Record<string, readonly string[]>>[] = [
  {
    start: ['reminder'],
    reminder: ['reminder-repeated', 'reminder-resolved', 'reminder-superseded'],
    'reminder-repeated': ['reminder-repeated', 'reminder-resolved', 'reminder-superseded'],
    'reminder-resolved': ['reminder'],
    'reminder-superseded': ['reminder'],
  },
  {
    start: ['unreachable'],
    unreachable: ['reachable'],
    reachable: ['unreachable'],
  },
  {
    start: ['update-alarm'],
    'update-alarm': ['update-alarm', 'alarm-resolved'],
    'alarm-resolved': ['update-alarm'],
  },
];

function checkStories(kinds: readonly string[]): void {
  for (const story of stories) {
    let last = 'start';
    for (const kind of kinds.filter((each) => Object.values(story).flat().includes(each))) {
      assert.ok(story[last]?.includes(kind), `${kind} after ${last} in ${kinds.join(' ')}`);
      last = kind;
    }
  }
}

/** As the records keep it, but for the time of the last answer, which is not written at every look. */
const withoutTime = (watch: ClusterWatch | undefined) => {
  return watch && throughRecords({ ...watch, seen: watch.seen && { ...watch.seen, at: 0 } });
};

describe('any way that a cluster may go', () => {
  it('gives one reminder for an arrival and one alarm for a request, whose events tell one story', () => {
    fc.assert(
      fc.property(walk, (steps) => {
        const reminders: string[] = [];
        const alarmOf = new Map<number | undefined, string>();
        const { lab } = play(steps, {
          again: true,
          after({ lab: { watch }, world }) {
            const { reminder, alarm, earlier } = watch ?? {};
            if (reminder && reminders.at(-1) !== reminder.id) {
              assert.ok(!reminders.includes(reminder.id), `a second reminder ${reminder.id}`);
              reminders.push(reminder.id);
            }
            if (alarm && ![...alarmOf.values()].includes(alarm.id)) {
              const request = world.requestFor(alarm.to.version);
              assert.equal(alarmOf.get(request), undefined, 'a second alarm for one request');
              alarmOf.set(request, alarm.id);
            }
            for (const each of earlier ?? []) {
              assert.ok(each.kind === 'reminder' ? each.reminder.end : each.alarm.end, 'two are open');
            }
          },
        });
        checkStories(lab.kinds);
      }),
      { numRuns: 400 },
    );
  });

  it('ends in the same state with the same events, however often it is observed', () => {
    fc.assert(
      fc.property(walk, (steps) => {
        const ignore = { after: () => undefined };
        const once = play(steps, { again: false, ...ignore });
        const often = play(steps, { again: true, ...ignore });
        assert.deepEqual(withoutTime(often.lab.watch), withoutTime(once.lab.watch));
        assert.deepEqual([often.lab.kinds, often.lab.notices], [once.lab.kinds, once.lab.notices]);
      }),
      { numRuns: 200 },
    );
  });

  it('ends with a reminder where nothing covers the cluster, and with none where something does', () => {
    fc.assert(
      fc.property(walk, fc.boolean(), (steps, backedUp) => {
        const { lab, world, now } = play(steps, { again: false, after: () => undefined });
        for (const move of ['answer', 'recover', 'arrive'] as const) {
          world.move({ move, z: 0, minutes: 1, again: 0 });
        }
        const { clusterId, current } = world;
        lab.look(now + hourMs, world.facts);
        if (backedUp) lab.backUp(proven(current.name, now + hourMs, { clusterId }));
        lab.look(now + 2 * hourMs, world.facts);
        const { watch } = lab;
        assert.deepEqual(watch?.settled?.release, release(current.name));
        const input = { watch, proven: lab.proven, policy: policy(), now: now + 2 * hourMs };
        const { state } = judgeCoverage(input);
        if (backedUp) assert.equal(state, 'covered');
        const open = watch?.reminder !== undefined && watch.reminder.end === undefined;
        // A reminder that was answered is not made again for the same arrival, though the backup be gone since.
        const answered = watch?.reminder?.end?.kind === 'resolved';
        if (state === 'covered') assert.ok(!open);
        if (state === 'uncovered') assert.ok(open || answered);
        if (open) assert.deepEqual(watch.reminder?.to, release(current.name));
        // No request is left that anybody could still be warned of.
        const alarm = watch?.alarm;
        if (alarm && alarm.end === undefined) assert.equal(alarm.phase, 'requested');
      }),
      { numRuns: 300 },
    );
  });

  it('is repeated for as long as a release stays uncovered, ever more rarely', () => {
    const lab = new WatchLab();
    for (let at = noon; at < noon + 60 * dayMs; at += hourMs) lab.look(at, settledOn('4.16.8@-300'));
    const repeats = lab.notices.filter((kind) => kind === 'nag').length;
    assert.ok(repeats >= 10 && repeats <= 12, `${repeats} times in 60 days`);
  });
});
