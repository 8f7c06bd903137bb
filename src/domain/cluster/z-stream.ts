/** An exact release: 4.16.8. Restores need exactly the same one. */
export interface ZStream {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

/** Reads `4.16.8`; undefined for nightlies, CI builds, candidates and OKD, which are no z-stream. */
export function parseZStream(version: string): ZStream | undefined {
  const match = /^(\d{1,4})\.(\d{1,4})\.(\d{1,4})$/.exec(version);
  if (!match) return undefined;
  return { major: Number(match[1]), minor: Number(match[2]), patch: Number(match[3]) };
}

/** `4.16` of any release of that line. */
export type ReleaseLine = Pick<ZStream, 'major' | 'minor'>;

// An image's pull spec may begin with an address (10.0.0.1:5000/…): three whole numbers, then nothing or a suffix.
const anyRelease = /^(\d{1,4})\.(\d{1,4})\.\d{1,4}(?:[-+][0-9A-Za-z.+-]{1,200})?$/;

/**
 * The line of a release of any kind: `4.16.8`, `4.16.0-rc.3`, `4.18.0-0.nightly-2025-01-02-030405`, `4.17.0-okd-scos.0`.
 * undefined: no release (an image's pull spec).
 */
export function releaseLine(version: string): ReleaseLine | undefined {
  const [, major, minor] = anyRelease.exec(version) ?? [];
  return major === undefined ? undefined : { major: Number(major), minor: Number(minor) };
}
