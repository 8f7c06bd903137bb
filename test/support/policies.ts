import type { ClusterPolicy, Fleet, PersonMapping } from '../../src/domain/policy/policy.ts';

const hourMs = 3_600_000;

/** What a policy says of coverage where a test does not care. */
export const watchPolicy: Pick<
  ClusterPolicy,
  'coverage' | 'workingHours' | 'schedule' | 'owners' | 'onCall'
> = {
  coverage: {
    maxAgeMs: 30 * 24 * hourMs,
    beforeUpdateMaxAgeMs: 24 * hourMs,
    signersWarnMs: 7 * 24 * hourMs,
  },
  workingHours: { fromMinute: 9 * 60, toMinute: 18 * 60, days: [1, 2, 3, 4, 5] },
  schedule: undefined,
  owners: [],
  onCall: undefined,
};

/** A policy of which only the name and what a test says matters. */
export function policyOf(name: string, change: Partial<ClusterPolicy> = {}): ClusterPolicy {
  return {
    name,
    channel: 'C1',
    allowedChannels: [],
    language: 'en',
    timeZone: 'UTC',
    offPeak: undefined,
    approval: {
      needed: 1,
      approvers: [],
      selfApproval: false,
      expiresAfterMs: 3_600_000,
      breakGlass: undefined,
    },
    session: {
      namespace: 'etcd-backup-sessions',
      image: undefined,
      startDeadlineMs: 60_000,
      scriptDeadlineMs: 600_000,
      commandDeadlineMs: 60_000,
    },
    backupRoot: '/home/core/assets/backup',
    scriptPath: '/usr/local/bin/cluster-backup.sh',
    ...watchPolicy,
    ...change,
  };
}

export function fleetOf(clusters: readonly ClusterPolicy[], people: readonly PersonMapping[]): Fleet {
  return {
    clusters,
    people,
    cluster: (name) => clusters.find((each) => each.name === name),
    person: (slackUser) => people.find((each) => each.slackUser === slackUser),
  };
}
