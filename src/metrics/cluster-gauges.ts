import { Gauge, type Registry } from 'prom-client';
import { type DrillTools, drillMeans } from '../domain/drill/drill-tools.ts';
import { minorOfRelease } from '../domain/drill/etcd-minor.ts';
import { activePause } from '../domain/policy/pause.ts';
import type { ClusterPolicy } from '../domain/policy/policy.ts';
import { activeStatuses } from '../domain/run/run-status.ts';
import { coverageStates, judgeCoverage } from '../domain/watch/coverage.ts';
import type { FleetRecord } from '../workflow/ports/records.ts';

/** What one scrape knows. Times are ms UTC; the metrics are in seconds. */
export interface Seen {
  readonly now: number;
  readonly clusters: readonly ClusterPolicy[];
  readonly records: ReadonlyMap<string, FleetRecord>;
  lastContact(cluster: string): number | undefined;
  /** Absent: nothing was looked for. */
  readonly drillTools?: DrillTools | undefined;
  /** By cluster: whether something keeps old backups from being removed. */
  readonly stops?: ReadonlyMap<string, boolean>;
}

export interface ClusterGauges {
  /** Writes all of them again: a cluster that left the configuration, or a time that is no more, leaves nothing behind. */
  set(seen: Seen): void;
  /** Nothing is known at this scrape: no old value may look like a new one. */
  clear(): void;
}

const second = 1_000;

