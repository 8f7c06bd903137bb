import type { ScriptReport } from '../../domain/backup/script-output.ts';
import { allProven, type FileCopy } from '../../domain/copies/file-copy.ts';
import { buildManifest, type Manifest } from '../../domain/restore/manifest.ts';
import { manifestWith } from '../../domain/restore/manifest-edition.ts';
import type { Notice } from '../../domain/run/notice.ts';
import type { BackupRun, RunSuccess } from '../../domain/run/run.ts';
import { mergedSuccess } from '../../domain/run/success-merge.ts';
import { auditEvent } from '../ports/audit-events.ts';
import type { OffCluster } from '../ports/copy-ports.ts';
import type { NodeSession } from '../ports/ports.ts';
import type { RunChange } from '../ports/records.ts';
import type { RunWork } from '../ports/run-work.ts';
import { copyRun } from './copy-run.ts';
import { inTurn, publishManifest } from './publish-manifest.ts';

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

/** Copies, reads back, writes the manifests: everything that makes a backup outlive its cluster. On record when done. */
export async function leaveCluster(
  work: RunWork,
  off: OffCluster,
  session: NodeSession,
  before: RunSuccess,
): Promise<RunSuccess> {
  const copies = await copyRun(work, off, session, before);
  // A drill comes later: it takes minutes in which a person who finds the files would not know what they are.
  const { success, unpublished } = await told(work, off, { ...before, copies });
  await work.deps.records.advance(work.claim, (run) =>
    copiedChange(work, run, success, unpublished, isToDrill(work, success)),
  );
  work.deps.wake();
  return success;
}

/** With the documents beside the files as new as what is known. */
export async function told(
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
  drillToCome = false,
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
  // While a drill is still to come, the files in the thread would not tell what it shows.
  const files: readonly Notice[] =
    proven && !drillToCome ? [{ kind: 'thread', entry: { type: 'restore-files' } }] : [];
  return {
    set: { success: mergedSuccess(run.success, success), copyProgress: undefined },
    audit: [event],
    notices: [{ kind: 'card' }, { kind: 'thread', entry: { type: 'receipt' } }, ...missing, ...files],
  };
}

function outcomeText(copy: FileCopy): string {
  if (copy.stored && copy.provenAt !== undefined)
    return `${copy.location} sha256:${copy.stored.sha256} proven`;
  return `${copy.location} not proven: ${copy.failure?.kind ?? 'not tried'}`;
}

/** The cluster's policy wants a drill of this run, and none is on record. */
export function isToDrill({ cluster, deps }: RunWork, success: RunSuccess): boolean {
  return cluster.drill === true && deps.offCluster?.drill !== undefined && success.drill === undefined;
}
