import { type FileCopy, nextTry } from '../domain/file-copy.ts';
import type { RunSuccess } from '../domain/run.ts';
import type { OffCluster } from './copy-ports.ts';
import { copyRun } from './copy-run.ts';
import { copiedChange } from './leave-cluster.ts';
import { openSession } from './open-session.ts';
import { manifestWith, publishManifest } from './publish-manifest.ts';
import { RunFailureError } from './run-failure-error.ts';
import type { RunWork } from './run-work.ts';

/**
 * A run that is over, with copies that did not reach their place: another round, while the files are still on the node.
 * Rounds are counted and become rarer; after the last one people have to look at it.
 */
export async function retryCopies(work: RunWork, off: OffCluster | undefined): Promise<void> {
  const { success } = work.claim.run;
  if (!success) return;
  if (!off) return giveUp(work, success);
  const copyRounds = (success.copyRounds ?? 0) + 1;
  const next = await oneRound(work, off, { ...success, copyRounds });
  await work.deps.records.advance(work.claim, (run) => copiedChange(work, run, next));
  work.deps.wake();
}

async function oneRound(work: RunWork, off: OffCluster, success: RunSuccess): Promise<RunSuccess> {
  try {
    const session = await openSession(work);
    try {
      const copies = await copyRun(work, off, session, success);
      const manifest = success.manifest && manifestWith(success.manifest, copies);
      if (manifest) await publishManifest(work, off, manifest, copies);
      return { ...success, copies, ...(manifest ? { manifest } : {}) };
    } finally {
      await session.close();
    }
  } catch (error) {
    work.signal.throwIfAborted();
    if (!(error instanceof RunFailureError)) throw error;
    const at = work.deps.clock.now();
    const failed = (copy: FileCopy): FileCopy =>
      copy.provenAt === undefined
        ? {
            ...copy,
            failure: { kind: error.failure.kind, detail: error.message.slice(0, 500), at },
            nextTryAt: nextTry(success.copyRounds ?? 0, at),
          }
        : copy;
    return { ...success, copies: (success.copies ?? []).map(failed) };
  }
}

/** The destinations left the configuration: nobody will try any more. */
async function giveUp(work: RunWork, success: RunSuccess): Promise<void> {
  const copies = (success.copies ?? []).map((copy) => ({ ...copy, nextTryAt: undefined }));
  await work.deps.records.advance(work.claim, (run) => copiedChange(work, run, { ...success, copies }));
}
