import type { RetentionStop } from '../../../src/domain/copies/retention-stop.ts';
import type { Actor } from '../../../src/domain/people/audit.ts';
import { type Finding, finding } from '../../../src/domain/preflight/finding.ts';
import type { PlanChange } from '../../../src/domain/preflight/plan.ts';
import type { ThreadEntry } from '../../../src/domain/run/notice.ts';
import type { CannotPost, PrivateMessage } from '../../../src/domain/run/private-message.ts';
import type { BackupRun, Vote } from '../../../src/domain/run/run.ts';
import { approval, askedAt, blocked, plan, run, runs } from './runs.ts';

const emergency = 'etcd is losing members, nobody else is up';
const alone = { emergency, reason: undefined, votes: [] };

const changes: readonly PlanChange[] = [
  { field: 'zStream', approved: '4.16.8', now: '4.16.9' },
  {
    field: 'releaseImage',
    approved: `quay.io/openshift-release-dev/ocp-release@sha256:${'1f6c'.repeat(16)}`,
    now: `quay.io/openshift-release-dev/ocp-release@sha256:${'02ab'.repeat(16)}`,
  },
  { field: 'proxyInUse', approved: 'true', now: 'false' },
];
const newPlan = { ...plan, zStream: '4.16.9', proxyInUse: false };

function refusedVote(slackUser: string, why: NonNullable<Vote['why']>): Vote {
  return { ...approval, person: { slackUser, clusterUser: slackUser }, status: 'refused', why };
}

const scheduled = {
  origin: { kind: 'schedule' },
  requester: { slackUser: 'U0BOT', clusterUser: 'schedule' },
  reason: undefined,
  votes: [],
} as const;

/** Cards that have more to say than their status. */
export const specialRuns = {
  'waiting-scheduled': run({ ...runs.waiting, ...scheduled }),
  'approved-scheduled': run({
    ...runs.approved,
    ...scheduled,
    plan: { ...plan, approvalsNeeded: 0 },
  }),
  'waiting-changed': run({
    ...runs.waiting,
    plan: newPlan,
    planRevision: 2,
    planChanges: changes,
  }),
  'waiting-refused-votes': run({
    ...runs.waiting,
    votes: [
      refusedVote('U0VIEWER', 'not-cluster-admin'),
      refusedVote('U0GUEST', 'refused-person'),
      refusedVote('U0APPROVER', 'rights-unreadable'),
      refusedVote('U0ONCALL', 'profile-unreadable'),
      refusedVote('U0APPROVER', 'blocked-now'),
    ],
  }),
  'emergency-requested': run({ ...runs.requested, ...alone }),
  'emergency-approved': run({ ...runs.approved, ...alone }),
  'emergency-succeeded': run({ ...runs.succeeded, ...alone }),
  'emergency-waiting': run({
    ...runs.waiting,
    ...alone,
    reason: 'before the network change',
    plan: newPlan,
    planRevision: 2,
    planChanges: changes,
  }),
} satisfies Record<string, BackupRun>;

const bot: Actor = { kind: 'bot' };
const requester: Actor = { kind: 'person', slackUser: 'U0REQUESTER', clusterUser: 'requester' };
const voided = Object.fromEntries(changes.map((each) => [each.field, `${each.approved} → ${each.now}`]));
const events = [
  { actor: requester, action: 'requested', detail: { emergency } },
  { actor: requester, action: 'break-glass', detail: { emergency, toldOwners: 'U0OWNER, U0SECOND' } },
  { actor: requester, action: 'break-glass', detail: { emergency, owners: '' } },
  { actor: bot, action: 'owners-told', detail: { told: 'U0OWNER, U0SECOND', notTold: '' } },
  { actor: bot, action: 'owners-told', detail: { told: 'U0OWNER', notTold: 'U0SECOND' } },
  { actor: bot, action: 'owners-told', detail: { told: '', notTold: 'U0OWNER' } },
  { actor: requester, action: 'vote-refused', detail: { decision: 'approve', why: 'not-cluster-admin' } },
  {
    actor: requester,
    action: 'vote-refused',
    detail: { decision: 'reject', why: 'rights-unreadable', detail: 'timeout after 10 s' },
  },
  {
    actor: requester,
    action: 'vote-refused',
    detail: { decision: 'approve', why: 'blocked-now', detail: 'operator.progressing' },
  },
  { actor: bot, action: 'plan-void', detail: { ...voided, voidedApprovals: 'approver, on-call' } },
  { actor: bot, action: 'plan-void', detail: { node: 'master-1 → master-2' } },
  { actor: bot, action: 'handed-over', detail: { step: 'running-script' } },
  { actor: bot, action: 'resumed', detail: { step: 'running-script' } },
  { actor: bot, action: 'resumed', detail: { step: 'opening-session' } },
  { actor: bot, action: 'resumed', detail: {} },
  {
    actor: bot,
    action: 'leftover-removed',
    detail: { path: '/home/core/assets/backup/2026-11-22T010203Z-r-a2b3c4d5', ofRun: 'r-a2b3c4d5' },
  },
] as const;

