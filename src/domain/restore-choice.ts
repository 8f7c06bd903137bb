import { type FileKind, fileKinds, isProven, type Manifest, provenCopies } from './manifest.ts';

/** What is known of the cluster that is to be restored. */
export interface RestoreNeed {
  /** The z-stream that the cluster runs or ran last; undefined: nobody knows any more. */
  readonly zStream: string | undefined;
  /** `spec.clusterID`; undefined: not known. A cluster that was installed anew under the same name is another one. */
  readonly clusterId: string | undefined;
  /** One backup that was asked for by name; undefined: the newest that qualifies. */
  readonly runId: string | undefined;
  /** ms UTC */
  readonly now: number;
}

/** Why a backup is not the one to restore. */
export type Unfit =
  | { readonly kind: 'other-cluster'; readonly clusterId: string }
  | { readonly kind: 'other-z-stream'; readonly zStream: string; readonly wanted: string }
  /** Files of which no copy was ever read back whole. */
  | { readonly kind: 'not-proven'; readonly files: readonly FileKind[] }
  /** A restore drill failed because of the snapshot. */
  | { readonly kind: 'disproven' }
  | { readonly kind: 'older' }
  | { readonly kind: 'not-asked-for' };

export interface RejectedBackup {
  readonly manifest: Manifest;
  readonly because: Unfit;
}

export type RestoreChoice =
  | {
      readonly outcome: 'chosen';
      readonly manifest: Manifest;
      /** Newest first. */
      readonly rejected: readonly RejectedBackup[];
    }
  | { readonly outcome: 'none'; readonly need: RestoreNeed; readonly rejected: readonly RejectedBackup[] };

/**
 * The backup to restore: the newest proven one of exactly the same z-stream, and why each other one is not. One that a drill
 * has disproved is taken only where there is no other: a small chance is better than none.
 */
export function chooseBackup(manifests: readonly Manifest[], need: RestoreNeed): RestoreChoice {
  const newestFirst = [...manifests].sort((a, b) => startedAt(b) - startedAt(a));
  const judged = newestFirst.map((manifest) => ({ manifest, because: unfit(manifest, need) }));
  const fit = judged.filter(({ because }) => !because).map(({ manifest }) => manifest);
  const chosen = fit.find((each) => !each.drill?.disproven) ?? fit[0];
  const rejected = judged.flatMap(({ manifest, because }): RejectedBackup[] => {
    if (manifest === chosen) return [];
    const kind = manifest.drill?.disproven ? 'disproven' : 'older';
    return [{ manifest, because: because ?? { kind } }];
  });
  return chosen ? { outcome: 'chosen', manifest: chosen, rejected } : { outcome: 'none', need, rejected };
}

function unfit(manifest: Manifest, need: RestoreNeed): Unfit | undefined {
  const { zStream } = manifest.release;
  if (need.clusterId !== undefined && manifest.cluster.id !== need.clusterId) {
    return { kind: 'other-cluster', clusterId: manifest.cluster.id };
  }
  if (need.zStream !== undefined && zStream !== need.zStream) {
    return { kind: 'other-z-stream', zStream, wanted: need.zStream };
  }
  if (!isProven(manifest)) {
    const files = fileKinds.filter((kind) => provenCopies(manifest.files[kind]).length === 0);
    return { kind: 'not-proven', files };
  }
  return need.runId !== undefined && manifest.runId !== need.runId ? { kind: 'not-asked-for' } : undefined;
}

/** Start of the run: the snapshot cannot be older. ms UTC. */
function startedAt(manifest: Manifest): number {
  return Date.parse(manifest.times.started);
}

/** What a person has to know although the backup can be restored. */
export type RestoreWarning =
  /** A drill has disproved it, and there is no other. */
  | { readonly kind: 'disproven' }
  /** Certificates that were valid at the backup and have expired since. `all`: none of that bundle is valid any more. */
  | {
      readonly kind: 'signer-expired';
      readonly bundle: string;
      readonly all: boolean;
      readonly certificates: readonly { readonly subject: string; readonly notAfter: string }[];
    }
  | { readonly kind: 'signers-unknown'; readonly bundles: readonly string[] }
  | { readonly kind: 'z-stream-unknown'; readonly zStream: string; readonly others: readonly string[] };

export function restoreWarnings(
  manifest: Manifest,
  need: RestoreNeed,
  rejected: readonly RejectedBackup[],
): readonly RestoreWarning[] {
  return [
    ...(manifest.drill?.disproven ? [{ kind: 'disproven' } as const] : []),
    ...zStreamWarning(manifest, need, rejected),
    ...expiredSigners(manifest, need.now),
    ...unknownSigners(manifest),
  ];
}

function zStreamWarning(
  manifest: Manifest,
  need: RestoreNeed,
  rejected: readonly RejectedBackup[],
): readonly RestoreWarning[] {
  if (need.zStream !== undefined) return [];
  const { zStream } = manifest.release;
  const others = new Set(rejected.map((each) => each.manifest.release.zStream));
  others.delete(zStream);
  return [{ kind: 'z-stream-unknown', zStream, others: [...others] }];
}

/** A bundle keeps signers for a while after their successors came: what had expired before the backup says nothing. */
function expiredSigners(manifest: Manifest, now: number): readonly RestoreWarning[] {
  const takenAt = startedAt(manifest);
  return manifest.signers.flatMap(({ bundle, certificates }): RestoreWarning[] => {
    const validThen = certificates.filter(({ notAfter }) => Date.parse(notAfter) > takenAt);
    const expired = validThen.filter(({ notAfter }) => Date.parse(notAfter) <= now);
    if (expired.length === 0) return [];
    return [
      { kind: 'signer-expired', bundle, all: expired.length === validThen.length, certificates: expired },
    ];
  });
}

function unknownSigners(manifest: Manifest): readonly RestoreWarning[] {
  const bundles = manifest.signers.filter(({ unreadable }) => unreadable !== null);
  if (manifest.signers.length > 0 && bundles.length === 0) return [];
  return [{ kind: 'signers-unknown', bundles: bundles.map(({ bundle }) => bundle) }];
}
