import type { VersionFacts } from '../cluster/facts.ts';
import type { Reading } from '../cluster/reading.ts';
import { elsewhereOf } from '../policy/elsewhere.ts';
import { alarmTurn } from './alarm-turn.ts';
import type { ClusterWatch } from './cluster-watch.ts';

import { observeRelease } from './observe-release.ts';
import { observedEvents } from './observed-events.ts';
import type { ReducerInput } from './reducer-input.ts';
import { releasePosition } from './release-position.ts';
import { reminderTurn } from './reminder-turn.ts';
import { andThen, transition, type WatchTransition } from './watch-transition.ts';

export interface WatchTurnInput
  extends Pick<ReducerInput, 'proven' | 'policy' | 'repeatWaits' | 'paused' | 'now'> {
  readonly watch: ClusterWatch | undefined;
  readonly cluster: string;
  /** undefined: the cluster was not read; what is known is judged again. */
  readonly reading: Reading<VersionFacts> | undefined;
  /** `controlPlaneTopology`, where it was read with the version. */
  readonly topology?: string | undefined;
}

export function newWatch(cluster: string): ClusterWatch {
  return {
    cluster,
    seen: undefined,
    silent: undefined,
    settled: undefined,
    reminder: undefined,
    alarm: undefined,
    earlier: [],
    schedule: undefined,
    previewBackups: undefined,
  };
}

/**
 * What an observation of a cluster changes and causes: its release, the alarm before an update, the reminder after one.
 * The same reading twice changes nothing but, every few minutes, the time of the last answer.
 */
export function watchTurn(input: WatchTurnInput): WatchTransition {
  const { reading, topology, policy, now } = input;
  const before = input.watch ?? newWatch(input.cluster);
  const known = releasePosition(before);
  const read = reading ? observeRelease(before, known, reading, now) : before;
  // After the reading: one that finds another cluster under this name forgets what the old one was.
  const watch = topology === undefined || topology === read.topology ? read : { ...read, topology };
  const isSameCluster = before.seen?.clusterId === watch.seen?.clusterId;
  const judged: ReducerInput = {
    ...input,
    before,
    watch,
    position: releasePosition(watch),
    positionBefore: isSameCluster ? known : undefined,
    elsewhere: elsewhereOf(policy, watch.topology),
  };
  const observed = transition(watch, { events: observedEvents(judged) });
  const alarmed = andThen(observed, (next) => alarmTurn({ ...judged, watch: next }));
  return andThen(alarmed, (next) => reminderTurn({ ...judged, watch: next }));
}
