import { figures, mebibytes, median } from './figures.ts';
import type { CopyMeasured } from './turns.ts';

export interface CopyBounds {
  /** Of the plain way's throughput. */
  readonly ratio: number;
  readonly peakMiB: number;
}

/** Prints one comparison; false: a bound is broken. */
export function reportCopy(
  title: string,
  plain: string,
  bytes: number,
  measured: CopyMeasured,
  bounds: CopyBounds,
): boolean {
  const { botMs, plainMs, readbackMs, cpuMs, peakOverIdleKiB } = measured;
  const ratio = median(plainMs) / median(botMs);
  const speed = (ms: readonly number[]) => `${(bytes / 1e6 / (median(ms) / 1000)).toFixed(0)} MB/s`;
  console.log(`${title}, ${(bytes / 2 ** 20).toFixed(0)} MiB`);
  console.log(`  bot           ${figures(botMs)}   ${speed(botMs)}`);
  console.log(`  plain         ${figures(plainMs)}   ${speed(plainMs)}, ${plain}`);
  console.log(`  throughput    ${ratio.toFixed(2)} of the plain way's   (bound ${bounds.ratio})`);
  console.log(`  readback      ${figures(readbackMs)}   not in the above`);
  console.log(`  processor     ${figures(cpuMs)}   of the bot's process, readback included`);
  console.log(`  peak memory   ${mebibytes(peakOverIdleKiB)} over idle   (bound ${bounds.peakMiB} MiB)`);
  return ratio >= bounds.ratio && fits(peakOverIdleKiB, bounds.peakMiB);
}

/** A system that does not report it breaks no bound. */
export function fits(kibibytes: number | undefined, boundMiB: number): boolean {
  return kibibytes === undefined || kibibytes <= boundMiB * 1024;
}
