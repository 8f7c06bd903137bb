import type { FileCopy } from '../../domain/copies/file-copy.ts';
import { liesWithRun } from '../../domain/restore/object-keys.ts';
import type { BackupRun, RunSuccess } from '../../domain/run/run.ts';
import { placeStatus } from '../places/place-identity.ts';
import { auditEvent } from '../ports/audit-events.ts';
import { type Destination, StorageError } from '../ports/destination.ts';
import type { RunWork } from '../ports/run-work.ts';
import { storedAt } from './prune.ts';

/** One backup at one destination. */
export interface Victim {
  readonly run: BackupRun;
  readonly destination: string;
}

/** What became of one copy. Only `removed` says that it is gone. */
type Outcome =
  | { readonly kind: 'removed' }
  | { readonly kind: 'kept'; readonly why: string | undefined }
  | { readonly kind: 'damaged'; readonly failure: string; readonly why: string };

/**
 * On record before the first byte goes: from here on the copies count as proven nowhere. False: another writer changed the backup
 * meanwhile, and nothing was written.
 */
export async function recordRemoval(work: RunWork, victim: Victim, turn: string): Promise<boolean> {
  const { run, destination } = victim;
  const now = work.deps.clock.now();
  const by = work.claim.run.id;
  const placeId = await placeIdOf(work, destination);
  const answer = await change(work, victim, `intent:${turn}`, (success) => {
    const copies = success.copies?.map((copy) =>
      isMeant(copy, victim)
        ? {
            ...copy,
            provenAt: undefined,
            nextTryAt: undefined,
            removing: { ...removalOf(copy, by, now), placeId },
          }
        : copy,
    );
    const removing = storedAt({ ...run, success }, destination).map(({ key }) => key);
    return { success: { ...success, copies: copies ?? [] }, detail: { removing: removing.join(' ') } };
  });
  return answer;
}

/** One that is proven and lies among the run's own files: a key may come from a manifest that another writer made. */
function isMeant(copy: FileCopy, { run, destination }: Victim): boolean {
  if (copy.destination !== destination || !liesWithRun(copy.key, run.id)) return false;
  return copy.stored !== undefined && copy.provenAt !== undefined;
}

function removalOf({ provenAt }: FileCopy, by: string, at: number): NonNullable<FileCopy['removing']> {
  return { at, by, provenAt };
}

/**
 * Removes the copies whose removal is on record, the files first, then what lies beside them, and records what became of each.
 * `first`: nothing can have been removed before, so a file that is not there was not removed by us. Returns what stays, and why.
 * Throws StorageError: the removal stays on record, and is done again.
 */
export async function removeCopies(
  work: RunWork,
  place: Destination,
  victim: Victim,
  { first, turn }: { first: boolean; turn: string },
): Promise<readonly string[]> {
  const copies = beingRemoved(victim);
  const placeId = await placeIdOf(work, victim.destination);
  const outcomes = new Map<string, Outcome>();
  for (const { key, location, removing } of copies) {
    work.signal.throwIfAborted();
    const removal = await place.remove(key);
    // What an earlier try removed is gone; at another place that was adopted since, nothing was removed.
    const mayBeGone = !first && isSamePlace(removing, placeId);
    if (removal.kind === 'refused') outcomes.set(key, { kind: 'kept', why: `${location}: ${removal.why}` });
    else if (removal.kind === 'removed' || mayBeGone) outcomes.set(key, { kind: 'removed' });
    else
      outcomes.set(key, { kind: 'damaged', failure: 'not-found', why: `${location}: no file found there` });
  }
  const all = [...outcomes.values()];
  const beside = all.every(({ kind }) => kind === 'removed')
    ? await removeBeside(work, place, victim, copies[0]?.key ?? '')
    : [];
  await expectKnownPlace(work, victim, placeId);
  await recordOutcomes(work, victim, outcomes, turn);
  return [...all.flatMap((each) => (each.kind === 'removed' ? [] : (each.why ?? []))), ...beside];
}

/** The documents of this backup; nothing that another one counts on lies there. */
async function removeBeside(
  work: RunWork,
  place: Destination,
  { run }: Victim,
  key: string,
): Promise<readonly string[]> {
  if (!liesWithRun(key, run.id)) return [];
  const prefix = key.slice(0, key.lastIndexOf('/') + 1);
  // The other file, where two names lead to one place: its own destination decides on it.
  const others = (run.success?.copies ?? []).flatMap((copy) => (copy.stored ? [copy.key] : []));
  const refused: string[] = [];
  for (const each of await place.list(prefix)) {
    work.signal.throwIfAborted();
    if (others.includes(each.key)) continue;
    const removal = await place.remove(each.key);
    if (removal.kind === 'refused') refused.push(`${each.location}: ${removal.why}`);
  }
  return refused;
}

