import assert from 'node:assert/strict';
import type { BackupArtifacts } from '../../src/domain/backup/artifacts.ts';
import type { ClusterFacts } from '../../src/domain/cluster/facts.ts';
import { known } from '../../src/domain/cluster/reading.ts';
import type { FileKind, Manifest, ManifestCopy } from '../../src/domain/copies/manifest-document.ts';
import { manifestOf } from '../../src/domain/restore/manifest.ts';
import { factsOf, manifestFacts } from '../../src/domain/restore/manifest-facts.ts';
import { objectKeys } from '../../src/domain/restore/object-keys.ts';
import type { BackupRun, RunSuccess, Vote } from '../../src/domain/run/run.ts';
import { aPlan, aRun } from './runs.ts';

export const startedAt = Date.UTC(2026, 10, 23, 6, 14, 44);
export const dayMs = 86_400_000;
const snapshotName = 'snapshot_2026-11-23_061444.db';
const resourcesName = 'static_kuberesources_2026-11-23_061444.tar.gz';
const person = (name: string) => ({ slackUser: `U0${name.toUpperCase()}`, clusterUser: name });

/** Snapshot on a file share in the clear, resources in a bucket for two recipients; both read back. */
function copiesOf(prefix: string): Readonly<Record<FileKind, readonly ManifestCopy[]>> {
  const snapshot: ManifestCopy = {
    destination: 'nas-1',
    place: {
      kind: 'directory',
      path: '/srv/backups/etcd',
      where: 'NFS export nas-1.example.com:/srv/etcd-backups',
    },
    key: `${prefix}${snapshotName}`,
    storedSize: 108146720,
    storedSha256: 'a'.repeat(64),
    encryptedFor: [],
    custodians: ['storage team'],
    lockedUntil: null,
    provenAt: '2026-11-23T06:15:31Z',
  };
  const resources: ManifestCopy = {
    destination: 'vault-s3',
    place: {
      kind: 's3',
      bucket: 'etcd-keys',
      endpoint: 'https://s3.example.com',
      region: 'eu-central-1',
      authorities: [{ subject: 'O=Example, CN=Storage CA', fingerprint: Array(32).fill('AB').join(':') }],
    },
    key: `${prefix}${resourcesName}.age`,
    storedSize: 81408,
    storedSha256: 'c'.repeat(64),
    encryptedFor: [
      { name: 'platform-lead', publicKey: 'age1recipientone' },
      { name: 'security-officer', publicKey: 'age1recipienttwo' },
    ],
    custodians: [],
    lockedUntil: '2027-02-21T00:00:00Z',
    provenAt: '2026-11-23T06:15:02Z',
  };
  return { snapshot: [snapshot], resources: [resources] };
}

const { directory } = aPlan;
const artifacts: BackupArtifacts = {
  snapshot: {
    path: `${directory}/${snapshotName}`,
    size: 108146720,
    sha256: 'a'.repeat(64),
    status: { hash: 3094756495, revision: 5346, totalKey: 12009, totalSize: 108146688, version: undefined },
  },
  resources: { path: `${directory}/${resourcesName}`, size: 80000, sha256: 'b'.repeat(64) },
};

export const factsRead = {
  report: {
    etcdctlVersion: '3.5.16',
    latest: {
      'kube-apiserver': '/etc/kubernetes/static-pod-resources/kube-apiserver-pod-7',
      etcd: '/etc/kubernetes/static-pod-resources/etcd-pod-2',
    },
  },
  etcdMembers: {
    readAt: '2026-11-23T06:14:43.250Z',
    list: [0, 1, 2].map((index) => ({
      node: `master-${index}`,
      address: `172.31.77.${10 + index}`,
      id: ['20841a002de00821', '248ff1817228a82b', 'b12c0c72d112e294'][index] ?? null,
      raftIndex: 6208 - index,
      learner: false,
      leader: index === 1,
    })),
  },
  scriptEndedAt: startedAt + 9_000,
  caBundles: [bundle('csr-controller-ca', [20, 50]), bundle('kube-apiserver-aggregator-client-ca', [-1, 30])],
  thread: 'https://example.slack.com/archives/C1/p1795414484000100',
  finishedAt: startedAt + 47_000,
};

