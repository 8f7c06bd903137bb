import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { VersionFacts } from '../../../src/domain/facts.ts';
import { known } from '../../../src/domain/reading.ts';
import { condition, image, noon, olderImage, version } from '../../support/cluster-facts.ts';
import { check, found, troubles } from './check.ts';

const withVersion = (change: Partial<VersionFacts>) => check({ version: known(version(change)) });
const [current, initial] = version().history as [VersionFacts['history'][0], VersionFacts['history'][0]];

describe('an update is finished only by every sign', () => {
  const unfinished: Record<string, Partial<VersionFacts>> = {
    'the newest history entry is Partial': { history: [{ ...current, state: 'Partial' }, initial] },
    'the newest entry is Partial but has a completion time, as replaced ones get': {
      history: [{ ...current, state: 'Partial', completedAt: noon }, initial],
    },
    'the newest entry is of another image than the desired one': { desiredImage: olderImage },
    'there is no history': { history: [] },
    'Progressing is True': {
      conditions: [condition('Progressing', 'True', { message: 'Working towards 4.16.8' })],
    },
    'Progressing is Unknown': { conditions: [condition('Progressing', 'Unknown')] },
    'Progressing is absent': { conditions: [condition('Failing', 'False')] },
  };
  for (const [what, change] of Object.entries(unfinished)) {
    it(`not when ${what}`, () => {
      const blocking = troubles(withVersion(change)).filter((each) => each.startsWith('blocker'));
      assert.deepEqual(blocking, ['blocker version.updating']);
    });
  }

  it('names the version it comes from and the one it goes to', () => {
    const result = withVersion({ history: [{ ...current, state: 'Partial' }, initial] });
    const { from, to } = found(result, 'blocker', 'version.updating');
    assert.deepEqual([from, to], ['4.15.27', '4.16.8']);
  });

  it('not when the spec was changed and nobody looked at it yet', () => {
    assert.deepEqual(troubles(withVersion({ generation: 4 })), ['blocker version.update-requested']);
  });

  it('not when the version operator is Failing', () => {
    const conditions = [
      condition('Progressing', 'False'),
      condition('Failing', 'True', { message: 'etcd is degraded' }),
    ];
    const result = withVersion({ conditions });
    assert.deepEqual(found(result, 'blocker', 'version.failing'), {
      version: '4.16.8',
      message: 'etcd is degraded',
    });
  });

  it('but Failing may be absent or Unknown', () => {
    assert.deepEqual(troubles(withVersion({ conditions: [condition('Progressing', 'False')] })), []);
    const unknown = [condition('Progressing', 'False'), condition('Failing', 'Unknown')];
    assert.deepEqual(troubles(withVersion({ conditions: unknown })), []);
  });

  it('warns about a version that is no z-stream', () => {
    const nightly = '4.17.0-0.nightly-2024-09-01-000000';
    const result = withVersion({ desiredVersion: nightly, desiredImage: image });
    assert.deepEqual(found(result, 'warning', 'version.not-a-z-stream'), { version: nightly });
    assert.equal(result.plan?.zStream, nightly);
  });
});
