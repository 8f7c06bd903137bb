import type { RetentionStop } from '../../domain/copies/retention-stop.ts';
import type { Notice } from '../../domain/run/notice.ts';
import type { BackupRun } from '../../domain/run/run.ts';
import type { RunChange } from '../ports/records.ts';
import type { RunWork } from '../ports/run-work.ts';

/**
 * Puts on record why nothing is removed, and when it is tried again (`dueAt`, ms UTC; undefined: after the next run). In the log
 * each time; in the thread and to the owners once for one situation, in which the runs before this one may have been, too. Not
 * by the claim: on the node it is met after the last step of the work, when the run has no claim any more.
 */
export async function recordStop(
  work: RunWork,
  stop: RetentionStop,
  dueAt: number | undefined,
): Promise<void> {
  const { deps, claim } = work;
  deps.log.warn({ run: claim.run.id, stop, dueAt }, 'nothing more is removed for now');
  const before = await earlierStop(work);
  await deps.records.decide({
    runId: claim.run.id,
    deliveryId: `retention-stop:${claim.run.id}:${claim.fence}:${situationOf(stop)}`,
    now: stop.at,
    decision: (run) => stopped(work, run, stop, { dueAt, before }),
  });
  deps.wake();
}

function stopped(
  { cluster }: RunWork,
  run: BackupRun,
  stop: RetentionStop,
  { dueAt, before }: { dueAt: number | undefined; before: RetentionStop | undefined },
): RunChange {
  const { success } = run;
  const own = success?.retention;
  // A place that is away comes back; said when it has not until the last round.
  const isWorth = stop.kind !== 'place' || dueAt === undefined;
  const wasSaid = isSame(before, stop) || (own?.said ?? []).includes(situationOf(stop));
  const saying = isWorth && !wasSaid;
  const said = saying ? [...(own?.said ?? []), situationOf(stop)] : own?.said;
  const retention = { dueAt, tries: (own?.tries ?? 0) + 1, stopped: stop, ...(said ? { said } : {}) };
  const owners = cluster.owners.map(
    (slackUser): Notice => ({
      kind: 'private',
      slackUser,
      channel: undefined,
      say: { type: 'retention-stopped', runId: run.id, cluster: run.cluster, stop },
    }),
  );
  return {
    set: { success: success && { ...success, retention } },
    audit: [],
    notices: saying ? [{ kind: 'thread', entry: { type: 'retention-stopped', stop } }, ...owners] : [],
  };
}

/** Of the newest run before this one that was to remove anything. */
async function earlierStop({ deps, claim, cluster }: RunWork): Promise<RetentionStop | undefined> {
  const runs = await deps.records.runs({ cluster: cluster.name, succeeded: true, keeps: 'copies' });
  const index = runs.findIndex(({ id }) => id === claim.run.id);
  return runs[index + 1]?.success?.retention?.stopped;
}

function isSame(a: RetentionStop | undefined, b: RetentionStop): boolean {
  return a !== undefined && situationOf(a) === situationOf(b);
}

/** What is one thing for people, however often it is met. */
function situationOf(stop: RetentionStop): string {
  switch (stop.kind) {
    case 'clocks-apart':
      return `${stop.kind} ${stop.between}`;
    case 'clock-unknown':
      return `${stop.kind} ${stop.of}`;
    case 'place':
      return `${stop.kind} ${stop.destination}`;
    case 'restore-room':
      return `${stop.kind} ${stop.openedAt}`;
    case 'unexpected':
      return stop.kind;
  }
}
