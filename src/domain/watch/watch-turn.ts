import type { VersionFacts } from '../cluster/facts.ts';
import type { Reading } from '../cluster/reading.ts';
import type { ClusterPolicy } from '../policy/policy.ts';
import type { ProvenBackup } from '../run/proven-backup.ts';
import { alarmTurn } from './alarm-turn.ts';
import type { ClusterWatch } from './cluster-watch.ts';
import { lookTurn } from './look-turn.ts';
import { reminderTurn } from './reminder-turn.ts';
import type { WatchStep } from './watch-step.ts';

export { findingsSeen } from './reminder-turn.ts';
export type { WatchStep } from './watch-step.ts';

export interface WatchTurnInput {
  readonly watch: ClusterWatch | undefined;
  readonly cluster: string;
  /** undefined: no fresh look; what is known is judged again. */
  readonly reading: Reading<VersionFacts> | undefined;
  /** As in coverage: of this cluster's name. */
  readonly proven: readonly ProvenBackup[];
  readonly policy: ClusterPolicy;
  /** `controlPlaneTopology`, where it was read with the look. */
  readonly topology?: string | undefined;
  /** As in WatchStepInput. */
  readonly nagWaits?: boolean;
  /** As in WatchStepInput. */
  readonly paused?: boolean;
  /** ms UTC on the bot's clock */
  readonly now: number;
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
 * What a look at a cluster changes and causes: its release, the alarm before an update, the reminder after one.
 * The same look twice changes nothing but, every few minutes, the time of the last answer.
 */
export function watchTurn(input: WatchTurnInput): WatchStep {
  const { reading, now } = input;
  const before = input.watch ?? newWatch(input.cluster);
  const answered = reading ? lookTurn(before, reading, now) : { watch: before, events: [] };
  // After the look: one that finds another cluster under this name forgets what the old one was.
  const looked = { ...answered, watch: withTopology(answered.watch, input.topology) };
  const alarmed = alarmTurn({ ...input, before, watch: looked.watch });
  const reminded = reminderTurn({ ...input, before, watch: alarmed.watch });
  return {
    watch: reminded.watch,
    events: [...looked.events, ...alarmed.events, ...reminded.events],
    notices: [...alarmed.notices, ...reminded.notices],
  };
}

function withTopology(watch: ClusterWatch, topology: string | undefined): ClusterWatch {
  return topology === undefined || topology === watch.topology ? watch : { ...watch, topology };
}
