import type { Destinations } from '../workflow/copy-ports.ts';
import { type Destination, StorageError } from '../workflow/destination.ts';
import { directoryDestination } from './directory.ts';
import { s3Destination } from './s3.ts';
import type { S3Options } from './s3-options.ts';

/** One place of the configuration. The credentials of an S3 place are SECRET. */
export type DestinationOptions =
  | { readonly kind: 'directory'; readonly name: string; readonly path: string }
  | ({ readonly kind: 's3' } & Omit<S3Options, 'clock'>);

/** The places by their names. Looks at none of them: `check` of each says whether it works. */
export function openDestinations(
  options: readonly DestinationOptions[],
  clock: { now(): number },
): Destinations {
  const byName = new Map<string, Destination>();
  for (const each of options) {
    if (byName.has(each.name)) throw new Error(`two destinations are called ${each.name}`);
    byName.set(each.name, opened(each, clock));
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

function opened(options: DestinationOptions, clock: { now(): number }): Destination {
  if (options.kind === 'directory') return directoryDestination({ ...options, clock });
  return s3Destination({ ...options, clock });
}
