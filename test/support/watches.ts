import type { Condition, VersionFacts, VersionHistoryEntry } from '../../src/domain/cluster/facts.ts';
import { known, type Reading, unknown } from '../../src/domain/cluster/reading.ts';
import type { Release } from '../../src/domain/cluster/release.ts';
import type { ClusterPolicy } from '../../src/domain/policy/policy.ts';
import type { ProvenBackup } from '../../src/domain/run/proven-backup.ts';
import type { ClusterWatch } from '../../src/domain/watch/cluster-watch.ts';
import { findingsSeen } from '../../src/domain/watch/reminder-turn.ts';
import type { WatchTransition } from '../../src/domain/watch/watch-transition.ts';
import { watchTurn } from '../../src/domain/watch/watch-turn.ts';
import { condition, hourMs, noon, policy, version } from './cluster-facts.ts';

export const clusterId = version().clusterId;

/** A release whose image follows from its version: `4.16.8`, or `4.16.8 other` for another image of the same version. */
export function release(name: string): Release {
  const [text = '', other = ''] = name.split(' ');
  return { version: text, image: `quay.io/release@sha256:${text}${other}` };
}

export function entry(name: string, state = 'Completed', startedAt?: number): VersionHistoryEntry {
  return { state, ...release(name), ...(startedAt === undefined ? {} : { startedAt }) };
}

const hour = (text: string) => noon + Number(text) * hourMs;

/** `4.16.8@-30` is a Completed entry that began 30 hours before noon; a leading `~` makes it Partial. No time: the cluster names none. */
export function historyOf(...entries: readonly string[]): readonly VersionHistoryEntry[] {
  return entries.map((text) => {
    const [name = '', time] = text.replace(/^~/, '').split('@');
    return entry(
      name,
      text.startsWith('~') ? 'Partial' : 'Completed',
      time === undefined ? undefined : hour(time),
    );
  });
}

const conditions = (progressing: Condition['status'], failing: Condition['status']) => [
  condition('Progressing', progressing),
  condition('Failing', failing),
];

/** Completely on the newest entry of this history, newest first. */
export function settledOn(...history: readonly string[]): VersionFacts {
  const entries = historyOf(...history);
  const [newest] = entries;
  return version({
    desiredVersion: newest?.version ?? '4.16.8',
    desiredImage: newest?.image ?? '',
    history: entries,
    conditions: conditions('False', 'False'),
  });
}

/** On its way to the newest entry of this history. */
export function updatingTo(...history: readonly string[]): VersionFacts {
  return { ...settledOn(...history), conditions: conditions('True', 'False') };
}

export function failing(facts: VersionFacts): VersionFacts {
  const progressing = facts.conditions.find(({ type }) => type === 'Progressing')?.status ?? 'False';
  return { ...facts, conditions: conditions(progressing, 'True') };
}

export function asking(facts: VersionFacts, update: Partial<Release>): VersionFacts {
  return { ...facts, desiredUpdate: { version: '', image: '', ...update } };
}

export function reinstalled(facts: VersionFacts, id = 'f3a8c2d0-0000-4000-8000-000000000002'): VersionFacts {
  return { ...facts, clusterId: id };
}

export const silence: Reading<never> = unknown('unreachable', 'connect ECONNREFUSED 192.0.2.1:6443');

export function proven(zStream: string, takenAt: number, change: Partial<ProvenBackup> = {}): ProvenBackup {
  return {
    runId: `r-${zStream}-${takenAt}`,
    cluster: 'lab',
    clusterId,
    zStream,
    seq: takenAt,
    takenAt,
    provenAt: takenAt + 60_000,
    place: 'off-cluster',
    signersEndAt: undefined,
    ...change,
  };
}

export function throughRecords<T>(value: T): T {
  return JSON.parse(JSON.stringify(value));
}

/**
 * One cluster and its watch over time, as the program turns it: look, then the full look for a reminder that has not been
 * shown. The watch goes through the records' JSON before every turn, so that each turn is one after a restart.
 */
export class WatchLab {
  watch: ClusterWatch | undefined;
  proven: readonly ProvenBackup[] = [];
  readonly kinds: string[] = [];
  readonly notices: string[] = [];
  last: WatchTransition | undefined;
  private readonly policy: ClusterPolicy;

  constructor(change: Partial<ClusterPolicy> = {}) {
    this.policy = policy(change);
  }

  look(now: number, facts: VersionFacts | undefined): WatchTransition {
    return this.turn(now, facts ? known(facts) : silence);
  }

  turn(now: number, reading: Reading<VersionFacts> | undefined): WatchTransition {
    const watch = this.watch && throughRecords(this.watch);
    const { proven: backups, policy: rules } = this;
    const step = watchTurn({ watch, cluster: 'lab', reading, proven: backups, policy: rules, now });
    this.take(step);
    const { reminder } = step.watch;
    if (reminder && !reminder.end && !reminder.findings) {
      this.take(findingsSeen(step.watch, { findings: [], previewBackups: false, now, policy: rules }));
    }
    this.last = step;
    return step;
  }

  backUp(...backups: readonly ProvenBackup[]): void {
    this.proven = [...this.proven, ...backups];
  }

  private take(step: WatchTransition): void {
    this.watch = step.watch;
    this.kinds.push(...step.events.map(({ kind }) => kind));
    this.notices.push(...step.notices.map(({ kind }) => kind));
  }
}
