import type { Release } from '../../../src/domain/cluster/release.ts';
import type { Readiness, ReadyReason } from '../../../src/domain/fleet/readiness.ts';
import { type Finding, finding } from '../../../src/domain/preflight/finding.ts';
import type { ClusterNotice, OwnerMessage } from '../../../src/domain/watch/cluster-notice.ts';
import type {
  AlarmEnd,
  Reminder,
  ReminderEnd,
  UpdateAlarm,
} from '../../../src/domain/watch/cluster-watch.ts';
import type { ReadyAnswer, ReminderAnswer } from '../../../src/workflow/access/backups.ts';
import { aBackup, aCoverage, dayMs, hourMs } from './boards.ts';
import { aPause } from './pause-samples.ts';
import { askedAt } from './runs.ts';
import { cannotPostReasons } from './special-runs.ts';

export function release(version: string): Release {
  return { version, image: `quay.io/openshift-release-dev/ocp-release@sha256:${version}` };
}

export const noted: readonly Finding[] = [
  finding('passed', 'version.settled', { version: '4.16.9' }),
  finding('warning', 'operator.degraded', { name: 'kube-scheduler', message: 'one replica is behind' }),
  finding('passed', 'pools.updating', { names: ['worker', 'infra'] }),
];
export const stopping: readonly Finding[] = [
  finding('blocker', 'operator.progressing', { name: 'kube-apiserver', message: 'revision 14' }),
  ...noted,
];

export function aReminder(change: Partial<Reminder> = {}): Reminder {
  return {
    id: 'prod-east/4.16.9@1795450000000',
    from: release('4.16.8'),
    to: release('4.16.9'),
    openedAt: askedAt,
    findings: noted,
    checkedAt: askedAt + 5_000,
    repeats: 0,
    nextRepeatAt: askedAt + 4 * hourMs,
    end: undefined,
    message: undefined,
    ...change,
  };
}

export function anAlarm(change: Partial<UpdateAlarm> = {}): UpdateAlarm {
  return {
    id: 'prod-east/4.16.9/4.16.10',
    from: release('4.16.9'),
    to: release('4.16.10'),
    phase: 'requested',
    failing: false,
    openedAt: askedAt,
    backupTakenAt: undefined,
    end: undefined,
    message: undefined,
    ...change,
  };
}

const at = askedAt + 90_000;
const by = { slackUser: 'U0REQUESTER', clusterUser: 'requester' };
const reminderEndOf: { readonly [Kind in ReminderEnd['kind']]: Extract<ReminderEnd, { kind: Kind }> } = {
  resolved: { kind: 'resolved', at, runId: 'r-k7m2p9qx' },
  dismissed: { kind: 'dismissed', at, by, reason: 'is torn down tomorrow' },
  superseded: { kind: 'superseded', at, by: release('4.16.10') },
  elsewhere: { kind: 'elsewhere', at, by: "the HyperShift management cluster's OADP schedule" },
};
export const reminderEnds: readonly ReminderEnd[] = Object.values(reminderEndOf);

const alarmEndOf: { readonly [Kind in AlarmEnd['kind']]: Extract<AlarmEnd, { kind: Kind }> } = {
  resolved: { kind: 'resolved', at, runId: 'r-k7m2p9qx' },
  withdrawn: { kind: 'withdrawn', at },
  redirected: { kind: 'redirected', at, to: release('4.16.11') },
  'update-over': { kind: 'update-over', at, on: release('4.16.10') },
  elsewhere: { kind: 'elsewhere', at, by: undefined },
};
export const alarmEnds: readonly AlarmEnd[] = Object.values(alarmEndOf);

export const escalation: Extract<ClusterNotice, { kind: 'escalation' }> = {
  kind: 'escalation',
  failures: 3,
  runId: 'r-k7m2p9qx',
  nextStartAt: askedAt + dayMs,
};

