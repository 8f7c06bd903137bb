/**
 * requested  accepted and on record; people and cluster not looked at yet
 * waiting    the card is posted, buttons are live
 * approved   enough people said yes; the run will start
 * running    the bot works on the node
 * the rest   over
 */
export type RunStatus = ActiveStatus | EndStatus;
export type ActiveStatus = 'requested' | 'waiting' | 'approved' | 'running';
export type EndStatus = 'succeeded' | 'failed' | 'blocked' | 'refused' | 'rejected' | 'cancelled' | 'expired';

export const activeStatuses: readonly ActiveStatus[] = ['requested', 'waiting', 'approved', 'running'];

const legalTransitions: Readonly<Record<ActiveStatus, readonly RunStatus[]>> = {
  // Straight to approved: an emergency run of a user whom the policy names, or a schedule that the configuration approved.
  requested: ['waiting', 'approved', 'blocked', 'refused', 'cancelled', 'failed'],
  waiting: ['waiting', 'approved', 'rejected', 'cancelled', 'expired'],
  approved: ['running', 'waiting', 'cancelled', 'failed'],
  // Back to approved: the plan of a run that needs no approval has changed, and it begins again.
  running: ['running', 'waiting', 'approved', 'succeeded', 'failed'],
};

export function isActive(status: RunStatus): status is ActiveStatus {
  return (activeStatuses as readonly RunStatus[]).includes(status);
}

export function mayBecome(from: RunStatus, to: RunStatus): boolean {
  return isActive(from) && legalTransitions[from].includes(to);
}
