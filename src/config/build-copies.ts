import { resolve } from 'node:path';
import type { CopyPolicy } from '../domain/file-copy.ts';
import { fileKinds, type Place } from '../domain/manifest-document.ts';
import type { RetentionPolicy } from '../domain/retention.ts';
import type { ConfiguredDestination } from './config.ts';
import type { DestinationEntry } from './destination-schema.ts';
import type { ConfigFile } from './schema.ts';
import type { Settings } from './settings.ts';

type Places = Pick<ConfigFile, 'destinations' | 'recipients'>;

export function destinationOf(entry: DestinationEntry, directory: string): ConfiguredDestination {
  const { name, s3 } = entry;
  if (s3 === undefined) return { kind: 'directory', name, path: pathOf(entry, directory) };
  const { accessKeyId, secretAccessKey, sessionToken } = s3.credentials ?? {};
  return {
    kind: 's3',
    name,
    bucket: s3.bucket,
    prefix: s3.prefix ?? '',
    endpoint: s3.endpoint,
    region: s3.region,
    pathStyle: s3.pathStyle ?? s3.endpoint !== undefined,
    credentials: accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey, sessionToken } : undefined,
    ca: s3.ca,
    encryption: encryptionOf(s3.encryption),
    lock: s3.lock,
    checksum: s3.checksum ?? 'sha256',
  };
}

function encryptionOf(encryption: NonNullable<DestinationEntry['s3']>['encryption']) {
  if (encryption === undefined) return undefined;
  const { algorithm, keyId } = encryption;
  return algorithm === 'AES256' ? { algorithm } : { algorithm, keyId };
}

function pathOf({ name, directory: entry }: DestinationEntry, directory: string): string {
  if (entry === undefined) throw new Error(`destination ${name} has no place after it was checked`);
  return resolve(directory, entry.path);
}

/** Where both files of a cluster go; empty: they stay on the node. */
export function copyPoliciesOf(
  { copies }: Settings,
  places: Places,
  directory: string,
): readonly CopyPolicy[] {
  if (copies === undefined || copies === 'none') return [];
  return fileKinds.map((file) => {
    const { to, encryptFor = [] } = copies[file];
    const destination = named(places.destinations, to);
    return {
      file,
      destination: to,
      place: placeOf(destination, directory),
      custodians: destination.custodians ?? [],
      encryptFor: encryptFor.map((name) => ({ name, publicKey: named(places.recipients, name).key })),
    };
  });
}

/** The place as a manifest tells it to people who have nothing else. */
function placeOf(entry: DestinationEntry, directory: string): Place {
  if (entry.s3 === undefined) return { kind: 'directory', path: pathOf(entry, directory) };
  const { bucket, prefix, endpoint = null, region } = entry.s3;
  return { kind: 's3', bucket, ...(prefix === undefined ? {} : { prefix }), endpoint, region };
}

/** The rules of the cluster's destinations, counted in its own time zone. */
export function retentionOf(
  { copies, timeZone }: Settings,
  places: Places,
): Readonly<Record<string, RetentionPolicy>> {
  if (copies === undefined || copies === 'none') return {};
  const rules = fileKinds.flatMap((file) => {
    const { name, retention } = named(places.destinations, copies[file].to);
    if (retention === undefined) return [];
    const { newest, days, daily, weekly, monthly } = retention;
    return [[name, { newest, days, daily, weekly, monthly, timeZone }] as const];
  });
  return Object.fromEntries(rules);
}

function named<Entry extends { name: string }>(entries: readonly Entry[] | undefined, name: string): Entry {
  const found = entries?.find((each) => each.name === name);
  if (found === undefined) throw new Error(`${name} is not there after it was checked`);
  return found;
}
