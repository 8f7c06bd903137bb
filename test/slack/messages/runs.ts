import type { ClusterPolicy, Language } from '../../../src/domain/policy/policy.ts';
import { finding } from '../../../src/domain/preflight/finding.ts';
import type { Plan } from '../../../src/domain/preflight/plan.ts';
import type { BackupRun, Vote } from '../../../src/domain/run/run.ts';
import type { CardContext } from '../../../src/slack/messages/run/card.ts';
import { policyOf } from '../../support/policies.ts';
import { aRun } from '../../support/runs.ts';

/** A night in Seoul: 2026-11-24 02:31 there. */
export const askedAt = Date.UTC(2026, 10, 23, 17, 31, 5);

const usual = policyOf('prod-east');

export const policy: ClusterPolicy = {
  ...usual,
  channel: 'C0PLATFORM',
  timeZone: 'Asia/Seoul',
  offPeak: { fromMinute: 60, toMinute: 300 },
  approval: { ...usual.approval, approvers: ['U0APPROVER', 'U0ONCALL'] },
  session: { ...usual.session, namespace: 'etcd-backup', commandDeadlineMs: 30_000 },
};

export function contextIn(language: Language): CardContext {
  return { language, timeZone: 'Asia/Seoul', now: askedAt + 120_000, command: '/etcd-backup', policy };
}

export const plan: Plan = {
  clusterId: '6b0f2d4c-7a0e-4a53-9a44-3a4c1b2d9f10',
  infrastructureName: 'prod-east-x7k2p',
  apiUrl: 'https://api.prod-east.example.com:6443',
  zStream: '4.16.8',
  releaseImage: 'quay.io/openshift-release-dev/ocp-release@sha256:1f6c',
  topology: 'HighlyAvailable',
  node: 'master-1',
  nodeIp: '10.0.0.12',
  directory: '/home/core/assets/backup/2026-11-23T173105Z-r-k7m2p9qx',
  sessionImage: 'quay.io/openshift-release-dev/ocp-v4.0-art-dev@sha256:02ab',
  proxyInUse: true,
  encryptionType: 'aescbc',
  members: ['master-0', 'master-1', 'master-2'],
  approvalsNeeded: 1,
  approvers: ['U0APPROVER', 'U0ONCALL'],
  selfApproval: false,
};

export const findings = [
  finding('passed', 'topology.runs', { topology: 'HighlyAvailable' }),
  finding('passed', 'version.settled', { version: '4.16.8' }),
  finding('passed', 'certificates.rotated', { installedAt: Date.UTC(2025, 2, 1, 8, 0) }),
  finding('passed', 'etcd.available', { message: '3 members are available' }),
  finding('passed', 'node.chosen', { node: 'master-1', because: 'named' }),
  finding('passed', 'off-peak.inside', { window: '01:00–05:00', timeZone: 'Asia/Seoul' }),
  finding('passed', 'proxy.exported', {}),
  finding('warning', 'proxy.node-not-excluded', { nodeIp: '10.0.0.12' }),
  finding('warning', 'operator.degraded', {
    name: 'kube-scheduler',
    message: 'StaticPodsDegraded: pod <kube-scheduler-master-2> is not ready',
  }),
  finding('later', 'disk.later', {}),
  finding('later', 'script.later', { path: '/usr/local/bin/cluster-backup.sh' }),
];

export const blocked = [
  ...findings.slice(0, 2),
  finding('blocker', 'certificates.too-young', {
    installedAt: askedAt - 3 * 3_600_000,
    retryAt: askedAt + 21 * 3_600_000,
  }),
  finding('blocker', 'operator.progressing', {
    name: 'etcd',
    message: 'NodeInstallerProgressing: 1 node is at revision 7; 2 nodes are at revision 8',
  }),
];

export const approval: Vote = {
  person: { slackUser: 'U0APPROVER', clusterUser: 'approver' },
  decision: 'approve',
  reason: undefined,
  at: askedAt + 60_000,
  status: 'counted',
};

export function run(change: Partial<BackupRun>): BackupRun {
  return aRun({
    id: 'r-k7m2p9qx',
    requester: { slackUser: 'U0REQUESTER', clusterUser: 'requester' },
    reason: 'before the network change',
    nodeWanted: 'master-1',
    askedIn: 'C0PLATFORM',
    requestedAt: askedAt,
    ...change,
  });
}

const planned = { plan, findings, expiresAt: askedAt + 3_600_000 };
const started = { ...planned, votes: [approval], startedAt: askedAt + 61_000 };
const ended = { finishedAt: askedAt + 102_000 };

/** One run for every status, as it would really be. */
export const runs = {
  requested: run({}),
  waiting: run({ status: 'waiting', ...planned }),
  approved: run({ status: 'approved', ...planned, votes: [approval] }),
  running: run({ status: 'running', ...started, step: 'running-script' }),
  succeeded: run({
    status: 'succeeded',
    ...started,
    ...ended,
    success: {
      scriptMs: 1_700,
      sessionPodLeft: undefined,
      artifacts: {
        snapshot: {
          path: `${plan.directory}/snapshot_2026-11-23_173207.db`,
          size: 108_146_720,
          sha256: '1f0c'.padEnd(64, '7'),
          status: { hash: 1, revision: 5346, totalKey: 8124, totalSize: 108_146_688, version: undefined },
        },
        resources: {
          path: `${plan.directory}/static_kuberesources_2026-11-23_173207.tar.gz`,
          size: 74_131,
          sha256: 'ab42'.padEnd(64, '9'),
        },
      },
    },
  }),
  failed: run({
    status: 'failed',
    ...started,
    ...ended,
    step: 'running-script',
    failed: {
      failure: { kind: 'script-operator-progressing', params: { operator: 'etcd' } },
      step: 'running-script',
      outputTail: [
        'found latest etcd-pod: /etc/kubernetes/…',
        'Currently the etcd operator is progressing. Aborting!',
      ],
      left: { node: 'master-1', paths: [], sessionPod: undefined },
    },
  }),
  blocked: run({ status: 'blocked', findings: blocked, ...ended }),
  refused: run({ status: 'refused', ...ended }),
  rejected: run({
    status: 'rejected',
    ...planned,
    ...ended,
    endedBy: { slackUser: 'U0APPROVER', clusterUser: 'approver' },
    endReason: 'not during the release',
  }),
  cancelled: run({
    status: 'cancelled',
    ...planned,
    ...ended,
    endedBy: { slackUser: 'U0REQUESTER', clusterUser: 'requester' },
  }),
  expired: run({ status: 'expired', ...planned, finishedAt: askedAt + 3_600_000 }),
} satisfies Record<BackupRun['status'], BackupRun>;
