import type { AuditEvent } from '../people/audit.ts';
import type { BackupRun } from '../run/run.ts';
import type { ClusterNotice } from './cluster-notice.ts';
import type { ClusterEvent, ClusterWatch, WatchMessage } from './cluster-watch.ts';

/** What a decision makes of a watch and what it causes; recorded in one transaction. */
export interface WatchTransition {
  /** The very same object when nothing changed. */
  readonly watch: ClusterWatch;
  readonly events: readonly ClusterEvent[];
  readonly notices: readonly ClusterNotice[];
  /** A run that the schedule asks for. When another run is active, nothing of the transition is recorded: decide again. */
  readonly request?: ScheduledRequest;
}

export interface ScheduledRequest {
  readonly run: BackupRun;
  readonly audit: readonly AuditEvent[];
}

/** Without `effects`, one that causes nothing. */
export function transition(
  watch: ClusterWatch,
  effects: Partial<Omit<WatchTransition, 'watch'>> = {},
): WatchTransition {
  return { watch, events: [], notices: [], ...effects };
}

/** `next` decides on the watch that `first` left; the effects of both follow in this order. */
export function andThen(
  first: WatchTransition,
  next: (watch: ClusterWatch) => WatchTransition,
): WatchTransition {
  const second = next(first.watch);
  return {
    ...first,
    ...second,
    events: [...first.events, ...second.events],
    notices: [...first.notices, ...second.notices],
  };
}

const earlierKept = 6;

/** Those that gave way to newer ones, with this one as the newest of them. */
export function withEarlier(watch: ClusterWatch, message: WatchMessage): readonly WatchMessage[] {
  return [message, ...watch.earlier].slice(0, earlierKept);
}
