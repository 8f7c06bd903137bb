import { X509Certificate } from 'node:crypto';
import { resolve } from 'node:path';
import type { CopyPolicy } from '../../domain/copies/file-copy.ts';
import { type Authority, fileKinds, type Place } from '../../domain/copies/manifest-document.ts';
import type { RetentionPolicy } from '../../domain/copies/retention.ts';
import { certificatesIn } from '../schema/certificates.ts';
import type { ClusterEntry } from '../schema/cluster-schema.ts';
import type { DestinationEntry } from '../schema/destination-schema.ts';
import type { ConfigFile } from '../schema/schema.ts';
import type { ConfiguredDestination } from './config.ts';

type Copies = ClusterEntry['copies'];
type Places = Pick<ConfigFile, 'destinations' | 'recipients'>;

export function destinationOf(entry: DestinationEntry, directory: string): ConfiguredDestination {
  const { name, s3 } = entry;
  const owners = [...new Set(entry.owners)];
  if (s3 === undefined) return { kind: 'directory', name, owners, path: pathOf(entry, directory) };
  return { kind: 's3', name, owners, ...s3 };
}

function pathOf({ name, directory: entry }: DestinationEntry, directory: string): string {
  if (entry === undefined) throw new Error(`destination ${name} has no place after it was checked`);
  return resolve(directory, entry.path);
}

/** Where both files of a cluster go; empty: they stay on the node. */
export function copyPoliciesOf(copies: Copies, places: Places, directory: string): readonly CopyPolicy[] {
  if (copies === undefined) return [];
  return fileKinds.map((file) => {
    const { to, encryptFor } = copies[file];
    const destination = named(places.destinations, to);
    return {
      file,
      destination: to,
      place: placeOf(destination, directory),
      custodians: destination.custodians,
      encryptFor: encryptFor.map((name) => ({ name, publicKey: named(places.recipients, name).key })),
    };
  });
}

/** By name; of all destinations, used or not. */
export function placesOf(
  destinations: readonly DestinationEntry[],
  directory: string,
): Readonly<Record<string, Pick<CopyPolicy, 'place' | 'custodians'>>> {
  return Object.fromEntries(
    destinations.map((each) => [each.name, { place: placeOf(each, directory), custodians: each.custodians }]),
  );
}

/** The place as a manifest describes it to people who have nothing else. */
function placeOf(entry: DestinationEntry, directory: string): Place {
  const where = entry.where === undefined ? {} : { where: entry.where };
  if (entry.s3 === undefined) return { kind: 'directory', path: pathOf(entry, directory), ...where };
  const { bucket, prefix, endpoint = null, region, ca } = entry.s3;
  const authorities = ca === undefined ? {} : { authorities: authoritiesIn(ca) };
  return {
    kind: 's3',
    bucket,
    ...(prefix === '' ? {} : { prefix }),
    endpoint,
    region,
    ...authorities,
    ...where,
  };
}

/** Enough to recognise a bundle by. */
const mostAuthorities = 3;

function authoritiesIn(pem: string): readonly Authority[] {
  return certificatesIn(pem)
    .slice(0, mostAuthorities)
    .map((each) => new X509Certificate(each))
    .map(({ subject, fingerprint256 }) => ({
      // Node prints one attribute a line.
      subject: subject.replace(/\p{C}+/gu, ', '),
      fingerprint: fingerprint256,
    }));
}

/** The rules of the cluster's destinations, counted in its own time zone. */
export function retentionOf(
  copies: Copies,
  { destinations }: Places,
  timeZone: string,
): Readonly<Record<string, RetentionPolicy>> {
  if (copies === undefined) return {};
  const rules = fileKinds.flatMap((file) => {
    const { name, retention } = named(destinations, copies[file].to);
    if (retention === undefined) return [];
    const { newest, days, daily, weekly, monthly } = retention;
    return [[name, { newest, days, daily, weekly, monthly, timeZone }] as const];
  });
  return Object.fromEntries(rules);
}

function named<Entry extends { name: string }>(entries: readonly Entry[], name: string): Entry {
  const found = entries.find((each) => each.name === name);
  if (found === undefined) throw new Error(`${name} is not there after it was checked`);
  return found;
}
