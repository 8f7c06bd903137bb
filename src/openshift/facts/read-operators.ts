import { isTrue } from '../../domain/cluster/condition.ts';
import type { OperatorFacts, WorkerPoolFacts } from '../../domain/cluster/facts.ts';
import { mapReading, type Reading } from '../../domain/cluster/reading.ts';
import type { ApiClient } from '../api/api-client.ts';
import { config } from '../api/resource.ts';
import { clusterOperator, machineConfigPool } from '../api/schemas.ts';

export async function readOperators(api: ApiClient): Promise<Reading<readonly OperatorFacts[]>> {
  const reading = await api.list(config('clusteroperators'), clusterOperator);
  return mapReading(reading, (operators) =>
    operators.map(({ metadata, status }) => ({ name: metadata.name, conditions: status?.conditions ?? [] })),
  );
}

const controlPlanePools = ['master', 'arbiter'];

/** All pools but the control plane's, which the operators and the nodes themselves report. */
export async function readWorkerPools(api: ApiClient): Promise<Reading<readonly WorkerPoolFacts[]>> {
  const pools = { group: 'machineconfiguration.openshift.io', version: 'v1', resource: 'machineconfigpools' };
  return mapReading(await api.list(pools, machineConfigPool), (found) =>
    found
      .filter(({ metadata }) => !controlPlanePools.includes(metadata.name))
      .map(({ metadata, status }) => ({
        name: metadata.name,
        updated: isTrue(status?.conditions ?? [], 'Updated'),
      })),
  );
}
