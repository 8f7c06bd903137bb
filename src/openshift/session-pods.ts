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
  /** How long a deleted pod may take to be gone, failing calls included. */
  readonly goneDeadlineMs: number;
}

/** Throws RunFailureError when the cluster's credentials cannot be used. */
export function openPlace(
  connection: ClusterConnection,
  options: { namespace: string; clock: Clock; goneDeadlineMs: number },
): PodPlace {
  const { namespace, ...rest } = options;
  try {
    return { pods: openPodApi(connection, namespace), ...rest };
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

/**
 * Creates the session pod; a pod of the same run that is there already (a lost answer, a bot that died) is taken over.
 * What may pass is tried again until `until` (ms). Throws session-taken when the pod belongs to somebody else's run;
 * any other failure that leaves it open whether there is a pod names it (`sessionPod`).
 */
export async function createOrAdopt(
  place: PodPlace,
  request: SessionRequest,
  options: { lifetimeS: number; until: number; signal: AbortSignal },
): Promise<V1Pod> {
  const { lifetimeS, until, signal } = options;
  const body = sessionPod(request, { namespace: place.pods.namespace, lifetimeS });
  for (let pause = firstPauseMs; ; pause = nextPause(pause)) {
    try {
      return await place.pods.create(body);
    } catch (error) {
      const exists = error instanceof PodApiError && error.code === 409;
      const there = exists ? await adopt(place, request, options) : undefined;
      if (there) return there;
      const again = (exists || mayPass(error)) && place.clock.now() + pause < until;
      if (!again) throw createFailure(place, error);
    }
    signal.throwIfAborted();
    await place.clock.sleep(pause, signal);
  }
}

/** The pod that is there, if it is this run's and alive. Undefined: it was over and is removed, or it went by itself. */
async function adopt(
  place: PodPlace,
  request: SessionRequest,
  options: { until: number; signal: AbortSignal },
): Promise<V1Pod | undefined> {
  const there = await patiently(place, options, () => place.pods.read(sessionPodName));
  if (!there) return undefined;
  const byRun = there.metadata?.labels?.[runLabel] ?? 'unknown';
  if (byRun !== request.runId) {
    const { namespace } = place.pods;
    throw runFailure('session-taken', { pod: sessionPodName, namespace, byRun });
  }
  if (!there.metadata?.deletionTimestamp && podReadiness(there).kind !== 'ended') return there;
  await deletePod(place, there, options);
  return undefined;
}

/** Polls until commands can run in the pod; what cannot come right by waiting ends it at once. */
export async function waitUntilReady(
  place: PodPlace,
  request: SessionRequest,
  options: { until: number; signal: AbortSignal },
): Promise<void> {
  const { until, signal } = options;
  const started = place.clock.now();
  for (let pause = 50; ; pause = nextPause(pause)) {
    const pod = await patiently(place, options, () => place.pods.read(sessionPodName));
    if (!pod) throw runFailure('session-lost', { detail: 'the session pod was deleted before it was ready' });
    const readiness = podReadiness(pod);
    if (readiness.kind === 'ready') return;
    const detail = redact(readiness.detail);
    if (readiness.kind === 'image') {
      throw runFailure('session-image', { image: request.image, node: request.node, detail });
    }
    const now = place.clock.now();
    if (readiness.kind === 'ended' || now >= until) {
      throw runFailure('session-not-started', { node: request.node, afterMs: now - started, detail });
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
  const until = place.clock.now() + place.goneDeadlineMs;
  const read = () => place.pods.read(pod.metadata?.name ?? sessionPodName);
  const now = await patiently(place, { until }, read);
  const neverTaken = now?.status?.containerStatuses === undefined;
  await deletePod(place, pod, { graceSeconds: neverTaken ? 0 : 1 });
}

/** Deletes exactly this pod and waits until it is gone. Not there: fine. */
export async function deletePod(
  place: PodPlace,
  pod: V1Pod,
  options: { graceSeconds?: number; signal?: AbortSignal } = {},
): Promise<void> {
  const { graceSeconds = 1, signal } = options;
  const name = pod.metadata?.name ?? sessionPodName;
  const uid = pod.metadata?.uid;
  const patience = { until: place.clock.now() + place.goneDeadlineMs, ...(signal ? { signal } : {}) };
  const there = await patiently(place, patience, () => place.pods.delete(name, uid, graceSeconds));
  if (!there) return;
  for (let pause = 20; ; pause = nextPause(pause)) {
    const still = await patiently(place, patience, () => place.pods.read(name));
    if (!still || still.metadata?.uid !== uid) return;
    if (place.clock.now() >= patience.until) {
      const detail = `pod ${name} is still there ${place.goneDeadlineMs / 1000} s after its deletion`;
      throw runFailure('session-lost', { detail });
    }
    signal?.throwIfAborted();
    await place.clock.sleep(pause, signal);
  }
}

/** What became of a session's pod, for a person; undefined: nothing that would explain a lost session. */
export async function fateOf(place: PodPlace, pod: V1Pod): Promise<string | undefined> {
  const now = await place.pods.read(pod.metadata?.name ?? sessionPodName).catch((error) => {
    if (error instanceof PodApiError) return pod;
    throw error;
  });
  if (!now || now.metadata?.uid !== pod.metadata?.uid) return 'its pod was deleted by somebody else';
  if (now.metadata?.deletionTimestamp) return 'its pod is being deleted by somebody else';
  const readiness = podReadiness(now);
  return readiness.kind === 'ended'
    ? redact(`its pod was ended: ${readiness.detail}`).slice(0, 300)
    : undefined;
}

const firstPauseMs = 200;

function nextPause(pauseMs: number): number {
  return Math.min(pauseMs * 1.5, 1_000);
}

/** A cut connection, no answer, 429, 5xx: the next call may be answered. */
function mayPass(error: unknown): boolean {
  if (!(error instanceof PodApiError)) return false;
  return error.code === undefined || error.code === 429 || error.code >= 500;
}

/** A call that may be made twice, made again while what is wrong may pass. Throws RunFailureError. */
async function patiently<T>(
  place: PodPlace,
  options: { until: number; signal?: AbortSignal },
  call: () => Promise<T>,
): Promise<T> {
  for (let pause = firstPauseMs; ; pause = nextPause(pause)) {
    try {
      return await call();
    } catch (error) {
      if (!mayPass(error) || place.clock.now() + pause >= options.until) throw apiFailure(error);
    }
    options.signal?.throwIfAborted();
    await place.clock.sleep(pause, options.signal);
  }
}

function createFailure(place: PodPlace, error: unknown): RunFailureError {
  if (error instanceof PodApiError && /violates PodSecurity/.test(error.message)) {
    const detail = redact(error.message).slice(0, 300);
    return runFailure('session-pod-security', { namespace: place.pods.namespace, detail }, { cause: error });
  }
  // Nobody answered that it was refused: it may have been made all the same.
  return apiFailure(error, mayPass(error) ? { sessionPod: sessionPodName } : {});
}

async function onApi<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw apiFailure(error);
  }
}

function apiFailure(error: unknown, left: { sessionPod?: string } = {}): RunFailureError {
  if (!(error instanceof PodApiError)) throw error;
  const detail = redact(error.message).slice(0, 300);
  const options = { cause: error, ...left };
  if (error.code === 401) return runFailure('api-unauthorized', { detail }, options);
  // 404 on create: the namespace of node sessions is not there; deploy/ makes it.
  const refused = error.code === 403 || error.code === 404 || error.code === 400 || error.code === 422;
  return runFailure(refused ? 'session-forbidden' : 'api-unreachable', { detail }, options);
}
