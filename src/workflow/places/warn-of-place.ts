import type { Places } from '../ports/place-status.ts';
import type { RunWork } from '../ports/run-work.ts';

/**
 * A bucket is written to although it is not the known place, since the backup matters more. The run's thread says so, once for
 * each destination: old backups are kept there meanwhile, and a person has to decide.
 */
export async function warnOfPlaces(
  { deps, claim }: RunWork,
  places: Places,
  destinations: readonly string[],
): Promise<void> {
  for (const destination of new Set(destinations)) {
    const { state, mayWrite, mayRemove } = await places.status(destination);
    if (mayRemove || !mayWrite || state === 'known' || state === 'unreachable') continue;
    await deps.records.decide({
      runId: claim.run.id,
      deliveryId: `place:${claim.run.id}:${destination}`,
      now: deps.clock.now(),
      decision: () => ({
        set: {},
        audit: [],
        notices: [{ kind: 'thread', entry: { type: 'place-not-known', destination, state } }],
      }),
    });
    deps.wake();
  }
}
