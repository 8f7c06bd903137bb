import { manifestCopy } from '../copies/file-copy.ts';
import {
  type FileKind,
  fileKinds,
  type Manifest,
  type ManifestCopy,
  type ManifestEtcd,
  type ManifestFacts,
  type ManifestFile,
  manifestSchema,
} from '../copies/manifest-document.ts';
import type { Person } from '../people/person.ts';
import type { Plan } from '../preflight/plan.ts';
import { approversOf } from '../run/approval.ts';
import { type BackupRun, type RunSuccess, takenAt } from '../run/run.ts';
import { withoutEnd } from '../text/trimmed.ts';
import { overlaid, sorted } from './json-overlay.ts';
import { manifestDrill } from './manifest-drill.ts';
import { manifestMark } from './manifest-mark.ts';

/**
 * The manifest of a run, from its record: the same record always gives the same manifest. Undefined: its backup was not to
 * leave the cluster.
 */
export function manifestOf(run: BackupRun): Manifest | undefined {
  const { plan, success } = run;
  const facts = success?.manifestFacts;
  if (!plan || !success || !facts) return undefined;
  const manifest: Manifest = {
    schema: manifestSchema,
    runId: run.id,
    ...planPart(run, plan, success),
    etcd: etcdPart(success, facts),
    ...(facts.etcdMembers ? { etcdMembers: facts.etcdMembers } : {}),
    staticPods: facts.staticPods,
    signers: facts.signers,
    files: { snapshot: filePart('snapshot', success), resources: filePart('resources', success) },
    people: {
      requester: person(run.requester),
      approvers: approversOf(run).map(person),
      reason: run.reason ?? null,
      emergency: run.emergency ?? null,
    },
    thread: facts.thread ?? null,
    times: {
      requested: utc(run.requestedAt),
      started: utc(takenAt(run)),
      ...(facts.scriptEndedAt === undefined ? {} : { scriptEnded: utcUp(facts.scriptEndedAt) }),
      finished: utc(facts.finishedAt),
      ...(run.published?.at === undefined ? {} : { written: new Date(run.published.at).toISOString() }),
    },
    ...(success.drill ? { drill: manifestDrill(success.drill) } : {}),
    ...(run.abandoned ? { abandoned: manifestMark(run.abandoned) } : {}),
  };
  return facts.extra ? (overlaid({ ...manifest }, facts.extra) as unknown as Manifest) : manifest;
}

function planPart({ cluster, nodeClock }: BackupRun, plan: Plan, { artifacts: { machine } }: RunSuccess) {
  return {
    cluster: {
      name: cluster,
      id: plan.clusterId,
      infrastructureName: plan.infrastructureName,
      apiUrl: plan.apiUrl,
    },
    release: { zStream: plan.zStream, image: plan.releaseImage },
    topology: plan.topology,
    node: {
      name: plan.node,
      ip: plan.nodeIp,
      ...(machine === undefined ? {} : { machine }),
      ...(nodeClock === undefined ? {} : { clockAheadMs: nodeClock.aheadMs }),
    },
    members: plan.members,
    encryptionType: plan.encryptionType,
    proxyUsed: plan.proxyInUse,
  };
}

function etcdPart({ artifacts }: RunSuccess, { etcdctlVersion }: ManifestFacts): ManifestEtcd {
  const { status } = artifacts.snapshot;
  return {
    etcdctlVersion: etcdctlVersion ?? null,
    revision: status?.revision ?? null,
    totalKey: status?.totalKey ?? null,
    hash: status?.hash ?? null,
    totalSize: status?.totalSize ?? null,
    version: status?.version ?? null,
  };
}

function filePart(kind: FileKind, { artifacts, copies = [] }: RunSuccess): ManifestFile {
  const { path, size, sha256 } = artifacts[kind];
  const stored = copies.flatMap((copy) => (copy.file === kind ? (manifestCopy(copy) ?? []) : []));
  return { name: baseName(path), nodePath: path, size, sha256, copies: stored };
}

function person({ slackUser, clusterUser }: Person): Person {
  return { slackUser, clusterUser };
}

/** ms UTC → `2026-11-23T06:14:44Z` */
export function utc(at: number): string {
  return new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

/** Never earlier than it was: a second may decide whether a snapshot can still hold an object. */
function utcUp(at: number): string {
  return utc(Math.ceil(at / 1000) * 1000);
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
