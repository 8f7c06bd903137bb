import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How long the event loop kept what was due waiting, in seconds, in the worst few seconds of the last minute. */
interface LoopDelays {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export interface LoopDelay {
  /** For /metrics. */
  delays(): LoopDelays;
  /** Why the bot is of no use now or was of none a moment ago; undefined: its loop turns. */
  problem(): string | undefined;
  stop(): void;
}

export interface LoopBounds {
  /**
   * One stop of so long, within the memory: Slack has given up on what it delivered (3 s), and the kubelet on its probe (5 s).
   * Looked for in the whole memory, so that a probe every 10 s cannot miss it.
   */
  readonly blockedMs: number;
  /** Stops of so long right now: each is short enough for the bound above, but Slack's 3 s are nearly gone every time. */
  readonly laggingMs: number;
  readonly memoryMs: number;
}

const usualBounds: LoopBounds = { blockedMs: 5_000, laggingMs: 2_000, memoryMs: 60_000 };
const slots = 12;
/** The monitor's own timer: what it measures holds this wait. */
const resolutionMs = 20;
const nanosecondsPerMs = 1e6;

/** Measures from now on, by the monotonic clock: a process that was stopped (SIGSTOP) or starved of CPU counts, too. */
export function monitorLoop(bounds: LoopBounds = usualBounds): LoopDelay {
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs });
  histogram.enable();
  const past: LoopDelays[] = [];
  const present = (): LoopDelays => {
    const [p50, p99] = [histogram.percentile(50), histogram.percentile(99)];
    return { p50: seconds(p50), p99: seconds(p99), max: seconds(histogram.max) };
  };
  // Unref: measuring must not keep a process alive.
  const turn = setInterval(() => {
    past.unshift(present());
    past.splice(slots);
    histogram.reset();
  }, bounds.memoryMs / slots).unref();
  const worst = (of: readonly LoopDelays[]): LoopDelays => ({
    p50: Math.max(...of.map(({ p50 }) => p50)),
    p99: Math.max(...of.map(({ p99 }) => p99)),
    max: Math.max(...of.map(({ max }) => max)),
  });
  return {
    delays: () => worst([present(), ...past]),
    problem() {
      const all = [present(), ...past];
      const longest = worst(all).max;
      const lately = worst(all.slice(0, 2)).max;
      if (longest * 1_000 > bounds.blockedMs)
        return `the process did nothing for ${longest.toFixed(1)} s within the last ${bounds.memoryMs / 1_000} s`;
      if (lately * 1_000 > bounds.laggingMs)
        return `the process did nothing for ${lately.toFixed(1)} s just now`;
      return undefined;
    },
    stop() {
      clearInterval(turn);
      histogram.disable();
    },
  };
}

function seconds(nanoseconds: number): number {
  const ms = nanoseconds / nanosecondsPerMs - resolutionMs;
  return Number.isFinite(ms) && ms > 0 ? ms / 1_000 : 0;
}
