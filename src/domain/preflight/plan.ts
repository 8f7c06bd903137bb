import { type PlannedCopy, plannedCopyText } from '../copies/planned-copy.ts';

/**
 * What an approval is given to: shown on the card, read again at the click and at the start.
 * Holds no secret: it is stored and shown.
 */
export interface Plan {
  readonly clusterId: string;
  readonly infrastructureName: string;
  readonly apiUrl: string;
  readonly zStream: string;
  readonly releaseImage: string;
  readonly topology: string;
  readonly node: string;
  readonly nodeIp: string;
  /** Absolute path on the node, of this run alone. */
  readonly directory: string;
  readonly sessionImage: string;
  readonly proxyInUse: boolean;
  readonly encryptionType: string;
  /** All members of etcd by node name. */
  readonly members: readonly string[];
  readonly approvalsNeeded: number;
  readonly approvers: readonly string[];
  readonly selfApproval: boolean;
  /** Absent: the files stay on the node. */
  readonly copies?: readonly PlannedCopy[];
}

/** A plan without the parts that are decided once per run, as preflight proposes it. */
export type ProposedPlan = Omit<
  Plan,
  'directory' | 'approvalsNeeded' | 'approvers' | 'selfApproval' | 'copies'
>;

export interface PlanChange {
  readonly field: keyof Plan;
  readonly approved: string;
  readonly now: string;
}

/** What differs between the approved plan and the plan as it would be now; empty: the approval holds. */
export function planChanges(approved: Plan, now: Plan): readonly PlanChange[] {
  const fields = [...new Set([...Object.keys(approved), ...Object.keys(now)])] as (keyof Plan)[];
  return fields
    .map((field) => ({ field, approved: valueText(approved, field), now: valueText(now, field) }))
    .filter((change) => change.approved !== change.now);
}

function valueText(plan: Plan, field: keyof Plan): string {
  return String(field === 'copies' ? plan.copies?.map(plannedCopyText) : plan[field]);
}

/** One text per plan, the same for equal plans: what the approval's digest is taken of. */
export function planText(plan: Plan): string {
  const fields = (Object.keys(plan) as (keyof Plan)[]).sort();
  return fields.map((field) => `${field}=${JSON.stringify(plan[field])}`).join('\n');
}
