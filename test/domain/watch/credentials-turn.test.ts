import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { credentialsWarning, warnedFrom } from '../../../src/domain/cluster/credentials-life.ts';
import type { ClusterPolicy } from '../../../src/domain/policy/policy.ts';
import type { ClusterWatch } from '../../../src/domain/watch/cluster-watch.ts';
import { type CredentialsInput, credentialsTurn } from '../../../src/domain/watch/credentials-turn.ts';
import { newWatch } from '../../../src/domain/watch/watch-turn.ts';
import { dayMs, hourMs, noon, policy } from '../../support/cluster-facts.ts';
import { throughRecords } from '../../support/watches.ts';

const year = { since: noon, endsAt: noon + 365 * dayMs };
const owners: Partial<ClusterPolicy> = { owners: ['U1', 'U2'] };

/** One cluster's watch over time; it goes through the records' JSON before every turn. */
class Lab {
  watch: ClusterWatch = newWatch('lab');

  turn(now: number, observed: CredentialsInput['observed'], change: Partial<CredentialsInput> = {}) {
    const before = throughRecords(this.watch);
    const step = credentialsTurn(before, {
      observed,
      policy: policy(owners),
      paused: false,
      stepped: false,
      now,
      ...change,
    });
    this.watch = step.watch;
    const said = step.notices.map((each) => {
      if (each.kind !== 'private') return each.kind;
      const what = each.say.type === 'credentials-end' ? `${each.say.type} ${each.say.days}` : each.say.type;
      return `${each.slackUser} ${what}`;
    });
    return { said, isSame: step.watch === before, events: step.events.map(({ kind }) => kind) };
  }
}

describe('credentials that end', () => {
  it('are warned of 14, 7, 3 and 1 days ahead and at their end, once each', () => {
    const lab = new Lab();
    const said: string[] = [];
    for (let now = noon; now < year.endsAt + 3 * dayMs; now += hourMs) {
      for (const each of lab.turn(now, { life: year }).said)
        said.push(`${(year.endsAt - now) / dayMs}: ${each}`);
    }
    const expected = [14, 7, 3, 1, 0].flatMap((days) =>
      ['U1', 'U2'].map((user) => `${days}: ${user} credentials-end ${days}`),
    );
    assert.deepEqual(said, expected);
  });

  it('are warned of once where the bot comes late, and again when others with an end take their place', () => {
    const lab = new Lab();
    const late = year.endsAt - 2 * dayMs;
    assert.deepEqual(lab.turn(late, { life: year }).said, ['U1 credentials-end 3', 'U2 credentials-end 3']);
    assert.equal(lab.turn(late + hourMs, { life: year }).isSame, true);
    const next = { since: late, endsAt: late + 365 * dayMs };
    assert.deepEqual(lab.turn(late + 2 * hourMs, { life: next }).said, []);
    assert.deepEqual(lab.watch.credentials, { life: next });
    assert.equal(lab.turn(next.endsAt - 14 * dayMs, { life: next }).said.length, 2);
    lab.turn(next.endsAt - 13 * dayMs, { life: undefined });
    assert.equal(lab.watch.credentials, undefined);
  });

  it('wait for the end of a pause, for a clock that is right, and are of no concern where others back up', () => {
    const now = year.endsAt - 5 * dayMs;
    const lab = new Lab();
    assert.deepEqual(lab.turn(now, { life: year }, { paused: true }).said, []);
    assert.deepEqual(lab.turn(now, { life: year }, { stepped: true }).said, []);
    const hosted = policy({ ...owners, backedUpBy: 'the hosting cluster' });
    assert.deepEqual(lab.turn(now, { life: year }, { policy: hosted }).said, []);
    assert.equal(lab.turn(now + hourMs, undefined).said.length, 2, 'also without a new reading');
  });

  it('and rotate by themselves are not warned of', () => {
    const hourly = { since: noon, endsAt: noon + hourMs };
    // A kubelet renews at four fifths.
    assert.equal(credentialsWarning(hourly, noon + 0.79 * hourMs), undefined);
    assert.equal(warnedFrom(hourly), noon + 0.8 * hourMs);
    assert.equal(credentialsWarning(hourly, hourly.endsAt), 0);
    assert.equal(credentialsWarning({ endsAt: noon + 10 * dayMs }, noon), 14, 'of unknown age');
    const quarter = { since: noon, endsAt: noon + 30 * dayMs };
    assert.equal(credentialsWarning(quarter, quarter.endsAt - 7 * dayMs), undefined);
    assert.equal(credentialsWarning(quarter, quarter.endsAt - 6 * dayMs), 7);
  });
});

describe('credentials that are refused', () => {
  const silent = (since: number) => ({
    since,
    why: { reason: 'unauthorized', detail: 'HTTP 401' } as const,
  });

  it('are reported once when that lasts, and again after they worked in between', () => {
    const lab = new Lab();
    const refuse = (at: number) => {
      const { since, why } = silent(at);
      lab.watch = { ...lab.watch, silent: { since, why } };
    };
    refuse(noon);
    assert.deepEqual(lab.turn(noon + 60_000, { life: year }).said, [], 'an API server may be restarting');
    const first = lab.turn(noon + 6 * 60_000, { life: year });
    assert.deepEqual(first.said, ['U1 credentials-refused', 'U2 credentials-refused']);
    assert.deepEqual(first.events, ['credentials-refused']);
    assert.equal(lab.turn(noon + hourMs, { life: year }).isSame, true);
    lab.watch = { ...lab.watch, silent: undefined };
    lab.turn(noon + 2 * hourMs, { life: year });
    assert.deepEqual(lab.watch.credentials, { life: year });
    refuse(noon + 3 * hourMs);
    assert.equal(lab.turn(noon + 4 * hourMs, { life: year }).said.length, 2);
  });

  it('because they have ended are reported as that alone', () => {
    const lab = new Lab();
    const { since, why } = silent(year.endsAt);
    lab.watch = { ...lab.watch, silent: { since, why } };
    assert.deepEqual(lab.turn(year.endsAt + hourMs, { life: year }).said, [
      'U1 credentials-end 0',
      'U2 credentials-end 0',
    ]);
    assert.deepEqual(lab.turn(year.endsAt + 2 * hourMs, { life: year }).said, []);
  });
});
