import type { Unreadable } from '../../domain/cluster/reading.ts';
import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import type { ClusterWatch } from '../../domain/watch/cluster-watch.ts';
import { createLimiter } from '../ports/limiter.ts';
import { wallTimeOf } from '../ports/wall-time.ts';
import {
  readFindings,
  recordSight,
  type SeenFindings,
  type Sight,
  unreadFindings,
  type WatchDeps,
  waitsForBackup,
  wantsFindings,
} from './watch-cluster.ts';
import { createWatchLog, type WatchWork } from './watch-log.ts';

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
/** A whole reading is some forty requests, and what many of them hold side by side the process keeps for good. */
const wholeReadingsAtOnce = 8;
/** Then a reminder says what is known without one. */
const triesForFindings = 3;
/** Work in progress rings the bell often. */
const localPauseMs = 500;
/** These say nothing of the question itself: it is asked again after the next look. */
const passing: readonly Unreadable['reason'][] = ['unreachable', 'timeout'];

export function createWatcher(deps: WatchDeps, options: WatcherOptions): Watcher {
  const { clock, fleet } = deps;
  const stopping = new AbortController();
  const stopped = stopping.signal;
  // A cluster that hangs takes its whole deadline: it may not hold up those that answer.
  const lanes = { answering: createLimiter(options.atOnce), silent: createLimiter(options.atOnce) };
  const wholeReadings = createLimiter(wholeReadingsAtOnce);
  const troubles = createWatchLog(deps.log);
  const silent = new Set<ClusterPolicy>();
  /** Told since the start whether they use the preview backup API, or that they do not tell. */
  const asked = new Set<ClusterPolicy>();
  /** The cluster's id when its topology was last asked for: another one under the name may be of another kind. */
  const topologyOf = new Map<ClusterPolicy, string>();
  const adding = new Set<ClusterPolicy>();
  /** Whole readings in a row that told nothing. */
  const inVain = new Map<ClusterPolicy, number>();
  /** A message or a schedule of theirs waits for the end of a run. */
  const waiting = new Set<ClusterPolicy>();
  const writing = new Set<Promise<unknown>>();
  let bell = Promise.withResolvers<void>();
  let started = false;
  let turnedAt: number | undefined;

  async function follow(cluster: ClusterPolicy, firstDelayMs: number): Promise<void> {
    await clock.sleep(firstDelayMs, stopped);
    while (!stopped.aborted) {
      await guarded(cluster, 'look', () => turn(cluster));
      turnedAt = clock.monotonic();
      await clock.sleep(options.everyMs * (1 + jitter * options.random()), stopped);
    }
  }

  /** No look at one cluster may end the watch; what went wrong is in the log, once. */
  async function guarded(cluster: ClusterPolicy, what: WatchWork, work: () => Promise<void>): Promise<void> {
    try {
      await work();
      troubles.succeeded(cluster.name, what);
    } catch (error) {
      if (!stopped.aborted) troubles.failed(cluster.name, what, error);
    }
  }

  async function turn(cluster: ClusterPolicy): Promise<void> {
    const lane = silent.has(cluster) ? lanes.silent : lanes.answering;
    const reading = await lane(stopped, () => deps.clusters.version(cluster));
    if (reading.ok) silent.delete(cluster);
    else silent.add(cluster);
    troubles.looked(cluster.name, reading);
    const topology = reading.ok ? await newTopology(cluster, reading.value.clusterId) : undefined;
    const watch = await record(cluster, { reading, topology });
    if (!reading.ok) return;
    if (wantsFindings(watch, clock.now())) void guarded(cluster, 'whole reading', () => addFindings(cluster));
    else if (watch && watch.previewBackups === undefined && !asked.has(cluster))
      void guarded(cluster, 'preview backups', () => addPreviewBackups(cluster));
  }

  /** Before the first decision about a cluster: one with a hosted control plane is not to be reminded of. undefined: no news. */
  async function newTopology(cluster: ClusterPolicy, clusterId: string): Promise<string | undefined> {
    if (topologyOf.get(cluster) === clusterId) return undefined;
    const read = await lanes.answering(stopped, () => deps.clusters.topology(cluster));
    if (read.ok || !passing.includes(read.why.reason)) topologyOf.set(cluster, clusterId);
    return read.ok ? read.value : undefined;
  }

  /** Beside the looks: a whole reading may have to wait for others, the next look may not. A reminder waits for a few only. */
  function addFindings(cluster: ClusterPolicy): Promise<void> {
    return beside(cluster, async () => {
      let findings: SeenFindings | undefined;
      try {
        findings = await wholeReading(cluster);
      } finally {
        const tries = (inVain.get(cluster) ?? 0) + 1;
        const enough = findings !== undefined || tries >= triesForFindings;
        inVain.set(cluster, enough ? 0 : tries);
        if (enough) await record(cluster, { findings: findings ?? unreadFindings });
      }
    });
  }

  /** Looked for once, also where no reminder asks for a whole reading. */
  function addPreviewBackups(cluster: ClusterPolicy): Promise<void> {
    return beside(cluster, async () => {
      const found = await lanes.answering(stopped, () => deps.clusters.previewBackups(cluster));
      if (found.ok || !passing.includes(found.why.reason)) asked.add(cluster);
      if (found.ok) await record(cluster, { previewBackups: found.value.length > 0 });
    });
  }

  async function beside(cluster: ClusterPolicy, work: () => Promise<void>): Promise<void> {
    if (adding.has(cluster)) return;
    adding.add(cluster);
    try {
      await work();
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
        if (!stopped.aborted) await guarded(cluster, 'records', async () => void (await record(cluster, {})));
      }
      await clock.sleep(localPauseMs, stopped);
    }
  }

  return {
    start() {
      if (started) return;
      started = true;
      turnedAt = clock.monotonic();
      const step = Math.min(spreadMs, options.everyMs / fleet.clusters.length);
      fleet.clusters.forEach((cluster, index) => void follow(cluster, index * step));
      void localPasses();
    },
    wake() {
      bell.resolve();
    },
    lastTurn: () => (turnedAt === undefined ? undefined : wallTimeOf(clock, turnedAt)),
    async stop() {
      stopping.abort();
      bell.resolve();
      await Promise.allSettled(writing);
    },
  };
}
