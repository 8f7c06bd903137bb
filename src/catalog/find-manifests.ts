import type { Manifest } from '../domain/copies/manifest-document.ts';
import { type BackupPrefix, liesWithRun, readBackupPrefix } from '../domain/restore/object-keys.ts';
import { inOrder } from '../domain/run/backup-order.ts';
import { markerAt } from '../workflow/places/place-look.ts';
import { type Destination, type ListedObject, StorageError } from '../workflow/ports/destination.ts';
import { objectAt } from '../workflow/ports/object-at.ts';
import { bestEdition } from './best-edition.ts';
import { ManifestError, parseManifest } from './manifest-schema.ts';

/** What lies at the destinations, and what of it can be used. */
export interface Findings {
  /** One for each backup, oldest first: by etcd's revision within one cluster id, else by time. */
  readonly manifests: readonly Manifest[];
  /** By destination and key; a destination that could not be listed is not among them. */
  readonly objects: ReadonlyMap<string, ReadonlyMap<string, ListedObject>>;
  /** Destinations that say nothing of what is not found there: without the marker that they should have. */
  readonly notKnown: ReadonlyMap<string, string>;
  readonly skipped: readonly Skipped[];
}

export interface Skipped {
  /** `s3://bucket/key`, an absolute path, or the destination itself. */
  readonly location: string;
  /** `foreign`: not ours, none of our business. All others need a person. */
  readonly kind: 'foreign' | 'unreachable' | 'unreadable' | 'newer-schema' | 'wrong-place' | 'unexplained';
  readonly why: string;
}

// A manifest has some KiB; parseManifest refuses more than so many characters.
const largestManifest = 4 * 1024 * 1024;
const besideFiles = /\/(?:manifest|RESTORE)(?:\.\d+)?\.(?:json|md)$/;
const manifestKey = /\/manifest(?:\.\d+)?\.json$/;

/** Lists every destination and reads every manifest there. Never throws for what places and objects are like. */
export async function findManifests(
  destinations: readonly Destination[],
  idOnRecord: (destination: string) => Promise<string | undefined>,
  signal: AbortSignal,
): Promise<Findings> {
  const looks = await Promise.all(destinations.map((each) => lookAt(each, signal)));
  const manifests = bestEditions(looks.flatMap((look) => look.manifests));
  const known = new Set(manifests.flatMap(keysOf));
  const listed = new Map(looks.flatMap(({ name, objects }) => (objects ? [[name, objects] as const] : [])));
  const objects = await withUnlisted(destinations, manifests, listed);
  const unexplained = [...objects.values()].flatMap((each) =>
    [...each.values()].filter(
      ({ key }) => readBackupPrefix(key) && !besideFiles.test(key) && !known.has(key),
    ),
  );
  return {
    manifests,
    objects,
    notKnown: await placesNotKnown(destinations, idOnRecord, holdsAny(manifests, objects)),
    skipped: [
      ...looks.flatMap((look) => look.skipped),
      ...unexplained.map(({ location }) => ({
        location,
        kind: 'unexplained' as const,
        why: 'no manifest that can be read names this file: whether it is whole is not known',
      })),
    ],
  };
}

type Objects = ReadonlyMap<string, ReadonlyMap<string, ListedObject>>;

/** A list may be older than what lies there: a file that a manifest names and no list shows is asked for by its key. */
async function withUnlisted(
  destinations: readonly Destination[],
  manifests: readonly Manifest[],
  listed: Objects,
): Promise<Objects> {
  const all = new Map([...listed].map(([name, objects]) => [name, new Map(objects)]));
  const copies = manifests.flatMap(({ files }) => [...files.snapshot.copies, ...files.resources.copies]);
  for (const { destination: name, key } of copies) {
    const objects = all.get(name);
    const destination = destinations.find((each) => each.name === name);
    if (!objects || !destination || objects.has(key)) continue;
    const found = await attempt(objectAt(destination, key));
    // What did not answer now was not seen at all.
    if ('error' in found) all.delete(name);
    else if (found.value) objects.set(key, found.value);
  }
  return all;
}

/** Whether at least one file that a manifest names lies where it says. */
function holdsAny(manifests: readonly Manifest[], objects: Objects): (destination: string) => boolean {
  const copies = manifests.flatMap(({ files }) => [...files.snapshot.copies, ...files.resources.copies]);
  return (name) => copies.some((copy) => copy.destination === name && objects.get(name)?.has(copy.key));
}

/**
 * By name, with why. Places of earlier releases have no marker: such a one is taken for the place when any file of a backup lies
 * there; an empty one may be a bare mount point.
 */
