import type { Person } from '../../domain/people/person.ts';
import { elsewhereOf } from '../../domain/policy/elsewhere.ts';
import {
  activePause,
  approvalProblem,
  longestPauseMs,
  openPause,
  type Pause,
  pauseApprovers,
  requestEndsAt,
} from '../../domain/policy/pause.ts';
import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import { parseUntil } from '../../domain/text/until.ts';
import { approvePause, askPause, askResume, endPause, refusePause } from '../../domain/watch/pause-turn.ts';
import type { WatchTransition } from '../../domain/watch/watch-transition.ts';
import { newWatch } from '../../domain/watch/watch-turn.ts';
import { beingRemoved, mayActOn, personOf } from '../access/authorization.ts';
import type { Asked, PauseAnswer } from '../access/backups.ts';
import { maxReasonLength } from '../approval/request-backup.ts';
import type { WorkflowDeps } from '../ports/deps.ts';
import type { WatchView } from '../ports/records.ts';

/** A shorter pause is over before people have read about it. */
const soonestMs = 60_000;

/**
 * No reminder, alarm or scheduled run until then (both texts as typed): at once when an owner asks, else once a second
 * person has agreed.
 */
export async function pauseCluster(
  deps: WorkflowDeps,
  asked: Asked,
  input: { cluster: string | undefined; until: string | undefined; reason: string | undefined },
): Promise<PauseAnswer> {
  return asPerson(deps, asked, input.cluster, ({ policy, by, now }) => {
    const removed = beingRemoved(policy);
    if (removed) return removed;
    const read = readWish(input, policy, now);
    if ('outcome' in read) return read;
    return (view) => {
      const transition = askPause(inputOf(view, policy, now), { by, ...read });
      const outcome = transition.pause.since === undefined ? 'pause-asked' : 'paused';
      return { transition, answer: { outcome, cluster: policy.name, pause: transition.pause } };
    };
  });
}

/**
 * Watched again at once when an owner asks, or a person who decided on the pause; else a second person is asked.
 * `id`: of the pause whose message was clicked on; undefined: typed, the one in force is meant.
 */
export async function resumeCluster(
  deps: WorkflowDeps,
  asked: Asked,
  input: { cluster: string | undefined; id?: string | undefined },
): Promise<PauseAnswer> {
  return asPerson(deps, asked, input.cluster, ({ policy, by, now }) => (view) => {
    const cluster = policy.name;
    const pause = activePause(view.watch, now);
    // Not approved yet: the requester may withdraw it.
    const request = openPause(view.watch);
    if (
      !pause &&
      request &&
      !isOther(request, input.id) &&
      approvalProblem(policy, request.by, by) === 'own-request'
    ) {
      return {
        transition: refusePause(inputOf(view, policy, now), request, by),
        answer: { outcome: 'pause-refused', cluster, pause: request },
      };
    }
    if (!pause) return { answer: { outcome: 'not-paused', cluster } };
    if (isOther(pause, input.id)) return { answer: { outcome: 'other-pause', cluster, pause } };
    const transition = askResume(inputOf(view, policy, now), pause, by);
    const over = activePause(transition.watch, now) === undefined;
    return { transition, answer: { outcome: over ? 'resumed' : 'resume-asked', cluster, pause } };
  });
}

/** A click on the message of an earlier one must not end this one. */
function isOther({ id }: Pause, clicked: string | undefined): boolean {
  return clicked !== undefined && clicked !== id;
}

/**
 * The second person's decision. `id`: of the pause whose message was clicked on; undefined: typed, the open one is meant.
 * `reason`: as typed; it stays on record.
 */
export async function decidePause(
  deps: WorkflowDeps,
  asked: Asked,
  input: {
    cluster: string;
    id: string | undefined;
    decision: 'approve' | 'reject';
    reason?: string | undefined;
  },
): Promise<PauseAnswer> {
  const reason = input.reason?.trim() || undefined;
  if (reason !== undefined && reason.length > maxReasonLength)
    return { outcome: 'reason-too-long', length: reason.length, max: maxReasonLength };
  return asPerson(deps, asked, input.cluster, ({ policy, by, now }) => (view) => {
    const cluster = policy.name;
    const waiting = waitingFor(view, input.id, now);
    const [pause] = waiting;
    const { decision } = input;
    const runId = input.id === undefined && view.active?.status === 'waiting' ? view.active.id : undefined;
    // Typed with the cluster's name only: more than one request may be meant.
    if (waiting.length > 1 || runId !== undefined)
      return { answer: { outcome: 'which-request', cluster, decision, runId, pauses: waiting.length } };
    if (!pause) return { answer: { outcome: 'pause-over', cluster } };
    const asker = pause.since === undefined ? pause.by : (pause.resumeAsked?.by ?? pause.by);
    const problem = approvalProblem(policy, asker, by);
    // The requester may withdraw it.
    if (problem && !(problem === 'own-request' && input.decision === 'reject')) {
      return { answer: { outcome: problem, cluster, pause, approvers: pauseApprovers(policy) } };
    }
    const at = inputOf(view, policy, now);
    if (input.decision === 'reject') {
      return {
        transition: refusePause(at, pause, by, reason),
        answer: { outcome: 'pause-refused', cluster, pause },
      };
    }
    if (pause.since === undefined) {
      return {
        transition: approvePause(at, pause, by, reason),
        answer: { outcome: 'paused', cluster, pause: { ...pause, since: now, approvedBy: by } },
      };
    }
    const end = { kind: 'resumed', at: now, by: asker, approvedBy: by, reason } as const;
    return { transition: endPause(at, pause, end), answer: { outcome: 'resumed', cluster, pause } };
  });
}

