/**
 * The small object at the root of every destination. It distinguishes one place from another, and above all a mounted volume from its
 * bare mount point. The id belongs to the place: written once, never rewritten, whichever bot uses the place later.
 */
export interface PlaceMarker {
  readonly id: string;
  /** ms UTC; undefined: the marker does not say it. */
  readonly createdAt: number | undefined;
  /** Which installation wrote it, for people. */
  readonly by: string;
}

/** At the root of the destination. Lists do not show it; nothing removes it. */
export const markerKey = 'etcd-backup-destination.json';

/** A marker has some hundred bytes; what is larger is not ours. */
export const maxMarkerBytes = 16 * 1024;

const schema = 'etcd-backup-destination/1';
const idForm = /^p-[0-9a-z]{8,64}$/;

/** As it is written. The text ends with a line feed. */
export function markerText({ id, createdAt, by }: PlaceMarker): string {
  const about =
    'This file identifies this place for etcd-backup. Do not change, move or delete it: backups stop here without it.';
  const time = createdAt === undefined ? null : new Date(createdAt).toISOString();
  return `${JSON.stringify({ schema, id, createdAt: time, by, about }, null, 2)}\n`;
}

/** Undefined: it is no marker of ours. Of a later schema the id alone counts. */
export function parseMarker(text: string): PlaceMarker | undefined {
  const read = jsonOf(text);
  if (read === null || typeof read !== 'object') return undefined;
  const { id, createdAt, by, ...rest } = read as Record<string, unknown>;
  if (!String(rest.schema).startsWith('etcd-backup-destination/')) return undefined;
  if (typeof id !== 'string' || !idForm.test(id)) return undefined;
  const at = typeof createdAt === 'string' ? Date.parse(createdAt) : Number.NaN;
  return { id, createdAt: Number.isNaN(at) ? undefined : at, by: typeof by === 'string' ? by : '' };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
