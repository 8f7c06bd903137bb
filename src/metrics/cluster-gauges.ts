import { Gauge, type Registry } from 'prom-client';
import { warnedFrom } from '../domain/cluster/credentials-life.ts';
import { type DrillTools, drillMeans } from '../domain/drill/drill-tools.ts';
import { minorOfRelease } from '../domain/drill/etcd-minor.ts';
import { activePause } from '../domain/policy/pause.ts';
import type { ClusterPolicy } from '../domain/policy/policy.ts';
import { activeStatuses } from '../domain/run/run-status.ts';
import { type Coverage, coverageStates, judgeCoverage } from '../domain/watch/coverage.ts';
import type { FleetRecord } from '../workflow/ports/records.ts';

/** What one scrape knows. Times are ms UTC; the metrics are in seconds. */
interface Seen {
  readonly now: number;
  readonly clusters: readonly ClusterPolicy[];
  readonly records: ReadonlyMap<string, FleetRecord>;
  lastContact(cluster: string): number | undefined;
  /** Absent: nothing was looked for. */
  readonly drillTools?: DrillTools | undefined;
  /** By cluster: whether something keeps old backups from being removed. */
  readonly stops?: ReadonlyMap<string, boolean>;
}

const second = 1_000;

export interface ClusterGauges {
  /** Writes all of them again: a cluster that left the configuration, or a time that is no more, leaves nothing behind. */
  set(seen: Seen): void;
  /** Nothing is known at this scrape: no old value may look like a new one. */
  clear(): void;
}

/** What one scrape knows of one cluster. */
interface Facts {
  readonly cluster: string;
  readonly policy: ClusterPolicy;
  readonly record: FleetRecord | undefined;
  readonly judged: Coverage;
  readonly seen: Seen;
}

/** Writes the gauges of one concern for one cluster. */
type Writer = (facts: Facts) => void;

/**
 * The current fleet, one line a cluster and fact. Names and help texts are what alert rules are written from.
 * Of a cluster that others back up only what cannot alert is written.
 */
export function clusterGauges(registry: Registry): ClusterGauges {
  const make = new GaugeMaker(registry);
  const always = [coverageGauges(make), newestGauges(make), approvalGauges(make), contactGauges(make)];
  const ownOnly = [
    pauseGauges(make),
    credentialsGauges(make),
    restoreGauges(make),
    scheduleGauges(make),
    drillGauges(make),
    retentionGauges(make),
  ];
  const active = new Gauge({
    name: 'etcd_backup_active_runs',
    help: 'Runs that are not over, by status. waiting: for people to approve.',
    labelNames: ['status'],
    registers: [registry],
  });
  const clear = () => {
    make.clear();
    active.reset();
  };
  const setCluster = (policy: ClusterPolicy, seen: Seen) => {
    const record = seen.records.get(policy.name);
    const { watch, proven = [] } = record ?? {};
    const judged = judgeCoverage({ watch, proven, policy, now: seen.now });
    const facts = { cluster: policy.name, policy, record, judged, seen };
    for (const write of judged.elsewhere ? always : [...always, ...ownOnly]) write(facts);
  };
  return {
    clear,
    set(seen) {
      clear();
      for (const policy of seen.clusters) setCluster(policy, seen);
      const statuses = seen.clusters.flatMap(({ name }) => seen.records.get(name)?.active?.status ?? []);
      for (const status of activeStatuses) {
        active.set({ status }, statuses.filter((each) => each === status).length);
      }
    },
  };
}

