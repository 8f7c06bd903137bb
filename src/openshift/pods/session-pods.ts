import type { V1Pod } from '@kubernetes/client-node';
import type { PodRefusal } from '../../domain/cluster/facts.ts';
import { redact } from '../../domain/redaction/redact.ts';
import { backoffMs } from '../../domain/text/backoff.ts';
import type { SessionRequest } from '../../workflow/ports/ports.ts';
import { RunFailureError, runFailure } from '../../workflow/ports/run-failure-error.ts';
import { PodApiError } from './pod-api.ts';
import {
  apiFailure,
  isUnanswered,
  mayPass,
  onApi,
  type PodPlace,
  patiently,
  podPolling,
} from './pod-calls.ts';
import { isOver, type PodReadiness, podReadiness } from './pod-readiness.ts';
import { refusalIn } from './pod-refusal.ts';
import { abandonPod, deletePod, noneLeftOf, runOf } from './pod-removal.ts';
import { sessionPod, sessionPodName } from './session-pod.ts';

/** The run that the present session pod is labelled with; undefined: there is no pod. */
export async function runOfPod(place: PodPlace): Promise<string | undefined> {
  const pod = await onApi(place.pods.read(sessionPodName));
  return pod && runOf(pod);
}

/** What is known of the creates of one session. An unanswered one may have made the pod, or make it still. */
interface Creates {
  /** Monotonic ms until which a pod of this run may appear by itself; undefined: every create was answered. */
  lateUntil: number | undefined;
}

export interface Opening {
  readonly creates: Creates;
  /** Monotonic ms. */
  readonly until: number;
  readonly signal: AbortSignal;
}

/**
 * Creates the session pod; a pod of the same run that is there already (a lost answer, a bot that died) is taken over.
 * After a create without an answer the pod is looked up by name. What may pass is tried again until `until`.
 * Throws session-taken when the pod belongs to another run.
 */
export async function createOrAdopt(
  place: PodPlace,
  request: SessionRequest,
  options: Opening & { lifetimeS: number },
): Promise<V1Pod> {
  const { lifetimeS, until, signal, creates } = options;
  const body = sessionPod(request, { namespace: place.pods.namespace, lifetimeS });
  for (let tries = 0; ; tries += 1) {
    const pause = backoffMs(tries, podPolling);
    try {
      return await place.pods.create(body);
    } catch (error) {
      const exists = error instanceof PodApiError && error.code === 409;
      if (isUnanswered(error)) creates.lateUntil = place.clock.monotonic() + place.lateCreateMs;
      else if (exists) creates.lateUntil ??= place.clock.monotonic();
      const there = exists || isUnanswered(error) ? await adopt(place, request, options) : undefined;
      if (there) return there;
      const again = (exists || mayPass(error)) && place.clock.monotonic() + pause < until;
      if (!again) throw createFailure(place, error);
    }
    signal.throwIfAborted();
    await place.clock.sleep(pause, signal);
  }
}

/**
 * The pod that is there, if it is this run's, on the node of its plan, and alive. Undefined: there is none, or it was not
 * to be used and is removed.
 */
async function adopt(place: PodPlace, request: SessionRequest, options: Opening): Promise<V1Pod | undefined> {
  const there = await patiently(place, options, () => place.pods.read(sessionPodName));
  if (!there) return undefined;
  const byRun = runOf(there);
  if (byRun !== request.runId) {
    const { namespace } = place.pods;
    throw runFailure('session-taken', { pod: sessionPodName, namespace, byRun });
  }
  const alive = !there.metadata?.deletionTimestamp && !isOver(podReadiness(there));
  // The plan may have changed since the pod was made: a backup on another node than people were shown is not theirs.
  if (alive && there.spec?.nodeName === request.node) return there;
  const withinMs = Math.max(place.goneDeadlineMs, options.until - place.clock.monotonic());
  await deletePod(place, there, { withinMs, signal: options.signal });
  return undefined;
}

/** Polls until commands can run in the pod; what cannot come right by waiting ends it at once. */
export async function waitUntilReady(
  place: PodPlace,
  request: SessionRequest,
  options: Opening,
): Promise<void> {
  const { until, signal } = options;
  const started = place.clock.monotonic();
  let said: Exclude<PodReadiness, { kind: 'ready' }> | undefined;
  for (let looks = 0; ; looks += 1) {
    const pod = await patiently(place, options, () => place.pods.read(sessionPodName));
    if (!pod) throw runFailure('session-lost', { detail: 'the session pod was deleted before it was ready' });
    const seen = podReadiness(pod);
    if (seen.kind === 'ready') return;
    // A pull that is backed off says less than the pull itself did.
    if (seen.kind === 'registry' || said?.kind !== 'registry' || isOver(seen)) said = seen;
    const now = place.clock.monotonic();
    const hopeless = isOver(said) || said.kind === 'image';
    if (hopeless || now >= until) throw notStarted(request, said, Math.round(now - started));
    signal.throwIfAborted();
    await place.clock.sleep(backoffMs(looks, { ...podPolling, firstMs: 50 }), signal);
  }
}

