import { approversOf } from './approval.ts';
import type { BackupArtifacts } from './artifacts.ts';
import type { ClusterFacts } from './facts.ts';
import type { Person } from './person.ts';
import type { Plan } from './plan.ts';
import type { BackupRun } from './run.ts';
import type { ScriptReport } from './script-output.ts';

export const manifestSchema = 'etcd-backup-manifest/1';

/** The two files of a backup, by the name that the whole product uses for them. */
export type FileKind = 'snapshot' | 'resources';
export const fileKinds: readonly FileKind[] = ['snapshot', 'resources'];

/**
 * What a person needs at a restore, when cluster, bot and database are gone. A document, so that absent values are null
 * and times are ISO 8601 in UTC. Sizes in bytes, digests SHA-256 in lower-case hex. Holds no secret.
 */
export interface Manifest {
  readonly schema: typeof manifestSchema;
  readonly runId: string;
  readonly cluster: {
    /** As the bot calls it. */
    readonly name: string;
    readonly id: string;
    readonly infrastructureName: string;
    readonly apiUrl: string;
  };
  readonly release: { readonly zStream: string; readonly image: string };
  readonly topology: string;
  readonly node: { readonly name: string; readonly ip: string };
  /** All members of etcd by node name. */
  readonly members: readonly string[];
  readonly etcd: ManifestEtcd;
  /** `kube-apiserver` → `kube-apiserver-pod-7` */
  readonly staticPods: Readonly<Record<string, string>>;
  readonly encryptionType: string;
  readonly proxyUsed: boolean;
  readonly signers: readonly ManifestSigner[];
  readonly files: Readonly<Record<FileKind, ManifestFile>>;
  readonly people: {
    readonly requester: Person;
    readonly approvers: readonly Person[];
    readonly reason: string | null;
    /** Why nobody else was asked (break-glass). */
    readonly emergency: string | null;
  };
  /** Permalink of the run's thread. */
  readonly thread: string | null;
  readonly times: { readonly requested: string; readonly started: string; readonly finished: string };
}

/** The script's own word on the snapshot; null where it printed none (4.4 and 4.5). */
export interface ManifestEtcd {
  readonly etcdctlVersion: string | null;
  readonly revision: number | null;
  readonly totalKey: number | null;
  readonly hash: number | null;
  readonly totalSize: number | null;
  /** Storage version; only etcd 3.6 and later print it. */
  readonly version: string | null;
}

/** A public CA bundle as it was at the time of the backup. */
export interface ManifestSigner {
  readonly bundle: string;
  readonly certificates: readonly { readonly subject: string; readonly notAfter: string }[];
  /** Why it could not be read; null: it was read. */
  readonly unreadable: string | null;
}

export interface ManifestFile {
  readonly name: string;
  readonly nodePath: string;
  readonly size: number;
  readonly sha256: string;
  readonly copies: readonly ManifestCopy[];
}

export type Place =
  | { readonly kind: 'directory'; readonly path: string }
  | {
      readonly kind: 's3';
      readonly bucket: string;
      readonly endpoint: string | null;
      readonly region: string | null;
    };

export interface Recipient {
  readonly name: string;
  readonly publicKey: string;
}

/** One file at one destination. `storedSize` and `storedSha256` are of the bytes as they lie there. */
export interface ManifestCopy {
  readonly destination: string;
  readonly place: Place;
  /** Whole key inside the place. */
  readonly key: string;
  readonly storedSize: number;
  readonly storedSha256: string;
  /** Who can open it with age; empty: it is not encrypted. */
  readonly encryptedFor: readonly Recipient[];
  /** Who can fetch it, in the configuration's words. */
  readonly custodians: readonly string[];
  readonly lockedUntil: string | null;
  /** When it was read back and its digest was right; null: never. */
  readonly provenAt: string | null;
}

export interface ManifestInput {
  readonly run: BackupRun;
  readonly plan: Plan;
  readonly artifacts: BackupArtifacts;
  readonly report: Pick<ScriptReport, 'etcdctlVersion' | 'latest'>;
  readonly caBundles: ClusterFacts['caBundles'];
  readonly copies: Readonly<Record<FileKind, readonly ManifestCopy[]>>;
  readonly thread: string | undefined;
  /** ms UTC */
  readonly finishedAt: number;
}

