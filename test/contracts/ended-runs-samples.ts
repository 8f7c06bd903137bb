import type { FileCopy } from '../../src/domain/copies/file-copy.ts';
import type { Plan } from '../../src/domain/preflight/plan.ts';
import type { BackupRun, RunSuccess } from '../../src/domain/run/run.ts';
import { aPlan } from '../support/runs.ts';
import { requestedRun } from './records-samples.ts';

/** A run that ended a minute after it was requested, and did not bring a backup. */
export function endedRun(
  id: string,
  cluster: string,
  requestedAt: number,
  fields: Partial<BackupRun> = {},
): BackupRun {
  return requestedRun(id, cluster, {
    status: 'failed',
    requestedAt,
    startedAt: requestedAt + 1_000,
    finishedAt: requestedAt + 60_000,
    copyProgress: undefined,
    ...fields,
  });
}

/** A run whose two files are proven where they should be. */
export function backedUp(
  id: string,
  cluster: string,
  requestedAt: number,
  fields: { plan?: Partial<Plan>; success?: Partial<RunSuccess>; run?: Partial<BackupRun> } = {},
): BackupRun {
  const provenAt = requestedAt + 50_000;
  return endedRun(id, cluster, requestedAt, {
    status: 'succeeded',
    plan: { ...aPlan, ...fields.plan },
    success: {
      artifacts: {
        snapshot: { path: '/backup/snapshot.db', size: 104_000_000, sha256: '1f', status: undefined },
        resources: { path: '/backup/resources.tar.gz', size: 70_000, sha256: '2f' },
      },
      scriptMs: 4_000,
      sessionPodLeft: undefined,
      copies: [copy('snapshot', provenAt), copy('resources', provenAt)],
      ...fields.success,
    },
    ...fields.run,
  });
}

export function copy(file: FileCopy['file'], provenAt: number | undefined): FileCopy {
  return {
    file,
    destination: file === 'snapshot' ? 'nas-1' : 'vault-s3',
    place: { kind: 'directory', path: '/mnt/backups' },
    custodians: [],
    encryptFor: [],
    key: `prod/${file}`,
    location: `/mnt/backups/prod/${file}`,
    tries: 1,
    stored: { size: 1, sha256: '1f', at: provenAt ?? 0, lockedUntil: undefined },
    provenAt,
    failure: undefined,
    nextTryAt: undefined,
  };
}
