import type { Records } from '../../workflow/ports/records.ts';
import { bots } from '../configuration/configuration.ts';
import { openBeside } from '../engine/open-beside.ts';
import { place, storedCopies } from '../places/places.ts';
import { runs } from '../runs/runs.ts';
import { watch } from '../watch/watches.ts';
import { probe } from './probe.ts';

/** What the doctor asks of records. */
export type ExaminedRecords = Pick<
  Records,
  'probe' | 'place' | 'storedCopies' | 'runs' | 'watch' | 'bots' | 'close'
>;

/** Opens records that are there already, for the doctor beside a running bot (`openBeside`). */
export async function openExaminedRecords({ file }: { file: string }): Promise<ExaminedRecords> {
  const db = await openBeside(file);
  return {
    probe: ({ now }) => probe(db, now),
    place: (destination) => place(db, destination),
    storedCopies: (destination) => storedCopies(db, destination),
    runs: (filter) => runs(db, filter),
    watch: (cluster) => watch(db, cluster),
    bots: (input) => bots(db, input),
    close: () => db.destroy(),
  };
}