/** The same input always gives the same manifest. */
export function buildManifest(input: ManifestInput): Manifest {
  const { run, plan, artifacts } = input;
  return {
    schema: manifestSchema,
    runId: run.id,
    cluster: {
      name: run.cluster,
      id: plan.clusterId,
      infrastructureName: plan.infrastructureName,
      apiUrl: plan.apiUrl,
    },
    release: { zStream: plan.zStream, image: plan.releaseImage },
    topology: plan.topology,
    node: { name: plan.node, ip: plan.nodeIp },
    members: [...plan.members],
    etcd: etcdPart(input),
    staticPods: Object.fromEntries(
      Object.entries(input.report.latest).map(([pod, path]) => [pod, baseName(path)]),
    ),
    encryptionType: plan.encryptionType,
    proxyUsed: plan.proxyInUse,
    signers: signersPart(input.caBundles),
    files: {
      snapshot: filePart(artifacts.snapshot, input.copies.snapshot),
      resources: filePart(artifacts.resources, input.copies.resources),
    },
    people: {
      requester: person(run.requester),
      approvers: approversOf(run).map(person),
      reason: run.reason ?? null,
      emergency: run.emergency ?? null,
    },
    thread: input.thread ?? null,
    times: {
      requested: utc(run.requestedAt),
      started: utc(run.startedAt ?? run.requestedAt),
      finished: utc(input.finishedAt),
    },
  };
}

function etcdPart({ artifacts, report }: ManifestInput): ManifestEtcd {
  const status = artifacts.snapshot.status;
  return {
    etcdctlVersion: report.etcdctlVersion ?? null,
    revision: status?.revision ?? null,
    totalKey: status?.totalKey ?? null,
    hash: status?.hash ?? null,
    totalSize: status?.totalSize ?? null,
    version: status?.version ?? null,
  };
}

function signersPart(bundles: ManifestInput['caBundles']): readonly ManifestSigner[] {
  return bundles.map(({ name, bundle }) =>
    bundle.ok
      ? {
          bundle: name,
          certificates: bundle.value.certificates.map(({ subject, notAfter }) => ({
            // Node prints one attribute a line.
            subject: subject.replace(/\p{C}+/gu, ', '),
            notAfter: utc(notAfter),
          })),
          unreadable: null,
        }
      : { bundle: name, certificates: [], unreadable: bundle.why.reason },
  );
}

function filePart(
  file: { readonly path: string; readonly size: number; readonly sha256: string },
  copies: readonly ManifestCopy[],
): ManifestFile {
  const { path, size, sha256 } = file;
  return { name: baseName(path), nodePath: path, size, sha256, copies: [...copies] };
}

function person({ slackUser, clusterUser }: Person): Person {
  return { slackUser, clusterUser };
}

/** ms UTC → `2026-11-23T06:14:44Z` */
export function utc(at: number): string {
  return new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** `s3://bucket/key` or an absolute path. */
export function locationOf(copy: Pick<ManifestCopy, 'place' | 'key'>): string {
  const { place, key } = copy;
  return place.kind === 's3' ? `s3://${place.bucket}/${key}` : `${place.path.replace(/\/+$/, '')}/${key}`;
}

/** The copies that were read back: only those may be called a backup. */
export function provenCopies(file: ManifestFile): readonly ManifestCopy[] {
  return file.copies.filter((copy) => copy.provenAt !== null);
}

/** Both files proven somewhere: half a pair restores nothing. */
export function isProven(manifest: Manifest): boolean {
  return fileKinds.every((kind) => provenCopies(manifest.files[kind]).length > 0);
}

/** Canonical text: `schema` first, every other key in order of its name, 2 spaces, a line feed at the end. */
export function manifestText(manifest: Manifest): string {
  const { schema, ...rest } = manifest;
  return `${JSON.stringify({ schema, ...(sorted(rest) as object) }, null, 2)}\n`;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, sorted(each)]));
}
