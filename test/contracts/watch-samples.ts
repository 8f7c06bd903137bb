import assert from 'node:assert/strict';
import type { Release } from '../../src/domain/cluster/release.ts';
import type { AuditEvent } from '../../src/domain/people/audit.ts';
import type { BackupRun } from '../../src/domain/run/run.ts';
import type {
  ClusterEvent,
  ClusterWatch,
  Reminder,
  UpdateAlarm,
} from '../../src/domain/watch/cluster-watch.ts';
import type { WatchTransition } from '../../src/domain/watch/watch-transition.ts';
import type { Records, Watched, WatchView } from '../../src/workflow/ports/records.ts';
import { event, later, requestedRun, t0 } from './records-samples.ts';

export const release: Release = { version: '4.16.8', image: 'registry.example.com/release@sha256:08' };
export const next: Release = { version: '4.16.9', image: 'registry.example.com/release@sha256:09' };

/** A cluster that was looked at once and of which nothing is to be said. */
export function quietWatch(cluster: string, fields: Partial<ClusterWatch> = {}): ClusterWatch {
  return {
    cluster,
    seen: {
      at: t0,
      clusterId: 'id-1',
      state: { kind: 'settled', release, since: undefined },
      requested: undefined,
    },
    silent: undefined,
    settled: { release, clusterId: 'id-1', since: t0, arrival: '4.16.8@1' },
    reminder: undefined,
    alarm: undefined,
    earlier: [],
    schedule: undefined,
    previewBackups: undefined,
    ...fields,
  };
}

export function openReminder(id: string, fields: Partial<Reminder> = {}): Reminder {
  return {
    id,
    from: undefined,
    to: release,
    openedAt: t0,
    findings: undefined,
    checkedAt: undefined,
    repeats: 0,
    nextRepeatAt: t0 + 1,
    end: undefined,
    message: undefined,
    ...fields,
  };
}

export function openAlarm(id: string, fields: Partial<UpdateAlarm> = {}): UpdateAlarm {
  return {
    id,
    from: release,
    to: next,
    phase: 'requested',
    failing: false,
    openedAt: t0,
    backupTakenAt: undefined,
    end: undefined,
    message: undefined,
    ...fields,
  };
}

export function clusterEvent(kind: ClusterEvent['kind'], at = t0, detail = {}): ClusterEvent {
  return { at, kind, detail };
}

export function watchChange(watch: ClusterWatch, rest: Partial<WatchTransition> = {}): WatchTransition {
  return { watch, events: [], notices: [], ...rest };
}

/** Writes a watch, whatever was there. */
export function watched(
  records: Records,
  watch: ClusterWatch,
  rest: Partial<WatchTransition> = {},
): Promise<Watched<never>> {
  return records.decideWatch<never>({
    cluster: watch.cluster,
    now: t0,
    decision: () => watchChange(watch, rest),
  });
}

/** What the next decision on this cluster would be shown. */
export async function viewOf(records: Records, cluster: string): Promise<WatchView> {
  const seen: WatchView[] = [];
  await records.decideWatch({
    cluster,
    now: later,
    decision: (view) => {
      seen.push(view);
      return undefined;
    },
  });
  const [view] = seen;
  assert.ok(view);
  return view;
}

/** A run that the schedule asks for. */
export function scheduledRequest(
  id: string,
  cluster: string,
): { run: BackupRun; audit: readonly AuditEvent[] } {
  return {
    run: requestedRun(id, cluster, { origin: { kind: 'schedule' } }),
    audit: [event('requested', t0)],
  };
}
