import type { ClusterPolicy } from '../domain/policy.ts';
import { judgeReadiness, type Readiness } from '../domain/readiness.ts';
import { admit, meantCluster, wrongChannel } from './admission.ts';
import type { Asked, ReadyAnswer } from './backups.ts';
import type { WorkflowDeps } from './deps.ts';
import type { Clock, ClusterReader } from './ports.ts';
import type { Records } from './records.ts';

/** Asks the cluster once and reads the records; writes nothing, so that it may run beside the bot. */
export async function readinessNow(
  deps: {
    readonly clusters: Pick<ClusterReader, 'version'>;
    readonly records: Pick<Records, 'fleet'>;
    readonly clock: Pick<Clock, 'now'>;
  },
  policy: ClusterPolicy,
): Promise<Readiness> {
  const [reading, fleet] = await Promise.all([deps.clusters.version(policy), deps.records.fleet()]);
  const record = fleet.find(({ cluster }) => cluster === policy.name);
  const { watch, proven = [] } = record ?? {};
  return judgeReadiness({ watch, reading, proven, policy, now: deps.clock.now() });
}

/** Whether the cluster may be updated now, for a person. */
export async function readyToUpdate(
  deps: WorkflowDeps,
  asked: Asked,
  input: { cluster: string | undefined },
): Promise<ReadyAnswer> {
  const admitted = await admit(deps, asked);
  if (!admitted.ok) return admitted.answer;
  const meant = meantCluster(deps.fleet, input.cluster, asked.channel);
  if ('question' in meant) return meant.question;
  const elsewhere = wrongChannel(meant.cluster, asked.channel);
  if (elsewhere) return elsewhere;
  return { outcome: 'readiness', readiness: await readinessNow(deps, meant.cluster) };
}
