import type { PlaceLine } from '../domain/copies/place-audit.ts';
import type { PlaceContents, PlaceState } from '../domain/copies/place-state.ts';
import type { SeenPlace } from '../workflow/access/backups.ts';

// What the commands print: one line for one thing, for a terminal and for grep.

const states: Readonly<Record<PlaceState, string>> = {
  known: 'the known place',
  new: 'new: its marker is taken or written with the next backup',
  absent: 'its marker is absent',
  different: 'the marker there belongs to a different place',
  'adopt-needed': 'not known yet, and its contents do not match the records',
  unreadable: 'its marker cannot be read',
  unreachable: 'not looked at',
};

export function placeLine({ destination, label, state, since, detail }: SeenPlace): string {
  const known = since === undefined ? 'no id on record' : `on record since ${new Date(since).toISOString()}`;
  const why = detail === undefined ? [] : [detail];
  return [destination, state, label, [states[state], known, ...why].join('; ')].join('  ');
}

export function contentsLine({ objects, newestAt, recorded, found }: PlaceContents): string {
  const newest = newestAt === undefined ? '' : `, the newest from ${new Date(newestAt).toISOString()}`;
  return `found there: ${objects} objects${newest}; of ${recorded} copies on record ${found} were found, ${recorded - found} are missing`;
}

export function auditLine({ seq, at, actor, action, detail, hash }: PlaceLine): string {
  const who = actor.kind === 'bot' ? 'bot' : `${actor.slackUser} (${actor.clusterUser})`;
  const details = Object.entries(detail).map(([key, value]) => `${key}=${value}`);
  return [seq, new Date(at).toISOString(), who, action, ...details, `sha256:${hash}`].join('  ');
}
