import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgeArtifacts } from '../../../src/domain/backup/artifact-judgement.ts';
import type { ArtifactEvidence } from '../../../src/domain/backup/artifacts.ts';

const directory = '/home/core/assets/backup/one';
const status = { hash: 1, revision: 61, totalKey: 66, totalSize: 36864, version: undefined };
const digest = 'a'.repeat(64);

function evidence(change: {
  fileNames?: string[];
  snapshot?: Partial<NonNullable<ArtifactEvidence['snapshot']>>;
  resources?: Partial<NonNullable<ArtifactEvidence['resources']>>;
}): ArtifactEvidence {
  return {
    fileNames: change.fileNames ?? [
      'snapshot_2026-11-23_061444.db',
      'static_kuberesources_2026-11-23_061444.tar.gz',
    ],
    snapshot: {
      name: 'snapshot_2026-11-23_061444.db',
      size: 36896,
      sha256: 'b'.repeat(64),
      bodySha256: digest,
      trailer: digest,
      magic: 'edda0ced',
      ...change.snapshot,
    },
    resources: {
      name: 'static_kuberesources_2026-11-23_061444.tar.gz',
      size: 5000,
      sha256: 'c'.repeat(64),
      listExitCode: 0,
      directories: [
        'etcd-pod-2',
        'kube-apiserver-pod-7',
        'kube-controller-manager-pod-5',
        'kube-scheduler-pod-6',
      ].map((name) => `static-pod-resources/${name}`),
      ...change.resources,
    },
  };
}

function failureOf(found: ArtifactEvidence, said: typeof status | undefined = status) {
  const judged = judgeArtifacts(found, directory, said);
  return 'failure' in judged ? judged.failure.kind : undefined;
}

describe('the two files of a run', () => {
  it('are whole when names, size, trailer, page header and all four directories are right', () => {
    const judged = judgeArtifacts(evidence({}), directory, status);

    assert.ok('artifacts' in judged);
    assert.equal(judged.artifacts.snapshot.path, `${directory}/snapshot_2026-11-23_061444.db`);
    assert.equal(judged.artifacts.resources.size, 5000);
  });

  it('are whole on IBM Z, whose numbers are stored the other way round, and say which machine it was', () => {
    const judged = judgeArtifacts(
      { ...evidence({ snapshot: { magic: 'ed0cdaed' } }), machine: 's390x' },
      directory,
      status,
    );

    assert.ok('artifacts' in judged);
    assert.equal(judged.artifacts.machine, 's390x');
  });

  it('are judged by the trailer alone where the release prints no status line', () => {
    const judged = judgeArtifacts(evidence({}), directory, undefined);

    assert.ok('artifacts' in judged);
  });

  it('are refused when the snapshot is shorter than the script said', () => {
    assert.equal(failureOf(evidence({ snapshot: { size: 36896 - 512 } })), 'snapshot-size');
  });

  it('are refused when the last 32 bytes are not the SHA-256 of the bytes before them', () => {
    assert.equal(failureOf(evidence({ snapshot: { trailer: 'd'.repeat(64) } })), 'snapshot-trailer');
  });

  it('are refused when no trailer was appended at all', () => {
    const bare = { size: 36864, bodySha256: digest, trailer: digest };

    assert.equal(judgedWithoutStatus(bare), 'snapshot-trailer');
  });

  it('are refused when the snapshot is no bbolt file', () => {
    assert.equal(failureOf(evidence({ snapshot: { magic: '00000000' } })), 'snapshot-format');
  });

  it('are refused when half a pair lies there', () => {
    assert.equal(failureOf({ ...evidence({}), resources: undefined }), 'files-missing');
    assert.equal(failureOf({ ...evidence({}), snapshot: undefined }), 'files-missing');
  });

  it('are refused beside a partial download', () => {
    const fileNames = [...evidence({}).fileNames, 'snapshot_2026-11-23_061450.db.part'];

    assert.equal(failureOf(evidence({ fileNames })), 'files-missing');
  });

  it('are refused when the script was forced', () => {
    const fileNames = [
      'snapshot_2026-11-23_061445__POSSIBLY_DIRTY__.db',
      'static_kuberesources_2026-11-23_061445__POSSIBLY_DIRTY__.tar.gz',
    ];

    assert.equal(failureOf(evidence({ fileNames })), 'files-dirty');
  });

  it('are refused when the archive cannot be read to its end', () => {
    assert.equal(failureOf(evidence({ resources: { listExitCode: 2 } })), 'resources-unreadable');
  });

  it('are refused when a static pod is not in the archive, and say which', () => {
    const judged = judgeArtifacts(
      evidence({ resources: { directories: ['static-pod-resources/etcd-pod-2'] } }),
      directory,
      status,
    );

    assert.ok('failure' in judged);
    assert.deepEqual(judged.failure.params, {
      missing: ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'],
    });
  });
});

function judgedWithoutStatus(snapshot: Partial<NonNullable<ArtifactEvidence['snapshot']>>) {
  const judged = judgeArtifacts(evidence({ snapshot }), directory, undefined);
  return 'failure' in judged ? judged.failure.kind : undefined;
}
