import { tmpdir } from 'node:os';
import type { Config } from '../config/build/config.ts';
import { openedDestination } from '../config/build/opened-destination.ts';
import { type DrillOptions, openDrill } from '../drill/copy-drill.ts';
import { restoreText } from '../restore/restore-text.ts';
import { openDestinations } from '../storage/open-destinations.ts';
import { copyTools } from '../storage/verify/copy-tools.ts';
import type { OffCluster } from '../workflow/ports/copy-ports.ts';
import type { Log } from '../workflow/ports/ports.ts';

const drillDeadlineMs = 30 * 60_000;

/** Also without any destination: what earlier backups left behind is still to be found and restored. */
export async function openOffCluster(
  { destinations, drillTools, drillDir }: Pick<Config, 'destinations' | 'drillTools' | 'drillDir'>,
  clock: { now(): number },
  pathEnv: string,
  log: Pick<Log, 'info' | 'warn'>,
  drill: Pick<DrillOptions, 'onlyLook'> = {},
): Promise<OffCluster> {
  return {
    destinations: openDestinations(destinations.map(openedDestination), clock, log),
    names: destinations.map(({ name }) => name),
    owners: Object.fromEntries(destinations.map(({ name, owners }) => [name, owners])),
    tools: copyTools(),
    restoreText,
    drill: await openDrill({
      ...drill,
      toolDirs: drillTools,
      pathEnv,
      dir: drillDir ?? tmpdir(),
      deadlineMs: drillDeadlineMs,
    }),
  };
}
