import type { FileCopy } from '../../domain/copies/file-copy.ts';
import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import { type Manifest, manifestText } from '../../domain/restore/manifest.ts';
import { tellsOther } from '../../domain/restore/manifest-edition.ts';
import { type RestoreAnswer, restorePlan } from '../../domain/restore/restore-plan.ts';
import { placesOf } from '../places/place-identity.ts';
import type { OffCluster } from '../ports/copy-ports.ts';
import { type Destination, StorageError } from '../ports/destination.ts';
import type { Places } from '../ports/place-standing.ts';
import type { RunWork } from '../ports/run-work.ts';
import { standsAt } from '../ports/stands-at.ts';
import { putNewest, readNewest, standingEditions } from './editions.ts';

export type Publishing = Pick<RunWork, 'deps' | 'signal'> & {
  readonly cluster: Pick<ClusterPolicy, 'name' | 'language'>;
};

export interface Published {
  /** As it was written, where it was. */
  readonly manifest: Manifest;
  /** Destinations at which it could not be written. */
  readonly unpublished: readonly string[];
}

interface Documents {
  readonly manifest: Manifest;
  readonly restore: { readonly answer: RestoreAnswer; readonly text: string };
  readonly copies: readonly FileCopy[];
}

/**
 * Puts manifest.json and RESTORE.md beside each stored file: one of them leads to the other, and to both steps. A place
 * whose manifest tells the same already is left as it is. What could not be written is in the answer; the copies themselves are
 * not touched by that. One caller at a time for one run, see inTurn.
 */
export async function publishManifest(
  work: Publishing,
  off: OffCluster,
  told: Manifest,
  copies: readonly FileCopy[],
): Promise<Published> {
  const now = work.deps.clock.now();
  const manifest = { ...told, times: { ...told.times, written: new Date(now).toISOString() } };
  const answer = answerFor(manifest, now);
  const text = off.restoreText(answer, work.cluster.name, work.cluster.language);
  const documents = { manifest, restore: { answer, text }, copies };
  const places = placesOf({ ...work.deps, offCluster: off });
  const stored = copies.filter(({ stored }) => stored !== undefined);
  const failures = await Promise.all(
    [...new Set(stored.map(({ destination }) => destination))].map(async (name) => {
      try {
        await publishAt(off.destinations.get(name), documents, places, work.signal);
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

async function publishAt(
  destination: Destination,
  documents: Documents,
  places: Places,
  signal: AbortSignal,
): Promise<void> {
  const { manifest, restore, copies } = documents;
  const { mayWrite, mayRemove, refusal } = await places.standing(destination.name);
  if (!mayWrite) throw refusal;
  const here = copies.filter((copy) => copy.stored && copy.destination === destination.name);
  const prefix = prefixOf(here[0]?.key ?? '');
  const keys = (await destination.list(prefix)).map(({ key }) => key);
  // Never beside nothing. A list may be older than what lies there: the place is asked for the file itself.
  if (!here.some(({ key }) => keys.includes(key)) && !(await liesThere(destination, here))) return;
  const manifests = standingEditions(keys, `${prefix}manifest.json`);
  const restores = standingEditions(keys, `${prefix}RESTORE.md`);
  const newest = restores.numbers.length > 0 ? await readNewest(destination, manifests, signal) : undefined;
  if (newest !== undefined && !differs(newest, manifest)) return;
  await putNewest(destination, manifests, manifestText(manifest), signal, mayRemove);
  // Steps that may still help are not replaced by the word that there are none, as long as nothing was removed on purpose.
  const helpsMore = restores.numbers.length > 0 && copies.every(({ prunedAt }) => prunedAt === undefined);
  if (restore.answer.outcome === 'none' && helpsMore) return;
  await putNewest(destination, restores, restore.text, signal, mayRemove);
}

async function liesThere(destination: Destination, copies: readonly FileCopy[]): Promise<boolean> {
  for (const { key } of copies) {
    if (await standsAt(destination, key)) return true;
  }
  return false;
}

/** What is there may be anything: then it is written again. */
function differs(text: string, manifest: Manifest): boolean {
  try {
    return tellsOther(JSON.parse(text), manifest);
  } catch {
    return true;
  }
}

const turns = new Map<string, Promise<unknown>>();

/** Work on the documents of one run, one after the other in this process: two writers would leave a mixed pair. */
export function inTurn<T>(runId: string, work: () => Promise<T>): Promise<T> {
  const before = turns.get(runId) ?? Promise.resolve();
  const mine = before.then(work, work);
  turns.set(runId, mine);
  const leave = () => {
    if (turns.get(runId) === mine) turns.delete(runId);
  };
  mine.then(leave, leave);
  return mine;
}

function answerFor(manifest: Manifest, now: number): RestoreAnswer {
  const { zStream } = manifest.release;
  return restorePlan([manifest], { zStream, clusterId: manifest.cluster.id, runId: manifest.runId, now });
}

function prefixOf(key: string): string {
  return key.slice(0, key.lastIndexOf('/') + 1);
}