async function placesNotKnown(
  destinations: readonly Destination[],
  idOnRecord: (destination: string) => Promise<string | undefined>,
  holds: (destination: string) => boolean,
): Promise<ReadonlyMap<string, string>> {
  const found = await Promise.all(
    destinations.map(async (destination) => {
      const seen = await markerAt(destination);
      const known = await idOnRecord(destination.name);
      const isKnown =
        seen.kind === 'marker'
          ? known === undefined || known === seen.marker.id
          : known === undefined && seen.kind === 'none' && holds(destination.name);
      const marker = seen.kind === 'marker' ? `the marker ${seen.marker.id}` : 'no marker';
      const why = `${destination.label} has ${marker}, expected ${known ?? 'one'}: it may be another place`;
      return isKnown ? [] : [[destination.name, why] as const];
    }),
  );
  return new Map(found.flat());
}

interface Look {
  readonly name: string;
  readonly manifests: readonly Manifest[];
  readonly objects: ReadonlyMap<string, ListedObject> | undefined;
  readonly skipped: readonly Skipped[];
}

async function lookAt(destination: Destination, signal: AbortSignal): Promise<Look> {
  const { name, label } = destination;
  const listed = await attempt(destination.list(''));
  if ('error' in listed) {
    const skipped = [{ location: `${name} (${label})`, kind: 'unreachable' as const, why: listed.error }];
    return { name, manifests: [], objects: undefined, skipped };
  }
  const manifests: Manifest[] = [];
  const skipped: Skipped[] = [];
  for (const object of listed.value) {
    const read = await readObject(destination, object, signal);
    if (read === undefined) continue;
    if ('schema' in read) manifests.push(read);
    else skipped.push(read);
  }
  return { name, manifests, objects: new Map(listed.value.map((each) => [each.key, each])), skipped };
}

/** Undefined: a file of a backup that is no manifest. */
async function readObject(
  destination: Destination,
  object: ListedObject,
  signal: AbortSignal,
): Promise<Manifest | Skipped | undefined> {
  const { key, location, size } = object;
  const prefix = readBackupPrefix(key);
  if (!prefix) return { location, kind: 'foreign', why: 'not below a directory that a backup of ours has' };
  if (!manifestKey.test(key)) return undefined;
  if (size > largestManifest)
    return { location, kind: 'unreadable', why: `${size} bytes are too many for a manifest` };
  const text = await attempt(textOf(destination, key, signal));
  if ('error' in text) return { location, kind: 'unreadable', why: text.error };
  try {
    return inItsPlace(parseManifest(text.value), prefix, location);
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    const kind = error.reason === 'newer-schema' ? 'newer-schema' : 'unreadable';
    return { location, kind, why: error.message };
  }
}

/** A manifest that was put into another backup's directory would give that backup's files out as its own. */
function inItsPlace(manifest: Manifest, prefix: BackupPrefix, location: string): Manifest | Skipped {
  const { runId, cluster } = manifest;
  const isHere = runId === prefix.runId && cluster.name === prefix.cluster;
  const elsewhere = keysOf(manifest).find((key) => !liesWithRun(key, runId));
  if (isHere && elsewhere === undefined) return manifest;
  if (isHere) {
    return {
      location,
      kind: 'wrong-place',
      why: `it names ${elsewhere}, which does not lie in the directory of ${runId}`,
    };
  }
  const why = `it is the manifest of ${runId} of ${cluster.name}, but lies in the directory of ${prefix.runId} of ${prefix.cluster}`;
  return { location, kind: 'wrong-place', why };
}

async function textOf(destination: Destination, key: string, signal: AbortSignal): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of await destination.open(key, { signal })) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

async function attempt<T>(work: Promise<T>): Promise<{ readonly value: T } | { readonly error: string }> {
  try {
    return { value: await work };
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    return { error: error.message };
  }
}

function bestEditions(manifests: readonly Manifest[]): readonly Manifest[] {
  const byRun = Map.groupBy(manifests, ({ runId }) => runId);
  return inOrder([...byRun.values()].map(bestEdition), (manifest) => ({
    id: manifest.runId,
    cluster: manifest.cluster.name,
    clusterId: manifest.cluster.id,
    revision: manifest.etcd.revision ?? undefined,
    at: Date.parse(manifest.times.started),
  }));
}

function keysOf({ files }: Manifest): readonly string[] {
  return [files.snapshot, files.resources].flatMap(({ copies }) => copies.map(({ key }) => key));
}
