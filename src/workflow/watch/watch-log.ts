import type { Reading, Unreadable } from '../../domain/cluster/reading.ts';
import type { Log } from '../ports/ports.ts';

/** The watch's lines in the log: each kind of failure of each cluster once when it begins, once when it is over. */
export interface WatchLog {
  versionRead(cluster: string, reading: Reading<unknown>): void;
  /** Does the work; what it throws is logged and ends nothing else. Unexpected: records that do not answer, a defect. */
  guarded(
    cluster: string,
    work: 'look' | 'full reading' | 'preview backups' | 'records',
    run: () => Promise<void>,
  ): Promise<void>;
}

export function createWatchLog(log: Log, stopped: AbortSignal): WatchLog {
  const silent = new Map<string, Unreadable['reason']>();
  const failing = new Map<string, string>();
  return {
    versionRead(cluster, reading) {
      if (reading.ok) {
        if (silent.delete(cluster)) log.info({ cluster }, 'the version of the cluster can be read again');
        return;
      }
      const { reason, detail } = reading.why;
      if (silent.get(cluster) !== reason)
        log.warn({ cluster, reason, detail }, 'the version of the cluster could not be read; trying again');
      silent.set(cluster, reason);
    },
    async guarded(cluster, work, run) {
      const subject = `${cluster} ${work}`;
      try {
        await run();
        if (failing.delete(subject)) log.info({ cluster, work }, 'watching the cluster succeeds again');
      } catch (err) {
        if (stopped.aborted) return;
        const kind = kindOf(err);
        if (failing.get(subject) !== kind)
          log.error({ cluster, work, err }, 'watching the cluster failed; trying again');
        failing.set(subject, kind);
      }
    },
  };
}

/** Not its text: that may hold times and numbers, and each would be a line of its own. */
function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  return `${error.name} ${String((error as { code?: unknown }).code ?? '')}`;
}
