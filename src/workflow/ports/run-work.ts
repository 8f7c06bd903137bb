import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import type { Plan } from '../../domain/preflight/plan.ts';
import type { WorkflowDeps } from './deps.ts';
import type { Claim } from './records.ts';

/** What one run works with. `signal`: the claim is lost or the bot stops; nothing more may be touched then. */
export interface RunWork {
  readonly deps: WorkflowDeps;
  readonly claim: Claim;
  readonly cluster: ClusterPolicy;
  readonly plan: Plan;
  readonly signal: AbortSignal;
  /** This very process has had the run in hand before: it goes on, no bot was restarted. Absent: another one began it. */
  readonly goesOnHere?: boolean;
}
