import { activePause } from '../../domain/policy/pause.ts';
import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import type { Finding } from '../../domain/preflight/finding.ts';
import { preflight } from '../../domain/preflight/preflight.ts';
import type { ClusterWatch } from '../../domain/watch/cluster-watch.ts';
import { isOpen, repeatIsDue } from '../../domain/watch/reminder.ts';
import { retryWantsFindings } from '../../domain/watch/schedule-retry.ts';
import { placesNow } from '../places/places-in-trouble.ts';
import type { WorkflowDeps } from '../ports/deps.ts';

/** What a full reading of the cluster found, for reminders and retries. */
export interface SeenFindings {
  /** Both undefined: could not be read. */
  readonly findings: readonly Finding[] | undefined;
  readonly previewBackups: boolean | undefined;
}

/** The reading failed too often: a reminder is posted, or repeated, with what is known. */
export const unreadFindings: SeenFindings = { findings: undefined, previewBackups: undefined };

/** Preflight as a request made now would see it. undefined: the cluster did not answer; to be read again at the next turn. */
export async function readFindings(
  deps: WorkflowDeps,
  cluster: ClusterPolicy,
): Promise<SeenFindings | undefined> {
  const facts = await deps.clusters.facts(cluster);
  if (!facts.version.ok) return undefined;
  const places = await placesNow(deps, cluster);
  const asker = { nodeWanted: undefined, requester: undefined };
  const context = { policy: cluster, ...asker, places, now: deps.clock.now() };
  const { previewBackups } = facts;
  return {
    findings: preflight(facts, context).findings,
    previewBackups: previewBackups.ok ? previewBackups.value.length > 0 : undefined,
  };
}

/**
 * A reminder is posted with the findings of preflight, so they are read first, also after a restart in between. Before it is
 * repeated they are read again: it must not show findings of days ago. A scheduled run that needs an approval is requested
 * again only when what stopped it has passed.
 */
export function wantsFindings(watch: ClusterWatch | undefined, now: number): boolean {
  if (activePause(watch, now)) return false;
  if (retryWantsFindings(watch, now)) return true;
  const reminder = watch?.reminder;
  if (!isOpen(reminder)) return false;
  return reminder.findings === undefined || repeatIsDue(reminder, now);
}