/** What waits for a second person, newest first: a pause that is asked for, and one whose end is asked for. */
function waitingFor({ watch }: WatchView, id: string | undefined, now: number): readonly Pause[] {
  return (watch?.pauses ?? []).filter(
    (pause) =>
      pause.end === undefined &&
      // Over by the clock, though the watch has not recorded it yet.
      (pause.since === undefined ? now < requestEndsAt(pause) : pause.resumeAsked !== undefined) &&
      (id === undefined || pause.id === id),
  );
}

function readWish(
  input: { readonly until: string | undefined; readonly reason: string | undefined },
  { timeZone, name: cluster }: ClusterPolicy,
  now: number,
): { readonly reason: string; readonly until: number } | PauseAnswer {
  const reason = input.reason?.trim() ?? '';
  if (input.until === undefined) return { outcome: 'until-missing', cluster };
  const until = parseUntil(input.until, timeZone, now);
  if (until === undefined) return { outcome: 'until-unreadable', cluster, typed: input.until.slice(0, 80) };
  if (until < now + soonestMs) return { outcome: 'until-past', cluster, until };
  const latest = now + longestPauseMs;
  if (until > latest) return { outcome: 'until-too-far', cluster, until, latest };
  if (reason === '') return { outcome: 'pause-reason-missing', cluster };
  if (reason.length > maxReasonLength)
    return { outcome: 'reason-too-long', length: reason.length, max: maxReasonLength };
  return { reason, until };
}

/** Decides for a person who may ask about the cluster. `act` gives the decision, or the answer where there is none to make. */
async function asPerson(
  deps: WorkflowDeps,
  asked: Asked,
  cluster: string | undefined,
  act: (asker: {
    readonly policy: ClusterPolicy;
    readonly by: Person;
    /** ms UTC */
    readonly now: number;
  }) => PauseAnswer | ((view: WatchView) => Decision),
): Promise<PauseAnswer> {
  const access = await mayActOn(deps, 'pause', asked, cluster);
  if (!access.ok) return access.answer;
  const { person, cluster: policy } = access;
  const now = deps.clock.now();
  const decision = act({ policy, by: personOf(person), now });
  return typeof decision === 'function' ? decide(deps, asked, policy, now, decision) : decision;
}

function inputOf({ watch, proven }: WatchView, policy: ClusterPolicy, now: number) {
  return { watch: watch ?? newWatch(policy.name), proven, policy, now };
}

interface Decision {
  /** Absent: nothing changes. */
  readonly transition?: WatchTransition;
  readonly answer: PauseAnswer;
}

async function decide(
  deps: WorkflowDeps,
  { deliveryId }: Asked,
  policy: ClusterPolicy,
  now: number,
  decision: (view: WatchView) => Decision,
): Promise<PauseAnswer> {
  let given: PauseAnswer = { outcome: 'not-paused', cluster: policy.name };
  const decided = await deps.records.decideWatch<PauseAnswer>({
    cluster: policy.name,
    now,
    deliveryId,
    decision(view) {
      const { transition, answer } = decision(view);
      // A decision may be made again when another process was faster: the answer of the last one holds.
      const isElsewhere = elsewhereOf(policy, view.watch?.topology) !== undefined;
      given = isElsewhere && isTurn(answer) ? { ...answer, elsewhere: true } : answer;
      return transition ?? { refusal: answer };
    },
  });
  if (decided.outcome === 'duplicate') return { outcome: 'duplicate' };
  if (decided.outcome === 'refused') return decided.refusal;
  deps.wake();
  return given;
}

function isTurn(answer: PauseAnswer): answer is Extract<PauseAnswer, { outcome: 'paused' | 'resumed' }> {
  return answer.outcome === 'paused' || answer.outcome === 'resumed';
}
