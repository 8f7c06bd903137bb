import { setTimeout as delay } from 'node:timers/promises';
import { judgeClusterAccess } from '../domain/doctor/cluster-access.ts';
import { type DoctorLine, worstFirst } from '../domain/doctor/doctor.ts';
import type { ClusterConnection } from '../domain/network/cluster-connection.ts';
import type { ClusterPolicy } from '../domain/policy/policy.ts';
import { createClusterReader } from '../openshift/facts/cluster-reader.ts';
import type { Clock } from '../workflow/ports/ports.ts';

/** API servers learn of new roles a moment after they were made. */
const patienceMs = 15_000;

/** What `/etcd-backup doctor` says of the cluster, with the new credentials; asked again for a while as long as something is bad. */
export async function examine(
  connection: ClusterConnection,
  policy: ClusterPolicy,
  clock: Pick<Clock, 'now' | 'monotonic'>,
): Promise<readonly DoctorLine[]> {
  const reader = createClusterReader([connection], clock);
  const until = clock.monotonic() + patienceMs;
  try {
    for (;;) {
      const lines = judgeClusterAccess(policy, await reader.access(policy));
      if (!lines.some(({ state }) => state === 'bad') || clock.monotonic() > until) return worstFirst(lines);
      await delay(500);
    }
  } finally {
    await reader.close();
  }
}
