import type { Release } from './release.ts';

/** As events and details name a release: its version, or its image where no version was given. */
export function releaseText({ version, image }: Release): string {
  return version === '' ? image : version;
}
