import {
  type FileKind,
  fileKinds,
  type Manifest,
  type ManifestAbandoned,
} from '../copies/manifest-document.ts';
import type { PlaceOnRecord, PlaceTrouble } from '../copies/place-state.ts';
import { isAhead } from '../text/trusted-time.ts';
import { endedBefore, type ScriptEnd, scriptEnd, type WantedBefore } from './before-moment.ts';
import { destinationsOf, isProven, provenCopies } from './manifest.ts';

/** What is known of the cluster that is to be restored. */
export interface RestoreNeed {
  /** The z-stream that the cluster runs or ran last; undefined: unknown. */
  readonly zStream: string | undefined;
  /** `spec.clusterID`; undefined: not known. A cluster that was reinstalled under the same name is another one. */
  readonly clusterId: string | undefined;
  /** One backup that was asked for by name; undefined: the newest that qualifies. */
  readonly runId: string | undefined;
  /** It must still hold what was there then; absent: the newest is the best. */
  readonly before?: WantedBefore | undefined;
  /** What the watch saw last; absent: nothing, or not looked up. */
  readonly seen?: SeenRelease | undefined;
  /** Destinations that are on record as not the known place; absent: none, or not looked up. */
  readonly places?: readonly PlaceOnRecord[] | undefined;
  /** ms UTC */
  readonly now: number;
}

/** Where the cluster was when it last answered. `at`: ms UTC. */
export type SeenRelease =
  | { readonly kind: 'on'; readonly zStream: string; readonly at: number }
  /** Between two releases: no backup restores what it was then. */
  | {
      readonly kind: 'updating';
      readonly from: string | undefined;
      readonly to: string;
      readonly at: number;
    };

/** Why a backup is not the one to restore. */
export type Unfit =
  | { readonly kind: 'other-cluster'; readonly clusterId: string }
  | { readonly kind: 'other-z-stream'; readonly zStream: string; readonly wanted: string }
  /** Files of which no copy was ever read back whole. */
  | { readonly kind: 'not-proven'; readonly files: readonly FileKind[] }
  /** A restore drill failed because of the snapshot. */
  | { readonly kind: 'disproven' }
  /** Its script ended after the moment that was named, or so near to it that the clocks decide nothing. */
  | ({ readonly kind: 'may-lack' } & ScriptEnd)
  /** Of a time line that the cluster left when it was restored. `at`: ISO 8601. */
  | { readonly kind: 'abandoned'; readonly restoredFrom: string; readonly at: string }
  /** Its clock went ahead: its true age is unknown. */
  | { readonly kind: 'date-ahead' }
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
  | {
      readonly outcome: 'none';
      readonly need: RestoreNeed;
      readonly rejected: readonly RejectedBackup[];
      /** What comes nearest to the one that is needed; undefined: there is nothing of this cluster. */
      readonly nearest: RejectedBackup | undefined;
    };

/**
 * The backup to restore: the newest proven one of exactly the same z-stream, and why each other one is not. `newestFirst`: by the
 * records' own order, which no clock changes. One with a date ahead is taken only where there is no other. One that a drill has
 * disproved is taken only when it was asked for by its name: proposed, it would cost the hour in which another way is found.
 */
export function chooseBackup(newestFirst: readonly Manifest[], need: RestoreNeed): RestoreChoice {
  const judged = newestFirst.map((manifest) => ({ manifest, because: unfit(manifest, need) }));
  const fit = judged.filter(({ because }) => !because).map(({ manifest }) => manifest);
  const sound = fit.filter((each) => !each.drill?.disproven);
  const named = need.runId === undefined ? undefined : fit[0];
  const chosen = sound.find((each) => !isDatedAhead(each, need.now)) ?? sound[0] ?? named;
  const rejected = judged.flatMap(({ manifest, because }): RejectedBackup[] => {
    if (manifest === chosen) return [];
    return [{ manifest, because: because ?? { kind: passedOver(manifest, need) } }];
  });
  if (chosen) return { outcome: 'chosen', manifest: chosen, rejected };
  return { outcome: 'none', need, rejected, nearest: nearestOf(rejected) };
}

/** What a person would look at first, the most promising kind before others. */
const nearness: readonly Unfit['kind'][] = [
  'may-lack',
  'abandoned',
  'disproven',
  'not-proven',
  'other-z-stream',
  'not-asked-for',
];

/** Newest first, so that the last of those after a moment is the one that came soonest after it. */
function nearestOf(rejected: readonly RejectedBackup[]): RejectedBackup | undefined {
  const of = (kind: Unfit['kind']) => rejected.filter(({ because }) => because.kind === kind);
  return nearness
    .map((kind) => (kind === 'may-lack' ? of(kind).at(-1) : of(kind)[0]))
    .find((each) => each !== undefined);
}

function passedOver(manifest: Manifest, { now }: RestoreNeed): 'disproven' | 'date-ahead' | 'older' {
  if (manifest.drill?.disproven) return 'disproven';
  return isDatedAhead(manifest, now) ? 'date-ahead' : 'older';
}

function isDatedAhead(manifest: Manifest, now: number): boolean {
  const { snapshot, resources } = manifest.files;
  const proofs = [snapshot, resources].map((file) =>
    Math.min(...provenCopies(file).map(({ provenAt }) => Date.parse(provenAt ?? ''))),
  );
  return [startedAt(manifest), ...proofs].some((at) => Number.isFinite(at) && isAhead(at, now));
}

