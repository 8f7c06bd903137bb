import { judgeReadiness, type Readiness } from '../../domain/fleet/readiness.ts';
import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import { mayActOn } from '../access/authorization.ts';
import type { Asked, ReadyAnswer } from '../access/backups.ts';
import { placesOnRecord } from '../places/places-in-trouble.ts';
import type { WorkflowDeps } from '../ports/deps.ts';
import type { Clock, ClusterReader } from '../ports/ports.ts';
import type { Records } from '../ports/records.ts';

/** Asks the cluster once and reads the records; writes nothing, so that it may run beside the bot. */
export async function readinessNow(
  deps: {
    readonly clusters: Pick<ClusterReader, 'version' | 'topology'>;
    readonly records: Pick<Records, 'fleet' | 'place'>;
    readonly clock: Pick<Clock, 'now'>;
  },
  policy: ClusterPolicy,
): Promise<Readiness> {
  const now = deps.clock.now();
  const [reading, fleet] = await Promise.all([deps.clusters.version(policy), deps.records.fleet({ now })]);
  const record = fleet.find(({ cluster }) => cluster === policy.name);
  const { watch, proven = [] } = record ?? {};
  // Where no bot has looked yet, or the records are new.
  const asks = reading.ok && watch?.topology === undefined;
  const read = asks ? await deps.clusters.topology(policy) : undefined;
  const topology = read?.ok ? read.value : undefined;
  const destinations = (policy.copies ?? []).map(({ destination }) => destination);
  const places = await placesOnRecord(deps.records, destinations);
  return judgeReadiness({ watch, reading, topology, proven, policy, places, now: deps.clock.now() });
}

/** Whether the cluster may be updated now, for a person. */
export async function readyToUpdate(
  deps: WorkflowDeps,
  asked: Asked,
  input: { cluster: string | undefined },
): Promise<ReadyAnswer> {
  const access = await mayActOn(deps, 'read', asked, input.cluster);
  if (!access.ok) return access.answer;
  return { outcome: 'readiness', readiness: await readinessNow(deps, access.cluster) };
}
