import { restoreText } from '../../src/restore/restore-text.ts';
import { openDestinations } from '../../src/storage/open-destinations.ts';
import { copyTools } from '../../src/storage/verify/copy-tools.ts';
import { systemClock } from '../../src/system/clock.ts';
import type { OffCluster } from '../../src/workflow/ports/copy-ports.ts';
import type { Records } from '../../src/workflow/ports/records.ts';
import { resourcesCopy, snapshotCopy } from '../slack/messages/copied-runs.ts';
import { aBackup } from './manifests.ts';

/** Where nothing has to be reached: plans are made from the records alone. */
export function noPlaces(): OffCluster {
  return {
    destinations: openDestinations([], systemClock()),
    tools: copyTools(),
    restoreText,
    drill: undefined,
  };
}

/** Puts a backup on record of which both copies are proven, and returns its run's id. */
export async function importBackup(records: Records): Promise<string> {
  const run = aBackup({ copies: [snapshotCopy, resourcesCopy] });
  await records.importRun(run, []);
  return run.id;
}
