import type { ClusterPolicy } from '../../src/domain/policy/policy.ts';

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
