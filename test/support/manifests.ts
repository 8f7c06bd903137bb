import { known } from '../../src/domain/cluster/reading.ts';
import {
  buildManifest,
  type Manifest,
  type ManifestCopy,
  type ManifestInput,
} from '../../src/domain/restore/manifest.ts';
import { objectKeys } from '../../src/domain/restore/object-keys.ts';
import { aPlan, aRun } from './runs.ts';

export const startedAt = Date.UTC(2026, 10, 23, 6, 14, 44);
export const dayMs = 86_400_000;
const snapshotName = 'snapshot_2026-11-23_061444.db';
const resourcesName = 'static_kuberesources_2026-11-23_061444.tar.gz';
const person = (name: string) => ({ slackUser: `U0${name.toUpperCase()}`, clusterUser: name });

/** Snapshot on a file share in the clear, resources in a bucket for two recipients; both read back. */
export function copiesOf(prefix: string): ManifestInput['copies'] {
  const snapshot: ManifestCopy = {
    destination: 'nas-1',
    place: { kind: 'directory', path: '/srv/backups/etcd' },
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

export function manifestInput(change: Partial<ManifestInput> = {}): ManifestInput {
  const directory = aPlan.directory;
  const run = aRun({
    plan: aPlan,
    startedAt,
    requestedAt: startedAt - 600_000,
    requester: person('requester'),
    reason: 'before the network change',
    votes: [
      {
        person: person('approver'),
        decision: 'approve',
        reason: undefined,
        at: startedAt - 1000,
        status: 'counted',
      },
      {
        person: person('viewer'),
        decision: 'approve',
        reason: undefined,
        at: startedAt - 2000,
        status: 'refused',
      },
    ],
  });
  const { prefix } = objectKeys({
    cluster: run.cluster,
    startedAt,
    zStream: aPlan.zStream,
    runId: run.id,
    fileNames: { snapshot: snapshotName, resources: resourcesName },
    encrypted: { snapshot: false, resources: true },
  });
  return {
    run,
    plan: aPlan,
    artifacts: {
      snapshot: {
        path: `${directory}/${snapshotName}`,
        size: 108146720,
        sha256: 'a'.repeat(64),
        status: {
          hash: 3094756495,
          revision: 5346,
          totalKey: 12009,
          totalSize: 108146688,
          version: undefined,
        },
      },
      resources: { path: `${directory}/${resourcesName}`, size: 80000, sha256: 'b'.repeat(64) },
    },
    report: {
      etcdctlVersion: '3.5.16',
      latest: {
        'kube-apiserver': '/etc/kubernetes/static-pod-resources/kube-apiserver-pod-7',
        etcd: '/etc/kubernetes/static-pod-resources/etcd-pod-2',
      },
    },
    caBundles: [
      bundle('csr-controller-ca', [20, 50]),
      bundle('kube-apiserver-aggregator-client-ca', [-1, 30]),
    ],
    copies: copiesOf(prefix),
    thread: 'https://example.slack.com/archives/C1/p1795414484000100',
    finishedAt: startedAt + 47_000,
    ...change,
  };
}

/** A public CA bundle whose certificates expire so many days after the backup. */
export function bundle(name: string, days: readonly number[]): ManifestInput['caBundles'][number] {
  const certificates = days.map((day) => ({
    subject: `OU=openshift\nCN=${name}_${day}`,
    notBefore: startedAt - 30 * dayMs,
    notAfter: startedAt + day * dayMs,
  }));
  return { name, bundle: known({ name, certificates }) };
}

type Change = Partial<Omit<Manifest, 'schema'>>;

export function aManifest(change: Change = {}): Manifest {
  return { ...buildManifest(manifestInput()), ...change };
}

/** The same backup of another time, release or run. */
export function manifestOf(p: {
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
  return {
    ...base,
    runId: p.runId,
    topology: p.topology ?? base.topology,
    release: { ...base.release, zStream: p.zStream ?? base.release.zStream },
    times: { requested: at, started: at, finished: at },
    files: { snapshot: file('snapshot'), resources: file('resources') },
  };
}
