import type { RestoreRoom, RoomStep } from './room.ts';

/**
 * The first step that is not shown yet and needs no step that is still open: what a second person can do meanwhile. Returns its
 * index; undefined: all others have to wait. Steps are done in their order; only fetching and checking the files, and the look at
 * the recovery host, do not change the cluster and may go side by side.
 */
export function stepOutOfTurn({ steps }: Pick<RestoreRoom, 'steps'>): number | undefined {
  const index = steps.findIndex(
    (step, at) =>
      step.openedAt === undefined && steps.every((other, before) => isFree(step, at, other, before)),
  );
  return index < 0 ? undefined : index;
}

function isFree(step: RoomStep, at: number, other: RoomStep, before: number): boolean {
  return before >= at || other.end !== undefined || !needs(step, other);
}

/** Whether `step` can begin only when `earlier` is settled. */
function needs(step: RoomStep, earlier: RoomStep): boolean {
  const { kind, file } = step;
  switch (kind) {
    case 'fetch':
      return earlier.kind === 'room';
    case 'decrypt':
      return earlier.kind === 'room' || (earlier.kind === 'fetch' && earlier.file === file);
    case 'digests':
      return earlier.phase === 'fetch';
    case 'trailer':
      return isOfFile(earlier, 'snapshot');
    case 'archive':
      return isOfFile(earlier, 'resources');
    case 'recovery-host':
      return false;
    case 'obstacles':
      return earlier.kind === 'recovery-host';
    default:
      return true;
  }
}

function isOfFile(earlier: RoomStep, file: NonNullable<RoomStep['file']>): boolean {
  return earlier.phase === 'fetch' && (earlier.file === undefined || earlier.file === file);
}
