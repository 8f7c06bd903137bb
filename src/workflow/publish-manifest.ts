import type { FileCopy } from '../domain/file-copy.ts';
import { type Manifest, manifestText } from '../domain/manifest.ts';
import type { ClusterPolicy } from '../domain/policy.ts';
import { restorePlan } from '../domain/restore-plan.ts';
import type { OffCluster } from './copy-ports.ts';
import { type Destination, StorageError } from './destination.ts';
import type { RunWork } from './run-work.ts';

export type Publishing = Pick<RunWork, 'deps' | 'signal'> & {
  readonly cluster: Pick<ClusterPolicy, 'name' | 'language'>;
};

export interface Published {
  /** As it was written. */
  readonly manifest: Manifest;
  /** Destinations at which it could not be written. */
  readonly unpublished: readonly string[];
}

/**
 * Puts manifest.json and RESTORE.md beside each stored file: whoever finds one of them finds the other, and both steps.
 * What could not be written is in the answer; the copies themselves are not touched by that.
 */
export async function publishManifest(
  work: Publishing,
  off: OffCluster,
  told: Manifest,
  copies: readonly FileCopy[],
): Promise<Published> {
  const manifest = {
    ...told,
    times: { ...told.times, written: new Date(work.deps.clock.now()).toISOString() },
  };
  const stored = copies.filter(({ stored }) => stored !== undefined);
  const places = new Map(stored.map((copy) => [copy.destination, prefixOf(copy.key)]));
  const text = off.restoreText(
    answerFor(manifest, work.deps.clock.now()),
    work.cluster.name,
    work.cluster.language,
  );
  const failures = await Promise.all(
    [...places].map(async ([name, prefix]) => {
      try {
        await putNewest(work, off, name, `${prefix}manifest.json`, manifestText(manifest));
        await putNewest(work, off, name, `${prefix}RESTORE.md`, text);
        return [];
      } catch (error) {
        work.signal.throwIfAborted();
        if (!(error instanceof StorageError)) throw error;
        work.deps.log.warn({ run: manifest.runId, destination: name, err: error }, 'manifest not written');
        return [name];
      }
    }),
  );
  return { manifest, unpublished: failures.flat() };
}

function answerFor(manifest: Manifest, now: number) {
  const { zStream } = manifest.release;
  return restorePlan([manifest], { zStream, clusterId: manifest.cluster.id, runId: manifest.runId, now });
}

function prefixOf(key: string): string {
  return key.slice(0, key.lastIndexOf('/') + 1);
}

const maxEditions = 20;

/**
 * Nothing is ever overwritten, and at no moment is there no document: the new one is put beside the old one, which goes then
 * and makes room for it. Where a lock keeps the old one, both stay, and the number tells which is the newer.
 */
async function putNewest(
  work: Publishing,
  off: OffCluster,
  name: string,
  key: string,
  text: string,
): Promise<void> {
  const destination = off.destinations.get(name);
  if (await putIfFree(work, destination, key, text)) return;
  await putBeside(work, destination, key, text);
  if ((await destination.remove(key)).kind === 'refused') return;
  await putIfFree(work, destination, key, text);
  for (let edition = 2; edition <= maxEditions; edition += 1) {
    if ((await destination.remove(numbered(key, edition))).kind === 'absent') return;
  }
}

async function putBeside(work: Publishing, destination: Destination, key: string, text: string) {
  for (let edition = 2; edition <= maxEditions; edition += 1) {
    if (await putIfFree(work, destination, numbered(key, edition), text)) return;
  }
  throw new StorageError({
    op: 'put',
    key,
    kind: 'exists',
    message: `put of ${key}: ${maxEditions} editions of it stand there, and none can be removed`,
    hint: 'Remove the older ones when their locks have ended',
  });
}

/** `a/manifest.json` → `a/manifest.2.json` */
function numbered(key: string, edition: number): string {
  return key.replace(/(\.[a-z]+)$/, `.${edition}$1`);
}

/** False: something stands there. */
async function putIfFree(
  { signal }: Publishing,
  destination: Destination,
  key: string,
  text: string,
): Promise<boolean> {
  try {
    await destination.put(key, bytesOf(text), { signal });
    return true;
  } catch (error) {
    if (error instanceof StorageError && error.kind === 'exists') return false;
    throw error;
  }
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array, void> {
  yield Buffer.from(text, 'utf8');
}
