import type { Unreadable } from '../cluster/reading.ts';
import type { Release } from '../cluster/release.ts';
import { parseZStream } from '../cluster/z-stream.ts';
import { type Elsewhere, elsewhereOf } from '../policy/elsewhere.ts';
import type { ClusterPolicy } from '../policy/policy.ts';
import type { ProvenBackup } from '../run/proven-backup.ts';
import { isAhead } from '../text/trusted-time.ts';
import type { ClusterWatch } from './cluster-watch.ts';
import { type ReleasePosition, releaseOf, releasePosition } from './release-position.ts';

/**
 * covered    a proven backup of this exact release, young enough
 * stale      there is one, but it is too old
 * uncovered  there is none: nothing restores the cluster as it is
 * updating   between releases: no snapshot taken now would restore any
 * unknown    the cluster does not answer, or never did
 * elsewhere  not backed up by this bot; the bot cannot see the backups that others make
 */
export type CoverageState = 'covered' | 'stale' | 'uncovered' | 'updating' | 'unknown' | 'elsewhere';
export const coverageStates: readonly CoverageState[] = [
  'uncovered',
  'unknown',
  'stale',
  'updating',
  'covered',
  'elsewhere',
];

export type CoverageWarning =
  /** A restore would meet signer certificates that are near their end, or past it (`endAt` ≤ now). */
  | { readonly kind: 'signers-end'; readonly endAt: number }
  /** It is on the control-plane node only. */
  | { readonly kind: 'only-on-node' }
  /** No z-stream: the vendor promises no restore of such a release. */
  | { readonly kind: 'not-a-z-stream' }
  /** The cluster itself makes backups by the preview API, whose "completed" proves nothing: they are not counted. */
  | { readonly kind: 'preview-backups-not-counted' };

/** The status of one cluster. One function makes it for board, reminders and metrics. Times are ms UTC. */
export interface Coverage {
  readonly state: CoverageState;
  /** What the cluster runs, or goes to while `updating`; undefined: never seen. */
  readonly release: Release | undefined;
  /** Since when it is so: unreachable since, uncovered since it was seen on this release. */
  readonly since: number | undefined;
  /** Why it does not answer. */
  readonly why: Unreadable | undefined;
  /** Newest proven backup that restores the release (while updating: the release that the cluster comes from). */
  readonly backup: ProvenBackup | undefined;
  /** Newest proven backup of this cluster, of any release. */
  readonly newest: ProvenBackup | undefined;
  readonly warnings: readonly CoverageWarning[];
  /** Present exactly when the state is `elsewhere`. */
  readonly elsewhere?: Elsewhere;
}

/** The backup that covers the cluster is on one of its own nodes only: a headline must show that with the state. */
export function isOnNodeOnly({ warnings }: Pick<Coverage, 'warnings'>): boolean {
  return warnings.some(({ kind }) => kind === 'only-on-node');
}

/** API servers restart during every update. What was known of a cluster holds until it has been silent for so long. */
export const unreachableAfterMs = 5 * 60_000;

interface CoverageInput {
  readonly watch: ClusterWatch | undefined;
  /** Of this cluster's name; those of an earlier cluster of that name do not count. */
  readonly proven: readonly ProvenBackup[];
  readonly policy: Pick<ClusterPolicy, 'coverage' | 'backedUpBy'>;
  /** ms UTC */
  readonly now: number;
}

/**
 * Which release a backup restores is decided by its z-stream as text, never by times: `takenAt` and `now` are clocks of bots,
 * the history's times are the cluster's, and the two are not compared. Time decides on age alone.
 */
export function judgeCoverage({ watch, proven, policy, now }: CoverageInput): Coverage {
  const position = watch && releasePosition(watch);
  const own = ownBackups(proven, watch?.seen?.clusterId, now);
  const left = position?.kind === 'on' ? position.release : position?.from;
  const backup = left && newestOf(own, left);
  const release = position && releaseOf(position);
  const found = {
    release,
    backup,
    newest: own[0],
    warnings: coverageWarnings({ release, backup, preview: watch?.previewBackups, policy, now }),
  };
  const silent = watch?.silent;
  const elsewhere = elsewhereOf(policy, watch?.topology);
  // Nothing is missing here, so there is nothing to warn of, either.
  if (elsewhere) {
    return { state: 'elsewhere', since: undefined, why: silent?.why, ...found, warnings: [], elsewhere };
  }
  if (!position || isUnreachable(watch, now)) {
    return { state: 'unknown', since: silent?.since, why: silent?.why, ...found };
  }
  return { ...stateAt(position, watch, backup, policy, now), why: undefined, ...found };
}

/** Whether the cluster has been silent for longer than a restart takes. */
export function isUnreachable({ silent }: Pick<ClusterWatch, 'silent'>, now: number): boolean {
  return silent !== undefined && now - silent.since >= unreachableAfterMs;
}

/**
 * Newest first, in the records' order. Before the cluster's id was read, those of its name are all that is known. One with a
 * date ahead of `now` counts for nothing until its time has come.
 */
export function ownBackups(
  proven: readonly ProvenBackup[],
  clusterId: string | undefined,
  now: number,
): readonly ProvenBackup[] {
  return proven
    .filter((backup) => clusterId === undefined || backup.clusterId === clusterId)
    .filter(({ takenAt, provenAt }) => !isAhead(takenAt, now) && !isAhead(provenAt, now))
    .sort((a, b) => b.seq - a.seq);
}

/** Versions are compared as text, also those that are no z-stream. Images are not: one release has one for each mirror. */
export function newestOf(own: readonly ProvenBackup[], { version }: Release): ProvenBackup | undefined {
  return own.find(({ zStream }) => zStream === version);
}

/** A date ahead of `now` by no more than clocks may differ is young; `ownBackups` leaves out those further ahead. */
export function isYoung({ takenAt }: ProvenBackup, maxAgeMs: number, now: number): boolean {
  return now - takenAt <= maxAgeMs;
}

function stateAt(
  position: ReleasePosition,
  watch: ClusterWatch,
  backup: ProvenBackup | undefined,
  { coverage }: CoverageInput['policy'],
  now: number,
): Pick<Coverage, 'state' | 'since'> {
  if (position.kind === 'between') return { state: 'updating', since: watch.seen?.state.since };
  if (!backup) return { state: 'uncovered', since: watch.settled?.since ?? watch.seen?.state.since };
  if (isYoung(backup, coverage.maxAgeMs, now)) return { state: 'covered', since: backup.provenAt };
  return { state: 'stale', since: backup.takenAt + coverage.maxAgeMs };
}

/** What people must know of a backup that they rely on. */
export function coverageWarnings(p: {
  readonly release: Release | undefined;
  readonly backup: ProvenBackup | undefined;
  readonly preview: boolean | undefined;
  readonly policy: CoverageInput['policy'];
  readonly now: number;
}): readonly CoverageWarning[] {
  const endAt = p.backup?.signersEndAt;
  const ending = endAt !== undefined && endAt <= p.now + p.policy.coverage.signersWarnMs;
  return [
    ...(ending ? [{ kind: 'signers-end', endAt } as const] : []),
    ...(p.backup?.place === 'node' ? [{ kind: 'only-on-node' } as const] : []),
    ...(p.release && !parseZStream(p.release.version) ? [{ kind: 'not-a-z-stream' } as const] : []),
    ...(p.preview ? [{ kind: 'preview-backups-not-counted' } as const] : []),
  ];
}
