import { backoffPauses } from '../../domain/text/backoff.ts';
import type { Clock, Log } from './ports.ts';
import { type Records, RecordsUnavailableError } from './records.ts';

/** Between tries of one operation. The records wait some seconds themselves each time; together well over half a minute. */
const pausesMs = backoffPauses(6, { firstMs: 250, maxMs: 8_000 });

/**
 * The same records, but an operation that another process's lock kept from being written is tried again, so that a
 * backup does not suffer from who else reads and writes the file. Nothing was written by a try that failed so. Other errors, and
 * the last of many, are thrown on.
 */
export function patientRecords(
  records: Records,
  { clock, log }: { readonly clock: Pick<Clock, 'sleep'>; readonly log: Log },
): Records {
  async function patiently<T>(operation: string, attempt: () => Promise<T>): Promise<T> {
    for (const pause of pausesMs) {
      try {
        return await attempt();
      } catch (error) {
        if (!(error instanceof RecordsUnavailableError && error.busy)) throw error;
        log.warn({ operation, err: error }, 'the records are locked by another process; trying again');
        await clock.sleep(pause);
      }
    }
    return attempt();
  }
  return {
    ...records,
    advance: (claim, change) => patiently('advance', () => records.advance(claim, change)),
    decide: (input) => patiently('decide', () => records.decide(input)),
    release: (claim) => patiently('release', () => records.release(claim)),
    run: (id) => patiently('run', () => records.run(id)),
    runs: (filter) => patiently('runs', () => records.runs(filter)),
    watch: (cluster) => patiently('watch', () => records.watch(cluster)),
  };
}
