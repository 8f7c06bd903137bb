import type { CopyPolicy } from '../copies/file-copy.ts';
import { fileKinds, type Manifest, type ManifestCopy, type Place } from '../copies/manifest-document.ts';

/**
 * A record keeps a place as it was configured then. How people reach it, and who signed its endpoint's certificate, is what the
 * configuration says now, as long as it is the same place.
 */
export function withPresentPlaces(manifest: Manifest, policies: readonly CopyPolicy[]): Manifest {
  const present = (copy: ManifestCopy): ManifestCopy => {
    const policy = policies.find(
      ({ destination, place }) => destination === copy.destination && isSamePlace(place, copy.place),
    );
    return policy ? { ...copy, place: policy.place } : copy;
  };
  const files = Object.fromEntries(
    fileKinds.map((kind) => {
      const file = manifest.files[kind];
      return [kind, { ...file, copies: file.copies.map(present) }];
    }),
  );
  return { ...manifest, files: { ...manifest.files, ...files } };
}

function isSamePlace(a: Place, b: Place): boolean {
  if (a.kind === 'directory') return b.kind === 'directory' && a.path === b.path;
  return b.kind === 's3' && a.bucket === b.bucket && a.prefix === b.prefix && a.endpoint === b.endpoint;
}
