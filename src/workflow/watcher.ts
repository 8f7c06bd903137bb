import type { ClusterWatch } from '../domain/cluster-watch.ts';
import type { ClusterPolicy } from '../domain/policy.ts';
import { createGate } from './gate.ts';
import {
  isNagDue,
  readFindings,
  recordSight,
  type SeenFindings,
  type Sight,
  type WatchDeps,
  waitsForBackup,
  wantsFindings,
} from './watch-cluster.ts';
import { createWatchLog } from './watch-log.ts';

export interface WatcherOptions {
  /** A cluster's next look comes so much after the last one, and up to a fifth later. */
  readonly everyMs: number;
  /** Clusters that are asked side by side; as many again of those that did not answer the last time. */
  readonly atOnce: number;
  /** 0 to 1, as Math.random. */
  readonly random: () => number;
}

/** Looks at every cluster in turn until stopped. One per process. */
export interface Watcher {
  start(): void;
  /** A run may have ended: what waits for a backup is judged again soon, without asking any cluster. */
  wake(): void;
  /** Begins no look any more and writes nothing once it has returned. */
  stop(): Promise<void>;
  /** ms UTC of the last turn of any cluster; undefined: not started. */
  lastTurn(): number | undefined;
}

const jitter = 0.2;
/** Between the first looks of two clusters: a fleet does not begin with one burst. */
const spreadMs = 250;
/** A whole reading is some forty requests. */
const wholeReadingsAtOnce = 16;
/** Work in progress rings the bell often. */
const localPauseMs = 500;

export function createWatcher(deps: WatchDeps, options: WatcherOptions): Watcher {
  const { clock, fleet } = deps;
  const stopping = new AbortController();
  const stopped = stopping.signal;
  // A cluster that hangs takes its whole deadline: it may not hold up those that answer.
  const lanes = { answering: createGate(options.atOnce), silent: createGate(options.atOnce) };
  const wholeReadings = createGate(wholeReadingsAtOnce);
  const troubles = createWatchLog(deps.log);
  const silent = new Set<ClusterPolicy>();
  /** Read as a whole since the start. */
  const asked = new Set<ClusterPolicy>();
  const adding = new Set<ClusterPolicy>();
  /** A message or a schedule of theirs waits for the end of a run. */
  const waiting = new Set<ClusterPolicy>();
  const writing = new Set<Promise<unknown>>();
  let bell = Promise.withResolvers<void>();
  let started = false;
  let turnedAt: number | undefined;

  async function follow(cluster: ClusterPolicy, firstDelayMs: number): Promise<void> {
    await clock.sleep(firstDelayMs, stopped);
    while (!stopped.aborted) {
      await guarded(cluster, () => turn(cluster));
      turnedAt = clock.now();
      await clock.sleep(options.everyMs * (1 + jitter * options.random()), stopped);
    }
  }

  /** No look at one cluster may end the watch; what went wrong is in the log, once. */
  async function guarded(cluster: ClusterPolicy, work: () => Promise<void>): Promise<void> {
    try {
      await work();
      troubles.succeeded(cluster.name);
    } catch (error) {
      if (!stopped.aborted) troubles.failed(cluster.name, error);
    }
  }

  async function turn(cluster: ClusterPolicy): Promise<void> {
    const before = await deps.records.watch(cluster.name);
    const lane = silent.has(cluster) ? lanes.silent : lanes.answering;
    const reading = await lane(stopped, () => deps.clusters.version(cluster));
    if (reading.ok) silent.delete(cluster);
    else silent.add(cluster);
    troubles.looked(cluster.name, reading);
    const again = reading.ok && isNagDue(before, clock.now());
    const findings = again ? await wholeReading(cluster) : undefined;
    const watch = await record(cluster, { reading, ...(findings ? { findings } : {}) });
    if (reading.ok && wantsFindings(watch, asked.has(cluster)))
      void guarded(cluster, () => addFindings(cluster));
  }

  /** Beside the looks: a whole reading may have to wait for others, the next look may not. */
  async function addFindings(cluster: ClusterPolicy): Promise<void> {
    if (adding.has(cluster)) return;
    adding.add(cluster);
    try {
      const findings = await wholeReading(cluster);
      if (findings) await record(cluster, { findings });
    } finally {
      adding.delete(cluster);
    }
  }

  async function wholeReading(cluster: ClusterPolicy): Promise<SeenFindings | undefined> {
    const findings = await wholeReadings(stopped, () => readFindings(deps, cluster));
    if (findings) asked.add(cluster);
    return findings;
  }

  async function record(cluster: ClusterPolicy, sight: Sight): Promise<ClusterWatch | undefined> {
    stopped.throwIfAborted();
    const written = recordSight(deps, cluster, sight);
    writing.add(written);
    try {
      const watch = await written;
      if (waitsForBackup(watch)) waiting.add(cluster);
      else waiting.delete(cluster);
      return watch;
    } finally {
      writing.delete(written);
    }
  }

  async function localPasses(): Promise<void> {
    while (!stopped.aborted) {
      await bell.promise;
      bell = Promise.withResolvers();
      for (const cluster of waiting) {
        if (!stopped.aborted) await guarded(cluster, async () => void (await record(cluster, {})));
      }
      await clock.sleep(localPauseMs, stopped);
    }
  }

  return {
    start() {
      if (started) return;
      started = true;
      turnedAt = clock.now();
      const step = Math.min(spreadMs, options.everyMs / fleet.clusters.length);
      fleet.clusters.forEach((cluster, index) => void follow(cluster, index * step));
      void localPasses();
    },
    wake() {
      bell.resolve();
    },
    lastTurn: () => turnedAt,
    async stop() {
      stopping.abort();
      bell.resolve();
      await Promise.allSettled(writing);
    },
  };
}
