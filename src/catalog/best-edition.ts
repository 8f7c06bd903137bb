import { fileKinds, type Manifest, provenCopies } from '../domain/manifest.ts';

/**
 * One backup has a manifest at each of its places, and more where a lock kept an older one: the one that knows the most
 * proven copies; among those the one whose last proof is the newest. `editions` is not empty.
 */
export function bestEdition(editions: readonly Manifest[]): Manifest {
  return editions.reduce((best, each) => (isBetter(each, best) ? each : best));
}

function isBetter(a: Manifest, b: Manifest): boolean {
  const [ours, theirs] = [proofs(a), proofs(b)];
  if (ours.length !== theirs.length) return ours.length > theirs.length;
  return Math.max(0, ...ours) > Math.max(0, ...theirs);
}

/** Times of the proofs, ms UTC. */
function proofs({ files }: Manifest): readonly number[] {
  return fileKinds.flatMap((kind) =>
    provenCopies(files[kind]).map(({ provenAt }) => Date.parse(provenAt ?? '')),
  );
}