/** Every rule keeps it now: what is still stored is a copy as before, what is gone was removed. */
export async function callOff(
  work: RunWork,
  place: Destination,
  victim: Victim,
  turn: string,
): Promise<void> {
  const placeId = await placeIdOf(work, victim.destination);
  const outcomes = new Map<string, Outcome>();
  for (const { key, location, stored, removing } of beingRemoved(victim)) {
    const size = await sizeOf(place, key);
    if (size === stored?.size) outcomes.set(key, { kind: 'kept', why: undefined });
    else if (size !== undefined)
      outcomes.set(key, { kind: 'damaged', failure: 'size', why: `${location}: ${size} bytes` });
    else if (isSamePlace(removing, placeId)) outcomes.set(key, { kind: 'removed' });
    else
      outcomes.set(key, { kind: 'damaged', failure: 'not-found', why: `${location}: no file found there` });
  }
  await expectKnownPlace(work, victim, placeId);
  await recordOutcomes(work, victim, outcomes, turn);
}

/**
 * A volume that went away meanwhile, or another one that was adopted, shows nothing, which must not be recorded as gone. Throws
 * StorageError then.
 */
async function expectKnownPlace(
  work: RunWork,
  { destination }: Victim,
  placeId: string | undefined,
): Promise<void> {
  const { mayRemove, refusal } = await placeStatus(work.deps, destination);
  if (!mayRemove) throw refusal;
  const found = await placeIdOf(work, destination);
  if (found === placeId) return;
  throw new StorageError({
    op: 'identify',
    kind: 'not-known-place',
    message: `destination ${destination} was adopted as another place during a removal: expected ${placeId}, found ${found}`,
    hint: 'The next round looks at the new place; there is nothing to do',
  });
}

async function placeIdOf({ deps }: RunWork, destination: string): Promise<string | undefined> {
  return (await deps.records.place(destination))?.id;
}

/** Records of earlier versions do not say at which place a removal was begun. */
function isSamePlace(removing: FileCopy['removing'], placeId: string | undefined): boolean {
  return removing?.placeId === undefined || removing.placeId === placeId;
}

/** undefined: nothing is there. */
async function sizeOf(place: Destination, key: string): Promise<number | undefined> {
  try {
    return (await place.stat(key)).size;
  } catch (error) {
    if (error instanceof StorageError && error.kind === 'not-found') return undefined;
    throw error;
  }
}

/** Whose removal is on record and has not ended. */
export function beingRemoved({ run, destination }: Victim): readonly FileCopy[] {
  return storedAt(run, destination).filter(({ removing }) => removing !== undefined);
}

async function recordOutcomes(
  work: RunWork,
  victim: Victim,
  outcomes: ReadonlyMap<string, Outcome>,
  turn: string,
): Promise<void> {
  const now = work.deps.clock.now();
  const keysOf = (kind: Outcome['kind']) =>
    [...outcomes].flatMap(([key, outcome]) => (outcome.kind === kind ? [key] : [])).join(' ') || undefined;
  await change(work, victim, `end:${turn}`, (success) => ({
    success: {
      ...success,
      copies: (success.copies ?? []).map((copy) => {
        const outcome = copy.destination === victim.destination ? outcomes.get(copy.key) : undefined;
        if (outcome && copy.removing) return ended(copy, copy.removing, outcome, now);
        // Called off by others, who still saw it: the bytes are gone all the same.
        return outcome?.kind === 'removed' && isRemoved(copy, victim) ? gone(copy, now) : copy;
      }),
    },
    detail: { removed: keysOf('removed'), kept: keysOf('kept'), missing: keysOf('damaged') },
  }));
}

function ended(
  copy: FileCopy,
  removal: NonNullable<FileCopy['removing']>,
  outcome: Outcome,
  now: number,
): FileCopy {
  if (outcome.kind === 'removed') return gone(copy, now);
  const { removing: _, ...rest } = copy;
  const spared = { ...rest, sparedAt: Math.max(now, removal.at) };
  if (outcome.kind === 'kept') return { ...spared, provenAt: removal.provenAt };
  return { ...spared, failure: { kind: outcome.failure, detail: outcome.why, at: now } };
}

function gone(copy: FileCopy, now: number): FileCopy {
  const { removing: _, ...rest } = copy;
  return { ...rest, stored: undefined, provenAt: undefined, nextTryAt: undefined, prunedAt: now };
}

/** The very file that was removed: it was not stored again since. */
function isRemoved({ key, stored }: FileCopy, victim: Victim): boolean {
  const removed = storedAt(victim.run, victim.destination).find((each) => each.key === key);
  return stored !== undefined && stored.at === removed?.stored?.at;
}

/** Onto the current record of the victim. Not by the claim: the victim is over, and another run's work removes it. */
async function change(
  work: RunWork,
  { run, destination }: Victim,
  step: string,
  next: (success: RunSuccess) => {
    success: RunSuccess;
    detail: Readonly<Record<string, string | undefined>>;
  },
): Promise<boolean> {
  const { deps, claim } = work;
  const now = deps.clock.now();
  const answer = await deps.records.decide<'no-success'>({
    runId: run.id,
    deliveryId: `prune:${claim.run.id}:${claim.fence}:${run.id}:${destination}:${step}`,
    now,
    decision: ({ success }) => {
      if (!success) return { refusal: 'no-success' };
      const { detail, success: set } = next(success);
      return {
        set: { success: set },
        audit: [auditEvent(now, 'bot', 'pruned', { destination, byRun: claim.run.id, ...detail })],
        notices: [{ kind: 'card' }],
      };
    },
  });
  deps.wake();
  return answer.outcome === 'changed';
}
