import type { PlaceEvent } from '../../domain/copies/place-audit.ts';
import { markerKey, markerText, type PlaceMarker } from '../../domain/copies/place-marker.ts';
import {
  isTrouble,
  mayDisprove,
  mayWriteAt,
  type PlaceState,
  type PlaceTrouble,
} from '../../domain/copies/place-state.ts';
import type { Fleet } from '../../domain/policy/policy.ts';
import { clustersWith } from '../access/clusters-with.ts';
import type { OffCluster } from '../ports/copy-ports.ts';
import { type Destination, StorageError } from '../ports/destination.ts';
import { type KeyedLocks, withLock } from '../ports/keyed-lock.ts';
import type { PlaceStatus, Places } from '../ports/place-status.ts';
import type { Clock, Ids, Log } from '../ports/ports.ts';
import type { PlaceChange, PlaceRecord, Records } from '../ports/records.ts';
import { hastenCopies } from './hasten-copies.ts';
import { lookAtPlace, markerAt, type PlaceLook } from './place-look.ts';

export interface PlaceDeps {
  readonly offCluster?: Pick<OffCluster, 'destinations' | 'owners'>;
  readonly records: Pick<Records, 'place' | 'decidePlace' | 'storedCopies'>;
  readonly fleet: Pick<Fleet, 'clusters'>;
  readonly ids: Pick<Ids, 'placeId'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Pick<Log, 'info' | 'warn'>;
  readonly wake: () => void;
  /** Written into a new marker, for people who find it. */
  readonly self: { readonly botName: string };
}

/** Two copies of one run meet a new place at the same moment: the second one finds it known. */
const firstLooks: KeyedLocks = new Map();

/** With what follows for runs, once a place is the known one again. */
export type WatchedPlaceDeps = PlaceDeps & { readonly records: Pick<Records, 'runs' | 'decide'> };

/**
 * The one gate before anything is written to a destination, removed from it, or recorded as gone there. A place that the records
 * do not know yet is taken or marked here where that is safe; owners are informed once of one that is not the known place.
 * Reads one small object and one row: call it before each such step, keep no answer. Never throws for what the place does.
 */
export async function placeStatus(deps: WatchedPlaceDeps, destination: string): Promise<PlaceStatus> {
  const { offCluster } = deps;
  if (!offCluster) throw new Error(`no destinations were opened: ${destination} cannot be looked at`);
  const look = () =>
    lookAtPlace({ destinations: offCluster.destinations, records: deps.records }, destination);
  let seen = await look();
  if (seen.state === 'new')
    seen = await withLock(firstLooks, destination, async () => meet(deps, await look(), look));
  await note(deps, seen);
  return statusOf(seen);
}

/** As the copying part asks for it. */
export function placesOf(deps: WatchedPlaceDeps): Places {
  return { status: (destination) => placeStatus(deps, destination) };
}

/** Every destination once, so that trouble is known before the next backup. Never throws: undefined where a look failed. */
export async function checkPlaces(
  deps: WatchedPlaceDeps,
  destinations: readonly string[],
): Promise<readonly (PlaceStatus | undefined)[]> {
  return Promise.all(
    destinations.map((destination) =>
      placeStatus(deps, destination).catch((err: unknown) => {
        deps.log.warn({ destination, err }, 'the marker of a destination was not checked');
        return undefined;
      }),
    ),
  );
}

/** The records know no id yet: the marker's is taken, or a marker is written where none is. */
async function meet(deps: PlaceDeps, seen: PlaceLook, look: () => Promise<PlaceLook>): Promise<PlaceLook> {
  const { place, destination } = seen;
  if (seen.state !== 'new' || !place) return seen;
  const marker =
    seen.seen.kind === 'marker'
      ? { ...seen.seen.marker, existed: true }
      : await writeMarker(deps, place, deps.ids.placeId());
  if ('failed' in marker)
    return { ...seen, state: 'unreachable', seen: { kind: 'unreachable', detail: marker.failed } };
  const now = deps.clock.now();
  const action = marker.existed ? 'taken' : 'marked';
  await deps.records.decidePlace({
    destination,
    now,
    // Another process may have met it in between: what is on record stays.
    decision: (record) =>
      record?.id === undefined
        ? {
            set: { id: marker.id, since: now },
            audit: [placeEvent(now, action, { id: marker.id, place: place.label, markedBy: marker.by })],
          }
        : undefined,
  });
  deps.log.info(
    { destination, place: place.label, id: marker.id, action },
    'the place of a destination is known now',
  );
  return look();
}

export type Written = (PlaceMarker & { readonly existed: boolean }) | { readonly failed: string };

