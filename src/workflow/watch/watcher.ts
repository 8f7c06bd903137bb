import { superviseClusters } from '../clusters/supervise.ts';
import { createWakeUp } from '../ports/wake-up.ts';
import { wallTimeOf } from '../ports/wall-time.ts';
import { createClusterReadings } from './cluster-readings.ts';
import { createClusterTurn } from './cluster-turn.ts';
import { createObservationRecorder } from './observation-recorder.ts';
import type { WatchDeps } from './record-observation.ts';
import { createWatchLog } from './watch-log.ts';

export interface WatcherOptions {
  /** A cluster's next turn comes so much after the last one, and up to a fifth later. */
  readonly everyMs: number;
  /** Clusters that are read at the same time; as many again of those that did not answer the last time. */
  readonly atOnce: number;
  /** 0 to 1, as Math.random. */
  readonly random: () => number;
}

/** Reads every cluster again and again until stopped. One per process. */
export interface Watcher {
  start(): void;
  /** A run may have ended: what waits for a backup is judged again soon, without reading any cluster. */
  wake(): void;
  /** Begins no turn any more and writes nothing once it has returned. */
  stop(): Promise<void>;
  /** ms UTC of the last turn of any cluster; undefined: not started. */
  lastTurn(): number | undefined;
}

const jitter = 0.2;
/** Between the first turns of two clusters: a fleet does not begin with one burst. */
const spreadMs = 250;
/** Work in progress wakes the watcher often. */
const localPauseMs = 500;

export function createWatcher(deps: WatchDeps, options: WatcherOptions): Watcher {
  const { clock, fleet } = deps;
  const stopping = new AbortController();
  const stopped = stopping.signal;
  const log = createWatchLog(deps.log, stopped);
  const recorder = createObservationRecorder(deps, stopped);
  const readings = createClusterReadings(deps, { atOnce: options.atOnce, stopped });
  const turn = createClusterTurn(clock, readings, recorder, log);
  const wakeUp = createWakeUp(clock);
  let woken = wakeUp.next();
  let started = false;
  let turnedAt: number | undefined;

  /** With the cluster's policy as it is at each turn. */
  async function follow(name: string, firstDelayMs: number, left: AbortSignal): Promise<void> {
    const over = AbortSignal.any([stopped, left]);
    await clock.sleep(firstDelayMs, over);
    while (!over.aborted) {
      const cluster = fleet.cluster(name);
      if (cluster) await log.guarded(name, 'look', () => turn(cluster));
      turnedAt = clock.monotonic();
      await clock.sleep(options.everyMs * (1 + jitter * options.random()), over);
    }
    recorder.forget(name);
    readings.forget(name);
  }

  const supervisor = superviseClusters(fleet, (name, index, left) => {
    const step = Math.min(spreadMs, options.everyMs / fleet.clusters.length);
    return follow(name, index * step, left);
  });

  async function judgeWaiting(): Promise<void> {
    while (!stopped.aborted) {
      await woken;
      woken = wakeUp.next();
      for (const name of recorder.waiting) {
        if (stopped.aborted) break;
        const cluster = fleet.cluster(name);
        if (cluster)
          await log.guarded(name, 'records', async () => void (await recorder.record(cluster, {})));
      }
      await clock.sleep(localPauseMs, stopped);
    }
  }

  return {
    start() {
      if (started) return;
      started = true;
      turnedAt = clock.monotonic();
      supervisor.start();
      void judgeWaiting();
    },
    wake: wakeUp.wake,
    lastTurn: () => (turnedAt === undefined ? undefined : wallTimeOf(clock, turnedAt)),
    async stop() {
      stopping.abort();
      supervisor.stop();
      wakeUp.wake();
      await recorder.finish();
    },
  };
}
