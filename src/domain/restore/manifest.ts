import type { BackupArtifacts } from '../backup/artifacts.ts';
import type { ScriptReport } from '../backup/script-output.ts';
import type { ClusterFacts } from '../cluster/facts.ts';
import {
  type FileKind,
  fileKinds,
  type Manifest,
  type ManifestCopy,
  type ManifestEtcd,
  type ManifestFile,
  type ManifestSigner,
  manifestSchema,
} from '../copies/manifest-document.ts';
import type { Person } from '../people/person.ts';
import type { Plan } from '../preflight/plan.ts';
import { approversOf } from '../run/approval.ts';
import { type BackupRun, takenAt } from '../run/run.ts';
import { withoutEnd } from '../text/trimmed.ts';

export * from '../copies/manifest-document.ts';

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
    node: {
      name: plan.node,
      ip: plan.nodeIp,
      ...(artifacts.machine === undefined ? {} : { machine: artifacts.machine }),
    },
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
      started: utc(takenAt(run)),
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

/** `s3://bucket/prefix/key` or an absolute path. */
export function locationOf(copy: Pick<ManifestCopy, 'place' | 'key'>): string {
  const { place, key } = copy;
  if (place.kind === 'directory') return `${withoutEnd(place.path, '/')}/${key}`;
  const { bucket, prefix } = place;
  return prefix === undefined ? `s3://${bucket}/${key}` : `s3://${bucket}/${prefix}/${key}`;
}

/** The copies that were read back: only those may be called a backup. */
export function provenCopies(file: ManifestFile): readonly ManifestCopy[] {
  return file.copies.filter((copy) => copy.provenAt !== null);
}

/** Names of all destinations that a copy of either file is named for; one may come twice. */
export function destinationsOf({ files }: Manifest): readonly string[] {
  return fileKinds.flatMap((kind) => files[kind].copies.map(({ destination }) => destination));
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
