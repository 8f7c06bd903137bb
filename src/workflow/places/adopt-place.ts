import { isTrouble, matchesRecords, type PlaceContents } from '../../domain/copies/place-state.ts';
import type { Actor } from '../../domain/people/audit.ts';
import type { PersonMapping } from '../../domain/policy/policy.ts';
import { nearest } from '../../domain/text/nearest.ts';
import { mayAct, personOf } from '../access/authorization.ts';
import type { AdoptAnswer, Asked, PlacesAnswer, SeenPlace } from '../access/backups.ts';
import { clustersWith } from '../access/clusters-with.ts';
import { byPerson } from '../ports/audit-events.ts';
import type { WorkflowDeps } from '../ports/deps.ts';
import type { Destination } from '../ports/destination.ts';
import { hastenCopies } from './hasten-copies.ts';
import { note, type PlaceDeps, placeEvent, writeMarker } from './place-identity.ts';
import { contentsOf, lookAtPlace, type PlaceLook } from './place-look.ts';

export interface AdoptInput {
  readonly destination: string;
  /** What the person saw when the bot asked back: a `fingerprint`; undefined: nothing was asked yet. */
  readonly confirmed: string | undefined;
}

/** A person says: what is reached under this name is the destination. Looks first, and asks back where it does not look like it. */
export async function adoptDestination(
  deps: WorkflowDeps,
  asked: Asked,
  input: AdoptInput,
): Promise<AdoptAnswer> {
  const access = await mayAct(deps, 'adopt', asked);
  if (!access.ok) return access.answer;
  const names = placeNames(deps);
  const name = names.find((each) => each === input.destination) ?? input.destination;
  if (!names.includes(name)) {
    return { outcome: 'unknown-destination', name, nearest: nearest(name, names), known: names };
  }
  const refusal = await notEntitled(deps, access.person, name);
  if (refusal) return refusal;
  const answer = await adopt(deps, { ...input, destination: name }, byPerson(personOf(access.person)));
  if (answer.outcome === 'adopted') await hastenCopies(deps, name);
  return answer;
}

type Adopted = Extract<
  AdoptAnswer,
  { outcome: 'adopted' | 'known-already' | 'confirm-needed' | 'place-unreachable' | 'marker-unreadable' }
>;

/** Without asking who: for a terminal on the bot's own machine. */
export async function adopt(deps: PlaceDeps, input: AdoptInput, actor: Actor): Promise<Adopted> {
  const { destination } = input;
  const destinations = deps.offCluster?.destinations;
  if (!destinations) throw new Error(`no destinations were opened: ${destination} cannot be looked at`);
  const seen = await lookAtPlace({ destinations, records: deps.records }, destination);
  const { place, record } = seen;
  if (!place || seen.seen.kind === 'unreachable') {
    const detail = seen.seen.kind === 'unreachable' ? seen.seen.detail : 'it is not in the configuration';
    return { outcome: 'place-unreachable', destination, detail };
  }
  if (seen.seen.kind === 'unreadable') {
    return { outcome: 'marker-unreadable', destination, label: place.label, detail: seen.seen.detail };
  }
  if (seen.state === 'known') return { outcome: 'known-already', destination, label: place.label };
  const contents = seen.contents ?? (await contentsOf(deps, place));
  if ('kind' in contents) return { outcome: 'place-unreachable', destination, detail: contents.detail };
  const fingerprint = fingerprintOf(seen);
  const found = { destination, label: place.label, state: seen.state, contents };
  // The bot would take it by itself; a person need not be asked whether they mean it.
  const asks = seen.state !== 'new' && !(seen.state === 'absent' && holdsTheRecords(contents));
  if (asks && input.confirmed !== fingerprint) {
    return { outcome: 'confirm-needed', ...found, fingerprint, changed: input.confirmed !== undefined };
  }
  const id = await markerIdAt(deps, place, seen, contents);
  if ('failed' in id) return { outcome: 'place-unreachable', destination, detail: id.failed };
  const now = deps.clock.now();
  await deps.records.decidePlace({
    destination,
    now,
    decision: () => ({
      set: { id: id.id, since: now, trouble: undefined },
      audit: [placeEvent(now, 'adopted', auditDetail(seen, contents, id.id), actor)],
    }),
  });
  deps.log.info(
    { destination, id: id.id, before: record?.id, state: seen.state },
    'a destination was adopted',
  );
  deps.wake();
  return { outcome: 'adopted', ...found, marker: id.written ? 'written' : 'taken' };
}

