import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { VersionFacts } from '../../../src/domain/cluster/facts.ts';
import { known } from '../../../src/domain/cluster/reading.ts';
import { condition, image, noon, olderImage, operator, version } from '../../support/cluster-facts.ts';
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
    'it is Partial and Failing': {
      history: [{ ...current, state: 'Partial' }, initial],
      conditions: [condition('Progressing', 'True'), condition('Failing', 'True')],
    },
    'another update is asked for on the way': {
      history: [{ ...current, state: 'Partial' }, initial],
      desiredUpdate: { version: '4.16.9', image: '' },
    },
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

  it('and names no other version where the cluster comes from none', () => {
    const installing = withVersion({ history: [{ ...current, state: 'Partial' }] });
    assert.equal(found(installing, 'blocker', 'version.updating').from, '');
    const applying = withVersion({ conditions: [condition('Progressing', 'True')] });
    assert.equal(found(applying, 'blocker', 'version.updating').from, '');
    const goesBack = withVersion({
      history: [{ ...current, state: 'Partial' }, { ...initial, state: 'Partial' }, current],
    });
    assert.equal(found(goesBack, 'blocker', 'version.updating').from, '');
  });

  it('when Progressing is Unknown or absent, with a warning that names it', () => {
    for (const conditions of [[condition('Progressing', 'Unknown')], [condition('Failing', 'False')]]) {
      assert.deepEqual(troubles(withVersion({ conditions })), ['warning version.progress-unknown']);
    }
  });

  it('when the cluster is Failing at rest: the operators that are unwell are named, and the backup may run', () => {
    const conditions = [
      condition('Progressing', 'False', { message: 'Error while reconciling 4.16.8' }),
      condition('Failing', 'True', { message: 'Cluster operator monitoring is degraded' }),
    ];
    const unwell = operator('monitoring', [condition('Degraded', 'True')]);
    const unavailable = operator('image-registry', [condition('Available', 'False')]);
    const four = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'etcd'];
    const operators = known([...four.map((name) => operator(name)), unwell, unavailable]);
    const result = check({ version: known(version({ conditions })), operators });
    assert.deepEqual(troubles(result), ['warning version.operators-unwell']);
    assert.deepEqual(found(result, 'warning', 'version.operators-unwell'), {
      version: '4.16.8',
      names: ['monitoring', 'image-registry'],
      message: 'Cluster operator monitoring is degraded',
    });
    assert.ok(result.plan);
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

describe('an update that is asked for', () => {
  const desiredUpdate = { version: '4.16.9', image: '' };
  const refused = [
    ...version().conditions,
    condition('ReleaseAccepted', 'False', {
      reason: 'PreconditionChecks',
      message: `Preconditions failed for payload loaded version="4.16.9" image="${image}": no recent backup`,
    }),
  ];

  it('is one to come, whether the version operator has looked at it or not', () => {
    for (const generation of [3, 4]) {
      const result = withVersion({ desiredUpdate, generation });
      assert.deepEqual(troubles(result), ['blocker version.update-to-come']);
      const { to } = found(result, 'blocker', 'version.update-to-come');
      assert.equal(to, '4.16.9');
    }
    const byImage = withVersion({ desiredUpdate: { version: '', image: olderImage } });
    assert.equal(found(byImage, 'blocker', 'version.update-to-come').to, olderImage);
  });

  it('is none when it names where the cluster is', () => {
    assert.deepEqual(troubles(withVersion({ desiredUpdate: { version: '4.16.8', image: '' } })), []);
  });

  it('does not stop the run once it is refused, and why is said without the digest of its image', () => {
    const result = withVersion({ desiredUpdate, conditions: refused });
    assert.deepEqual(troubles(result), ['warning version.update-refused']);
    assert.deepEqual(found(result, 'warning', 'version.update-refused'), {
      version: '4.16.8',
      to: '4.16.9',
      message: 'Preconditions failed for payload loaded version="4.16.9": no recent backup',
    });
  });

  it('is not refused by what was said of an earlier one', () => {
    const result = withVersion({ desiredUpdate, conditions: refused, generation: 4 });
    assert.deepEqual(troubles(result), ['blocker version.update-to-come']);
  });

  it('is refused, too, when the spec is invalid', () => {
    const conditions = [...version().conditions, condition('Invalid', 'True', { reason: 'NoSuchVersion' })];
    const result = withVersion({ desiredUpdate, conditions, generation: 4 });
    assert.equal(found(result, 'warning', 'version.update-refused').message, 'NoSuchVersion');
  });

  it('is not the only change of a spec: any other that is not examined yet is a warning', () => {
    assert.deepEqual(troubles(withVersion({ generation: 4 })), ['warning version.spec-unseen']);
    assert.deepEqual(troubles(withVersion({ conditions: refused })), []);
  });
});
