import type { Plan } from '../domain/plan.ts';
import type { ClusterPolicy } from '../domain/policy.ts';
import type { WorkflowDeps } from './deps.ts';
import type { Claim } from './records.ts';

/** What one run works with. `signal`: the claim is lost or the bot stops; nothing more may be touched then. */
export interface RunWork {
  readonly deps: WorkflowDeps;
  readonly claim: Claim;
  readonly cluster: ClusterPolicy;
  readonly plan: Plan;
  readonly signal: AbortSignal;
}
