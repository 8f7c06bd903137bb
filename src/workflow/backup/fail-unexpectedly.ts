import { failure, type LeftOnNode } from '../../domain/backup/failure.ts';
import { type FileCopy, isLeaving, isRoundDue, nextTry } from '../../domain/copies/file-copy.ts';
import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import { redact } from '../../domain/redaction/redact.ts';
import { afterDrill } from '../../domain/run/drill-outcome.ts';
import { dueCleanUp, nextCleanUp } from '../../domain/run/leftovers.ts';
import { type BackupRun, dueWork, mayBecome, type RunSuccess } from '../../domain/run/run.ts';
import { withRetentionDue } from '../copies/retention-work.ts';
import { failedDrill } from '../drill/drill-snapshot.ts';
import { auditEvent } from '../ports/audit-events.ts';
import type { WorkflowDeps } from '../ports/deps.ts';
import type { Claim, RunChange } from '../ports/records.ts';

/**
 * An error that no step expected: a run that may fail ends as failed, pending votes are given back. One whose backup is
 * verified has succeeded: what was not done yet is tried in later rounds, a bounded number of times.
 * The session pod goes if it can be reached, else it is named.
 */
export async function failUnexpectedly(
  deps: WorkflowDeps,
  claim: Claim,
  cluster: ClusterPolicy | undefined,
  error: unknown,
): Promise<void> {
  const detail = redact(error instanceof Error ? error.message : String(error)).slice(0, 300);
  const left = cluster && (await sessionLeft(deps, claim, cluster));
  const now = deps.clock.now();
  await deps.records.advance(claim, (run) => {
    if (run.status === 'waiting') return giveVotesBack(run, detail, now);
    if (run.success)
      return goOnLater(run, run.success, { cluster, detail, now, left, doing: dueWork(claim.run) });
    if (run.status === 'failed') return cleanUpLater(run, now);
    if (!mayBecome(run.status, 'failed')) return { set: {}, audit: [], notices: [] };
    const cleanUp = dueCleanUp(left, now);
    const failed = {
      failure: failure('internal', { detail }),
      step: run.step,
      outputTail: [],
      left,
      cleanUp,
    };
    return {
      set: { status: 'failed', finishedAt: now, failed },
      audit: [auditEvent(now, 'bot', 'failed', { failure: 'internal' })],
      notices: [{ kind: 'card' }, { kind: 'thread', entry: { type: 'failure' } }],
    };
  });
}

/** What was being done when it happened, and what is there. */
interface Interruption {
  readonly cluster: ClusterPolicy | undefined;
  readonly detail: string;
  readonly now: number;
  readonly left: LeftOnNode | undefined;
  /** Of a run that is over: the rest that is due was not tried, and stays due. */
  readonly doing: ReturnType<typeof dueWork>;
}

/** The backup is there. Its copies, and what is to be removed after it, are work that waits for its next round. */
function goOnLater(run: BackupRun, success: RunSuccess, why: Interruption): RunChange {
  const copies = copiesTriedLater(run, success, why);
  const next = withoutDrill(run, { ...success, ...(copies ? { copies } : {}) }, why);
  if (run.status === 'running') return succeededAfter(next, why);
  const moved = copies?.some((copy, index) => copy !== success.copies?.[index]) ?? false;
  const later = moved
    ? { ...next, copyRounds: (success.copyRounds ?? 0) + 1 }
    : withRetentionLater(next, why);
  return { set: { success: later, ...papersLater(run, why) }, audit: [], notices: [{ kind: 'card' }] };
}

function copiesTriedLater(
  { status }: BackupRun,
  { copies, copyRounds = 0 }: RunSuccess,
  { now, detail, doing }: Interruption,
): readonly FileCopy[] | undefined {
  const isStopped = ({ provenAt, nextTryAt }: FileCopy) =>
    status === 'running' ? provenAt === undefined : doing === 'copies' && isRoundDue(nextTryAt, now);
  const failed = { kind: 'internal', detail, at: now };
  return copies?.map((copy) =>
    isStopped(copy) && !isLeaving(copy)
      ? { ...copy, failure: failed, nextTryAt: nextTry(copyRounds, now) }
      : copy,
  );
}