type Succeeded = BackupRun & { readonly success: RunSuccess };

/** A run that succeeded, before any of its files was copied. */
export function aBackup(change: Partial<RunSuccess> = {}): Succeeded {
  return {
    ...aRun({
      status: 'succeeded',
      plan: aPlan,
      startedAt,
      requestedAt: startedAt - 600_000,
      requester: person('requester'),
      reason: 'before the network change',
      votes: [vote('approver', startedAt - 1000, 'counted'), vote('viewer', startedAt - 2000, 'refused')],
    }),
    success: {
      artifacts,
      scriptMs: 5_000,
      sessionPodLeft: undefined,
      manifestFacts: manifestFacts(factsRead),
      ...change,
    },
  };
}

function vote(name: string, at: number, status: Vote['status']): Vote {
  return { person: person(name), decision: 'approve', reason: undefined, at, status };
}

/** Of a backup whose manifest knows these copies. */
export function manifestOfBackup(run: BackupRun): Manifest {
  return manifestOf(run) ?? assert.fail(`run ${run.id} has no manifest`);
}

/** A public CA bundle whose certificates expire so many days after the backup. */
export function bundle(name: string, days: readonly number[]): ClusterFacts['caBundles'][number] {
  const certificates = days.map((day) => ({
    subject: `OU=openshift\nCN=${name}_${day}`,
    notBefore: startedAt - 30 * dayMs,
    notAfter: startedAt + day * dayMs,
  }));
  return { name, bundle: known({ name, certificates }) };
}

type Change = Partial<Omit<Manifest, 'schema'>>;

export function aManifest(change: Change = {}): Manifest {
  const { files, ...manifest } = manifestOfBackup(aBackup());
  const { prefix } = objectKeys({
    cluster: manifest.cluster.name,
    startedAt,
    zStream: aPlan.zStream,
    runId: manifest.runId,
    fileNames: { snapshot: snapshotName, resources: resourcesName },
    encrypted: { snapshot: false, resources: true },
  });
  const copies = copiesOf(prefix);
  return {
    ...manifest,
    files: {
      snapshot: { ...files.snapshot, copies: copies.snapshot },
      resources: { ...files.resources, copies: copies.resources },
    },
    ...change,
  };
}

/** A run that has copies, with what is kept of a manifest that was read. */
export function withManifest<Run extends Succeeded>(run: Run, manifest: Manifest): Run {
  return { ...run, success: { ...run.success, manifestFacts: factsOf(manifest, run) } };
}

/** As many as the topology has, the last one an arbiter where there is one. */
function membersOf({ etcdMembers }: Manifest, topology: string): Pick<Manifest, 'members' | 'etcdMembers'> {
  const count = topology === 'SingleReplica' ? 1 : topology === 'DualReplica' ? 2 : 3;
  const arbiter = topology === 'HighlyAvailableArbiter';
  const list = (etcdMembers?.list ?? [])
    .slice(0, count)
    .map((each) => (arbiter && each.node === 'master-2' ? { ...each, node: 'arbiter-0', arbiter } : each));
  return {
    members: list.flatMap(({ node }) => node ?? []),
    etcdMembers: etcdMembers && { ...etcdMembers, list },
  };
}

/** The same backup of another time, release or run. */
export function anotherManifest(p: {
  runId: string;
  zStream?: string;
  at?: number;
  topology?: string;
  proven?: readonly ('snapshot' | 'resources')[];
}): Manifest {
  const base = aManifest();
  const at = new Date(p.at ?? startedAt).toISOString();
  const proven = p.proven ?? ['snapshot', 'resources'];
  const file = (kind: 'snapshot' | 'resources') => ({
    ...base.files[kind],
    copies: base.files[kind].copies.map((copy) =>
      proven.includes(kind) ? copy : { ...copy, provenAt: null },
    ),
  });
  const topology = p.topology ?? base.topology;
  return {
    ...base,
    ...membersOf(base, topology),
    runId: p.runId,
    topology,
    release: { ...base.release, zStream: p.zStream ?? base.release.zStream },
    times: { requested: at, started: at, finished: at },
    files: { snapshot: file('snapshot'), resources: file('resources') },
  };
}
