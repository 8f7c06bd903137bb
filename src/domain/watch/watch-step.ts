import type { ClusterPolicy } from '../policy/policy.ts';
import type { ProvenBackup } from '../run/proven-backup.ts';
import type { ClusterNotice } from './cluster-notice.ts';
import type { ClusterEvent, ClusterWatch, WatchMessage } from './cluster-watch.ts';

/** What a turn, or one part of it, makes of a watch, and what it causes. */
export interface WatchStep {
  /** The very same object when nothing changed. */
  readonly watch: ClusterWatch;
  readonly events: readonly ClusterEvent[];
  readonly notices: readonly ClusterNotice[];
}

/** For the parts that follow the look: the watch as it was before the turn, and as the look left it. */
export interface WatchStepInput {
  readonly before: ClusterWatch;
  readonly watch: ClusterWatch;
  /** Of this cluster's name; those of an earlier cluster of that name do not count. */
  readonly proven: readonly ProvenBackup[];
  readonly policy: ClusterPolicy;
  /** A reminder that is due waits: the blockers of a backup are being read again. */
  readonly nagWaits?: boolean;
  /** Nothing new is raised or repeated; what is open may still come to its end. */
  readonly paused?: boolean;
  /** ms UTC on the bot's clock */
  readonly now: number;
}

export function noStep(watch: ClusterWatch): WatchStep {
  return { watch, events: [], notices: [] };
}

const earlierKept = 6;

/** Those that gave way to newer ones, with this one as the newest of them. */
export function withEarlier(watch: ClusterWatch, message: WatchMessage): readonly WatchMessage[] {
  return [message, ...watch.earlier].slice(0, earlierKept);
}
