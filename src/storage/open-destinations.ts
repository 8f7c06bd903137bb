import type { Destinations } from '../workflow/ports/copy-ports.ts';
import { type Destination, StorageError } from '../workflow/ports/destination.ts';
import type { Log } from '../workflow/ports/ports.ts';
import type { PlaceClock } from './common/place-clock.ts';
import type { SilenceListener } from './directory/bounded-calls.ts';
import { directoryDestination } from './directory/directory.ts';
import { s3Destination } from './s3/s3.ts';
import type { S3Options } from './s3/s3-options.ts';

/** One place of the configuration. The credentials of an S3 place are SECRET. */
export type DestinationOptions =
  | { readonly kind: 'directory'; readonly name: string; readonly path: string }
  | ({ readonly kind: 's3' } & Omit<S3Options, 'clock'>);

/** The places by their names. Looks at none of them: `check` of each says whether it works. `log`: of mounts that hang. */
export function openDestinations(
  options: readonly DestinationOptions[],
  clock: PlaceClock,
  log?: Pick<Log, 'info' | 'warn'>,
): Destinations {
  const byName = new Map<string, Destination>();
  for (const each of options) {
    if (byName.has(each.name)) throw new Error(`two destinations are called ${each.name}`);
    byName.set(each.name, opened(each, clock, log));
  }
  return {
    get(name) {
      const found = byName.get(name);
      if (!found)
        throw new StorageError({
          op: 'find',
          kind: 'not-configured',
          message: `no destination is called ${name}; there are: ${[...byName.keys()].join(', ')}`,
          hint: 'Backups of earlier days are there: put it back into the configuration',
        });
      return found;
    },
  };
}

function opened(
  options: DestinationOptions,
  clock: PlaceClock,
  log: Pick<Log, 'info' | 'warn'> | undefined,
): Destination {
  if (options.kind === 'directory')
    return directoryDestination({ ...options, clock, listener: log && logged(options, log) });
  return s3Destination({ ...options, clock });
}

function logged(
  { name: destination, path: place }: Extract<DestinationOptions, { kind: 'directory' }>,
  log: Pick<Log, 'info' | 'warn'>,
): SilenceListener {
  return {
    hangs: (call, waitedMs) =>
      log.warn(
        { destination, place, call, waitedMs },
        'a call to the file system of a destination does not return: nothing more is asked of it until it does, and the call ' +
          'holds one of the threads that this process has for files and DNS (UV_THREADPOOL_SIZE)',
      ),
    answersAgain: (call) =>
      log.info({ destination, place, call }, 'the file system of a destination answers again'),
  };
}