function unfit(manifest: Manifest, need: RestoreNeed): Unfit | undefined {
  const { zStream } = manifest.release;
  if (need.clusterId !== undefined && manifest.cluster.id !== need.clusterId) {
    return { kind: 'other-cluster', clusterId: manifest.cluster.id };
  }
  const wanted = wantedZStream(need);
  if (wanted !== undefined && zStream !== wanted) return { kind: 'other-z-stream', zStream, wanted };
  if (!isProven(manifest)) {
    const files = fileKinds.filter((kind) => provenCopies(manifest.files[kind]).length === 0);
    return { kind: 'not-proven', files };
  }
  if (need.runId !== undefined && manifest.runId !== need.runId) return { kind: 'not-asked-for' };
  // By its name alone: who asks for the newest one means the cluster as it is now.
  if (need.runId === undefined && manifest.abandoned) {
    return { kind: 'abandoned', ...restoredOf(manifest.abandoned) };
  }
  if (need.before && !endedBefore(manifest, need.before)) {
    return { kind: 'may-lack', ...scriptEnd(manifest) };
  }
  return undefined;
}

function restoredOf({ restoredFrom, restoredAt }: ManifestAbandoned) {
  return { restoredFrom, at: restoredAt };
}

/** Start of the run: the snapshot cannot be older. ms UTC. */
function startedAt(manifest: Manifest): number {
  return Date.parse(manifest.times.started);
}

/** What a person has to know although the backup can be restored. */
export type RestoreWarning =
  /** Its date lies ahead of now: one of the two clocks is wrong. `at`: as it is written. */
  | { readonly kind: 'date-ahead'; readonly at: string }
  /** A drill has disproved it, and it was asked for by its name. */
  | { readonly kind: 'disproven' }
  /** Why it still holds what was there at the moment that was named. */
  | ({ readonly kind: 'ended-before'; readonly before: WantedBefore } & ScriptEnd)
  /** Asked for by its name: it brings back a time line that the cluster left when it was restored. `at`: ISO 8601. */
  | { readonly kind: 'abandoned'; readonly restoredFrom: string; readonly at: string }
  /** A copy is named there, and something else was reached than the known place. `at`: since when, ISO 8601. */
  | {
      readonly kind: 'place-not-known';
      readonly destination: string;
      readonly state: PlaceTrouble;
      readonly at: string;
    }
  /** Certificates that were valid at the backup and have expired since. `all`: none of that bundle is valid any more. */
  | {
      readonly kind: 'signer-expired';
      readonly bundle: string;
      readonly all: boolean;
      readonly certificates: readonly { readonly subject: string; readonly notAfter: string }[];
    }
  | { readonly kind: 'signers-unknown'; readonly bundles: readonly string[] }
  | { readonly kind: 'z-stream-unknown'; readonly zStream: string; readonly others: readonly string[] }
  /** None was named; this is what the cluster ran when the bot last saw it. `at`: ISO 8601. */
  | { readonly kind: 'z-stream-seen'; readonly zStream: string; readonly at: string }
  /** The bot last saw the cluster on another release than this backup restores. */
  | {
      readonly kind: 'z-stream-differs';
      readonly zStream: string;
      readonly seen: string;
      readonly at: string;
    }
  /** The cluster was last seen in the middle of an update. */
  | {
      readonly kind: 'update-seen';
      readonly from: string | undefined;
      readonly to: string;
      readonly at: string;
    };

export function restoreWarnings(
  manifest: Manifest,
  need: RestoreNeed,
  rejected: readonly RejectedBackup[],
): readonly RestoreWarning[] {
  return [
    ...(manifest.drill?.disproven ? [{ kind: 'disproven' } as const] : []),
    ...(need.before ? [{ kind: 'ended-before', before: need.before, ...scriptEnd(manifest) } as const] : []),
    ...(manifest.abandoned ? [{ kind: 'abandoned', ...restoredOf(manifest.abandoned) } as const] : []),
    ...(isDatedAhead(manifest, need.now)
      ? [{ kind: 'date-ahead', at: manifest.times.started } as const]
      : []),
    ...placeWarnings(manifest, need),
    ...zStreamWarning(manifest, need, rejected),
    ...seenWarning(manifest, need),
    ...expiredSigners(manifest, need.now),
    ...unknownSigners(manifest),
  ];
}

function placeWarnings(manifest: Manifest, { places = [] }: RestoreNeed): readonly RestoreWarning[] {
  const named = new Set(destinationsOf(manifest));
  return places
    .filter(({ destination }) => named.has(destination))
    .map(({ destination, state, at }) => ({
      kind: 'place-not-known',
      destination,
      state,
      at: new Date(at).toISOString(),
    }));
}

function zStreamWarning(
  manifest: Manifest,
  need: RestoreNeed,
  rejected: readonly RejectedBackup[],
): readonly RestoreWarning[] {
  if (need.zStream !== undefined || need.seen?.kind === 'on') return [];
  const { zStream } = manifest.release;
  const others = new Set(rejected.map((each) => each.manifest.release.zStream));
  others.delete(zStream);
  return [{ kind: 'z-stream-unknown', zStream, others: [...others] }];
}

function seenWarning(manifest: Manifest, { seen, zStream }: RestoreNeed): readonly RestoreWarning[] {
  if (!seen) return [];
  const at = new Date(seen.at).toISOString();
  if (seen.kind === 'updating') return [{ kind: 'update-seen', from: seen.from, to: seen.to, at }];
  const restores = manifest.release.zStream;
  if (seen.zStream !== restores) {
    return [{ kind: 'z-stream-differs', zStream: restores, seen: seen.zStream, at }];
  }
  return zStream === undefined ? [{ kind: 'z-stream-seen', zStream: restores, at }] : [];
}

/** The z-stream that a backup must be of: the one that was named, else the one that was seen last. */
export function wantedZStream({ zStream, seen, runId }: RestoreNeed): string | undefined {
  if (zStream !== undefined || runId !== undefined || seen?.kind !== 'on') return zStream;
  return seen.zStream;
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
