import { manifestWith, tellsOther } from '../../domain/restore/manifest-edition.ts';
import type { OffCluster } from '../ports/copy-ports.ts';
import { inTurn, type Publishing, publishManifest } from './publish-manifest.ts';

/**
 * What was learnt of a backup after its run goes into the documents beside its files, as the record has it now, wherever they
 * tell something else. Returns the places where something new could not be told.
 */
export function republish(
  work: Publishing,
  off: OffCluster,
  runId: string,
  deliveryId: string,
): Promise<readonly string[]> {
  return inTurn(runId, () => publishRecord(work, off, runId, deliveryId));
}

async function publishRecord(
  work: Publishing,
  off: OffCluster,
  runId: string,
  deliveryId: string,
): Promise<readonly string[]> {
  const { records, clock } = work.deps;
  const success = (await records.run(runId))?.success;
  const copies = success?.copies ?? [];
  if (!success?.manifest || copies.every(({ stored }) => stored === undefined)) return [];
  const next = manifestWith(success.manifest, success);
  const { manifest, unpublished } = await publishManifest(work, off, next, copies);
  // A place that had missed something may have caught up with it; one that is still away has not missed anything new.
  if (!tellsOther(success.manifest, manifest)) return [];
  await records.decide({
    runId,
    deliveryId,
    now: clock.now(),
    decision: (now) => ({
      set: { success: now.success && { ...now.success, manifest } },
      audit: [],
      notices: [],
    }),
  });
  return unpublished;
}
