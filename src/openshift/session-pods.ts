import type { V1Pod } from '@kubernetes/client-node';
import { redact } from '../domain/redact.ts';
import type { Clock, SessionRequest } from '../workflow/ports.ts';
import { type RunFailureError, runFailure } from '../workflow/run-failure-error.ts';
import type { ClusterConnection } from './connection.ts';
import { openPodApi, type PodApi, PodApiError } from './pod-api.ts';
import { podReadiness, runLabel, sessionPod, sessionPodName } from './session-pod.ts';

export interface PodPlace {
  readonly pods: PodApi;
  readonly clock: Clock;
}

/** Throws RunFailureError when the cluster's credentials cannot be used. */
export function openPlace(connection: ClusterConnection, namespace: string, clock: Clock): PodPlace {
  try {
    return { pods: openPodApi(connection, namespace), clock };
  } catch (error) {
    throw apiFailure(error);
  }
}

/** The run that the present session pod is labelled with; undefined: there is no pod. */
export async function runOfPod(place: PodPlace): Promise<string | undefined> {
  const pod = await onApi(place.pods.read(sessionPodName));
  return pod && (pod.metadata?.labels?.[runLabel] ?? 'unknown');
}

/** Removes the session pod if it is this run's. */
export async function removePodOf(place: PodPlace, runId: string): Promise<boolean> {
  const pod = await onApi(place.pods.read(sessionPodName));
  if (pod?.metadata?.labels?.[runLabel] !== runId) return false;
  await deletePod(place, pod);
  return true;
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
  const body = sessionPod(request, { namespace: place.pods.namespace, lifetimeS });
  try {
    return await place.pods.create(body);
  } catch (error) {
    const mayBeThere = error instanceof PodApiError && (error.code === 409 || error.timedOut);
    if (!mayBeThere) throw createFailure(place, error);
    return adopt(place, request, body);
  }
}

async function adopt(place: PodPlace, request: SessionRequest, body: V1Pod): Promise<V1Pod> {
  const there = await onApi(place.pods.read(sessionPodName));
  const byRun = there?.metadata?.labels?.[runLabel];
  if (there && byRun !== request.runId) {
    const { namespace } = place.pods;
    throw runFailure('session-taken', { pod: sessionPodName, namespace, byRun: byRun ?? 'unknown' });
  }
  const usable = there && !there.metadata?.deletionTimestamp && podReadiness(there).kind !== 'ended';
  if (usable) return there;
  // Ours but over, or gone between the two calls: made anew.
  if (there) await deletePod(place, there);
  try {
    return await place.pods.create(body);
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
  for (let pause = 50; ; pause = Math.min(pause * 1.5, 1_000)) {
    const pod = await onApi(place.pods.read(sessionPodName));
    if (!pod) throw runFailure('session-lost', { detail: 'the session pod was deleted before it was ready' });
    const readiness = podReadiness(pod);
    if (readiness.kind === 'ready') return;
    const detail = redact(readiness.detail);
    if (readiness.kind === 'image') {
      throw runFailure('session-image', { image: request.image, node: request.node, detail });
    }
    const afterMs = place.clock.now() - started;
    if (readiness.kind === 'ended' || afterMs >= deadlineMs) {
      throw runFailure('session-not-started', { node: request.node, afterMs, detail });
    }
    signal.throwIfAborted();
    await place.clock.sleep(pause, signal);
  }
}

/**
 * Deletes a pod in which nothing ran. One that no kubelet ever took up (a dead node) would stay in deletion for ever:
 * it goes at once, which is safe because nothing of it was started.
 */
export async function abandonPod(place: PodPlace, pod: V1Pod): Promise<void> {
  const now = await onApi(place.pods.read(pod.metadata?.name ?? sessionPodName));
  const neverTaken = now?.status?.containerStatuses === undefined;
  await deletePod(place, pod, neverTaken ? 0 : undefined);
}

/** Deletes exactly this pod and waits until it is gone. Not there: fine. */
export async function deletePod(place: PodPlace, pod: V1Pod, graceSeconds = 1): Promise<void> {
  const name = pod.metadata?.name ?? sessionPodName;
  const uid = pod.metadata?.uid;
  const there = await onApi(place.pods.delete(name, uid, graceSeconds));
  if (!there) return;
  const started = place.clock.now();
  for (let pause = 20; ; pause = Math.min(pause * 1.5, 1_000)) {
    const still = await onApi(place.pods.read(name));
    if (!still || still.metadata?.uid !== uid) return;
    if (place.clock.now() - started > goneDeadlineMs) {
      const detail = `pod ${name} is still there ${goneDeadlineMs / 1000} s after its deletion`;
      throw runFailure('session-lost', { detail });
    }
    await place.clock.sleep(pause);
  }
}

function createFailure(place: PodPlace, error: unknown): RunFailureError {
  if (error instanceof PodApiError && /violates PodSecurity/.test(error.message)) {
    const detail = redact(error.message).slice(0, 300);
    return runFailure('session-pod-security', { namespace: place.pods.namespace, detail }, { cause: error });
  }
  return apiFailure(error);
}

async function onApi<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw apiFailure(error);
  }
}

function apiFailure(error: unknown): RunFailureError {
  if (!(error instanceof PodApiError)) throw error;
  const detail = redact(error.message).slice(0, 300);
  const options = { cause: error };
  if (error.code === 401) return runFailure('api-unauthorized', { detail }, options);
  // 404 on create: the namespace of node sessions is not there; deploy/ makes it.
  const refused = error.code === 403 || error.code === 404 || error.code === 400 || error.code === 422;
  return runFailure(refused ? 'session-forbidden' : 'api-unreachable', { detail }, options);
}
