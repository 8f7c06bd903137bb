import type { PlaceMarker } from './place-marker.ts';

/**
 * Whether what is reached under a destination's name is the place that the records mean.
 * - `known`: its marker holds the id on record.
 * - `absent`: the records know an id, and there is no marker: a bare mount point, or it was removed.
 * - `different`: the marker holds another id: another volume or bucket.
 * - `new`: the records know no id yet, and it may be taken or given without asking.
 * - `adopt-needed`: the records know no id yet, and what lies there does not match them.
 * - `unreadable`: the file at the marker's path is no marker.
 * - `unreachable`: the place did not answer; nothing is known of its files.
 */
export type PlaceState =
  | 'known'
  | 'absent'
  | 'different'
  | 'new'
  | 'adopt-needed'
  | 'unreadable'
  | 'unreachable';

/** States in which nothing is removed there and nothing is recorded as gone, until a person has decided. */
export type PlaceTrouble = Extract<PlaceState, 'absent' | 'different' | 'adopt-needed' | 'unreadable'>;

/** A destination of which something else is reached than the known place. */
export interface PlaceInTrouble {
  readonly destination: string;
  readonly kind: 'directory' | 'bucket';
  readonly state: PlaceTrouble;
}

/** What was on record of one when an answer was made. `at`: since when, ms UTC. */
export interface PlaceOnRecord {
  readonly destination: string;
  readonly state: PlaceTrouble;
  readonly at: number;
}

/** What a look at the marker's key gave. */
export type MarkerSeen =
  | { readonly kind: 'marker'; readonly marker: PlaceMarker }
  | { readonly kind: 'none' }
  | { readonly kind: 'unreadable'; readonly detail: string }
  | { readonly kind: 'unreachable'; readonly detail: string };

/** What was listed at the place, beside what the records have of it. The marker does not count. */
export interface PlaceContents {
  readonly objects: number;
  /** ms UTC by the place's clock; undefined: nothing lies there. */
  readonly newestAt: number | undefined;
  /** Stored copies that the records have at this destination. */
  readonly recorded: number;
  /** Of these, listed with the size on record. */
  readonly found: number;
}

/** `contents`: needed only where the records know no id and there is no marker; see `needsContents`. */
export function judgePlace(
  seen: MarkerSeen,
  knownId: string | undefined,
  contents?: PlaceContents,
): PlaceState {
  if (seen.kind === 'unreachable' || seen.kind === 'unreadable') return seen.kind;
  if (knownId !== undefined) {
    if (seen.kind === 'none') return 'absent';
    return seen.marker.id === knownId ? 'known' : 'different';
  }
  // Another installation marked it, or the records that knew the id are lost: the place keeps its id.
  if (seen.kind === 'marker') return 'new';
  return contents !== undefined && matchesRecords(contents) ? 'new' : 'adopt-needed';
}

export function needsContents(seen: MarkerSeen, knownId: string | undefined): boolean {
  return seen.kind === 'none' && knownId === undefined;
}

/** Every copy on record lies there with its size, or both are empty. */
export function matchesRecords({ objects, recorded, found }: PlaceContents): boolean {
  return recorded === 0 ? objects === 0 : found === recorded;
}

export function isTrouble(state: PlaceState): state is PlaceTrouble {
  return state === 'absent' || state === 'different' || state === 'adopt-needed' || state === 'unreadable';
}

/** A directory may be a bare mount point. In a bucket a lifecycle rule may have removed the marker, and the backup matters more. */
export function mayWriteAt(kind: 'directory' | 'bucket', state: PlaceState): boolean {
  return kind === 'bucket' || !isTrouble(state);
}

/**
 * Whether a look that found a copy wrong or missing there says anything of the copy on record. `missing`: it was not found at
 * all. Bytes that are wrong in a bucket without its marker are that copy's bytes; in another place they are not.
 */
export function mayDisprove(kind: 'directory' | 'bucket', state: PlaceState, missing: boolean): boolean {
  if (state === 'known') return true;
  return kind === 'bucket' && !missing && (state === 'absent' || state === 'adopt-needed');
}
