import type { FileCopy } from '../../domain/copies/file-copy.ts';
import type { Manifest } from '../../domain/copies/manifest-document.ts';
import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import { editionOf, readEditionMark } from '../../domain/restore/edition.ts';
import { manifestOf, manifestText } from '../../domain/restore/manifest.ts';
import { differsMaterially, isPublished, publishedAs } from '../../domain/restore/manifest-facts.ts';
import { type RestoreAnswer, restorePlan } from '../../domain/restore/restore-plan.ts';
import type { Notice } from '../../domain/run/notice.ts';
import type { BackupRun, RunSuccess } from '../../domain/run/run.ts';
import { mergedSuccess } from '../../domain/run/success-merge.ts';
import { placesOf } from '../places/place-identity.ts';
import type { OffCluster } from '../ports/copy-ports.ts';
import { type Destination, StorageError } from '../ports/destination.ts';
import { type KeyedLocks, withLock } from '../ports/keyed-lock.ts';
import { objectAt } from '../ports/object-at.ts';
import type { Places } from '../ports/place-status.ts';
import type { RunChange } from '../ports/records.ts';
import type { RunWork } from '../ports/run-work.ts';
import { existingEditions, putNewest, readNewest } from './editions.ts';

export type Publishing = Pick<RunWork, 'deps' | 'signal'> & {
  readonly cluster: Pick<ClusterPolicy, 'name' | 'language'>;
};

export interface Publication {
  /** Goes on record with whatever the caller records. */
  readonly set: Pick<RunChange['set'], 'published'>;
  /** They say something else than when they were last written. */
  readonly isNew: boolean;
  /** At one place at least; where every place says the same already, nothing is. */
  readonly wrote: boolean;
  /** Destinations at which they could not be written. */
  readonly unpublished: readonly string[];
}

interface Documents {
  readonly manifest: Manifest;
  readonly restore: { readonly answer: RestoreAnswer; readonly text: string };
  readonly copies: readonly FileCopy[];
}

/**
 * Puts manifest.json and RESTORE.md beside each stored file of a run, as its record is, with `found` in place of what it has of
 * the copies. A place whose manifest says the same already is left as it is. What could not be written is in the answer; the
 * copies themselves are not touched by that. `record`: before anyone else writes the documents of this run.
 */
export function publishDocuments<T>(
  work: Publishing,
  off: OffCluster,
  { runId, found }: { readonly runId: string; readonly found?: RunSuccess },
  record: (publication: Publication) => Promise<T>,
): Promise<T> {
  return withRunLock(runId, async () => {
    const run = await work.deps.records.run(runId);
    const next = run && found ? { ...run, success: mergedSuccess(run.success, found) } : run;
    return record(next ? await publish(work, off, next) : nothingPublished);
  });
}

export const nothingPublished: Publication = { set: {}, isNew: false, wrote: false, unpublished: [] };

async function publish(work: Publishing, off: OffCluster, run: BackupRun): Promise<Publication> {
  const now = work.deps.clock.now();
  const manifest = manifestOf({ ...run, published: { at: now, fingerprint: '' } });
  const copies = (run.success?.copies ?? []).filter(({ stored }) => stored !== undefined);
  if (!manifest || copies.length === 0) return nothingPublished;
  const answer = answerFor(manifest, now);
  const text = off.restoreText(answer, work.cluster.name, work.cluster.language);
  const documents = { manifest, restore: { answer, text }, copies: run.success?.copies ?? [] };
  const places = placesOf({ ...work.deps, offCluster: off });
  let wrote = false;
  const failures = await Promise.all(
    [...new Set(copies.map(({ destination }) => destination))].map(async (name) => {
      try {
        if (await publishAt(off.destinations.get(name), documents, places, work.signal)) wrote = true;
        return [];
      } catch (error) {
        work.signal.throwIfAborted();
        if (!(error instanceof StorageError)) throw error;
        work.deps.log.warn({ run: run.id, destination: name, err: error }, 'manifest not written');
        return [name];
      }
    }),
  );
  work.signal.throwIfAborted();
  const unpublished = failures.flat();
  const edition =
    unpublished.length === 0 ? editionOf(manifest.release.zStream).number : run.published?.edition;
  const at = wrote ? now : (run.published?.at ?? now);
  return {
    set: {
      published: { ...publishedAs(manifest, at), ...(edition === undefined ? {} : { edition }) },
    },
    isNew: !isPublished(run) || edition !== run.published?.edition,
    wrote,
    unpublished,
  };
}

