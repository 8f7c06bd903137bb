import type { VersionFacts } from '../cluster/facts.ts';
import type { Reading, Unreadable } from '../cluster/reading.ts';
import type { Release } from '../cluster/release.ts';
import type { PlaceOnRecord, PlaceTrouble } from '../copies/place-state.ts';
import type { Elsewhere } from '../policy/elsewhere.ts';
import { type ActivePause, activePause } from '../policy/pause.ts';
import type { ClusterPolicy } from '../policy/policy.ts';
import type { ProvenBackup } from '../run/proven-backup.ts';
import type { ClusterWatch } from '../watch/cluster-watch.ts';
import {
  type Coverage,
  coverageWarnings,
  isYoung,
  judgeCoverage,
  newestOf,
  ownBackups,
} from '../watch/coverage.ts';
import { releasePosition } from '../watch/release-position.ts';
import { watchTurn } from '../watch/watch-turn.ts';

/** Why a cluster is, or is not, ready for an update: whether what it is now could be brought back. */
export type ReadyReason =
  | { readonly kind: 'fresh-backup'; readonly backup: ProvenBackup }
  | { readonly kind: 'no-backup'; readonly release: Release }
  | { readonly kind: 'too-old'; readonly backup: ProvenBackup; readonly maxAgeMs: number }
  | { readonly kind: 'updating'; readonly to: Release }
  /** Others back it up: whether they have a backup of this release the bot cannot know. */
  | { readonly kind: 'elsewhere'; readonly elsewhere: Elsewhere; readonly release: Release }
  | { readonly kind: 'unreadable'; readonly why: Unreadable }
  /** Beside a reason that names a backup: its copies there may be out of reach. The proof is on record, so it does not say no. */
  | { readonly kind: 'place-not-known'; readonly destination: string; readonly state: PlaceTrouble }
  /** Listed beside the other reasons, so that both are shown: the cluster is not watched now. */
  | { readonly kind: 'paused'; readonly pause: ActivePause };

/** The answer to "may this cluster be updated now?", from a reading made just now. */
export interface Readiness {
  readonly cluster: string;
  readonly ready: boolean;
  readonly reasons: readonly ReadyReason[];
  /** With its warnings: they do not block an update, but are worth knowing. */
  readonly coverage: Coverage;
}

interface ReadinessInput {
  /** As it is on record, with or without the observation. */
  readonly watch: ClusterWatch | undefined;
  /** Made just now. */
  readonly reading: Reading<VersionFacts>;
  readonly proven: readonly ProvenBackup[];
  /** `controlPlaneTopology`, where it was read with the version. */
  readonly topology?: string | undefined;
  readonly policy: ClusterPolicy;
  /** Destinations of the cluster that are on record as not the known place; absent: none. */
  readonly places?: readonly PlaceOnRecord[];
  /** ms UTC */
  readonly now: number;
}

/** Decides without writing anything: what the reading itself changes is for the watch to record. */
export function judgeReadiness(input: ReadinessInput): Readiness {
  const { reading, proven, policy, now } = input;
  const cluster = policy.name;
  const { watch } = watchTurn({ ...input, cluster });
  const judged = judgeCoverage({ watch, proven, policy, now });
  const reason: ReadyReason = reading.ok
    ? readyReason(watch, proven, policy, judged.elsewhere, now)
    : { kind: 'unreadable', why: reading.why };
  const coverage =
    reason.kind === 'fresh-backup' && judged.elsewhere
      ? withWarnings(judged, reason.backup, watch, policy, now)
      : judged;
  const pause = activePause(input.watch, now);
  const paused: readonly ReadyReason[] = pause ? [{ kind: 'paused', pause }] : [];
  const ready = reason.kind === 'fresh-backup' && !pause;
  return { cluster, ready, reasons: [...paused, reason, ...placeReasons(reason, input.places)], coverage };
}

/** Where others back the cluster up, coverage warns of nothing; here the answer counts on a backup of this bot. */
function withWarnings(
  coverage: Coverage,
  backup: ProvenBackup,
  watch: ClusterWatch,
  policy: ClusterPolicy,
  now: number,
): Coverage {
  const { release } = coverage;
  const { previewBackups: preview } = watch;
  return { ...coverage, warnings: coverageWarnings({ release, backup, preview, policy, now }) };
}

function placeReasons(reason: ReadyReason, places: ReadinessInput['places'] = []): readonly ReadyReason[] {
  const named = 'backup' in reason && reason.backup.place === 'off-cluster';
  if (!named) return [];
  return places.map(({ destination, state }) => ({ kind: 'place-not-known', destination, state }));
}

function readyReason(
  watch: ClusterWatch,
  proven: readonly ProvenBackup[],
  policy: ClusterPolicy,
  elsewhere: Elsewhere | undefined,
  now: number,
): ReadyReason {
  const maxAgeMs = policy.coverage.beforeUpdateMaxAgeMs;
  const position = releasePosition(watch);
  if (!position) throw new Error(`${watch.cluster}: readiness was judged without an answer of the cluster`);
  if (position.kind === 'between') return { kind: 'updating', to: position.to };
  const { release } = position;
  const backup = newestOf(ownBackups(proven, watch.seen?.clusterId, now), release);
  if (backup && isYoung(backup, maxAgeMs, now)) return { kind: 'fresh-backup', backup };
  if (elsewhere) return { kind: 'elsewhere', elsewhere, release };
  return backup ? { kind: 'too-old', backup, maxAgeMs } : { kind: 'no-backup', release };
}
