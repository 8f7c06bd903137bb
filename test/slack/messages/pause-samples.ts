import type { ActivePause, Pause, PauseEnd } from '../../../src/domain/policy/pause.ts';
import type { PauseAnswer } from '../../../src/workflow/access/backups.ts';
import { dayMs } from './boards.ts';
import { askedAt } from './runs.ts';

const by = { slackUser: 'U0REQUESTER', clusterUser: 'requester' };
const second = { slackUser: 'U0APPROVER', clusterUser: 'approver' };

export const aPause: ActivePause = {
  id: 'prod-east/pause@1795450000000',
  openedAt: askedAt,
  by,
  reason: 'moves to the new rack',
  until: askedAt + 3 * dayMs,
  since: askedAt,
  approvedBy: undefined,
  expiresAt: undefined,
  resumeAsked: undefined,
  end: undefined,
  message: undefined,
};

const asked: Pause = { ...aPause, since: undefined, expiresAt: askedAt + 1_800_000 };
const at = askedAt + dayMs;
const endOf: { readonly [Kind in PauseEnd['kind']]: Extract<PauseEnd, { kind: Kind }> } = {
  ended: { kind: 'ended', at },
  resumed: { kind: 'resumed', at, by, approvedBy: second },
  replaced: { kind: 'replaced', at },
  refused: { kind: 'refused', at, by: second },
  expired: { kind: 'expired', at },
};
export const pauseEnds: readonly PauseEnd[] = [
  ...Object.values(endOf),
  { kind: 'resumed', at, by, approvedBy: undefined },
  { kind: 'refused', at, by },
  { kind: 'refused', at, by: second, reason: 'the audit is on Thursday' },
];

/** In each state that its message knows. */
export const pauses: readonly Pause[] = [
  asked,
  aPause,
  { ...aPause, approvedBy: second },
  { ...aPause, resumeAsked: { by: second, at } },
  ...pauseEnds.map((end) => ({ ...aPause, end })),
];

const cluster = 'prod-east';
export const pauseAnswers: readonly PauseAnswer[] = [
  { outcome: 'paused', cluster, pause: aPause },
  { outcome: 'pause-asked', cluster, pause: asked },
  { outcome: 'resumed', cluster, pause: aPause },
  { outcome: 'resume-asked', cluster, pause: aPause },
  { outcome: 'pause-refused', cluster, pause: asked },
  { outcome: 'pause-refused', cluster, pause: aPause },
  { outcome: 'not-paused', cluster },
  { outcome: 'other-pause', cluster, pause: aPause },
  { outcome: 'pause-over', cluster },
  { outcome: 'which-request', cluster, decision: 'approve', runId: 'r-k7m2p9qx', pauses: 1 },
  { outcome: 'which-request', cluster, decision: 'approve', runId: 'r-k7m2p9qx', pauses: 0 },
  { outcome: 'which-request', cluster, decision: 'reject', runId: undefined, pauses: 2 },
  { outcome: 'own-request', cluster, pause: asked, approvers: [] },
  { outcome: 'not-an-approver', cluster, pause: asked, approvers: ['U0OWNER', 'U0APPROVER'] },
  { outcome: 'until-missing', cluster },
  { outcome: 'until-unreadable', cluster, typed: 'tuesday' },
  { outcome: 'until-past', cluster, until: askedAt - dayMs },
  { outcome: 'until-too-far', cluster, until: askedAt + 90 * dayMs, latest: askedAt + 30 * dayMs },
  { outcome: 'pause-reason-missing', cluster },
  { outcome: 'reason-too-long', length: 700, max: 500 },
  { outcome: 'duplicate' },
  { outcome: 'unknown-cluster', name: 'prod-eats', nearest: cluster, known: [cluster] },
];
