import type { ClusterWatch } from './cluster-watch.ts';
import { type Coverage, isYoung, judgeCoverage, newestOf, ownBackups } from './coverage.ts';
import type { VersionFacts } from './facts.ts';
import type { ClusterPolicy } from './policy.ts';
import type { ProvenBackup } from './proven-backup.ts';
import type { Reading, Unreadable } from './reading.ts';
import type { Release } from './release.ts';
import { watchTurn } from './watch-turn.ts';
import { whereabouts } from './whereabouts.ts';

/** Why a cluster is, or is not, ready for an update: whether what it is now could be brought back. */
export type ReadyReason =
  | { readonly kind: 'fresh-backup'; readonly backup: ProvenBackup }
  | { readonly kind: 'no-backup'; readonly release: Release }
  | { readonly kind: 'too-old'; readonly backup: ProvenBackup; readonly maxAgeMs: number }
  | { readonly kind: 'updating'; readonly to: Release }
  | { readonly kind: 'unreadable'; readonly why: Unreadable };

/** The answer to "may this cluster be updated now?", from a fresh look at it. */
export interface Readiness {
  readonly cluster: string;
  readonly ready: boolean;
  readonly reasons: readonly ReadyReason[];
  /** With its warnings: they do not stand against an update, but are worth knowing. */
  readonly coverage: Coverage;
}

interface ReadinessInput {
  /** As it is on record; whether the look is in it already makes no difference. */
  readonly watch: ClusterWatch | undefined;
  /** The fresh look. */
  readonly reading: Reading<VersionFacts>;
  readonly proven: readonly ProvenBackup[];
  readonly policy: ClusterPolicy;
  /** ms UTC */
  readonly now: number;
}

/** Decides without writing anything: what the look itself changes is the watch's own turn to record. */
export function judgeReadiness(input: ReadinessInput): Readiness {
  const { reading, proven, policy, now } = input;
  const cluster = policy.name;
  const { watch } = watchTurn({ ...input, cluster });
  const coverage = judgeCoverage({ watch, proven, policy, now });
  const reason: ReadyReason = reading.ok
    ? readyReason(watch, proven, policy.coverage.beforeUpdateMaxAgeMs, now)
    : { kind: 'unreadable', why: reading.why };
  return { cluster, ready: reason.kind === 'fresh-backup', reasons: [reason], coverage };
}

function readyReason(
  watch: ClusterWatch,
  proven: readonly ProvenBackup[],
  maxAgeMs: number,
  now: number,
): ReadyReason {
  const place = whereabouts(watch);
  if (!place) throw new Error(`${watch.cluster}: readiness was judged without an answer of the cluster`);
  if (place.kind === 'between') return { kind: 'updating', to: place.to };
  const backup = newestOf(ownBackups(proven, watch.seen?.clusterId), place.release);
  if (!backup) return { kind: 'no-backup', release: place.release };
  return isYoung(backup, maxAgeMs, now)
    ? { kind: 'fresh-backup', backup }
    : { kind: 'too-old', backup, maxAgeMs };
}
