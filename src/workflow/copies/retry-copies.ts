import { type FileCopy, nextTry } from '../../domain/copies/file-copy.ts';
import type { RunSuccess } from '../../domain/run/run.ts';
import type { OffCluster } from '../ports/copy-ports.ts';
import type { NodeSession } from '../ports/ports.ts';
import { RunFailureError } from '../ports/run-failure-error.ts';
import type { RunWork } from '../ports/run-work.ts';
import { sessionOrRefusal } from '../session/open-session.ts';
import { copiedChange } from './copy-off-cluster.ts';
import { copyRun } from './copy-run.ts';
import { pruneNode } from './prune-node.ts';
import { type Publication, publishDocuments } from './publish-documents.ts';
import { withRetentionDue } from './retention-work.ts';

/**
 * A run that is over, with copies that did not reach their place: another round, while the files are still on the node.
 * Rounds are counted and become rarer; after the last one people have to look at it.
 */
export async function retryCopies(work: RunWork, off: OffCluster | undefined): Promise<void> {
  const { success } = work.claim.run;
  if (!success) return;
  if (!off) return giveUp(work, success);
  // A drill may be made meanwhile: what the record has of it by then counts.
  const { drill: _, drillTry: __, retention: ___, onNode: ____, ...known } = success;
  const round = { ...known, copyRounds: (success.copyRounds ?? 0) + 1 };
  const session = await sessionOrRefusal(work);
  if (session instanceof RunFailureError) return record(work, unreached(work, round, session));
  try {
    const next = { ...round, copies: await copyRun(work, off, session, round) };
    await publishDocuments(work, off, { runId: work.claim.run.id, found: next }, (publication) =>
      record(work, next, publication),
    );
    await makeRoom(work, session);
  } finally {
    await session.close().catch((error: unknown) => warn(work, error, 'session pod not removed'));
  }
}

/** There was no way onto the node: what is not proven yet waits for the next round. */
export function unreached(work: RunWork, success: RunSuccess, error: RunFailureError): RunSuccess {
  const at = work.deps.clock.now();
  const failure = { kind: error.failure.kind, detail: error.message.slice(0, 500), at };
  const nextTryAt = nextTry(success.copyRounds ?? 0, at);
  const failed = (copy: FileCopy): FileCopy =>
    copy.provenAt === undefined ? { ...copy, failure, nextTryAt } : copy;
  return { ...success, copies: (success.copies ?? []).map(failed) };
}

/** What is proven is on record by now. A directory that could not be removed goes with the next run's. */
async function makeRoom(work: RunWork, session: NodeSession): Promise<void> {
  try {
    await pruneNode(work, session);
  } catch (error) {
    work.signal.throwIfAborted();
    if (!(error instanceof RunFailureError)) throw error;
    warn(work, error, 'no room made on the node');
  }
}

function warn(work: RunWork, err: unknown, what: string): void {
  work.deps.log.warn({ run: work.claim.run.id, err }, what);
}

/** The destinations left the configuration: there are no more tries. */
async function giveUp(work: RunWork, success: RunSuccess): Promise<void> {
  const copies = (success.copies ?? []).map((copy) => ({ ...copy, nextTryAt: undefined }));
  await record(work, { ...success, copies });
}

async function record(work: RunWork, success: RunSuccess, publication?: Publication): Promise<void> {
  await work.deps.records.advance(work.claim, (run) => {
    const change = copiedChange(work, run, success, publication);
    const set = change.set.success && withRetentionDue(change.set.success, work.cluster);
    return { ...change, set: { ...change.set, success: set } };
  });
  work.deps.wake();
}
