import type { ArtifactEvidence, BackupArtifacts, SnapshotStatus } from './artifacts.ts';
import { type Failure, failure } from './failure.ts';
import {
  byteOrderOf,
  isSnapshotSize,
  missingStaticPods,
  resourcesName,
  snapshotName,
  trailerBytes,
} from './file-format.ts';

const dirtyMark = '__POSSIBLY_DIRTY__';

/**
 * Whether both files are whole, from what was seen on the node and what the script said of the snapshot.
 * etcd's trailer is checked because the script never reads it: only a restore would.
 */
export function judgeArtifacts(
  evidence: ArtifactEvidence,
  directory: string,
  status: SnapshotStatus | undefined,
): { artifacts: BackupArtifacts } | { failure: Failure } {
  const { snapshot, resources, fileNames } = evidence;
  const files = fileNames.filter((name) => !name.startsWith('.'));
  if (files.some((name) => name.includes(dirtyMark)))
    return { failure: failure('files-dirty', { found: files }) };
  if (!snapshot || !resources || !isOnePair(files))
    return { failure: failure('files-missing', { found: files }) };

  const wrong = snapshotFailure(snapshot, status) ?? resourcesFailure(resources);
  if (wrong) return { failure: wrong };
  return {
    artifacts: {
      snapshot: {
        path: `${directory}/${snapshot.name}`,
        size: snapshot.size,
        sha256: snapshot.sha256,
        status,
      },
      resources: { path: `${directory}/${resources.name}`, size: resources.size, sha256: resources.sha256 },
      ...(evidence.machine === undefined ? {} : { machine: evidence.machine }),
    },
  };
}

function isOnePair(files: readonly string[]): boolean {
  return (
    files.length === 2 &&
    files.some((name) => snapshotName.test(name)) &&
    files.some((name) => resourcesName.test(name))
  );
}

function snapshotFailure(
  snapshot: NonNullable<ArtifactEvidence['snapshot']>,
  status: SnapshotStatus | undefined,
): Failure | undefined {
  if (status && snapshot.size !== status.totalSize + trailerBytes) {
    return failure('snapshot-size', { size: snapshot.size, expected: status.totalSize + trailerBytes });
  }
  if (byteOrderOf(snapshot.magic) === undefined) return failure('snapshot-format', { magic: snapshot.magic });
  if (!isSnapshotSize(snapshot.size) || snapshot.bodySha256 !== snapshot.trailer) {
    return failure('snapshot-trailer', { size: snapshot.size });
  }
  return undefined;
}

function resourcesFailure(resources: NonNullable<ArtifactEvidence['resources']>): Failure | undefined {
  if (resources.listExitCode !== 0) {
    return failure('resources-unreadable', { exitCode: resources.listExitCode });
  }
  const missing = missingStaticPods(resources.directories);
  return missing.length > 0 ? failure('resources-incomplete', { missing }) : undefined;
}
