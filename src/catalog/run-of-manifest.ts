import type { FileCopy } from '../domain/copies/file-copy.ts';
import { fileKinds, type Manifest } from '../domain/copies/manifest-document.ts';
import { plannedCopy } from '../domain/copies/planned-copy.ts';
import type { MessagePlace } from '../domain/people/message-place.ts';
import { drillOf } from '../domain/restore/manifest-drill.ts';
import { factsOf, publishedOf } from '../domain/restore/manifest-facts.ts';
import { markFrom } from '../domain/restore/manifest-mark.ts';
import type { BackupRun, RunSuccess, Vote } from '../domain/run/run.ts';
import { foundCopies, type RunInput } from './found-copies.ts';

/**
 * The run as it would be on record, as far as its manifest says: without findings, refused votes and what the script took.
 * Copies that are not where the manifest says count as gone, so that no restore is led to them.
 */
export function runOfManifest(input: RunInput): BackupRun {
  const { manifest, policy } = input;
  const { people, times, cluster, node } = manifest;
  const copies = foundCopies(input);
  const startedAt = Date.parse(times.started);
  const card = cardOf(manifest.thread);
  const success = successOf(manifest, copies);
  const published = publishedOf(manifest);
  const abandoned = markFrom(manifest);
  const run = {
    id: manifest.runId,
    cluster: cluster.name,
    status: 'succeeded',
    requester: people.requester,
    origin: { kind: 'command' },
    reason: people.reason ?? undefined,
    emergency: people.emergency ?? undefined,
    nodeWanted: undefined,
    askedIn: card?.channel ?? policy?.channel ?? '',
    requestedAt: Date.parse(times.requested),
    plan: planOf(manifest, copies),
    planRevision: 1,
    planChanges: [],
    findings: [],
    votes: people.approvers.map((person): Vote => {
      return { person, decision: 'approve', reason: undefined, at: startedAt, status: 'counted' };
    }),
    expiresAt: undefined,
    startedAt,
    finishedAt: Date.parse(times.finished),
    step: undefined,
    success,
    ...(node.clockAheadMs === undefined
      ? {}
      : { nodeClock: { aheadMs: node.clockAheadMs, at: Date.parse(times.started) } }),
    ...(published ? { published } : {}),
    ...(abandoned ? { abandoned } : {}),
    failed: undefined,
    endedBy: undefined,
    endReason: undefined,
    card,
  } satisfies BackupRun;
  return { ...run, success: { ...success, manifestFacts: factsOf(manifest, run) } };
}

function successOf(manifest: Manifest, copies: readonly FileCopy[]): RunSuccess {
  const { files, etcd, times } = manifest;
  const { hash, revision, totalKey, totalSize } = etcd;
  const drill = drillOf(manifest);
  const hasStatus = hash !== null && revision !== null && totalKey !== null && totalSize !== null;
  return {
    artifacts: {
      snapshot: {
        path: files.snapshot.nodePath,
        size: files.snapshot.size,
        sha256: files.snapshot.sha256,
        status: hasStatus
          ? { hash, revision, totalKey, totalSize, version: etcd.version ?? undefined }
          : undefined,
      },
      resources: {
        path: files.resources.nodePath,
        size: files.resources.size,
        sha256: files.resources.sha256,
      },
      ...(manifest.node.machine === undefined ? {} : { machine: manifest.node.machine }),
    },
    // The manifest knows no shorter time than that of the whole run.
    scriptMs: Date.parse(times.finished) - Date.parse(times.started),
    sessionPodLeft: undefined,
    copies,
    ...(drill ? { drill } : {}),
  };
}

function planOf(manifest: Manifest, copies: readonly FileCopy[]): BackupRun['plan'] {
  const { cluster, release, node, files, people } = manifest;
  const { nodePath } = files.snapshot;
  return {
    clusterId: cluster.id,
    infrastructureName: cluster.infrastructureName,
    apiUrl: cluster.apiUrl,
    zStream: release.zStream,
    releaseImage: release.image,
    topology: manifest.topology,
    node: node.name,
    nodeIp: node.ip,
    directory: nodePath.slice(0, nodePath.lastIndexOf('/')) || '/',
    sessionImage: '',
    proxyInUse: manifest.proxyUsed,
    encryptionType: manifest.encryptionType,
    members: manifest.members,
    approvalsNeeded: people.approvers.length,
    approvers: [],
    selfApproval: false,
    copies: fileKinds.flatMap((kind) => copies.filter(({ file }) => file === kind).map(plannedCopy)),
  };
}

/** `https://<workspace>/archives/C0OPS/p1795414484000100`: later words on the run go into its own thread. */
function cardOf(thread: string | null): MessagePlace | undefined {
  const [, channel, seconds, fraction] =
    /\/archives\/([A-Z0-9]+)\/p(\d{10})(\d{6})(?:\?|$)/.exec(thread ?? '') ?? [];
  if (channel === undefined || seconds === undefined) return undefined;
  return { channel, ts: `${seconds}.${fraction}` };
}