/** Says in the thread where the documents could not be written. */
export function documentsMissing(destinations: readonly string[]): readonly Notice[] {
  return destinations.length > 0
    ? [{ kind: 'thread', entry: { type: 'manifest-missing', destinations } }]
    : [];
}

/**
 * What was learnt of a backup after it was copied goes into its documents, as the record has it now. A place that had missed
 * something may catch up with it; one that is still away has not missed anything new, and nothing is said.
 */
export function republish(
  work: Publishing,
  off: OffCluster,
  { runId, deliveryId }: { readonly runId: string; readonly deliveryId: string },
  notices: (unpublished: readonly string[]) => readonly Notice[] = documentsMissing,
): Promise<void> {
  const { records, clock } = work.deps;
  return publishDocuments(work, off, { runId }, async ({ set, isNew, unpublished }) => {
    if (!isNew) return;
    const change = { set, audit: [], notices: notices(unpublished) };
    await records.decide({ runId, deliveryId, now: clock.now(), decision: () => change });
    work.deps.wake();
  });
}

/** Whether anything was written there. */
async function publishAt(
  destination: Destination,
  documents: Documents,
  places: Places,
  signal: AbortSignal,
): Promise<boolean> {
  const { manifest, restore, copies } = documents;
  const { mayWrite, mayRemove, refusal } = await places.status(destination.name);
  if (!mayWrite) throw refusal;
  const here = copies.filter((copy) => copy.stored && copy.destination === destination.name);
  const prefix = prefixOf(here[0]?.key ?? '');
  const keys = (await destination.list(prefix)).map(({ key }) => key);
  // Never beside nothing. A list may be older than what lies there: the place is asked for the file itself.
  if (!here.some(({ key }) => keys.includes(key)) && !(await liesThere(destination, here))) return false;
  const manifests = existingEditions(keys, `${prefix}manifest.json`);
  const restores = existingEditions(keys, `${prefix}RESTORE.md`);
  const newest = restores.numbers.length > 0 ? await readNewest(destination, manifests, signal) : undefined;
  const paper = newest === undefined ? undefined : await readNewest(destination, restores, signal);
  if (newest !== undefined && !differs(newest, manifest) && isCurrent(paper, manifest)) return false;
  await putNewest(destination, manifests, manifestText(manifest), signal, mayRemove);
  // Steps that may still help are not replaced by the word that there are none, as long as nothing was removed on purpose.
  const helpsMore = restores.numbers.length > 0 && copies.every(({ prunedAt }) => prunedAt === undefined);
  if (restore.answer.outcome === 'none' && helpsMore) return true;
  await putNewest(destination, restores, restore.text, signal, mayRemove);
  return true;
}

async function liesThere(destination: Destination, copies: readonly FileCopy[]): Promise<boolean> {
  for (const { key } of copies) {
    if (await objectAt(destination, key)) return true;
  }
  return false;
}

/** Its steps are as new as those of this program, or newer: an earlier version of the bot takes nothing back. */
function isCurrent(paper: string | undefined, { runId, release }: Manifest): boolean {
  const mark = paper === undefined ? undefined : readEditionMark(paper);
  return mark?.runId === runId && mark.edition >= editionOf(release.zStream).number;
}

/** What is there may be anything: then it is written again. */
function differs(text: string, manifest: Manifest): boolean {
  try {
    return differsMaterially(JSON.parse(text), manifest);
  } catch {
    return true;
  }
}

const locks: KeyedLocks = new Map();

/** Work on the documents of one run, one after the other in this process: two writers would leave a mixed pair. */
function withRunLock<T>(runId: string, work: () => Promise<T>): Promise<T> {
  return withLock(locks, runId, work);
}

/** The paper of a backup is about that backup alone. */
export function answerFor(manifest: Manifest, now: number): RestoreAnswer {
  const { zStream } = manifest.release;
  return restorePlan([manifest], { zStream, clusterId: manifest.cluster.id, runId: manifest.runId, now });
}

function prefixOf(key: string): string {
  return key.slice(0, key.lastIndexOf('/') + 1);
}