/** Never overwrites: a marker that another writer put there meanwhile is the one that counts. Returns the marker that is there. */
export async function writeMarker(
  deps: Pick<PlaceDeps, 'clock' | 'self'>,
  place: Destination,
  id: string,
): Promise<Written> {
  const marker = { id, createdAt: deps.clock.now(), by: deps.self.botName };
  try {
    await place.put(markerKey, bytesOf(markerText(marker)), { signal: new AbortController().signal });
    return { ...marker, existed: false };
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    const seen = error.kind === 'exists' ? await markerAt(place) : undefined;
    return seen?.kind === 'marker' ? { ...seen.marker, existed: true } : { failed: error.message };
  }
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array, void> {
  yield Buffer.from(text, 'utf8');
}

/**
 * Puts a change between fine and not fine, or from one trouble to another, on record, once, and informs the owners with it:
 * an owner who was asked to mount a volume must learn that it is another one now. Copies that the place held up are due again.
 */
export async function note(deps: WatchedPlaceDeps, seen: PlaceLook): Promise<void> {
  const { state, record, destination, place } = seen;
  const now = deps.clock.now();
  if (state === 'known' && record?.trouble) {
    const decision = (before: PlaceRecord | undefined) =>
      before?.trouble
        ? { set: { trouble: undefined }, audit: [placeEvent(now, 'known-again', {})] }
        : undefined;
    await deps.records.decidePlace({ destination, now, decision });
    deps.log.info({ destination }, 'the destination is the known place again');
    await hastenCopies(deps, destination);
  }
  if (!isTrouble(state) || record?.trouble?.state === state || !place) return;
  const change = troubleChange(deps, seen, state, place, now);
  const decision = (before: PlaceRecord | undefined) =>
    before?.trouble?.state === state ? undefined : change;
  await deps.records.decidePlace({ destination, now, decision });
  deps.log.warn({ destination, place: place.label, state }, refusalOf(seen).message);
  deps.wake();
}

function troubleChange(
  { fleet, offCluster }: PlaceDeps,
  seen: PlaceLook,
  state: PlaceTrouble,
  { label, kind }: Destination,
  now: number,
): PlaceChange {
  const { destination } = seen;
  const users = clustersWith(fleet.clusters, destination);
  const owners = offCluster?.owners?.[destination] ?? [];
  const slackUsers = owners.length > 0 ? owners : [...new Set(users.flatMap((each) => each.owners))];
  const say = { type: 'place-not-known', destination, label, kind, state } as const;
  const notices = slackUsers.map((slackUser) => ({ kind: 'private', slackUser, say }) as const);
  const found = seen.seen.kind === 'marker' ? { foundId: seen.seen.marker.id } : {};
  return {
    set: { trouble: { state, at: now } },
    audit: [placeEvent(now, 'not-known', { state, place: label, ...found, informed: slackUsers.join(' ') })],
    ...(users[0] ? { inform: { cluster: users[0].name, notices } } : {}),
  };
}

export function placeEvent(
  at: number,
  action: PlaceEvent['action'],
  detail: PlaceEvent['detail'],
  actor: PlaceEvent['actor'] = { kind: 'bot' },
): PlaceEvent {
  return { at, actor, action, detail };
}

function statusOf(seen: PlaceLook): PlaceStatus {
  const { destination, place } = seen;
  // It was `new` and could not be met: another look decides.
  const state = seen.state === 'new' ? 'unreachable' : seen.state;
  // Of a name that left the configuration the place itself says so.
  const kind = place?.kind ?? 'bucket';
  return {
    destination,
    state,
    mayRemove: state === 'known',
    mayWrite: mayWriteAt(kind, state),
    mayDisprove: (missing) => mayDisprove(kind, state, missing),
    get refusal() {
      return refusalOf(seen);
    },
  };
}

function refusalOf({ destination, place, state, seen, record, contents }: PlaceLook): StorageError {
  const label = place?.label ?? destination;
  const found: Readonly<Record<PlaceState, string>> = {
    known: 'its marker is the known one',
    new: 'its marker is not on record yet',
    absent: `expected the marker ${markerKey} with id ${record?.id}, found none`,
    different: `expected the marker with id ${record?.id}, found ${seen.kind === 'marker' ? seen.marker.id : 'none'}`,
    'adopt-needed': `it has no marker, and what lies there does not match the records (${contents?.found ?? 0} of ${contents?.recorded ?? 0} copies on record found among ${contents?.objects ?? 0} objects)`,
    unreadable: `the marker ${markerKey} cannot be read as one: ${'detail' in seen ? seen.detail : ''}`,
    unreachable: `it could not be reached: ${'detail' in seen ? seen.detail : ''}`,
  };
  return new StorageError({
    op: 'identify',
    kind: state === 'unreachable' ? 'unreachable' : 'not-known-place',
    message: `${label} is not the known place of destination ${destination}: ${found[state]}`,
    hint:
      place?.kind === 'directory'
        ? `Mount the right volume there. If this is the right place: /etcd-backup destination adopt ${destination}`
        : `Check bucket and prefix. If this is the right place: /etcd-backup destination adopt ${destination}`,
  });
}
