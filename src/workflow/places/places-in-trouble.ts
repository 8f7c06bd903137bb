import {
  isTrouble,
  type PlaceInTrouble,
  type PlaceOnRecord,
  type PlaceTrouble,
} from '../../domain/copies/place-state.ts';
import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import { withDeadline } from '../ports/deadline.ts';
import type { WorkflowDeps } from '../ports/deps.ts';
import type { Records } from '../ports/records.ts';
import { note } from './place-identity.ts';
import { lookAtPlace } from './place-look.ts';

/** A person waits for the answer; a network mount that hangs may take minutes. */
const lookMs = 5_000;

/**
 * The cluster's destinations that are not the known place now. Nothing is written to them; a change goes on record, and owners
 * hear of it. For one that does not answer in time the record counts. Never throws: this blocks no backup.
 */
export async function placesNow(
  deps: WorkflowDeps,
  { copies = [] }: Pick<ClusterPolicy, 'copies'>,
): Promise<readonly PlaceInTrouble[]> {
  if (!deps.offCluster) return [];
  const kinds = new Map(copies.map(({ destination, place }) => [destination, place.kind]));
  const found = await Promise.all(
    [...kinds].map(async ([destination, kind]) => {
      const state = await troubleOf(deps, destination);
      return state ? [{ destination, kind: kind === 'directory' ? kind : ('bucket' as const), state }] : [];
    }),
  );
  return found.flat();
}

async function troubleOf(deps: WorkflowDeps, destination: string): Promise<PlaceTrouble | undefined> {
  try {
    const looked = await withDeadline(deps.clock, lookMs, look(deps, destination));
    const state = looked.inTime ? looked.value : 'unreachable';
    if (state === 'unreachable') return (await deps.records.place(destination))?.trouble?.state;
    return isTrouble(state) ? state : undefined;
  } catch (err) {
    deps.log.warn({ destination, err }, 'what is on record of a destination could not be read');
    return undefined;
  }
}

/** As the records have it, without a look: for answers that must not depend on a place. */
export async function placesOnRecord(
  records: Pick<Records, 'place'>,
  destinations: readonly string[],
): Promise<readonly PlaceOnRecord[]> {
  const places = await Promise.all([...new Set(destinations)].map((name) => records.place(name)));
  return places.flatMap((place) =>
    place?.trouble ? [{ destination: place.destination, ...place.trouble }] : [],
  );
}

async function look(deps: WorkflowDeps, destination: string) {
  const { offCluster, records, log } = deps;
  if (!offCluster) return 'unreachable';
  try {
    const seen = await lookAtPlace({ destinations: offCluster.destinations, records }, destination);
    await note(deps, seen);
    return seen.state;
  } catch (err) {
    log.warn({ destination, err }, 'the marker of a destination was not checked');
    return 'unreachable';
  }
}