export const ownerSays: readonly OwnerMessage[] = [
  { type: 'schedule-failed', runId: 'r-k7m2p9qx', failures: 1, nextStartAt: askedAt + dayMs },
  { type: 'schedule-failed', runId: 'r-k7m2p9qx', failures: 2, nextStartAt: undefined },
  ...cannotPostReasons.map((why) => ({
    type: 'channel-lost' as const,
    channel: 'C0PLATFORM',
    why,
    botName: 'etcd-backup',
  })),
  { type: 'credentials-end', endsAt: askedAt + 14 * dayMs, days: 14 },
  { type: 'credentials-end', endsAt: askedAt, days: 0 },
  { type: 'credentials-refused', since: askedAt },
  {
    type: 'config-mistaken',
    mistakes: [
      {
        file: '/etc/etcd-backup/clusters.d/prod-west.yaml',
        line: 3,
        text: 'chanel: expected a known key; found an unknown one (did you mean "channel"?)',
      },
    ],
    count: 1,
  },
  {
    type: 'config-mistaken',
    mistakes: [
      {
        file: '/etc/etcd-backup/clusters.d/prod-north.yaml',
        line: undefined,
        text: 'the file: expected a readable YAML file; found a file that may not be read',
      },
    ],
    count: 7,
  },
  { type: 'config-correct' },
  { type: 'cluster-left' },
];

type ReminderSaid = Extract<
  ReminderAnswer,
  {
    outcome: 'snoozed' | 'dismissed' | 'duplicate' | 'reminder-over' | 'reason-missing' | 'reason-too-long';
  }
>;
const cluster = 'prod-east';
export const reminderAnswers: readonly ReminderSaid[] = [
  { outcome: 'snoozed', reminder: aReminder(), cluster, until: askedAt + 4 * hourMs },
  {
    outcome: 'snoozed',
    reminder: aReminder(),
    cluster,
    until: askedAt + 4 * hourMs,
    pausedUntil: askedAt + 48 * hourMs,
  },
  {
    outcome: 'snoozed',
    reminder: aReminder(),
    cluster,
    until: askedAt + 7 * hourMs,
    afterHours: true,
  },
  { outcome: 'dismissed', reminder: aReminder({ end: reminderEndOf.dismissed }), cluster },
  { outcome: 'duplicate' },
  ...reminderEnds.map((end) => ({
    outcome: 'reminder-over' as const,
    reminder: aReminder({ end }),
    cluster,
  })),
  { outcome: 'reminder-over', reminder: undefined, cluster },
  { outcome: 'reason-missing' },
  { outcome: 'reason-too-long', length: 700, max: 500 },
];

const reasonOf: { readonly [Kind in ReadyReason['kind']]: Extract<ReadyReason, { kind: Kind }> } = {
  'fresh-backup': { kind: 'fresh-backup', backup: aBackup({ zStream: '4.16.9' }) },
  'no-backup': { kind: 'no-backup', release: release('4.16.9') },
  'too-old': {
    kind: 'too-old',
    backup: aBackup({ zStream: '4.16.9', takenAt: askedAt - 3 * dayMs }),
    maxAgeMs: dayMs,
  },
  elsewhere: {
    kind: 'elsewhere',
    elsewhere: { by: "the HyperShift management cluster's OADP schedule", controlPlane: 'hosted' },
    release: release('4.16.9'),
  },
  updating: { kind: 'updating', to: release('4.16.10') },
  unreadable: { kind: 'unreadable', why: { reason: 'timeout', detail: 'no answer within 20 s' } },
  'place-not-known': { kind: 'place-not-known', destination: 'nas-1', state: 'absent' },
  paused: { kind: 'paused', pause: aPause },
};
const readinesses: readonly Readiness[] = Object.values(reasonOf).map((reason) => ({
  cluster,
  ready: reason.kind === 'fresh-backup' || reason.kind === 'place-not-known',
  reasons: reason.kind === 'place-not-known' ? [reasonOf['fresh-backup'], reason] : [reason],
  coverage: aCoverage({
    release: reason.kind === 'unreadable' ? undefined : release('4.16.9'),
    warnings: reason.kind === 'fresh-backup' ? [{ kind: 'only-on-node' }, { kind: 'not-a-z-stream' }] : [],
  }),
}));
/** Paused, and others back it up: a no, as for a pipeline. */
const pausedElsewhere: Readiness = {
  cluster,
  ready: false,
  reasons: [reasonOf.paused, reasonOf.elsewhere],
  coverage: aCoverage({ release: release('4.16.9'), warnings: [] }),
};
export const readyAnswers: readonly ReadyAnswer[] = [...readinesses, pausedElsewhere].map((readiness) => ({
  outcome: 'readiness',
  readiness,
}));
