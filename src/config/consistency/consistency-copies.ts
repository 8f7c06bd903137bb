import { resolve } from 'node:path';
import { fileKinds } from '../../domain/copies/manifest-document.ts';
import { holdsSecretKey } from '../../domain/copies/recipient.ts';
import { redact } from '../../domain/redaction/redact.ts';
import { withoutEnd } from '../../domain/text/trimmed.ts';
import { type Collected, checkUnique, listAt, nearestName, rightParts, saidAt } from '../file/findings.ts';
import type { Path } from '../file/mistake.ts';
import { isMapping } from '../file/with-defaults.ts';
import type { ClusterEntry } from '../schema/cluster-schema.ts';
import {
  type DestinationEntry,
  destinationSchema,
  type RecipientEntry,
  recipientSchema,
} from '../schema/destination-schema.ts';

/** The destinations and recipients of the file, whole or not, and which of them are used. */
export interface Places {
  readonly destinations: readonly Partial<DestinationEntry>[];
  readonly recipients: readonly Partial<RecipientEntry>[];
}

export function checkDestinations(all: Collected, directory: string): Places {
  refuseSecretKeys(all, all.source.value, []);
  const { value } = all.source;
  const destinations = listAt(value, ['destinations']).map((raw) => rightParts(destinationSchema.shape, raw));
  const recipients = listAt(value, ['recipients']).map((raw) => rightParts(recipientSchema.shape, raw));
  checkUnique(
    all,
    'destinations',
    'name',
    destinations.map((each) => each.name),
  );
  for (const key of ['name', 'key'] as const) {
    checkUnique(
      all,
      'recipients',
      key,
      recipients.map((each) => each[key]),
    );
  }
  destinations.forEach((each, index) => {
    checkPlace(all, ['destinations', index], each);
  });
  checkApart(all, destinations, directory);
  checkUsed(all, { destinations, recipients });
  return { destinations, recipients };
}

/** A bot that holds one could open what it stores. Comments are not looked at. */
function refuseSecretKeys(all: Collected, value: unknown, path: Path): void {
  if (typeof value === 'string' && holdsSecretKey(value)) {
    const expected =
      'no secret key of age anywhere: the bot needs the public key (age1…) alone, and a secret key that was in a file is to be replaced';
    all.mistakes.push(all.source.mistake(path, expected, 'a secret key (not shown)'));
  }
  if (value === null || typeof value !== 'object') return;
  for (const [key, inner] of Object.entries(value)) {
    refuseSecretKeys(all, inner, [...path, Array.isArray(value) ? Number(key) : key]);
    if (holdsSecretKey(key)) refuseSecretKeys(all, key, [...path, key]);
  }
}

function checkPlace(
  { source, mistakes, warnings }: Collected,
  path: Path,
  { s3, where }: Partial<DestinationEntry>,
): void {
  // Written into RESTORE.md and manifests, and shown in channels.
  if (where !== undefined && redact(where) !== where) {
    const expected = 'no secret: RESTORE.md, manifests and messages show it to all who read them';
    mistakes.push(source.mistake([...path, 'where'], expected, 'one (not shown)'));
  }
  const isDirectory = source.at([...path, 'directory']) !== undefined;
  if (isDirectory === (source.at([...path, 's3']) !== undefined) && isMapping(source.at(path))) {
    const expected = 'either directory: {path: PATH} or s3: {bucket: NAME, region: REGION}';
    mistakes.push(source.mistake(path, expected, isDirectory ? 'both' : 'neither'));
  }
  const keyId = [...path, 's3', 'encryption', 'keyId'];
  if (s3?.encryption?.algorithm === 'AES256' && source.at(keyId) !== undefined) {
    const expected = 'a key only with algorithm aws:kms (AES256 has keys of its own)';
    mistakes.push(source.mistake(keyId, expected, 'one with AES256'));
  }
  const isOpen = s3?.endpoint?.startsWith('http:') && !/\/\/(localhost|127\.|\[::1\])/.test(s3.endpoint);
  if (isOpen) {
    const text = 'plain http: anyone on the network path reads what is not encrypted for recipients';
    warnings.push(source.warning([...path, 's3', 'endpoint'], text));
  }
}

