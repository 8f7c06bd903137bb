import { type FileCopy, lookedAt } from '../copies/file-copy.ts';
import { isOffNode, type RunSuccess } from './run.ts';

/**
 * What a run's work found, onto the current record: between reading and writing others may have removed, verified
 * or drilled. What is not in `found` stays; of a copy the newer knowledge counts; what was removed stays removed.
 */
export function mergedSuccess(record: RunSuccess | undefined, found: RunSuccess): RunSuccess {
  if (!record) return found;
  const { drill = record.drill, retention = record.retention } = found;
  const copies = found.copies ? mergedCopies(record.copies, found.copies) : record.copies;
  return withRemovals(record, {
    ...record,
    ...found,
    ...(copies ? { copies } : {}),
    ...(drill ? { drill: newerDrill(record.drill, drill) } : {}),
    ...(retention ? { retention } : {}),
  });
}

function mergedCopies(
  record: readonly FileCopy[] | undefined,
  found: readonly FileCopy[],
): readonly FileCopy[] {
  return found.map((copy) => {
    const known = record?.find((each) => isSame(each, copy));
    // Stored meanwhile, or looked at later: that is the newer word on it.
    return known && known.stored !== undefined && lookedAt(known) > lookedAt(copy) ? known : copy;
  });
}

function newerDrill(a: RunSuccess['drill'], b: NonNullable<RunSuccess['drill']>) {
  return a && a.at > b.at ? a : b;
}

/**
 * The last word before a run is written: no writer, with whatever older state in its hands, brings back what was removed or
 * takes back that it was proven. A removal that is on record ends as removed, or as called off later than it was put there.
 */
export function withRemovals(before: RunSuccess, after: RunSuccess | undefined): RunSuccess {
  if (!after) return before;
  const copies = after.copies?.map((copy) => {
    const known = before.copies?.find((each) => isSame(each, copy));
    return known && mayNotFollow(known, copy) ? known : copy;
  });
  const { onNode = 'kept', retention } = before;
  const goesOn = isOffNode(before) && after.onNode !== 'removed';
  return {
    ...after,
    ...(copies ? { copies } : before.copies ? { copies: before.copies } : {}),
    ...(goesOn ? { onNode } : {}),
    // Only the writer that ends it sets this; a writer that knows nothing of it changes nothing.
    ...(retention && !after.retention ? { retention } : {}),
  };
}

function mayNotFollow(known: FileCopy, next: FileCopy): boolean {
  if (known.prunedAt !== undefined) return next.prunedAt === undefined;
  if (known.removing === undefined || next.prunedAt !== undefined) return false;
  const calledOff = next.removing === undefined && (next.sparedAt ?? 0) >= known.removing.at;
  return next.removing === undefined && !calledOff;
}

function isSame(a: FileCopy, b: FileCopy): boolean {
  return a.key === b.key && a.destination === b.destination && a.file === b.file;
}
