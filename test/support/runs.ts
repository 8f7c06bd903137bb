import type { Plan } from '../../src/domain/preflight/plan.ts';
import type { BackupRun } from '../../src/domain/run/run.ts';

/** A plan and a run as they are when nothing is special about them; tests name what is. */
export const aPlan: Plan = {
  clusterId: '6b0f2d4c-7a0e-4a53-9a44-3a4c1b2d9f10',
  infrastructureName: 'lab-x7k2p',
  apiUrl: 'https://api.lab.example.com:6443',
  zStream: '4.16.8',
  releaseImage: 'quay.io/openshift-release-dev/ocp-release@sha256:01',
  topology: 'HighlyAvailable',
  node: 'master-0',
  nodeIp: '172.31.77.10',
  directory: '/home/core/assets/backup/2026-11-23T061444Z-r-abcdefgh',
  sessionImage: 'quay.io/openshift-release-dev/ocp-v4.0-art-dev@sha256:02',
  proxyInUse: false,
  encryptionType: 'aescbc',
  members: ['master-0', 'master-1', 'master-2'],
  approvalsNeeded: 1,
  approvers: [],
  selfApproval: false,
};

export function aRun(change: Partial<BackupRun> = {}): BackupRun {
  return {
    id: 'r-abcdefgh',
    cluster: 'prod-east',
    status: 'requested',
    requester: { slackUser: 'U1', clusterUser: 'requester' },
    origin: { kind: 'command' },
    reason: undefined,
    emergency: undefined,
    planRevision: 1,
    planChanges: [],
    nodeWanted: undefined,
    askedIn: 'C1',
    requestedAt: Date.UTC(2026, 10, 23, 6, 14, 44),
    plan: undefined,
    findings: [],
    votes: [],
    expiresAt: undefined,
    startedAt: undefined,
    finishedAt: undefined,
    step: undefined,
    success: undefined,
    failed: undefined,
    endedBy: undefined,
    endReason: undefined,
    card: undefined,
    ...change,
  };
}
