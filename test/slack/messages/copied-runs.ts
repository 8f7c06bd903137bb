import type { FileCopy } from '../../../src/domain/copies/file-copy.ts';
import { plannedCopy } from '../../../src/domain/copies/planned-copy.ts';
import type { BackupRun, FailedDrill, RunSuccess } from '../../../src/domain/run/run.ts';
import { askedAt, plan, run, runs } from './runs.ts';

const prefix = 'prod-east/2026-11-23T173206Z-4.16.8-r-k7m2p9qx';
const plain = runs.succeeded.success as RunSuccess;
const { artifacts } = plain;
const minuteMs = 60_000;

/** Proven on a file share, in the clear. */
export const snapshotCopy: FileCopy = {
  file: 'snapshot',
  destination: 'nas-1',
  place: { kind: 'directory', path: '/srv/backups' },
  custodians: ['storage team'],
  encryptFor: [],
  key: `${prefix}/snapshot_2026-11-23_173207.db`,
  location: `/srv/backups/${prefix}/snapshot_2026-11-23_173207.db`,
  tries: 1,
  stored: {
    size: artifacts.snapshot.size,
    sha256: artifacts.snapshot.sha256,
    at: askedAt + 70_000,
    lockedUntil: undefined,
  },
  provenAt: askedAt + 75_000,
  failure: undefined,
  nextTryAt: undefined,
};

/** Proven in a bucket, locked, for two recipients. */
export const resourcesCopy: FileCopy = {
  file: 'resources',
  destination: 'vault-s3',
  place: { kind: 's3', bucket: 'etcd-keys', endpoint: null, region: 'eu-central-1' },
  custodians: [],
  encryptFor: [
    { name: 'ops-a', publicKey: 'age1recipientone' },
    { name: 'ops-b', publicKey: 'age1recipienttwo' },
  ],
  key: `${prefix}/static_kuberesources_2026-11-23_173207.tar.gz.age`,
  location: `s3://etcd-keys/${prefix}/static_kuberesources_2026-11-23_173207.tar.gz.age`,
  tries: 1,
  stored: {
    size: 74_563,
    sha256: 'c0de'.padEnd(64, '5'),
    at: askedAt + 65_000,
    lockedUntil: askedAt + 90 * 86_400_000,
  },
  provenAt: askedAt + 66_000,
  failure: undefined,
  nextTryAt: undefined,
};

export const failedCopy: FileCopy = {
  ...resourcesCopy,
  tries: 3,
  stored: undefined,
  provenAt: undefined,
  failure: {
    kind: 'unreachable',
    detail: 'put of an object in s3://etcd-keys: expected an answer, got ECONNREFUSED.',
    at: askedAt + 90_000,
  },
  nextTryAt: askedAt + 12 * minuteMs,
};

/** Proven earlier; the newest look did not get there. */
export const unreadCopy: FileCopy = {
  ...resourcesCopy,
  unread: {
    kind: 'unreachable',
    detail: 'open of an object in s3://etcd-keys: expected an answer, got ECONNREFUSED.',
    at: askedAt + 60 * minuteMs,
  },
};

/** Read back, and another digest: not tried again. */
export const rottenCopy: FileCopy = {
  ...snapshotCopy,
  provenAt: undefined,
  failure: { kind: 'sha256', detail: 'read back 108146720 bytes with another SHA-256.', at: askedAt },
};

const planCopies = [snapshotCopy, resourcesCopy].map(plannedCopy);
const copyPlan = { ...plan, copies: planCopies };

export function succeededWith(success: Partial<RunSuccess>): BackupRun & { readonly success: RunSuccess } {
  return {
    ...runs.succeeded,
    plan: copyPlan,
    success: { ...plain, ...success },
  };
}

export const copied = {
  waiting: run({ ...runs.waiting, plan: copyPlan }),
  'waiting-risky': run({
    ...runs.waiting,
    plan: {
      ...plan,
      copies: [
        plannedCopy({ ...snapshotCopy, encryptFor: resourcesCopy.encryptFor.slice(0, 1) }),
        plannedCopy({ ...resourcesCopy, destination: 'nas-1', encryptFor: [] }),
      ],
    },
  }),
  copying: run({
    ...runs.running,
    plan: copyPlan,
    step: 'copying',
    copyProgress: [
      {
        file: 'snapshot',
        bytes: 54_525_952,
        total: 108_146_720,
        startedAt: askedAt + 64_000,
        at: askedAt + 66_000,
      },
      { file: 'resources', bytes: 74_131, total: 74_131, startedAt: askedAt + 64_000, at: askedAt + 64_100 },
    ],
  }),
  proven: succeededWith({
    copies: [snapshotCopy, resourcesCopy],
    onNode: 'removed',
    drill: { ok: true, revision: 5346, keys: 8_124, at: askedAt + 80_000 },
  }),
  failed: succeededWith({ copies: [snapshotCopy, failedCopy], onNode: 'kept' }),
  unread: succeededWith({ copies: [snapshotCopy, unreadCopy], onNode: 'removed' }),
  rotten: succeededWith({
    copies: [rottenCopy, resourcesCopy],
    onNode: 'removed',
    drill: {
      ok: false,
      failure: { kind: 'revision-differs', expected: 5346, found: 5340 },
      why: 'the restored etcd is at revision 5340, the snapshot at 5346',
      at: askedAt + 80_000,
    },
  }),
  damaged: succeededWith({ copies: [rottenCopy, resourcesCopy], onNode: 'removed' }),
  removed: succeededWith({
    copies: [snapshotCopy, resourcesCopy].map((copy) => ({
      ...copy,
      stored: undefined,
      provenAt: undefined,
      prunedAt: askedAt + 90_000,
    })),
    onNode: 'removed',
  }),
  disproven: drilledAs({
    failure: {
      kind: 'status-failed',
      detail: 'panic: assertion failed: Page expected to be: 11, but self identifies as 9999',
    },
    verdict: 'does-not-restore',
    because: 'page-error',
  }),
  'disproven-by-control': drilledAs({
    failure: {
      kind: 'etcd-not-started',
      detail: 'panic: runtime error: index out of range [3] with length 3',
    },
    verdict: 'does-not-restore',
    because: 'control-restored',
    control: 'r-9p8q7r6s',
  }),
  inconclusive: drilledAs({
    failure: { kind: 'restore-failed', detail: 'panic: something that was never seen before' },
    verdict: 'inconclusive',
    because: 'other-minor',
    tools: '3.4.23',
  }),
  'not-drilled': drilledAs({
    failure: { kind: 'no-tools', minor: '3.5' },
    verdict: 'not-made',
    because: 'place',
  }),
  'drill-killed': succeededWith({
    copies: [snapshotCopy, resourcesCopy],
    onNode: 'removed',
    drill: { ok: true, revision: 5346, keys: 8_124, at: askedAt + 80_000 },
    drillTry: {
      ok: false,
      failure: { kind: 'process-ended' },
      verdict: 'not-made',
      because: 'place',
      why: 'x',
      at: askedAt + 90_000,
    },
  }),
} satisfies Record<string, BackupRun>;

function drilledAs(drill: Partial<FailedDrill>): BackupRun {
  return succeededWith({
    copies: [snapshotCopy, resourcesCopy],
    onNode: 'removed',
    drill: { ok: false, why: 'x', at: askedAt + 80_000, tools: '3.5.16', needs: '3.5', ...drill },
  });
}
