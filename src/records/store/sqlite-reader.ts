import type { Records } from '../../workflow/ports/records.ts';
import { openBeside } from '../engine/open-beside.ts';
import { fleet } from '../fleet/fleet.ts';
import { place } from '../places/places.ts';

/** What may be read beside a running bot. */
export type RecordsReader = Pick<Records, 'fleet' | 'place' | 'close'>;

/**
 * Opens records that are there already, for reading alone: creates nothing, migrates nothing, takes no message out of the
 * sender's hands. Throws when there is no file, or when another version of the program has written it.
 */
export async function readSqliteRecords({ file }: { file: string }): Promise<RecordsReader> {
  const db = await openBeside(file, 'reads');
  // The bot says in its log what it could not read.
  return {
    fleet: (input) => fleet(db, input, () => undefined),
    place: (destination) => place(db, destination),
    close: () => db.destroy(),
  };
}