function succeededAfter(success: RunSuccess, { cluster, detail, now, left }: Interruption): RunChange {
  const { snapshot, resources } = success.artifacts;
  const event = auditEvent(now, 'bot', 'succeeded', {
    snapshot: `${snapshot.path} sha256:${snapshot.sha256}`,
    resources: `${resources.path} sha256:${resources.sha256}`,
    after: detail,
  });
  const ended: RunSuccess = { onNode: 'kept', ...success, sessionPodLeft: left?.sessionPod };
  return {
    set: { status: 'succeeded', finishedAt: now, success: withRetentionDue(ended, cluster) },
    audit: [event],
    notices: [{ kind: 'card' }, { kind: 'thread', entry: { type: 'report' } }],
  };
}

function withRetentionLater(success: RunSuccess, { now, detail, doing }: Interruption): RunSuccess {
  const { retention } = success;
  if (doing !== 'retention' || !isRoundDue(retention?.dueAt, now)) return success;
  const tries = retention?.tries ?? 0;
  const stopped = { kind: 'unexpected', detail, at: now } as const;
  return { ...success, retention: { ...retention, dueAt: nextTry(tries, now), tries: tries + 1, stopped } };
}

function papersLater(
  { papers }: BackupRun,
  { now, doing }: Interruption,
): Partial<Pick<BackupRun, 'papers'>> {
  if (doing !== 'papers' || !papers || !isRoundDue(papers.dueAt, now)) return {};
  return { papers: { ...papers, dueAt: nextTry(papers.tries, now), tries: papers.tries + 1 } };
}

/** A drill that was to come or under way: its card must not stay silent about it. */
function withoutDrill(
  { status, step }: BackupRun,
  before: RunSuccess,
  { cluster, detail, now, doing }: Interruption,
): RunSuccess {
  const { drillWait, ...success } = before;
  const inRun = status === 'running' && (step === 'drilling' || success.drillBegunAt !== undefined);
  // After the run; in it the drill goes on waiting.
  const waited = status === 'succeeded' && doing === 'drill' && isRoundDue(drillWait?.dueAt, now);
  if (!inRun && !waited) return before;
  // Its wait ends here, and the removal of old backups waits no more.
  const rest = waited ? withRetentionDue(success, cluster) : before;
  if (rest.drill) return rest;
  const place = { verdict: 'not-made', because: 'place' } as const;
  return afterDrill(rest, failedDrill({ kind: 'not-run', detail }, place, {}, now));
}

async function sessionLeft(
  deps: WorkflowDeps,
  { run }: Claim,
  cluster: ClusterPolicy,
): Promise<LeftOnNode | undefined> {
  if (run.status !== 'running' || !run.plan) return undefined;
  const gone = await deps.sessions.removeLeftover(cluster, run.id).then(
    () => true,
    () => false,
  );
  return { node: run.plan.node, paths: undefined, sessionPod: gone ? undefined : deps.sessions.podName };
}

function giveVotesBack(run: BackupRun, detail: string, now: number): RunChange {
  const pending = run.votes.filter((vote) => vote.status === 'pending');
  const why = { reason: 'server-error', detail } as const;
  const say = { type: 'rights-unreadable', cluster: run.cluster, why } as const;
  return {
    set: {
      votes: run.votes.map((vote) =>
        vote.status === 'pending' ? { ...vote, status: 'refused' as const, why: say.type } : vote,
      ),
    },
    audit: pending.map((vote) => auditEvent(now, vote.person, 'vote-refused', { why: 'internal' })),
    notices: pending.map((vote) => ({
      kind: 'private' as const,
      slackUser: vote.person.slackUser,
      channel: run.card?.channel,
      say,
    })),
  };
}

/** Removing what the run left failed for a reason that no step expected: the next round tries again. */
function cleanUpLater(run: BackupRun, now: number): RunChange {
  const due = run.failed?.cleanUp && nextCleanUp(run.failed.cleanUp.tries + 1, now);
  return { set: run.failed ? { failed: { ...run.failed, cleanUp: due } } : {}, audit: [], notices: [] };
}
