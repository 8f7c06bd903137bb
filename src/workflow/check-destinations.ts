import { redact } from '../domain/redact.ts';
import type { Destination } from './destination.ts';
import type { Log } from './ports.ts';

/** Whether each place works now; one warning for each that does not. Never throws, waits for the slowest. */
export async function checkDestinations(
  destinations: readonly Destination[],
  log: Pick<Log, 'warn'>,
): Promise<void> {
  await Promise.all(
    destinations.map(async (destination) => {
      const problem = await destinationProblem(destination);
      if (problem === undefined) return;
      const { name, label } = destination;
      log.warn({ destination: name, place: label }, `the destination ${name} does not work: ${problem}`);
    }),
  );
}

/** Why nothing could be stored there now, as one line; undefined: it works. */
export async function destinationProblem(destination: Destination): Promise<string | undefined> {
  try {
    await destination.check();
    return undefined;
  } catch (error) {
    return redact(error instanceof Error ? error.message : String(error))
      .replace(/[\p{Cc}\s]+/gu, ' ')
      .trim();
  }
}
