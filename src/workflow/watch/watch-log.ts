import type { Reading, Unreadable } from '../../domain/cluster/reading.ts';
import type { Log } from '../ports/ports.ts';

/** The watch's lines in the log: each kind of trouble of each cluster once when it begins, once when it is over. */
export interface WatchLog {
  looked(cluster: string, reading: Reading<unknown>): void;
  /** Something unexpected: records that do not answer, a mistake of ours. */
  failed(cluster: string, work: WatchWork, error: unknown): void;
  succeeded(cluster: string, work: WatchWork): void;
}

/** What may fail by itself while the others succeed. */
export type WatchWork = 'look' | 'whole reading' | 'preview backups' | 'records';

export function createWatchLog(log: Log): WatchLog {
  const silent = new Map<string, Unreadable['reason']>();
  const failing = new Map<string, string>();
  return {
    looked(cluster, reading) {
      if (reading.ok) {
        if (silent.delete(cluster)) log.info({ cluster }, 'the cluster tells its version again');
        return;
      }
      const { reason, detail } = reading.why;
      if (silent.get(cluster) !== reason)
        log.warn({ cluster, reason, detail }, 'the cluster did not tell its version; asking on');
      silent.set(cluster, reason);
    },
    failed(cluster, work, error) {
      const kind = kindOf(error);
      const subject = `${cluster} ${work}`;
      if (failing.get(subject) !== kind)
        log.error({ cluster, work, err: error }, 'a look at the cluster failed; trying again');
      failing.set(subject, kind);
    },
    succeeded(cluster, work) {
      if (failing.delete(`${cluster} ${work}`))
        log.info({ cluster, work }, 'looks at the cluster succeed again');
    },
  };
}

/** Not its text: that may hold times and numbers, and each would be a line of its own. */
function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  return `${error.name} ${String((error as { code?: unknown }).code ?? '')}`;
}
