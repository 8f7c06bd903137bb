import { tmpdir } from 'node:os';
import type { Config } from '../config/config.ts';
import { openedDestination } from '../config/opened-destination.ts';
import { openDrill } from '../drill/copy-drill.ts';
import { restoreText } from '../restore/restore-text.ts';
import { copyTools } from '../storage/copy-tools.ts';
import { openDestinations } from '../storage/open-destinations.ts';
import type { OffCluster } from '../workflow/copy-ports.ts';

const drillDeadlineMs = 30 * 60_000;

/** Also without any destination: what earlier backups left behind is still to be found and restored. */
export async function openOffCluster(
  { destinations }: Pick<Config, 'destinations'>,
  clock: { now(): number },
  pathEnv: string,
): Promise<OffCluster> {
  return {
    destinations: openDestinations(destinations.map(openedDestination), clock),
    tools: copyTools(),
    restoreText,
    drill: await openDrill({ pathEnv, dir: tmpdir(), deadlineMs: drillDeadlineMs, clock }),
  };
}
