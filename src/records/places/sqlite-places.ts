import type { Records } from '../../workflow/ports/records.ts';
import { openBeside } from '../engine/open-beside.ts';
import { decidePlace, place, placeAudit, storedCopies } from './places.ts';

/** What a terminal may read and write of destinations beside a running bot. */
export type PlaceRecords = Pick<Records, 'place' | 'decidePlace' | 'placeAudit' | 'storedCopies' | 'close'>;

/** Opens records that are there already, for destinations alone (`openBeside`). */
export async function openPlaceRecords({ file }: { file: string }): Promise<PlaceRecords> {
  const db = await openBeside(file);
  return {
    place: (destination) => place(db, destination),
    decidePlace: (input) => decidePlace(db, input),
    placeAudit: (destination) => placeAudit(db, destination),
    storedCopies: (destination) => storedCopies(db, destination),
    close: () => db.destroy(),
  };
}