/** An owner whom the bot does not know can decide nothing: where owners are named, no one else may either. */
export function checkPlaceOwners(
  { source, warnings }: Collected,
  { destinations }: Places,
  slackUsers: readonly (string | undefined)[],
): void {
  destinations.forEach(({ owners = [] }, index) => {
    owners.forEach((owner, at) => {
      if (slackUsers.includes(owner)) return;
      const text = 'this owner is not under people, so they cannot adopt this destination';
      warnings.push(source.warning(['destinations', index, 'owners', at], text));
    });
  });
}

/** Two names for one place would make two ways off the cluster out of one, and clean up each other's files. */
function checkApart(
  { source, mistakes }: Collected,
  destinations: readonly Partial<DestinationEntry>[],
  directory: string,
): void {
  const roots = destinations.map((each) => rootOf(each, directory));
  roots.forEach((root, index) => {
    const first = roots.findIndex(
      (other) => other !== undefined && root !== undefined && nested(other, root),
    );
    if (first < 0 || first >= index) return;
    const place = destinations[index]?.s3 === undefined ? ['directory', 'path'] : ['s3', 'prefix'];
    const expected = 'a place of its own, neither the same as another nor inside it';
    const name = destinations[first]?.name ?? `destinations[${first}]`;
    const found =
      roots[first] === root ? `the same as ${name}` : `one that lies inside ${name}, or around it`;
    mistakes.push(source.mistake(['destinations', index, ...place], expected, found));
  });
}

/** Ends with a slash, so that `/a` does not seem to hold `/ab`. */
function rootOf({ directory: local, s3 }: Partial<DestinationEntry>, directory: string): string | undefined {
  if (local !== undefined) return `${withoutEnd(resolve(directory, local.path), '/')}/`;
  if (s3 === undefined) return undefined;
  const prefix = s3.prefix === '' ? '' : `${s3.prefix}/`;
  return `${s3.endpoint ?? 's3'} ${s3.bucket}/${prefix}`;
}

function nested(a: string, b: string): boolean {
  return a.startsWith(b) || b.startsWith(a);
}

function checkUsed({ source, warnings }: Collected, { destinations, recipients }: Places): void {
  const layers = [source.at(['defaults']), ...listAt(source.value, ['clusters'])];
  const copies = layers.flatMap((layer) =>
    fileKinds.map((file) => {
      const { copies: said } = (layer ?? {}) as { copies?: Record<string, unknown> };
      return (said?.[file] ?? {}) as { to?: unknown; encryptFor?: unknown };
    }),
  );
  const used = new Set(copies.map(({ to }) => to));
  const named = new Set(copies.flatMap(({ encryptFor }) => encryptFor));
  destinations.forEach(({ name }, index) => {
    if (name === undefined || used.has(name)) return;
    warnings.push(source.warning(['destinations', index], `no cluster copies anything to ${name}`));
  });
  recipients.forEach(({ name }, index) => {
    if (name === undefined || named.has(name)) return;
    warnings.push(source.warning(['recipients', index], `nothing is encrypted for ${name}`));
  });
}

/** Names that lead nowhere, each by itself: a mistake in one file's copy hides none in the other's. */
export function checkCopyNames(all: Collected, cluster: Path, places: Places): void {
  const { source } = all;
  const at = saidAt(source, cluster, ['copies']);
  for (const file of fileKinds) {
    const to = source.at([...at, file, 'to']);
    if (typeof to === 'string') checkName(all, [...at, file, 'to'], to, 'destinations', places.destinations);
    const encryptFor = listAt(source.value, [...at, file, 'encryptFor']);
    encryptFor.forEach((name, index) => {
      const place = [...at, file, 'encryptFor', index];
      if (typeof name === 'string') checkName(all, place, name, 'recipients', places.recipients);
      if (encryptFor.indexOf(name) === index) return;
      all.mistakes.push(source.mistake(place, 'each recipient once', 'one who is in the list already'));
    });
  }
}

