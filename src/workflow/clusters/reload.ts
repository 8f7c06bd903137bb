import type { ConfigReading, ConfigStatus, ConfigurationFiles } from '../ports/configuration.ts';
import type { WorkflowDeps } from '../ports/deps.ts';
import { createWakeUp } from '../ports/wake-up.ts';
import type { LiveFleet } from './live-fleet.ts';
import { notifyOfMistakes, notifyOfRemoval, textOf } from './notify-owners.ts';
import { inTheWay } from './under-way.ts';

export interface ReloadOptions {
  /** How often the files are looked at without a hint. */
  readonly everyMs: number;
  /** Two looks so far apart must find the same: a file that is being written is no mistake. */
  readonly steadyMs: number;
  /** How often it is looked whether a waiting change may take effect. */
  readonly settleMs: number;
  /** Names this process among those that share the records. */
  readonly bot: { readonly id: string; readonly host: string };
}

export interface ReloadDeps extends Pick<WorkflowDeps, 'records' | 'offCluster' | 'clock' | 'log' | 'wake'> {
  readonly fleet: LiveFleet;
  readonly files: ConfigurationFiles;
}

/** Reads the configuration again whenever its files change. One per process. */
export interface ConfigReload {
  status(): ConfigStatus;
  /** Begins with one reading: the files may have changed since the one of the start. */
  start(): void;
  /** The files may have changed: look at once. */
  hint(): void;
  /** Read them now, changed or not. */
  readNow(): void;
  /** Work has ended: a change may have waited for it. */
  wake(): void;
  stop(): Promise<void>;
}

type Running = Pick<ConfigStatus, 'digest' | 'readAt' | 'mistakes' | 'atNextStart'>;

const heartbeatMs = 30_000;
/** Hints come in swarms. */
const pauseMs = 200;

/** `digest`: of the configuration that the bot was started with. */
export function createConfigReload(deps: ReloadDeps, digest: string, options: ReloadOptions): ConfigReload {
  const { files, fleet, clock } = deps;
  const stopping = new AbortController();
  const { signal } = stopping;
  const wakeUp = createWakeUp(clock);
  let running: Running = { digest, readAt: clock.now(), mistakes: [], atNextStart: [] };
  /** State of the files when they were last read; undefined: they are to be read whatever it is. */
  let seen: string | undefined;
  let hinted = false;
  let lookedAt = clock.monotonic();
  const beat = heartbeat(deps, options.bot);
  let loop: Promise<void> | undefined;

  async function look(): Promise<void> {
    lookedAt = clock.monotonic();
    hinted = false;
    const wanted = seen;
    // What was wrong may lie in no file that is looked at: a full table of files, a file that another one names.
    const but = running.mistakes.length > 0 ? undefined : wanted;
    const now = await steadyState(deps, { but, steadyMs: options.steadyMs, signal });
    if (now === undefined) return;
    const read = await files.read();
    if (signal.aborted) return;
    // What changed while it was read is found by the next look; what was asked for meanwhile is read then.
    if (seen === wanted) seen = now;
    running = take(deps, running, read);
    await notifyOfMistakes(deps, running.mistakes);
  }

  async function guarded(what: string, work: () => Promise<void>): Promise<void> {
    await work().catch((err: unknown) => {
      if (!signal.aborted) deps.log.error({ err }, `${what}; trying again`);
    });
  }

  const isDue = () => hinted || seen === undefined || clock.monotonic() - lookedAt >= options.everyMs;

  async function rounds(): Promise<void> {
    while (!signal.aborted) {
      const woken = wakeUp.next();
      if (isDue()) await guarded('the configuration could not be read again', look);
      await guarded('a changed configuration could not take effect', () => settle(deps));
      await guarded('the configuration that runs is not on record', () => beat(running.digest));
      await clock.sleep(pauseMs, signal);
      const idleMs = fleet.waiting().length > 0 ? options.settleMs : options.everyMs;
      if (!hinted) await wakeUp.wait(woken, idleMs, signal);
    }
  }

  function hint(): void {
    hinted = true;
    wakeUp.wake();
  }
  return {
    status: () => ({
      ...running,
      leaving: waitingFor(fleet, 'removal'),
      waiting: waitingFor(fleet, 'policy'),
    }),
    start() {
      loop ??= rounds();
    },
    hint,
    readNow() {
      seen = undefined;
      hint();
    },
    wake() {
      if (fleet.waiting().length > 0) wakeUp.wake();
    },
    async stop() {
      stopping.abort();
      wakeUp.wake();
      await loop;
    },
  };
}

/** Files that change for longer are looked at again later: other work waits for this. */
const mostChanges = 10;

/** The state of files that have stopped changing; undefined: it is `but`, or they do not stop. */
async function steadyState(
  { files, clock }: Pick<ReloadDeps, 'files' | 'clock'>,
  wanted: { readonly but: string | undefined; readonly steadyMs: number; readonly signal: AbortSignal },
): Promise<string | undefined> {
  let now = await files.state();
  for (let changes = 0; now !== wanted.but && changes < mostChanges; changes += 1) {
    await clock.sleep(wanted.steadyMs, wanted.signal);
    if (wanted.signal.aborted) return undefined;
    const next = await files.state();
    if (next === now) return now;
    now = next;
  }
  return undefined;
}

/** All of it takes effect, or nothing. */
function take({ fleet, clock, log }: ReloadDeps, running: Running, read: ConfigReading): Running {
  if (!read.ok) {
    const known = running.mistakes.map(textOf);
    for (const mistake of read.mistakes.filter((each) => !known.includes(textOf(each))))
      log.error({ ...mistake }, 'a mistake in the configuration: the one before it stays in force');
    return { ...running, mistakes: read.mistakes };
  }
  const { digest, atNextStart } = read;
  fleet.apply(read);
  if (digest !== running.digest || running.mistakes.length > 0) {
    const counts = { clusters: fleet.clusters.length, waiting: fleet.waiting().length };
    log.info({ ...counts, atNextStart }, 'the configuration was read again');
  }
  if (atNextStart.length > 0 && digest !== running.digest)
    log.warn({ keys: atNextStart }, 'the configuration changed, and this takes effect at the next start');
  return { digest, readAt: clock.now(), mistakes: [], atNextStart };
}

/** What waits and has nothing in its way any more takes effect. */
async function settle(deps: ReloadDeps): Promise<void> {
  for (const change of deps.fleet.waiting()) {
    if ((await inTheWay(deps, change)) !== undefined) continue;
    const { cluster, what } = change;
    const policy = deps.fleet.cluster(cluster);
    // Before it leaves: a bot that dies between the two would not know of it any more.
    if (what === 'removal' && policy) await notifyOfRemoval(deps, policy);
    deps.fleet.settle(change);
    const said = {
      removal: 'the cluster left: the configuration names it no more',
      policy: 'the new configuration of the cluster is in force',
    }[what];
    deps.log.info({ cluster }, said);
  }
}

function heartbeat({ records, clock }: ReloadDeps, bot: ReloadOptions['bot']) {
  let last: { readonly at: number; readonly digest: string } | undefined;
  return async (digest: string): Promise<void> => {
    const at = clock.monotonic();
    if (last?.digest === digest && at - last.at < heartbeatMs) return;
    await records.beat({ ...bot, digest, now: clock.now() });
    last = { at, digest };
  };
}

function waitingFor(fleet: LiveFleet, kind: 'removal' | 'policy'): readonly string[] {
  return fleet.waiting().flatMap(({ cluster, what }) => (what === kind ? [cluster] : []));
}
