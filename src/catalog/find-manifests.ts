import type { Manifest } from '../domain/manifest.ts';
import { type BackupPrefix, readBackupPrefix } from '../domain/object-keys.ts';
import { type Destination, type ListedObject, StorageError } from '../workflow/destination.ts';
import { bestEdition } from './best-edition.ts';
import { ManifestError, parseManifest } from './manifest-schema.ts';

/** What lies at the destinations, and what of it can be used. */
export interface Findings {
  /** One for each backup, oldest first. */
  readonly manifests: readonly Manifest[];
  /** By destination and key; a destination that could not be listed is not among them. */
  readonly objects: ReadonlyMap<string, ReadonlyMap<string, ListedObject>>;
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
  signal: AbortSignal,
): Promise<Findings> {
  const looks = await Promise.all(destinations.map((each) => lookAt(each, signal)));
  const manifests = bestEditions(looks.flatMap((look) => look.manifests));
  const known = new Set(manifests.flatMap(keysOf));
  const objects = new Map(looks.flatMap(({ name, objects }) => (objects ? [[name, objects] as const] : [])));
  const unexplained = [...objects.values()].flatMap((each) =>
    [...each.values()].filter(
      ({ key }) => readBackupPrefix(key) && !besideFiles.test(key) && !known.has(key),
    ),
  );
  return {
    manifests,
    objects,
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

interface Look {
  readonly name: string;
  readonly manifests: readonly Manifest[];
  readonly objects: ReadonlyMap<string, ListedObject> | undefined;
  readonly skipped: readonly Skipped[];
}

async function lookAt(destination: Destination, signal: AbortSignal): Promise<Look> {
  const { name, label } = destination;
  const listed = await told(destination.list(''));
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
  const text = await told(textOf(destination, key, signal));
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
  if (runId === prefix.runId && cluster.name === prefix.cluster) return manifest;
  const why = `it tells of ${runId} of ${cluster.name}, but lies in the directory of ${prefix.runId} of ${prefix.cluster}`;
  return { location, kind: 'wrong-place', why };
}

async function textOf(destination: Destination, key: string, signal: AbortSignal): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of await destination.open(key, { signal })) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

async function told<T>(work: Promise<T>): Promise<{ readonly value: T } | { readonly error: string }> {
  try {
    return { value: await work };
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    return { error: error.message };
  }
}

function bestEditions(manifests: readonly Manifest[]): readonly Manifest[] {
  const byRun = Map.groupBy(manifests, ({ runId }) => runId);
  return [...byRun.values()]
    .map(bestEdition)
    .sort((a, b) => Date.parse(a.times.started) - Date.parse(b.times.started));
}

function keysOf({ files }: Manifest): readonly string[] {
  return [files.snapshot, files.resources].flatMap(({ copies }) => copies.map(({ key }) => key));
}
