import type { CheckNote } from '../../domain/copies/check-note.ts';
import { isTrouble } from '../../domain/copies/place-state.ts';
import { redact } from '../../domain/redaction/redact.ts';
import { oneLine } from '../../domain/text/one-line.ts';
import type { Destination } from '../ports/destination.ts';
import type { Log } from '../ports/ports.ts';
import { checkPlaces, type WatchedPlaceDeps } from './place-identity.ts';

/** Whether each place works now; one warning for each that does not, its notes as information. Never throws, waits for the slowest. */
export async function checkDestinations(
  destinations: readonly Destination[],
  log: Pick<Log, 'warn' | 'info'>,
): Promise<void> {
  await Promise.all(
    destinations.map(async (destination) => {
      const { name, label: place } = destination;
      const looked = await lookAtDestination(destination);
      if ('problem' in looked)
        log.warn({ destination: name, place }, `the destination ${name} does not work: ${looked.problem}`);
      else if (looked.notes.length > 0)
        log.info(
          { destination: name, place, notes: looked.notes },
          `the destination ${name} works, with notes`,
        );
    }),
  );
}

/**
 * At the start: the marker of every destination, and whether files can be written. Nothing is written where something else is
 * reached than the known place, not even a file that is removed again. Never throws.
 */
export async function checkKnownPlaces(deps: WatchedPlaceDeps, names: readonly string[]): Promise<void> {
  await Promise.all(
    names.map(async (name) => {
      const [found] = await checkPlaces(deps, [name]);
      const destination = deps.offCluster?.destinations.get(name);
      if (destination && !(found && isTrouble(found.state))) await checkDestinations([destination], deps.log);
    }),
  );
}

/** `problem`: why nothing could be stored there now, as one line. Otherwise it works. Never throws. */
export async function lookAtDestination(
  destination: Destination,
): Promise<{ readonly problem: string } | { readonly notes: readonly CheckNote[] }> {
  try {
    return { notes: await destination.check() };
  } catch (error) {
    return { problem: oneLine(redact(error instanceof Error ? error.message : String(error))) };
  }
}
