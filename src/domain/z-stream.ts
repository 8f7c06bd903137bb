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
