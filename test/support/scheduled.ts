import { type Failure, failure } from '../../src/domain/backup/failure.ts';
import type { BackupRun } from '../../src/domain/run/run.ts';
import type { ClusterWatch, ScheduleWatch } from '../../src/domain/watch/cluster-watch.ts';
import { scheduleTurn } from '../../src/domain/watch/schedule.ts';
import type { ScheduleInput } from '../../src/domain/watch/schedule-input.ts';
import type { WatchTransition } from '../../src/domain/watch/watch-transition.ts';
import { newWatch } from '../../src/domain/watch/watch-turn.ts';
import { createCronSlots } from '../../src/system/cron.ts';
import { aPlan, aRun } from './runs.ts';

export const cron = createCronSlots();

export const present = { version: aPlan.zStream, image: aPlan.releaseImage };

/** A cluster that is seen on one release, in quiet. */
export function settledWatch(at: number, change: Partial<ClusterWatch> = {}): ClusterWatch {
  return {
    ...newWatch('prod-east'),
    seen: {
      at,
      clusterId: aPlan.clusterId,
      state: { kind: 'settled', release: present, since: undefined },
      requested: undefined,
    },
    ...change,
  };
}

export const nightly: ScheduleInput['policy'] = {
  name: 'prod-east',
  timeZone: 'UTC',
  offPeak: undefined,
  schedule: { cron: '0 2 * * *', jitterMs: 0, approval: 'auto' },
  owners: ['U7', 'U8'],
};

export function scheduledRun(id: string, change: Partial<BackupRun> = {}): BackupRun {
  return aRun({
    id,
    origin: { kind: 'schedule' },
    requester: { slackUser: 'UBOT', clusterUser: 'schedule' },
    plan: aPlan,
    ...change,
  });
}

/** One cluster's schedule as it lives in the records: turns change it, runs end when a test says so. */
export class ScheduleLab {
  watch: ClusterWatch;
  active: BackupRun | undefined;
  scheduled: readonly BackupRun[] = [];
  proven: ScheduleInput['proven'] = [];
  policy: ScheduleInput['policy'];
  pausedUntil: number | undefined;
  readonly slots: number[] = [];
  readonly turns: WatchTransition[] = [];

  constructor(at: number, policy = nightly) {
    this.watch = settledWatch(at);
    this.policy = policy;
  }

  get schedule(): ScheduleWatch {
    if (!this.watch.schedule) throw new Error('there is no schedule');
    return this.watch.schedule;
  }

  turn(now: number, fullReading?: ScheduleInput['fullReading']): WatchTransition {
    const { watch, active, scheduled, proven, policy } = this;
    const turn = scheduleTurn(watch, {
      active,
      scheduled,
      proven,
      policy,
      now,
      cron,
      fullReading,
      pausedUntil: this.pausedUntil,
      newRun: (slot, retry) => {
        this.slots.push(slot);
        const origin = { kind: 'schedule', ...(retry ? { retry } : {}) } as const;
        return { run: scheduledRun(`r-run${this.slots.length}`, { requestedAt: now, origin }), audit: [] };
      },
    });
    // What is on record is JSON: nothing may depend on the same objects coming back.
    this.watch = structuredClone(turn.watch);
    if (turn.request) this.active = turn.request.run;
    this.turns.push(turn);
    return turn;
  }

  end(change: Partial<BackupRun>): void {
    if (!this.active) throw new Error('no run is active');
    this.scheduled = [{ ...this.active, ...change }, ...this.scheduled].slice(0, 10);
    this.active = undefined;
  }
}

/** What no retry changes. */
export const failedChange = failedBy(failure('session-forbidden', { detail: 'test' }));

export function failedBy(reason: Failure): Partial<BackupRun> {
  return {
    status: 'failed',
    failed: { failure: reason, step: undefined, outputTail: [], left: undefined },
  };
}

/** Proven on the node, where no destination is configured. */
export const provenChange: Partial<BackupRun> = {
  status: 'succeeded',
  success: { artifacts: someArtifacts(), scriptMs: 1, sessionPodLeft: undefined },
};

function someArtifacts(): NonNullable<BackupRun['success']>['artifacts'] {
  const file = { path: '/x/file', size: 1, sha256: '01' };
  return {
    snapshot: { ...file, status: undefined },
    resources: { ...file, staticPods: [] },
  } as unknown as NonNullable<BackupRun['success']>['artifacts'];
}
