import { markerKey, maxMarkerBytes, parseMarker } from '../../domain/copies/place-marker.ts';
import {
  judgePlace,
  type MarkerSeen,
  needsContents,
  type PlaceContents,
  type PlaceState,
} from '../../domain/copies/place-state.ts';
import { redact } from '../../domain/redaction/redact.ts';
import type { Destinations } from '../ports/copy-ports.ts';
import { type Destination, StorageError } from '../ports/destination.ts';
import type { PlaceRecord, Records } from '../ports/records.ts';

export interface LookDeps {
  readonly destinations: Destinations;
  readonly records: Pick<Records, 'place' | 'storedCopies'>;
}

/** One look at a place: what its marker says, beside what the records have of it. */
export interface PlaceLook {
  readonly destination: string;
  /** undefined: the configuration has no destination of this name. */
  readonly place: Destination | undefined;
  readonly state: PlaceState;
  readonly seen: MarkerSeen;
  readonly record: PlaceRecord | undefined;
  /** Listed only where the state depends on it. */
  readonly contents: PlaceContents | undefined;
}

/** Reads the marker and the records, changes nothing. Never throws for what the place does; throws for broken records. */
export async function lookAtPlace(deps: LookDeps, destination: string): Promise<PlaceLook> {
  const record = await deps.records.place(destination);
  const place = destinationOf(deps, destination);
  if (!(place && 'put' in place)) {
    return { destination, place: undefined, state: 'unreachable', seen: place, record, contents: undefined };
  }
  let seen = await markerAt(place);
  let contents: PlaceContents | undefined;
  if (needsContents(seen, record?.id)) {
    const listed = await contentsOf(deps, place);
    if ('kind' in listed) seen = listed;
    else contents = listed;
  }
  return { destination, place, state: judgePlace(seen, record?.id, contents), seen, record, contents };
}

type Unreachable = Extract<MarkerSeen, { kind: 'unreachable' }>;

function destinationOf({ destinations }: LookDeps, name: string): Destination | Unreachable {
  try {
    return destinations.get(name);
  } catch (error) {
    return unreachable(error);
  }
}

/** Reads the marker alone: two requests to a bucket, two system calls in a directory. */
export async function markerAt(place: Destination): Promise<MarkerSeen> {
  try {
    const { signal } = new AbortController();
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of await place.open(markerKey, { signal })) {
      size += chunk.byteLength;
      if (size > maxMarkerBytes)
        return { kind: 'unreadable', detail: `it is larger than ${maxMarkerBytes} bytes` };
      chunks.push(chunk);
    }
    const marker = parseMarker(Buffer.concat(chunks).toString('utf8'));
    return marker
      ? { kind: 'marker', marker }
      : { kind: 'unreadable', detail: `its ${size} bytes are no marker` };
  } catch (error) {
    if (error instanceof StorageError && error.kind === 'not-found') return { kind: 'none' };
    return unreachable(error);
  }
}

/** What lies at the place, compared with the records. Lists all of it: takes long where there is much. */
export async function contentsOf(
  { records }: Pick<LookDeps, 'records'>,
  place: Destination,
): Promise<PlaceContents | Unreachable> {
  const { copies, unreadable } = await records.storedCopies(place.name);
  try {
    const listed = await place.list('');
    const sizes = new Map(listed.map(({ key, size }) => [key, size]));
    return {
      objects: listed.length,
      newestAt: listed.length === 0 ? undefined : listed.reduce((at, each) => Math.max(at, each.storedAt), 0),
      recorded: copies.length + unreadable,
      found: copies.filter(({ key, size }) => sizes.get(key) === size).length,
    };
  } catch (error) {
    return unreachable(error);
  }
}

function unreachable(error: unknown): Unreachable {
  if (!(error instanceof StorageError)) throw error;
  return { kind: 'unreachable', detail: redact(error.message).slice(0, 500) };
}
