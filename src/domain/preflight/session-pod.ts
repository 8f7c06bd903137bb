import type { ClusterFacts } from '../cluster/facts.ts';
import { type Finding, finding } from './finding.ts';

/** Whether the session pod would come in, before a run that cannot begin is approved. */
export function sessionPodFindings(
  { sessionPod, ownRights }: Pick<ClusterFacts, 'sessionPod' | 'ownRights'>,
  namespace: string,
): readonly Finding[] {
  if (sessionPod === undefined) return [];
  if (!sessionPod.ok) return [finding('warning', 'session-pod.unreadable', { why: sessionPod.why })];
  const admission = sessionPod.value;
  switch (admission.kind) {
    case 'admitted':
      return [finding('passed', 'session-pod.admitted', {})];
    case 'no-dry-run':
      return [finding('warning', 'session-pod.no-dry-run', { detail: admission.detail })];
    case 'refused': {
      const { because, detail } = admission;
      // The missing right has a finding of its own, which names the role.
      const lacksRight =
        ownRights.ok && ownRights.value.some((each) => !each.allowed && each.neededFor === 'run');
      if (lacksRight && (because === 'right' || because === 'security-context')) return [];
      return [finding('blocker', 'session-pod.refused', { because, namespace, detail })];
    }
  }
}
