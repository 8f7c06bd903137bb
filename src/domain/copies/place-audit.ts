import type { Actor } from '../people/audit.ts';

type PlaceAction =
  /** The bot wrote the marker: the contents matched the records, or both were empty. */
  | 'marked'
  /** The bot took the id of the marker that it found, as the records knew none. */
  | 'taken'
  /** A person decided that this is the place. */
  | 'adopted'
  /** What was reached is not the place that the records mean. */
  | 'not-known'
  /** It is the known place again. */
  | 'known-again';

/** What happened to a destination, before it is written down. `detail` holds short texts without secrets. */
export interface PlaceEvent {
  /** ms UTC */
  readonly at: number;
  readonly actor: Actor;
  readonly action: PlaceAction;
  readonly detail: Readonly<Record<string, string>>;
}

/** A line of a destination's record: `hash` is taken over the line and the hash of the line before it. */
export interface PlaceLine extends PlaceEvent {
  readonly destination: string;
  readonly seq: number;
  readonly previousHash: string;
  readonly hash: string;
}

/** The bytes that a line's hash is taken of: everything in it, in one fixed order. */
export function placeLineText(line: Omit<PlaceLine, 'hash'>): string {
  const detail = Object.entries(line.detail).sort(([a], [b]) => (a < b ? -1 : 1));
  const { actor } = line;
  const who = actor.kind === 'bot' ? ['bot'] : ['person', actor.slackUser, actor.clusterUser];
  return JSON.stringify([
    'destination',
    line.destination,
    line.seq,
    line.previousHash,
    line.at,
    who,
    line.action,
    detail,
  ]);
}
