import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import { verdictOf } from '../../domain/run/drill-outcome.ts';
import type { Notice } from '../../domain/run/notice.ts';
import type { BackupRun, DrillOutcome, RunSuccess } from '../../domain/run/run.ts';

/** For the audit: what the drill says, and of what. */
export function drillDetail(drill: DrillOutcome): Readonly<Record<string, string>> {
  if (drill.ok) return { outcome: 'ok', revision: String(drill.revision), keys: String(drill.keys) };
  return { outcome: verdictOf(drill), why: drill.why };
}

/** To each owner of the cluster, when the backup does not restore or may not; the same verdict again is no news. */
export function toOwners(
  run: Pick<BackupRun, 'id' | 'cluster'>,
  policy: Pick<ClusterPolicy, 'owners'> | undefined,
  before: Pick<RunSuccess, 'drill' | 'drillTry'>,
  drill: DrillOutcome,
): readonly Notice[] {
  if (drill.ok || !policy) return [];
  const verdict = verdictOf(drill);
  if (verdict !== 'does-not-restore' && verdict !== 'inconclusive') return [];
  const earlier = before.drillTry ?? before.drill;
  if (earlier && verdictOf(earlier) === verdict) return [];
  const say = { type: 'drill-failed', runId: run.id, cluster: run.cluster, drill } as const;
  return policy.owners.map((slackUser) => ({ kind: 'private', slackUser, channel: undefined, say }));
}
