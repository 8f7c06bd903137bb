import { longestPauseMs, nextTry } from '../../domain/copies/file-copy.ts';
import { editionOf } from '../../domain/restore/edition.ts';
import { outdatedPapers } from '../../domain/restore/outdated-papers.ts';
import type { BackupRun } from '../../domain/run/run.ts';
import { auditEvent } from '../ports/audit-events.ts';
import type { OffCluster } from '../ports/copy-ports.ts';
import type { WorkflowDeps } from '../ports/deps.ts';
import type { RunWork } from '../ports/run-work.ts';
import { nothingPublished, type Publication, publishDocuments } from './publish-documents.ts';

/** Between two backups whose documents become due, so that no start floods a place. */
const pauseMs = 2_000;

/**
 * At the bot's start, or when these clusters join: what shows an earlier edition of the procedure than this version knows becomes due, on record before
 * anything is written. Never rejects. Once every place has the edition, no later start finds anything.
 */
export async function schedulePapers(
  deps: WorkflowDeps,
  signal: AbortSignal,
  clusters: readonly string[] = deps.fleet.clusters.map(({ name }) => name),
): Promise<void> {
  if (!deps.offCluster) return;
  let due = 0;
  for (const name of clusters) {
    try {
      for (const run of outdatedPapers(
        await deps.records.runs({ cluster: name, succeeded: true, keeps: 'copies' }),
      )) {
        if (signal.aborted) return;
        await schedule(deps, run, deps.clock.now() + Math.min(due * pauseMs, longestPauseMs));
        due += 1;
      }
    } catch (err) {
      deps.log.error({ cluster: name, err }, 'whether its restore documents are current was not found out');
    }
  }
  if (due > 0) {
    deps.log.info({ backups: due }, 'RESTORE.md of these backups is written again with newer steps');
    deps.wake();
  }
}

async function schedule(deps: WorkflowDeps, { id }: BackupRun, dueAt: number): Promise<void> {
  const now = deps.clock.now();
  await deps.records.decide<'unchanged'>({
    runId: id,
    deliveryId: `papers:${id}:${now}`,
    now,
    decision(run) {
      const edition = editionOf(run.plan?.zStream ?? '').number;
      // A process that was cut off: it goes on where the record says.
      if (run.papers?.dueAt !== undefined && run.papers.edition === edition) return { refusal: 'unchanged' };
      const event = auditEvent(now, 'bot', 'papers-due', { edition: String(edition) });
      return { set: { papers: { edition, dueAt, tries: 0 } }, audit: [event], notices: [] };
    },
  });
}

/**
 * One round: the documents of this run at every place that may be written and has an earlier edition. A place that does not
 * answer, or is not the known one, is tried again in rarer rounds, and after the last one at the next start.
 */
export async function renewPapers(work: RunWork, off: OffCluster | undefined): Promise<void> {
  const { deps, claim } = work;
  if (!off) return record(work, nothingPublished);
  await publishDocuments(work, off, { runId: claim.run.id }, (publication) => record(work, publication));
  deps.wake();
}

async function record({ deps, claim }: RunWork, { set, wrote, unpublished }: Publication): Promise<void> {
  const { published } = set;
  const now = deps.clock.now();
  await deps.records.advance(claim, (run) => {
    const { edition, tries } = run.papers ?? { edition: 0, tries: 0 };
    const missing = unpublished.length > 0 ? { missing: unpublished.join(', ') } : {};
    const event = auditEvent(now, 'bot', 'papers-published', { edition: String(edition), ...missing });
    // Records that were rebuilt do not know what the places show; that each has the newest steps is nothing to report.
    const isEvent = wrote || unpublished.length > 0;
    const dueAt = unpublished.length > 0 ? nextTry(tries, now) : undefined;
    return {
      set: {
        ...(published ? { published } : {}),
        papers: { edition, dueAt, tries: unpublished.length > 0 ? tries + 1 : tries },
      },
      audit: isEvent ? [event] : [],
      notices: [],
    };
  });
}