/** The current fleet, one line a cluster and fact. Names and help texts are what alert rules are written from. */
export function clusterGauges(registry: Registry): ClusterGauges {
  const all: Gauge<string>[] = [];
  const gauge = (name: string, help: string, ...labels: string[]) => {
    const made = new Gauge({ name, help, labelNames: ['cluster', ...labels], registers: [registry] });
    all.push(made);
    return made;
  };
  const time = (name: string, help: string) => {
    const made = gauge(name, `${help} Absent where there is none.`);
    return (cluster: string, at: number | undefined) => {
      if (at !== undefined) made.set({ cluster }, at / second);
    };
  };

  const coverage = gauge(
    'etcd_backup_coverage',
    'State of the cluster: 1 for its current state, 0 for the others. covered: a verified backup restores ' +
      'what it runs. stale: it is too old. uncovered: there is none. updating: between releases. unknown: no answer. ' +
      'elsewhere: not backed up by this bot; such a cluster has no line for the other states.',
    'state',
  );
  const paused = gauge(
    'etcd_backup_paused',
    'Whether people have paused the cluster: 1 yes, 0 no. While it is, the bot raises no alarm and misses no schedule; ' +
      'alert rules leave it out.',
  );
  const pauseEnds = time('etcd_backup_pause_end_timestamp_seconds', 'When the pause ends by itself.');
  const release = gauge(
    'etcd_backup_release_info',
    'The release that the cluster runs, or goes to while it updates; always 1.',
    'version',
  );
  const since = time(
    'etcd_backup_coverage_since_timestamp_seconds',
    'Since when the coverage is what it is.',
  );
  const restoring = time(
    'etcd_backup_restoring_timestamp_seconds',
    'When the newest verified backup that restores the present release was taken.',
  );
  const newest = time(
    'etcd_backup_newest_timestamp_seconds',
    'When the newest verified backup of the cluster was taken, whatever release it restores.',
  );
  const signersEnd = time(
    'etcd_backup_signers_end_timestamp_seconds',
    'When the first signer certificate ends that a restore of that backup would bring back.',
  );
  const nextStart = time(
    'etcd_backup_schedule_next_start_timestamp_seconds',
    'When the schedule starts the next run.',
  );
  const scheduleFailures = gauge(
    'etcd_backup_schedule_failures',
    'Consecutive scheduled runs that produced no verified backup. Only for clusters with a schedule.',
  );
  const failed = time(
    'etcd_backup_unrepaired_failure_timestamp_seconds',
    'When the newest run failed that no success has followed yet; a scheduled one fails by not being let run, too.',
  );
  const approvalWanted = time(
    'etcd_backup_approval_requested_timestamp_seconds',
    'When the run was asked for that waits for approvals now.',
  );
  const approvalExpires = time(
    'etcd_backup_approval_expires_timestamp_seconds',
    'When that run expires unless it is approved.',
  );
  const approvalPeriod = gauge(
    'etcd_backup_approval_expires_after_seconds',
    'How long people have to approve that run (approval.expiresAfter).',
  );
  const drillOk = gauge(
    'etcd_backup_drill_success',
    'Whether the last drill that could tell restored its backup: 1 yes, 0 no, it does not restore. Absent where there was none.',
  );
  const drilled = time('etcd_backup_drill_timestamp_seconds', 'When the last such drill was.');
  const drillPossible = gauge(
    'etcd_backup_drill_possible',
    'Whether drills of the cluster can be made with programs of its own etcd release: 1 yes, 0 no. Only for clusters with ' +
      'drills, once their release is known. Says nothing about backups.',
  );
  const retentionStopped = gauge(
    'etcd_backup_retention_stopped',
    'Whether something keeps old backups of the cluster from being removed: 1 yes, 0 no. Says nothing about new backups.',
  );
  const contact = time(
    'etcd_backup_cluster_last_contact_timestamp_seconds',
    'When the cluster last answered the bot, since the bot started.',
  );
  const active = new Gauge({
    name: 'etcd_backup_active_runs',
    help: 'Runs that are not over, by status. waiting: for people to approve.',
    labelNames: ['status'],
    registers: [registry],
  });

  function setCluster(policy: ClusterPolicy, { now, records, lastContact, drillTools, stops }: Seen): void {
    const cluster = policy.name;
    const record = records.get(cluster);
    const judged = judgeCoverage({ watch: record?.watch, proven: record?.proven ?? [], policy, now });
    contact(cluster, lastContact(cluster));
    if (record?.active?.status === 'waiting') {
      approvalWanted(cluster, record.active.requestedAt);
      approvalExpires(cluster, record.active.expiresAt);
      approvalPeriod.set({ cluster }, policy.approval.expiresAfterMs / 1_000);
    }
    if (judged.elsewhere) {
      // Nothing here may alert; and a 0 for `unknown` would hide from an alert that no other cluster answers.
      coverage.set({ cluster, state: judged.state }, 1);
      if (judged.release) release.set({ cluster, version: judged.release.version }, 1);
      newest(cluster, judged.newest?.takenAt);
      return;
    }
    for (const state of coverageStates) coverage.set({ cluster, state }, state === judged.state ? 1 : 0);
    const pause = activePause(record?.watch, now);
    paused.set({ cluster }, pause ? 1 : 0);
    pauseEnds(cluster, pause?.until);
    if (judged.release) release.set({ cluster, version: judged.release.version }, 1);
    since(cluster, judged.since);
    restoring(cluster, judged.backup?.takenAt);
    newest(cluster, judged.newest?.takenAt);
    signersEnd(cluster, judged.backup?.signersEndAt);
    if (policy.schedule) {
      nextStart(cluster, record?.watch?.schedule?.next?.startAt);
      scheduleFailures.set({ cluster }, record?.watch?.schedule?.failures ?? 0);
    }
    failed(cluster, record?.lastFailure?.finishedAt);
    if (record?.lastDrill) drillOk.set({ cluster }, record.lastDrill.ok ? 1 : 0);
    drilled(cluster, record?.lastDrill?.at);
    const stopped = stops?.get(cluster);
    if (stopped !== undefined) retentionStopped.set({ cluster }, stopped ? 1 : 0);
    const needs = minorOfRelease(judged.release?.version);
    if (drillTools && policy.drill && (policy.copies ?? []).length > 0) {
      const means = drillMeans(drillTools, needs);
      if (means !== 'unknown') drillPossible.set({ cluster }, means === 'own' ? 1 : 0);
    }
  }

  const clear = () => {
    for (const each of [...all, active]) each.reset();
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
