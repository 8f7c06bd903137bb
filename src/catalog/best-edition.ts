import { fileKinds, type Manifest } from '../domain/copies/manifest-document.ts';
import { provenCopies } from '../domain/restore/manifest.ts';

/**
 * One backup has a manifest at each of its places, and more where a lock kept an older one: the one that was written
 * last, since each holds all that was known. Those of earlier releases do not say when: then the one that knows the most proven
 * copies, and of those the one whose last proof is the newest. `editions` is not empty.
 */
export function bestEdition(editions: readonly Manifest[]): Manifest {
  return editions.reduce((best, each) => (isBetter(each, best) ? each : best));
}

function isBetter(a: Manifest, b: Manifest): boolean {
  const [ourTime, theirTime] = [writtenAt(a), writtenAt(b)];
  if (ourTime !== theirTime) return ourTime > theirTime;
  const [ours, theirs] = [proofs(a), proofs(b)];
  if (ours.length !== theirs.length) return ours.length > theirs.length;
  return Math.max(0, ...ours) > Math.max(0, ...theirs);
}

function writtenAt({ times }: Manifest): number {
  return times.written === undefined ? 0 : Date.parse(times.written);
}

/** Times of the proofs, ms UTC. */
function proofs({ files }: Manifest): readonly number[] {
  return fileKinds.flatMap((kind) =>
    provenCopies(files[kind]).map(({ provenAt }) => Date.parse(provenAt ?? '')),
  );
}
