import type { CopyPolicy, FileCopy } from '../domain/copies/file-copy.ts';
import {
  type FileKind,
  fileKinds,
  type Manifest,
  type ManifestCopy,
} from '../domain/copies/manifest-document.ts';
import type { ClusterPolicy } from '../domain/policy/policy.ts';
import { locationOf } from '../domain/restore/manifest.ts';
import { objectKeys } from '../domain/restore/object-keys.ts';
import type { ListedObject } from '../workflow/ports/destination.ts';

export interface RunInput {
  readonly manifest: Manifest;
  readonly objects: ReadonlyMap<string, ReadonlyMap<string, ListedObject>>;
  /** Destinations that are not the known place, and why: nothing is gone because it is not found there. */
  readonly notKnown: ReadonlyMap<string, string>;
  /** The cluster's, where the configuration still has it. */
  readonly policy: ClusterPolicy | undefined;
  /** ms UTC */
  readonly now: number;
}

/** Both files of a backup, each where its manifest says, as far as that was seen. Half a pair never looks like a whole one. */
export function foundCopies(input: RunInput): readonly FileCopy[] {
  return fileKinds.flatMap((kind) => {
    const copies = input.manifest.files[kind].copies.map((copy) => foundCopy(kind, copy, input));
    return copies.length > 0 ? copies : neverStored(kind, input);
  });
}

function foundCopy(
  file: FileKind,
  copy: ManifestCopy,
  { manifest, objects, notKnown, now }: RunInput,
): FileCopy {
  const { destination, place, key, custodians, encryptedFor, storedSize, storedSha256 } = copy;
  const listed = objects.get(destination);
  const object = listed?.get(key);
  const gone = listed && object?.size !== storedSize;
  const base = {
    ...{ file, destination, place, custodians, encryptFor: encryptedFor, key },
    location: object?.location ?? locationOf(copy),
    tries: 1,
    nextTryAt: undefined,
  };
  const elsewhere = gone ? notKnown.get(destination) : undefined;
  if (gone && elsewhere === undefined) {
    const found = object ? `${object.size} bytes` : 'nothing';
    const detail = `expected ${storedSize} bytes under ${key} at ${destination}, found ${found}`;
    const failure = { kind: object ? 'size' : 'not-found', detail, at: now };
    return { ...base, stored: undefined, provenAt: undefined, failure };
  }
  const provenAt = msOf(copy.provenAt);
  const at = object?.storedAt ?? provenAt ?? Date.parse(manifest.times.finished);
  return {
    ...base,
    stored: { size: storedSize, sha256: storedSha256, at, lockedUntil: msOf(copy.lockedUntil) },
    provenAt,
    failure: undefined,
    ...(elsewhere === undefined ? {} : { unread: { kind: 'not-known-place', detail: elsewhere, at: now } }),
  };
}

/** The manifest knows no copy of this file: it is missing where the configuration would have it. */
function neverStored(file: FileKind, input: RunInput): readonly FileCopy[] {
  const { manifest, now } = input;
  const policy = input.policy?.copies?.find((each) => each.file === file) ?? policyOfOther(file, manifest);
  if (!policy) return [];
  const key = keyOf(file, policy, manifest);
  const detail = `the manifest of ${manifest.runId} names no stored copy of the ${file}`;
  return [
    {
      ...policy,
      key,
      location: locationOf({ place: policy.place, key }),
      tries: 0,
      stored: undefined,
      provenAt: undefined,
      failure: { kind: 'not-found', detail, at: now },
      nextTryAt: undefined,
    },
  ];
}

function policyOfOther(file: FileKind, { files }: Manifest): CopyPolicy | undefined {
  const other = [files.snapshot, files.resources].flatMap(({ copies }) => copies)[0];
  if (!other) return undefined;
  const { destination, place, custodians } = other;
  return { file, destination, place, custodians, encryptFor: [] };
}

function keyOf(
  file: FileKind,
  policy: CopyPolicy,
  { runId, cluster, times, release, files }: Manifest,
): string {
  const encrypted = policy.encryptFor.length > 0;
  const keys = objectKeys({
    cluster: cluster.name,
    startedAt: Date.parse(times.started),
    zStream: release.zStream,
    runId,
    fileNames: { snapshot: files.snapshot.name, resources: files.resources.name },
    encrypted: { snapshot: encrypted, resources: encrypted },
  });
  return keys[file];
}

function msOf(time: string | null): number | undefined {
  return time === null ? undefined : Date.parse(time);
}