/** What was seen at the place, so that a confirmation holds for that alone. */
function fingerprintOf({ seen }: PlaceLook): string {
  return seen.kind === 'marker' ? seen.marker.id : 'none';
}

/**
 * A marker that is there is taken, never rewritten. Where none is, the id on record is written again if everything on record
 * lies there (it is the same place, and other installations know its id); else it is another place, and gets an id of its own.
 */
async function markerIdAt(
  deps: PlaceDeps,
  place: Destination,
  { seen, record }: PlaceLook,
  contents: PlaceContents,
): Promise<{ readonly id: string; readonly written: boolean } | { readonly failed: string }> {
  if (seen.kind === 'marker') return { id: seen.marker.id, written: false };
  const id = (holdsTheRecords(contents) ? record?.id : undefined) ?? deps.ids.placeId();
  const written = await writeMarker(deps, place, id);
  return 'failed' in written ? written : { id: written.id, written: !written.existed };
}

/** An empty place holds nothing of the records; that they have nothing there either makes it no better known. */
function holdsTheRecords(contents: PlaceContents): boolean {
  return contents.recorded > 0 && matchesRecords(contents);
}

function auditDetail({ state, record, place }: PlaceLook, contents: PlaceContents, id: string) {
  return {
    id,
    before: record?.id ?? 'none',
    state,
    place: place?.label ?? '',
    objects: String(contents.objects),
    copiesFound: `${contents.found} of ${contents.recorded}`,
  };
}

/** Owners of the destination where it has some; else users who are cluster-admin on every cluster that uses it. */
async function notEntitled(
  { fleet, clusters, offCluster }: WorkflowDeps,
  person: PersonMapping,
  destination: string,
): Promise<AdoptAnswer | undefined> {
  const owners = offCluster?.owners?.[destination] ?? [];
  if (owners.length > 0) {
    return owners.includes(person.slackUser) ? undefined : { outcome: 'not-an-owner', destination, owners };
  }
  const users = clustersWith(fleet.clusters, destination);
  if (users.length === 0) return { outcome: 'no-decider', destination };
  const reviews = await Promise.all(
    users.map(async (cluster) => ({
      cluster: cluster.name,
      review: await clusters.clusterAdmin(cluster, person),
    })),
  );
  for (const { cluster, review } of reviews) {
    if (!review.ok) return { outcome: 'rights-unreadable', destination, cluster, why: review.why };
  }
  const lacking = reviews.flatMap(({ cluster, review }) => (review.ok && review.value ? [] : [cluster]));
  return lacking.length > 0 ? { outcome: 'not-cluster-admin-everywhere', destination, lacking } : undefined;
}

/** The status of every configured destination. Writes nothing there; what has changed since is put on record. */
export async function listPlaces(deps: WorkflowDeps, asked: Asked): Promise<PlacesAnswer> {
  const access = await mayAct(deps, 'read', asked);
  if (!access.ok) return access.answer;
  return { outcome: 'places', places: await seenPlaces(deps, placeNames(deps), (look) => note(deps, look)) };
}

export async function seenPlaces(
  deps: Pick<PlaceDeps, 'offCluster' | 'records'>,
  names: readonly string[],
  each: (look: PlaceLook) => Promise<void> = async () => {},
): Promise<readonly SeenPlace[]> {
  const destinations = deps.offCluster?.destinations;
  if (!destinations) return [];
  return Promise.all(
    names.map(async (destination): Promise<SeenPlace> => {
      const look = await lookAtPlace({ destinations, records: deps.records }, destination);
      await each(look);
      const { state, seen, record, place } = look;
      return {
        destination,
        label: place?.label ?? destination,
        state,
        since: record?.id === undefined ? undefined : record.since,
        troubleSince: isTrouble(state) ? record?.trouble?.at : undefined,
        detail: 'detail' in seen ? seen.detail : undefined,
      };
    }),
  );
}

/** All of the configuration, also those that no cluster uses now: backups of earlier days lie there. */
function placeNames({ offCluster, fleet }: WorkflowDeps): readonly string[] {
  if (!offCluster) return [];
  const used = fleet.clusters.flatMap(({ copies = [] }) => copies.map((copy) => copy.destination));
  return [...new Set([...(offCluster.names ?? []), ...used])];
}
