import type { ScriptReport } from '../../domain/backup/script-output.ts';
import { allProven, type FileCopy } from '../../domain/copies/file-copy.ts';
import type { ManifestFacts } from '../../domain/copies/manifest-document.ts';
import { manifestFacts } from '../../domain/restore/manifest-facts.ts';
import { manifestMembers } from '../../domain/restore/manifest-members.ts';
import type { Notice } from '../../domain/run/notice.ts';
import type { BackupRun, RunSuccess } from '../../domain/run/run.ts';
import { mergedSuccess } from '../../domain/run/success-merge.ts';
import { auditEvent } from '../ports/audit-events.ts';
import type { OffCluster } from '../ports/copy-ports.ts';
import type { NodeSession } from '../ports/ports.ts';
import type { RunChange } from '../ports/records.ts';
import type { RunWork } from '../ports/run-work.ts';
import { copyRun } from './copy-run.ts';
import {
  documentsMissing,
  nothingPublished,
  type Publication,
  publishDocuments,
} from './publish-documents.ts';

/** What a restore needs to know, before any copy exists: it must not be lost when the bot dies in the middle of copying. */
export async function readManifestFacts(
  { deps, claim, cluster, plan }: RunWork,
  report: Pick<ScriptReport, 'etcdctlVersion' | 'latest'>,
  scriptEndedAt: number,
): Promise<ManifestFacts> {
  const [{ caBundles, nodes }, run] = await Promise.all([
    deps.clusters.facts(cluster),
    deps.records.run(claim.run.id),
  ]);
  const thread = run?.card && (await deps.self.permalink(run.card));
  const etcdMembers = manifestMembers({ names: plan.members, nodes, reading: run?.etcdMembers });
  const finishedAt = deps.clock.now();
  return manifestFacts({ report, caBundles, etcdMembers, thread, scriptEndedAt, finishedAt });
}

/** Copies, reads back, writes the documents: everything that makes a backup outlive its cluster. On record when done. */
export async function copyOffCluster(
  work: RunWork,
  off: OffCluster,
  session: NodeSession,
  before: RunSuccess,
): Promise<RunSuccess> {
  const success = { ...before, copies: await copyRun(work, off, session, before) };
  const drillToCome = isToDrill(work, success);
  // A drill comes later: it takes minutes in which a person who finds the files would not know what they are.
  await publishDocuments(work, off, { runId: work.claim.run.id, found: success }, (publication) =>
    work.deps.records.advance(work.claim, (run) =>
      copiedChange(work, run, success, publication, drillToCome),
    ),
  );
  work.deps.wake();
  return success;
}

/** Also for later rounds: what is stored where now, in the thread and in the audit. */
export function copiedChange(
  work: Pick<RunWork, 'deps'>,
  run: BackupRun,
  success: RunSuccess,
  { set, unpublished }: Publication = nothingPublished,
  drillToCome = false,
): RunChange {
  const copies = success.copies ?? [];
  const proven = allProven(copies);
  const detail: Record<string, string> = Object.fromEntries(
    copies.map((copy) => [copy.file, outcomeText(copy)]),
  );
  if (unpublished.length > 0) detail.manifestMissing = unpublished.join(', ');
  const event = auditEvent(work.deps.clock.now(), 'bot', proven ? 'copied' : 'copy-failed', detail);
  // While a drill is still to come, the files in the thread would not show its result.
  const files: readonly Notice[] =
    proven && !drillToCome ? [{ kind: 'thread', entry: { type: 'restore-files' } }] : [];
  return {
    set: { ...set, success: mergedSuccess(run.success, success), copyProgress: undefined },
    audit: [event],
    notices: [
      { kind: 'card' },
      { kind: 'thread', entry: { type: 'receipt' } },
      ...documentsMissing(unpublished),
      ...files,
    ],
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
