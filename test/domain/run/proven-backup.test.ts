import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FileCopy } from '../../../src/domain/copies/file-copy.ts';
import type { DrillFailure } from '../../../src/domain/drill/drill.ts';
import { manifestFacts } from '../../../src/domain/restore/manifest-facts.ts';
import { provenBackup } from '../../../src/domain/run/proven-backup.ts';
import type { BackupRun, RunSuccess } from '../../../src/domain/run/run.ts';
import { aBackup, bundle, dayMs, factsRead, startedAt } from '../../support/manifests.ts';
import { aPlan, aRun } from '../../support/runs.ts';

const { artifacts } = aBackup().success;

function copy(file: FileCopy['file'], change: Partial<FileCopy> = {}): FileCopy {
  return {
    file,
    destination: `${file}-place`,
    place: { kind: 'directory', path: '/srv' },
    custodians: [],
    encryptFor: [],
    key: 'k',
    location: '/srv/k',
    tries: 1,
    stored: { size: 1, sha256: '0', at: startedAt, lockedUntil: undefined },
    provenAt: startedAt + 60_000,
    failure: undefined,
    nextTryAt: undefined,
    ...change,
  };
}

function run(success: Partial<RunSuccess>, change: Partial<BackupRun> = {}): BackupRun {
  return aRun({
    status: 'succeeded',
    plan: aPlan,
    startedAt,
    finishedAt: startedAt + 90_000,
    success: { artifacts, scriptMs: 1, sessionPodLeft: undefined, ...success },
    ...change,
  });
}

const both = [copy('snapshot'), copy('resources', { provenAt: startedAt + 70_000 })];

describe('the proven backup of a run', () => {
  it('is of the release and cluster of its plan, as old as its start, proven when its last file was', () => {
    assert.deepEqual(provenBackup(run({ copies: both })), {
      runId: 'r-abcdefgh',
      cluster: 'prod-east',
      clusterId: aPlan.clusterId,
      zStream: '4.16.8',
      takenAt: startedAt,
      provenAt: startedAt + 70_000,
      place: 'off-cluster',
      signersEndAt: undefined,
    });
  });

  it('is none any more once the cluster was restored from an earlier one, until that is taken back', () => {
    const by = { slackUser: 'U1', clusterUser: 'requester' };
    const abandoned = { id: 'restored@1', from: 'r-aaaaaaaa', at: startedAt, declaredAt: startedAt, by };
    assert.equal(provenBackup(run({ copies: both }, { abandoned })), undefined);
    assert.equal(provenBackup(run({}, { abandoned })), undefined);
    assert.ok(provenBackup(run({ copies: both }, { abandoned: undefined })));
  });

  it('lies on the node alone where no destination is configured, until it is removed', () => {
    const kept = provenBackup(run({}));
    assert.deepEqual([kept?.place, kept?.provenAt], ['node', startedAt + 90_000]);
    assert.equal(provenBackup(run({ onNode: 'removed' })), undefined);
  });

  const nothing: [what: string, run: BackupRun][] = [
    [
      'of which one file is not proven',
      run({ copies: [copy('snapshot'), copy('resources', { provenAt: undefined })] }),
    ],
    [
      'of which one file was removed',
      run({ copies: [copy('snapshot', { prunedAt: startedAt + dayMs }), copy('resources')] }),
    ],
    ['of which one file was never to be copied', run({ copies: [copy('snapshot')] })],
    ['that is still running', run({ copies: both }, { status: 'running' })],
    ['that failed', run({ copies: both }, { status: 'failed' })],
    ['without a plan', run({ copies: both }, { plan: undefined })],
  ];
  for (const [what, each] of nothing) {
    it(`is none for a run ${what}`, () => assert.equal(provenBackup(each), undefined));
  }

  const damaged = { kind: 'snapshot-damaged', size: 1 } as const;
  const drilled = (failure: DrillFailure | undefined) => ({
    copies: both,
    drill: {
      ok: false,
      why: 'it did not come through',
      at: startedAt,
      ...(failure ? { failure } : {}),
    } as const,
  });

  it('is none of a snapshot that a drill has shown to be another or a damaged one', () => {
    const status = { hash: 1, revision: 1, totalKey: 1, totalSize: 1, version: undefined };
    const failures: readonly DrillFailure[] = [
      damaged,
      { kind: 'status-differs', fields: ['revision'], expected: status, found: { ...status, revision: 2 } },
      { kind: 'revision-differs', expected: 1, found: 2 },
      { kind: 'no-keys' },
    ];
    for (const failure of failures)
      assert.equal(provenBackup(run(drilled(failure))), undefined, failure.kind);
    assert.equal(provenBackup(run({ drill: drilled(damaged).drill })), undefined, 'on the node alone');
  });

  it('is not doubted where the place of the drill may be at fault, or where the cause is unknown', () => {
    const failures: readonly (DrillFailure | undefined)[] = [
      undefined,
      { kind: 'not-fetched', detail: 'ECONNRESET' },
      { kind: 'not-known-place', destination: 'nas-1', detail: 'found none' },
      { kind: 'not-run', detail: 'ENOENT' },
      { kind: 'no-room', freeBytes: 1, neededBytes: 2 },
      { kind: 'etcd-not-started', detail: 'killed' },
      { kind: 'deadline', deadlineMs: 1, phase: 'restoring' },
      { kind: 'aborted', phase: 'fetching' },
    ];
    for (const failure of failures) assert.ok(provenBackup(run(drilled(failure))), failure?.kind);
  });

  it('names the earliest end of a signer that was valid then, over all bundles', () => {
    const caBundles = [bundle('a', [-1, 20, 50]), bundle('b', [30, 300])];
    const facts = manifestFacts({ ...factsRead, caBundles });
    assert.equal(
      provenBackup(run({ copies: both, manifestFacts: facts }))?.signersEndAt,
      startedAt + 20 * dayMs,
    );
  });

  it('knows no end when nothing was valid or readable', () => {
    const facts = manifestFacts({ ...factsRead, caBundles: [bundle('a', [-1])] });
    assert.equal(provenBackup(run({ copies: both, manifestFacts: facts }))?.signersEndAt, undefined);
  });
});
