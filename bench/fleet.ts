import { setTimeout as pause } from 'node:timers/promises';
import { type FleetBot, startFleet } from './fleet-bot.ts';
import type { FleetAsked, ServerKind } from './fleet-servers.ts';

/** As configured where nothing is said: every half minute, up to a fifth later. */
const everyMs = 30_000;
const latestMs = everyMs * 1.2;
const minuteMs = 60_000;
/** A bot that meets a cluster for the first time reads it as a whole, once. At rest no cluster is asked twice in such a time. */
const quietMs = 20_000;
const startDeadlineMs = 10 * minuteMs;

export interface FleetMeasured {
  readonly clusters: number;
  readonly sick: number;
  /** Requests to one well cluster in a minute at rest: over the whole time, and in its busiest minute. */
  readonly perMinute: { readonly mean: number; readonly busiest: number };
  /** Peaks beyond that of a bot with one cluster, divided by the others, KiB; undefined: the system does not report it. */
  readonly memoryPerClusterKiB: Peaks;
  /** From one look at a well cluster to the next, ms. */
  readonly gapsMs: readonly number[];
  /** How much later than the configured time and its jitter the latest look came, ms. */
  readonly latestDelayMs: number;
}

/** The bot at rest for `restMs` over `clusters` API servers, one in ten of them slow, frozen or gone. */
export async function measureFleet(clusters: number, restMs: number): Promise<FleetMeasured> {
  const alone = await peaksOfOne(Math.min(restMs, minuteMs / 2));
  const kinds = Array.from({ length: clusters }, (_, index) => kindOf(index));
  await using fleet = await startFleet(kinds);
  const peaks = await peaksOf(fleet, kinds, restMs);
  const until = Date.now();
  const asked = await fleet.asked();
  const well = asked.filter((_, index) => kinds[index] === 'well');
  const atRest = well.map((times) => times.filter((at) => at >= until - restMs && at < until));
  const gapsMs = atRest.flatMap(gapsOf);
  const perCluster = (all: number | undefined, one: number | undefined) =>
    all === undefined || one === undefined ? undefined : (all - one) / (clusters - 1);
  return {
    clusters,
    sick: kinds.filter((kind) => kind !== 'well').length,
    perMinute: {
      mean: (sum(atRest.map(({ length }) => length)) / well.length / restMs) * minuteMs,
      busiest: Math.max(...atRest.map(busiestMinute)),
    },
    memoryPerClusterKiB: {
      starting: perCluster(peaks.starting, alone.starting),
      atRest: perCluster(peaks.atRest, alone.atRest),
    },
    gapsMs,
    latestDelayMs: Math.max(0, ...gapsMs.map((gap) => gap - latestMs)),
  };
}

interface Peaks {
  readonly starting: number | undefined;
  readonly atRest: number | undefined;
}

async function peaksOfOne(forMs: number): Promise<Peaks> {
  await using fleet = await startFleet(['well']);
  // Awaited here: the fleet ends with this function.
  return await peaksOf(fleet, ['well'], forMs);
}

/** Both peaks in KiB; returns after `forMs` at rest. */
async function peaksOf(fleet: FleetBot, kinds: readonly ServerKind[], forMs: number): Promise<Peaks> {
  await comesToRest(fleet, kinds);
  const starting = await fleet.peakKiB();
  await fleet.forgetPeak();
  await pause(forMs);
  return { starting, atRest: await fleet.peakKiB() };
}

async function comesToRest(fleet: FleetBot, kinds: readonly ServerKind[]): Promise<void> {
  const deadline = Date.now() + startDeadlineMs;
  for (;;) {
    const since = Date.now() - quietMs;
    const well = (await fleet.asked()).filter((_, index) => kinds[index] === 'well');
    const busy = well.filter((times) => times.filter((at) => at >= since).length > 1);
    if (well.every((times) => times.length > 0) && busy.length === 0) return;
    if (Date.now() > deadline)
      throw new Error(`${busy.length} of ${well.length} clusters are asked on and on`);
    await pause(1_000);
  }
}

/** One in ten is sick, in turn in each way. */
function kindOf(index: number): ServerKind {
  if (index % 10 !== 9) return 'well';
  const ways: readonly ServerKind[] = ['slow', 'frozen', 'gone'];
  return ways[Math.floor(index / 10) % ways.length] ?? 'slow';
}

function gapsOf(times: FleetAsked[number]): readonly number[] {
  return times.slice(1).map((at, index) => at - (times[index] ?? at));
}

/** Most requests that any minute holds. */
function busiestMinute(times: readonly number[]): number {
  const counts = times.map((from) => times.filter((at) => at >= from && at < from + minuteMs).length);
  return Math.max(0, ...counts);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
