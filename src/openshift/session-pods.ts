import type { CoreV1Api, V1Pod } from '@kubernetes/client-node';
import { redact } from '../domain/redact.ts';
import type { Clock, SessionRequest } from '../workflow/ports.ts';
import { type RunFailureError, runFailure } from '../workflow/run-failure-error.ts';
import { podReadiness, runLabel, sessionPod, sessionPodName } from './session-pod.ts';
import { unreadable } from './unreadable.ts';

export interface PodPlace {
  readonly core: CoreV1Api;
  readonly namespace: string;
  readonly clock: Clock;
}

const goneDeadlineMs = 30_000;

/**
 * Creates the session pod; a pod of the same run that is there already (a lost answer, a bot that died) is taken over.
 * Throws session-taken when the pod belongs to somebody else's run.
 */
export async function createOrAdopt(
  place: PodPlace,
  request: SessionRequest,
  lifetimeS: number,
): Promise<V1Pod> {
  const body = sessionPod(request, { namespace: place.namespace, lifetimeS });
  try {
    return await place.core.createNamespacedPod({ namespace: place.namespace, body });
  } catch (error) {
    if (statusCode(error) !== 409) throw createFailure(place, error);
    return adopt(place, request, body);
  }
}

async function adopt(place: PodPlace, request: SessionRequest, body: V1Pod): Promise<V1Pod> {
  const there = await readPod(place);
  const ours = there?.metadata?.labels?.[runLabel] === request.runId;
  if (there && !ours) {
    const byRun = there.metadata?.labels?.[runLabel] ?? 'unknown';
    throw runFailure('session-taken', { pod: sessionPodName, namespace: place.namespace, byRun });
  }
  const usable = there && !there.metadata?.deletionTimestamp && podReadiness(there).kind !== 'ended';
  if (usable) return there;
  // Ours but over, or gone between the two calls: made anew.
  if (there) await deletePod(place, there);
  try {
    return await place.core.createNamespacedPod({ namespace: place.namespace, body });
  } catch (error) {
    throw createFailure(place, error);
  }
}

/** Polls until commands can run in the pod; what cannot come right by waiting ends it at once. */
export async function waitUntilReady(
  place: PodPlace,
  request: SessionRequest,
  deadlineMs: number,
  signal: AbortSignal,
): Promise<void> {
  const started = place.clock.now();
  let seen = 'no status yet';
  for (let pause = 50; ; pause = Math.min(pause * 1.5, 1_000)) {
    const pod = await readPod(place);
    if (!pod) throw runFailure('session-lost', { detail: 'the session pod was deleted before it was ready' });
    const readiness = podReadiness(pod);
    if (readiness.kind === 'ready') return;
    const detail = redact(readiness.detail);
    if (readiness.kind === 'image') {
      throw runFailure('session-image', { image: request.image, node: request.node, detail });
    }
    const afterMs = place.clock.now() - started;
    if (readiness.kind === 'ended' || afterMs >= deadlineMs) {
      const said = readiness.kind === 'ended' ? detail : seen;
      throw runFailure('session-not-started', { node: request.node, afterMs, detail: said });
    }
    seen = detail;
    signal.throwIfAborted();
    await place.clock.sleep(pause, signal);
  }
}

/** Deletes exactly this pod and waits until it is gone. Not there: fine. */
export async function deletePod(place: PodPlace, pod: V1Pod): Promise<void> {
  const name = pod.metadata?.name ?? sessionPodName;
  const uid = pod.metadata?.uid;
  try {
    const preconditions = uid === undefined ? {} : { preconditions: { uid } };
    await place.core.deleteNamespacedPod({
      name,
      namespace: place.namespace,
      body: { gracePeriodSeconds: 1, ...preconditions },
    });
  } catch (error) {
    const code = statusCode(error);
    // 409: the name now belongs to another pod, so ours is gone.
    if (code === 404 || code === 409) return;
    throw apiFailure(error);
  }
  await waitUntilGone(place, uid);
}

async function waitUntilGone(place: PodPlace, uid: string | undefined): Promise<void> {
  const started = place.clock.now();
  for (let pause = 20; ; pause = Math.min(pause * 1.5, 1_000)) {
    const pod = await readPod(place);
    if (!pod || pod.metadata?.uid !== uid) return;
    if (place.clock.now() - started > goneDeadlineMs) {
      throw runFailure('session-lost', {
        detail: `pod ${sessionPodName} is still there ${goneDeadlineMs / 1000} s after its deletion`,
      });
    }
    await place.clock.sleep(pause);
  }
}

async function readPod(place: PodPlace): Promise<V1Pod | undefined> {
  try {
    return await place.core.readNamespacedPod({ name: sessionPodName, namespace: place.namespace });
  } catch (error) {
    if (statusCode(error) === 404) return undefined;
    throw apiFailure(error);
  }
}

function createFailure(place: PodPlace, error: unknown): RunFailureError {
  const detail = redact(unreadable(error).detail);
  if (/violates PodSecurity/.test(detail)) {
    return runFailure('session-pod-security', { namespace: place.namespace, detail }, { cause: error });
  }
  return apiFailure(error);
}

export function apiFailure(error: unknown): RunFailureError {
  const { reason, detail } = unreadable(error);
  const options = { cause: error };
  if (reason === 'unauthorized') return runFailure('api-unauthorized', { detail }, options);
  if (reason === 'forbidden' || reason === 'absent')
    return runFailure('session-forbidden', { detail }, options);
  return runFailure('api-unreachable', { detail }, options);
}

function statusCode(error: unknown): number | undefined {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'number' ? code : undefined;
}
