import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  meansSame,
  type ReleaseState,
  releaseState,
  requestedRelease,
} from '../../../src/domain/cluster/release.ts';
import { noon } from '../../support/cluster-facts.ts';
import { asking, entry, failing, release, settledOn, updatingTo } from '../../support/watches.ts';

const hourMs = 3_600_000;
type Part = Partial<Extract<ReleaseState, { kind: 'updating' }>>;

describe('the state of a cluster between releases', () => {
  it('is settled on the newest entry, named by the time at which the cluster began to go there', () => {
    assert.deepEqual(releaseState(settledOn('4.16.9@-2', '4.16.8@-300')), {
      kind: 'settled',
      release: release('4.16.9'),
      since: noon - 2 * hourMs,
    });
  });

  const updating: [what: string, facts: Parameters<typeof releaseState>[0], expected: Part][] = [
    ['while the newest entry is Partial', updatingTo('~4.16.9@-1', '4.16.8'), { from: release('4.16.8') }],
    [
      'when a Partial entry has a completion time',
      {
        ...updatingTo('~4.16.9', '4.16.8'),
        history: [{ ...entry('4.16.9', 'Partial'), completedAt: noon }, entry('4.16.8')],
        conditions: settledOn('4.16.9').conditions,
      },
      { from: release('4.16.8'), arrived: false },
    ],
    [
      'in an unknown state',
      { ...settledOn('4.16.9', '4.16.8'), history: [entry('4.16.9', 'Confused'), entry('4.16.8')] },
      { from: release('4.16.8'), arrived: false },
    ],
    ['without any history', { ...settledOn('4.16.9'), history: [] }, { from: undefined, since: undefined }],
    [
      'while something progresses although it has arrived',
      updatingTo('4.16.9', '4.16.8'),
      { from: release('4.16.8'), arrived: true, failing: false },
    ],
    [
      'while it fails on its way',
      failing(updatingTo('~4.16.9', '4.16.8')),
      { arrived: false, failing: true },
    ],
    [
      'when the newest entry is of another image',
      { ...settledOn('4.16.8'), desiredVersion: '4.16.9', desiredImage: release('4.16.9').image },
      { from: release('4.16.8'), to: release('4.16.9'), arrived: false, since: undefined },
    ],
    [
      'over releases that were never whole, from the last one that was',
      updatingTo('~4.16.10', '~4.16.9', '4.16.8', '4.16.7'),
      { from: release('4.16.8'), to: release('4.16.10') },
    ],
    [
      'back to the release that it began to leave, and comes from that one',
      updatingTo('~4.16.8', '~4.16.9', '4.16.8', '4.16.7'),
      { from: release('4.16.8'), to: release('4.16.8') },
    ],
    ['while it is installed, from nowhere', updatingTo('~4.16.8'), { from: undefined }],
  ];
  for (const [what, facts, expected] of updating) {
    it(`is updating ${what}`, () => {
      const state = releaseState(facts);
      assert.equal(state.kind, 'updating');
      assert.deepEqual({ ...state, ...expected }, state);
    });
  }

  const settled: [what: string, facts: Parameters<typeof releaseState>[0]][] = [
    ['while an operator is unwell: Failing is no update', failing(settledOn('4.16.9', '4.16.8'))],
    ['before the operator has seen the spec', { ...settledOn('4.16.9'), observedGeneration: 2 }],
    ['while a request waits', asking(settledOn('4.16.9'), { version: '4.16.10' })],
    ['without conditions', { ...settledOn('4.16.9'), conditions: [] }],
  ];
  for (const [what, facts] of settled) {
    it(`is settled ${what}`, () => {
      const state = releaseState(facts);
      assert.deepEqual(state.kind === 'settled' && state.release, release('4.16.9'));
    });
  }

  it('takes a version that is no z-stream as it is written', () => {
    const nightly = '4.17.0-0.nightly-2026-05-01-120000';
    const state = releaseState(settledOn(nightly));
    assert.deepEqual(state.kind === 'settled' && state.release, release(nightly));
  });
});

describe('a request for an update', () => {
  const there = settledOn('4.16.8');
  const asked: [what: string, facts: Parameters<typeof requestedRelease>[0], expected: string | undefined][] =
    [
      ['is none without desiredUpdate', there, undefined],
      ['is none when both parts are empty', asking(there, {}), undefined],
      ['is none when it names where the cluster is', asking(there, release('4.16.8')), undefined],
      [
        'is none when its version alone is where the cluster is',
        asking(there, { version: '4.16.8' }),
        undefined,
      ],
      [
        'is none when its image alone is where the cluster is',
        asking(there, { image: release('4.16.8').image }),
        undefined,
      ],
      ['is one by its version alone', asking(there, { version: '4.16.9' }), '4.16.9'],
      ['is one for another image of the same version', asking(there, release('4.16.8 other')), '4.16.8'],
      [
        'is none any more when the cluster goes there',
        asking(updatingTo('~4.16.9', '4.16.8'), { version: '4.16.9' }),
        undefined,
      ],
    ];
  for (const [what, facts, expected] of asked) {
    it(what, () => assert.equal(requestedRelease(facts)?.version, expected));
  }

  it('by its image alone keeps the version empty', () => {
    const { image } = release('4.16.9');
    assert.deepEqual(requestedRelease(asking(there, { image })), { version: '', image });
    assert.ok(meansSame({ version: '', image }, release('4.16.9')));
    assert.ok(!meansSame({ version: '', image: '' }, { version: '', image: '' }));
  });
});
