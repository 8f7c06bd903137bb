import type { NodeFacts } from '../../domain/cluster/facts.ts';
import { mapReading, type Reading } from '../../domain/cluster/reading.ts';
import type { ApiClient } from '../api/api-client.ts';
import { node } from '../api/schemas.ts';

/** Older releases know `master` only. */
const controlPlaneLabels = ['node-role.kubernetes.io/master', 'node-role.kubernetes.io/control-plane'];
const arbiterLabel = 'node-role.kubernetes.io/arbiter';

/** All nodes, so that a worker that was named by mistake can be distinguished from a typo. */
export async function readNodes(api: ApiClient): Promise<Reading<readonly NodeFacts[]>> {
  const reading = await api.list({ group: '', version: 'v1', resource: 'nodes' }, node);
  return mapReading(reading, (nodes) =>
    nodes.map(({ metadata, spec, status }) => {
      const labels = metadata.labels ?? {};
      const internalIps = status.addresses.flatMap(({ type, address }) =>
        type === 'InternalIP' ? [address] : [],
      );
      return {
        name: metadata.name,
        internalIp: internalIps[0],
        ...(internalIps.length > 1 ? { internalIps } : {}),
        controlPlane: controlPlaneLabels.some((label) => label in labels),
        arbiter: arbiterLabel in labels,
        cordoned: spec?.unschedulable ?? false,
        conditions: status.conditions,
      };
    }),
  );
}
