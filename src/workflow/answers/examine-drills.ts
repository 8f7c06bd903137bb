import { type DoctorLine, doctorLine } from '../../domain/doctor/doctor.ts';
import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import { type DrillReadiness, drillReadiness } from '../drill/drill-readiness.ts';
import type { Examination } from './examining.ts';

/** Whether the drills that these clusters want can be made; nothing where none is wanted and no set is configured. */
export async function examineDrills(
  deps: Pick<Examination, 'records' | 'offCluster'>,
  clusters: readonly ClusterPolicy[],
): Promise<readonly DoctorLine[]> {
  const tools = deps.offCluster?.drill?.tools;
  if (!tools) return [];
  const readiness = await drillReadiness(deps, clusters);
  const reported = tools.problems.filter(({ minor }) => readiness.length > 0 || minor !== undefined);
  const versions = tools.sets.map(({ version }) => version);
  return [
    ...reported.map(({ detail }) => doctorLine('drill.tools-unusable', { detail })),
    ...(readiness.length > 0 && versions.length > 0 ? [doctorLine('drill.tools', { versions })] : []),
    ...readiness.map((each) => readinessLine(each, versions)),
  ];
}

function readinessLine({ cluster, needs, means }: DrillReadiness, has: readonly string[]): DoctorLine {
  if (means === 'own' && needs !== undefined) return doctorLine('drill.possible', { cluster, needs });
  if (means === 'unknown') return doctorLine('drill.unknown', { cluster });
  return has.length === 0
    ? doctorLine('drill.tools-missing', { cluster, needs })
    : doctorLine('drill.tools-other', { cluster, needs, has });
}
