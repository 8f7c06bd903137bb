import type { CopyTaken } from './copy-task.ts';

/** Times in ms, one for each round. */
export interface CopyMeasured {
  readonly botMs: readonly number[];
  readonly plainMs: readonly number[];
  readonly readbackMs: readonly number[];
  /** Processor time of the bot's process, readback included. */
  readonly cpuMs: readonly number[];
  /** undefined: the system does not report it. */
  readonly peakOverIdleKiB: number | undefined;
}

/** Who goes first changes with each round, so that what disks and servers still do for the one before hits both. */
export async function takeTurns(
  rounds: number,
  by: { readonly plain: () => Promise<number>; readonly bot: () => Promise<CopyTaken> },
): Promise<CopyMeasured> {
  const taken: CopyTaken[] = [];
  const plainMs: number[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    if (round % 2 === 0) taken.push(await by.bot());
    plainMs.push(await by.plain());
    if (round % 2 === 1) taken.push(await by.bot());
  }
  const peaks = taken.flatMap(({ peakOverIdleKiB }) => peakOverIdleKiB ?? []);
  return {
    botMs: taken.map(({ putMs }) => putMs),
    plainMs,
    readbackMs: taken.map(({ readbackMs }) => readbackMs),
    cpuMs: taken.map(({ cpuMs }) => cpuMs),
    peakOverIdleKiB: peaks.length === 0 ? undefined : Math.max(...peaks),
  };
}