function notStarted(
  { node, image }: SessionRequest,
  seen: Exclude<PodReadiness, { kind: 'ready' }>,
  afterMs: number,
): RunFailureError {
  const detail = redact(seen.detail).slice(0, 300);
  switch (seen.kind) {
    case 'image':
      return runFailure('session-image', { image, node, detail });
    case 'registry':
      return runFailure('session-registry', { image, node, detail });
    case 'container':
      return runFailure('session-container', { node, reason: seen.reason, detail });
    case 'rejected':
      return runFailure('session-pod-rejected', { node, reason: seen.reason, detail });
    case 'unseen':
      return runFailure('session-kubelet-silent', { node, afterMs });
    default:
      return runFailure('session-not-started', { node, afterMs, detail });
  }
}

/**
 * After a session that could not be opened: removes the pod, also one that comes late. Returns the error to be thrown, which
 * names the pod unless the API itself said that there is none.
 */
export async function withoutPod(
  place: PodPlace,
  request: SessionRequest,
  options: Pick<Opening, 'creates' | 'signal'> & { pod: V1Pod | undefined; error: unknown },
): Promise<unknown> {
  const { creates, signal, pod, error } = options;
  if (!(error instanceof RunFailureError)) return error;
  // Every create was refused: none of ours can be there.
  if (!pod && creates.lateUntil === undefined) return error;
  const lateUntil = creates.lateUntil ?? 0;
  const gone =
    (!pod || (await isAbandoned(place, pod, signal))) &&
    (await noneLeftOf(place, request.runId, { lateUntil, signal }));
  return gone
    ? error
    : new RunFailureError(error.failure, { cause: error.cause, sessionPod: sessionPodName });
}

async function isAbandoned(place: PodPlace, pod: V1Pod, signal: AbortSignal): Promise<boolean> {
  try {
    await abandonPod(place, pod, signal);
    return true;
  } catch (error) {
    if (error instanceof RunFailureError) return false;
    throw error;
  }
}

/** Deletes the session's pod and sees it gone, one that an unanswered create brings late included. */
export async function closePod(
  place: PodPlace,
  runId: string,
  options: Pick<Opening, 'creates' | 'signal'> & { pod: V1Pod },
): Promise<void> {
  const { pod, creates, signal } = options;
  await deletePod(place, pod, { signal });
  if (creates.lateUntil === undefined) return;
  if (await noneLeftOf(place, runId, { lateUntil: creates.lateUntil, signal })) return;
  const detail = 'the cluster did not say whether a session pod that was asked for earlier is there';
  throw runFailure('api-unreachable', { detail });
}

/** What became of a session's pod, for a person; undefined: nothing that would explain a lost session. */
export async function podTermination(place: PodPlace, pod: V1Pod): Promise<string | undefined> {
  const now = await place.pods.read(pod.metadata?.name ?? sessionPodName).catch((error) => {
    if (error instanceof PodApiError) return pod;
    throw error;
  });
  if (!now || now.metadata?.uid !== pod.metadata?.uid) return 'its pod was deleted by somebody else';
  if (now.metadata?.deletionTimestamp) return 'its pod is being deleted by somebody else';
  const readiness = podReadiness(now);
  if (!isOver(readiness)) return undefined;
  const reason = readiness.kind === 'rejected' ? `${readiness.reason}: ` : '';
  return redact(`its pod was ended: ${reason}${readiness.detail}`).slice(0, 300);
}

/** The refusals of admission each have a cause of their own; anything else is a failed call. */
function createFailure(place: PodPlace, error: unknown): RunFailureError {
  if (!(error instanceof PodApiError)) return apiFailure(error);
  const { namespace } = place.pods;
  const detail = redact(error.message).slice(0, 300);
  const because = refusalIn(error.message) ?? refusalOfCode[error.code ?? 0];
  if (because === undefined || because === 'right') return apiFailure(error);
  return because === 'pod-security'
    ? runFailure('session-pod-security', { namespace, detail }, { cause: error })
    : runFailure('session-pod-refused', { because, namespace, detail }, { cause: error });
}

const refusalOfCode: Readonly<Partial<Record<number, PodRefusal>>> = {
  400: 'other',
  403: 'other',
  404: 'namespace-absent',
  422: 'other',
};