/** Lines of the thread that say more than `who did what`. */
const stops: readonly RetentionStop[] = [
  { kind: 'clocks-apart', between: 'bot-api', apartMs: 10_800_000, at: askedAt },
  { kind: 'clocks-apart', between: 'bot-node', apartMs: 420_000, at: askedAt },
  { kind: 'clocks-apart', between: 'api-node', apartMs: 420_000, at: askedAt },
  { kind: 'restore-room', openedAt: askedAt, runId: 'r-a2b3c4d5', at: askedAt },
  { kind: 'clock-unknown', of: 'api', detail: 'connect ECONNREFUSED', at: askedAt },
  { kind: 'clock-unknown', of: 'node', detail: 'the run did not measure it', at: askedAt },
  {
    kind: 'place',
    destination: 'vault',
    detail: 'DELETE of prod/snapshot.db was not answered in 30 s. Look at the network to the bucket.',
    at: askedAt,
  },
  { kind: 'unexpected', detail: 'cluster prod-east left the configuration', at: askedAt },
];

export const threadEntries: readonly ThreadEntry[] = [
  ...events.map((event): ThreadEntry => ({ type: 'audit', event: { at: askedAt, ...event } })),
  { type: 'warning', finding: finding('warning', 'clock.skewed', { node: 'master-1', seconds: -95 }) },
  { type: 'warning', finding: finding('warning', 'clock.skewed', { node: 'master-1', seconds: 4_000 }) },
  ...stops.map((stop): ThreadEntry => ({ type: 'retention-stopped', stop })),
];

const runId = 'r-k7m2p9qx';
export const cannotPostReasons: readonly CannotPost[] = [
  'not-in-channel',
  'channel-not-found',
  'archived',
  'missing-scope',
  'posting-limited',
  'threads-only',
  'no-threads',
  'thread-locked',
  'proxy-refused',
  'refused',
];

export const privateSays: readonly PrivateMessage[] = [
  ...stops.slice(0, 1).map((stop): PrivateMessage => {
    return { type: 'retention-stopped', runId, cluster: 'prod-east', stop };
  }),
  { type: 'vote-void', runId, changes },
  { type: 'blocked-now', runId, findings: blocked.filter((each) => each.outcome === 'blocker') },
  {
    type: 'emergency-started',
    runId,
    cluster: 'prod-east',
    by: { slackUser: 'U0REQUESTER', clusterUser: 'requester' },
    emergency,
  },
  ...cannotPostReasons.map(
    (why): PrivateMessage => ({
      type: 'cannot-post',
      runId,
      channel: 'C0PLATFORM',
      botName: 'etcd-backup',
      why,
      ...(why === 'missing-scope' ? { scope: 'chat:write' } : {}),
      ...(why === 'refused' ? { code: 'invalid_blocks' } : {}),
      keptUntil: askedAt + 24 * 3_600_000,
    }),
  ),
  { type: 'vote-too-late', runId, status: 'rejected' },
  { type: 'vote-too-late', runId, status: 'approved' },
];

/** What a check finds where the bot may read hardly anything: nothing blocks, and yet there is no plan. */
export const unreadable: { readonly node: undefined; readonly findings: readonly Finding[] } = {
  node: undefined,
  findings: [
    finding('passed', 'version.settled', { version: '4.16.8' }),
    finding('warning', 'topology.unreadable', { why: { reason: 'forbidden', detail: '' } }),
  ],
};