class GaugeMaker {
  readonly #registry: Registry;
  readonly #all: Gauge<string>[] = [];

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  gauge(name: string, help: string, ...labels: string[]): Gauge<string> {
    const made = new Gauge({ name, help, labelNames: ['cluster', ...labels], registers: [this.#registry] });
    this.#all.push(made);
    return made;
  }

  /** A gauge of seconds since 1970; `at` is ms UTC. */
  time(name: string, help: string): (cluster: string, at: number | undefined) => void {
    const made = this.gauge(name, `${help} Absent where there is none.`);
    return (cluster, at) => {
      if (at !== undefined) made.set({ cluster }, at / second);
    };
  }

  clear(): void {
    for (const each of this.#all) each.reset();
  }
}

function coverageGauges(make: GaugeMaker): Writer {
  const coverage = make.gauge(
    'etcd_backup_coverage',
    'State of the cluster: 1 for its current state, 0 for the others. covered: a verified backup restores ' +
      'what it runs. stale: it is too old. uncovered: there is none. updating: between releases. unknown: no answer. ' +
      'elsewhere: not backed up by this bot; such a cluster has no line for the other states.',
    'state',
  );
  const release = make.gauge(
    'etcd_backup_release_info',
    'The release that the cluster runs, or goes to while it updates; always 1.',
    'version',
  );
  return ({ cluster, judged }) => {
    // A 0 for `unknown` of a cluster that others back up would hide from an alert that no other cluster answers.
    const states = judged.elsewhere ? [judged.state] : coverageStates;
    for (const state of states) coverage.set({ cluster, state }, state === judged.state ? 1 : 0);
    if (judged.release) release.set({ cluster, version: judged.release.version }, 1);
  };
}

function newestGauges(make: GaugeMaker): Writer {
  const newest = make.time(
    'etcd_backup_newest_timestamp_seconds',
    'When the newest verified backup of the cluster was taken, whatever release it restores.',
  );
  return ({ cluster, judged }) => newest(cluster, judged.newest?.takenAt);
}

function approvalGauges(make: GaugeMaker): Writer {
  const requested = make.time(
    'etcd_backup_approval_requested_timestamp_seconds',
    'When the run was asked for that waits for approvals now.',
  );
  const expires = make.time(
    'etcd_backup_approval_expires_timestamp_seconds',
    'When that run expires unless it is approved.',
  );
  const period = make.gauge(
    'etcd_backup_approval_expires_after_seconds',
    'How long people have to approve that run (approval.expiresAfter).',
  );
  return ({ cluster, policy, record }) => {
    if (record?.active?.status !== 'waiting') return;
    requested(cluster, record.active.requestedAt);
    expires(cluster, record.active.expiresAt);
    period.set({ cluster }, policy.approval.expiresAfterMs / second);
  };
}

function contactGauges(make: GaugeMaker): Writer {
  const contact = make.time(
    'etcd_backup_cluster_last_contact_timestamp_seconds',
    'When the cluster last answered the bot, since the bot started.',
  );
  return ({ cluster, seen }) => contact(cluster, seen.lastContact(cluster));
}

function pauseGauges(make: GaugeMaker): Writer {
  const paused = make.gauge(
    'etcd_backup_paused',
    'Whether people have paused the cluster: 1 yes, 0 no. While it is, the bot raises no alarm and misses no schedule; ' +
      'alert rules leave it out.',
  );
  const ends = make.time('etcd_backup_pause_end_timestamp_seconds', 'When the pause ends by itself.');
  return ({ cluster, record, seen }) => {
    const pause = activePause(record?.watch, seen.now);
    paused.set({ cluster }, pause ? 1 : 0);
    ends(cluster, pause?.until);
  };
}

function credentialsGauges(make: GaugeMaker): Writer {
  const ends = make.time(
    'etcd_backup_credentials_end_timestamp_seconds',
    "When the bot's own token or certificate for the cluster ends, by its own word.",
  );
  const warns = make.time(
    'etcd_backup_credentials_warn_timestamp_seconds',
    'From when on that is worth a warning: two weeks before it, or in the last fifth of a shorter life.',
  );
  return ({ cluster, record }) => {
    const life = record?.watch?.credentials?.life;
    ends(cluster, life?.endsAt);
    warns(cluster, life && warnedFrom(life));
  };
}

function restoreGauges(make: GaugeMaker): Writer {
  const since = make.time(
    'etcd_backup_coverage_since_timestamp_seconds',
    'Since when the coverage is what it is.',
  );
  const restoring = make.time(
    'etcd_backup_restoring_timestamp_seconds',
    'When the newest verified backup that restores the present release was taken.',
  );
  const signersEnd = make.time(
    'etcd_backup_signers_end_timestamp_seconds',
    'When the first signer certificate ends that a restore of that backup would bring back.',
  );
  return ({ cluster, judged }) => {
    since(cluster, judged.since);
    restoring(cluster, judged.backup?.takenAt);
    signersEnd(cluster, judged.backup?.signersEndAt);
  };
}

function scheduleGauges(make: GaugeMaker): Writer {
  const nextStart = make.time(
    'etcd_backup_schedule_next_start_timestamp_seconds',
    'When the schedule starts the next run.',
  );
  const failures = make.gauge(
    'etcd_backup_schedule_failures',
    'Consecutive scheduled runs that produced no verified backup. Only for clusters with a schedule.',
  );
  const failed = make.time(
    'etcd_backup_unrepaired_failure_timestamp_seconds',
    'When the newest run failed that no success has followed yet; a scheduled one fails by not being let run, too.',
  );
  return ({ cluster, policy, record }) => {
    if (policy.schedule) {
      nextStart(cluster, record?.watch?.schedule?.next?.startAt);
      failures.set({ cluster }, record?.watch?.schedule?.failures ?? 0);
    }
    failed(cluster, record?.lastFailure?.finishedAt);
  };
}

function drillGauges(make: GaugeMaker): Writer {
  const success = make.gauge(
    'etcd_backup_drill_success',
    'Whether the last drill that could tell restored its backup: 1 yes, 0 no, it does not restore. Absent where there was none.',
  );
  const drilled = make.time('etcd_backup_drill_timestamp_seconds', 'When the last such drill was.');
  const possible = make.gauge(
    'etcd_backup_drill_possible',
    'Whether drills of the cluster can be made with programs of its own etcd release: 1 yes, 0 no. Only for clusters with ' +
      'drills, once their release is known. Says nothing about backups.',
  );
  return ({ cluster, policy, record, judged, seen: { drillTools } }) => {
    if (record?.lastDrill) success.set({ cluster }, record.lastDrill.ok ? 1 : 0);
    drilled(cluster, record?.lastDrill?.at);
    if (!drillTools || !policy.drill || (policy.copies ?? []).length === 0) return;
    const means = drillMeans(drillTools, minorOfRelease(judged.release?.version));
    if (means !== 'unknown') possible.set({ cluster }, means === 'own' ? 1 : 0);
  };
}

function retentionGauges(make: GaugeMaker): Writer {
  const stopped = make.gauge(
    'etcd_backup_retention_stopped',
    'Whether something keeps old backups of the cluster from being removed: 1 yes, 0 no. Says nothing about new backups.',
  );
  return ({ cluster, seen }) => {
    const stop = seen.stops?.get(cluster);
    if (stop !== undefined) stopped.set({ cluster }, stop ? 1 : 0);
  };
}
