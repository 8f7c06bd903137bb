import type { RejectedBackup, Unfit } from './restore-choice.ts';

/** What a person would look at first, the most promising kind before others. */
const nearness: readonly Unfit['kind'][] = [
  'may-lack',
  'abandoned',
  'disproven',
  'not-proven',
  'other-z-stream',
  'not-asked-for',
];

/**
 * What comes nearest to the backup that is needed; undefined: there is nothing of this cluster. `rejected`: newest first, so that
 * the last of those after a moment is the one that came soonest after it.
 */
export function nearestOf(rejected: readonly RejectedBackup[]): RejectedBackup | undefined {
  const of = (kind: Unfit['kind']) =>
    rejected.filter(
      ({ manifest, because }) =>
        because.kind === kind && (kind === 'disproven' || !manifest.drill?.disproven),
    );
  return nearness
    .map((kind) => (kind === 'may-lack' ? of(kind).at(-1) : of(kind)[0]))
    .find((each) => each !== undefined);
}