/** Custody that is weaker than it may seem. */
export function checkCopies(
  all: Collected,
  cluster: Path,
  { copies, drill }: Partial<ClusterEntry>,
  places: Places,
): void {
  const { source, warnings } = all;
  const at = saidAt(source, cluster, ['copies']);
  const said = source.at(at);
  if (drill && (said === undefined || said === 'none')) {
    const text = 'without copies there is nothing to restore from: no drill takes place';
    warnings.push(source.warning(saidAt(source, cluster, ['drill']), text));
  }
  if (copies === undefined) return;
  for (const file of fileKinds) {
    const { encryptFor } = copies[file];
    if (encryptFor.length === 1) {
      const text = `only ${encryptFor[0]} can open it: if that key is lost, so is the backup; name a second recipient`;
      warnings.push(source.warning([...at, file, 'encryptFor'], text));
    }
  }
  checkCustody(all, at, copies);
  checkPairs(all, at, copies, places);
}

function checkCustody(
  { source, warnings }: Collected,
  at: Path,
  { snapshot, resources }: NonNullable<ClusterEntry['copies']>,
): void {
  if (snapshot.to === resources.to) {
    const text = `both files go to ${resources.to}: anyone who can read it holds all secrets of the cluster and the keys that open them; give each file a place of its own`;
    warnings.push(source.warning(at, text));
  }
  if (resources.encryptFor.length === 0) {
    const text = `the static pod resources hold the cluster's private keys and the keys of encrypted secrets in etcd, and ${resources.to} gets them as they are: name recipients in encryptFor`;
    warnings.push(source.warning([...at, 'resources'], text));
  }
}

/** Each place cleans up for itself: with rules of their own they do not let go of both files of a backup together. */
function checkPairs(
  { source, warnings }: Collected,
  at: Path,
  { snapshot, resources }: NonNullable<ClusterEntry['copies']>,
  { destinations }: Places,
): void {
  const [first, second] = [snapshot.to, resources.to].map((to) =>
    destinations.find(({ name }) => name === to),
  );
  if (!first || !second) return;
  const [here, there] = [rulesText(first.retention), rulesText(second.retention)];
  if (here === there) return;
  const text = `${first.name} keeps ${here}, and ${second.name} keeps ${there}: a backup of which one file is removed restores nothing; give both the same retention`;
  warnings.push(source.warning(at, text));
}

const rules = ['newest', 'days', 'daily', 'weekly', 'monthly'] as const;

/** `newest 7, weekly 4`; the same text for the same rules, however they are ordered in the file. */
function rulesText(retention: DestinationEntry['retention']): string {
  const said = rules.flatMap((rule) =>
    retention?.[rule] === undefined ? [] : [`${rule} ${retention[rule]}`],
  );
  return said.length === 0 ? 'everything' : said.join(', ');
}

function checkName(
  { source, mistakes }: Collected,
  path: Path,
  name: string,
  list: 'destinations' | 'recipients',
  entries: readonly { readonly name?: string | undefined }[],
): void {
  const names = entries.flatMap((each) => each.name ?? []);
  // An entry whose own name is wrong is named as such; it may be the one that is meant.
  if (names.includes(name) || names.length < entries.length) return;
  const meant = nearestName(name, names);
  const known = names.length === 0 ? `there are none under ${list}` : `under ${list}: ${names.join(', ')}`;
  const hint = meant === undefined ? known : `did you mean "${meant}"?`;
  mistakes.push(source.mistake(path, `the name of one of ${list}`, undefined, hint));
}
