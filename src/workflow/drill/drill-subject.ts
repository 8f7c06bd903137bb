import { snapshotMinor } from '../../domain/drill/etcd-minor.ts';
import type { BackupRun, RunSuccess } from '../../domain/run/run.ts';
import type { WorkflowDeps } from '../ports/deps.ts';

export type DrillDeps = Pick<WorkflowDeps, 'records' | 'clock' | 'log'>;

/** Whose snapshot is drilled. */
export interface DrillSubject {
  readonly run: Pick<BackupRun, 'id' | 'plan'>;
  readonly success: RunSuccess;
}

/** The etcd minor release that a snapshot needs; undefined: not known. */
export function neededMinor({ run, success }: DrillSubject): string | undefined {
  return snapshotMinor({
    etcdctlVersion: success.manifestFacts?.etcdctlVersion,
    status: success.artifacts.snapshot.status,
    zStream: run.plan?.zStream,
  });
}
