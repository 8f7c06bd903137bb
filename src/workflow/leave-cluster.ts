import { allProven, type FileCopy } from '../domain/file-copy.ts';
import { buildManifest, type Manifest } from '../domain/manifest.ts';
import { manifestWith } from '../domain/manifest-edition.ts';
import type { Notice } from '../domain/notice.ts';
import type { BackupRun, DrillOutcome, RunSuccess } from '../domain/run.ts';
import type { ScriptReport } from '../domain/script-output.ts';
import { auditEvent } from './audit-events.ts';
import type { OffCluster } from './copy-ports.ts';
import { copyRun } from './copy-run.ts';
import type { NodeSession } from './ports.ts';
import { inTurn, publishManifest } from './publish-manifest.ts';
import type { RunChange } from './records.ts';
import type { RunWork } from './run-work.ts';

/** What a restore needs to know, before any copy exists: it must not be lost when the bot dies in the middle of copying. */
export async function firstManifest(
  work: RunWork,
  success: RunSuccess,
  report: Pick<ScriptReport, 'etcdctlVersion' | 'latest'>,
): Promise<Manifest> {
  const { deps, claim, cluster, plan } = work;
  const [facts, run] = await Promise.all([deps.clusters.facts(cluster), deps.records.run(claim.run.id)]);
  const thread = run?.card && (await deps.self.permalink(run.card));
  return buildManifest({
    run: run ?? claim.run,
    plan,
    artifacts: success.artifacts,
    report,
    caBundles: facts.caBundles,
    copies: { snapshot: [], resources: [] },
    thread,
    finishedAt: deps.clock.now(),
  });
}

/** Copies, reads back, writes the manifests, drills: everything that makes a backup outlive its cluster. On record when done. */
export async function leaveCluster(
  work: RunWork,
  off: OffCluster,
  session: NodeSession,
  before: RunSuccess,
): Promise<RunSuccess> {
  const copies = await copyRun(work, off, session, before);
  // Before the drill, too: that takes minutes in which nobody who finds the files would know what they are.
  const copied = await told(work, off, { ...before, copies });
  const drill = await drillAfterBackup(work, off, session, before, copies);
  const drilled = drill ? await told(work, off, { ...copied.success, drill }) : copied;
  const { success, unpublished } = drilled;
  await work.deps.records.advance(work.claim, (run) => copiedChange(work, run, success, unpublished));
  work.deps.wake();
  return success;
}

/** With the documents beside the files as new as what is known. */
async function told(
  work: RunWork,
  off: OffCluster,
  success: RunSuccess,
): Promise<{ success: RunSuccess; unpublished: readonly string[] }> {
  const { manifest, copies = [] } = success;
  if (!manifest) return { success, unpublished: [] };
  const published = await inTurn(manifest.runId, () =>
    publishManifest(work, off, manifestWith(manifest, success), copies),
  );
  return { success: { ...success, manifest: published.manifest }, unpublished: published.unpublished };
}

/**
 * Also for later rounds: what stands where now, in the thread and in the audit. `unpublished`: places at which manifest.json
 * and RESTORE.md could not be written.
 */
export function copiedChange(
  work: Pick<RunWork, 'deps'>,
  run: BackupRun,
  success: RunSuccess,
  unpublished: readonly string[],
): RunChange {
  const copies = success.copies ?? [];
  const proven = allProven(copies);
  const detail: Record<string, string> = Object.fromEntries(
    copies.map((copy) => [copy.file, outcomeText(copy)]),
  );
  if (unpublished.length > 0) detail.manifestMissing = unpublished.join(', ');
  const event = auditEvent(work.deps.clock.now(), 'bot', proven ? 'copied' : 'copy-failed', detail);
  const missing: readonly Notice[] =
    unpublished.length > 0
      ? [{ kind: 'thread', entry: { type: 'manifest-missing', destinations: unpublished } }]
      : [];
  const files: readonly Notice[] = proven ? [{ kind: 'thread', entry: { type: 'restore-files' } }] : [];
  return {
    set: { success: { ...run.success, ...success }, copyProgress: undefined },
    audit: [event],
    notices: [{ kind: 'card' }, { kind: 'thread', entry: { type: 'receipt' } }, ...missing, ...files],
  };
}

function outcomeText(copy: FileCopy): string {
  if (copy.stored && copy.provenAt !== undefined)
    return `${copy.location} sha256:${copy.stored.sha256} proven`;
  return `${copy.location} not proven: ${copy.failure?.kind ?? 'not tried'}`;
}

/** From the copy where the bot can read it; an encrypted one it cannot open, so from the file on the node. */
async function drillAfterBackup(
  work: RunWork,
  off: OffCluster,
  session: NodeSession,
  { artifacts, manifest, drill }: RunSuccess,
  copies: readonly FileCopy[],
): Promise<DrillOutcome | undefined> {
  if (!work.cluster.drill || !off.drill || drill) return drill;
  const readable = copies.find(
    (each) => each.file === 'snapshot' && each.provenAt !== undefined && each.encryptFor.length === 0,
  );
  const { signal } = work;
  return off.drill({
    open: async () =>
      readable
        ? off.destinations.get(readable.destination).open(readable.key, { signal })
        : session.readFile(artifacts.snapshot.path),
    expected: artifacts.snapshot.status,
    scriptEtcdVersion: manifest?.etcd.etcdctlVersion ?? undefined,
    signal,
  });
}
