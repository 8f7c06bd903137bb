import type { V1Pod } from '@kubernetes/client-node';
import { isUnansweredKind } from '../../domain/cluster/cluster-failure.ts';
import { backoffMs } from '../../domain/text/backoff.ts';
import { RunFailureError, runFailure } from '../../workflow/ports/run-failure-error.ts';
import { PodApiError } from './pod-api.ts';
import { apiFailure, mayPass, type PodPlace, patiently, podPolling } from './pod-calls.ts';
import { runLabel, sessionPodName } from './session-pod.ts';

interface Removal {
  readonly graceSeconds?: number;
  /** How long it may take to be gone; `goneDeadlineMs` unless given. */
  readonly withinMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/** The run that a pod is labelled with. */
export function runOf(pod: V1Pod): string {
  return pod.metadata?.labels?.[runLabel] ?? 'unknown';
}

/**
 * Deletes exactly this pod and waits until it is gone. Not there: fine. An unanswered delete may have worked: the pod itself
 * is looked at each time. Throws RunFailureError: session-pod-stuck, or why the API could not be asked.
 */
export async function deletePod(place: PodPlace, pod: V1Pod, options: Removal = {}): Promise<void> {
  const { graceSeconds = 1, withinMs = place.goneDeadlineMs, signal } = options;
  const name = pod.metadata?.name ?? sessionPodName;
  const uid = pod.metadata?.uid;
  const until = place.clock.monotonic() + withinMs;
  let accepted = false;
  for (let looks = 0; ; looks += 1) {
    const late = place.clock.monotonic() >= until;
    try {
      if (!accepted) accepted = await ofDelete(place.pods.delete(name, uid, graceSeconds));
      const still = await place.pods.read(name);
      if (!still || still.metadata?.uid !== uid) return;
      if (late) throw stuck(place, pod, withinMs);
    } catch (error) {
      if (error instanceof RunFailureError) throw error;
      if (!mayPass(error) || late) throw apiFailure(error);
    }
    signal?.throwIfAborted();
    await place.clock.sleep(backoffMs(looks, { ...podPolling, firstMs: 20 }), signal);
  }
}

/** Whether the server took the delete (or has nothing to delete); false: unknown, the next look shows it. */
async function ofDelete(deleted: Promise<boolean>): Promise<boolean> {
  try {
    await deleted;
    return true;
  } catch (error) {
    if (mayPass(error)) return false;
    throw error;
  }
}

function stuck(place: PodPlace, pod: V1Pod, afterMs: number): RunFailureError {
  const { namespace } = place.pods;
  const node = pod.spec?.nodeName ?? 'unknown';
  const params = { pod: pod.metadata?.name ?? sessionPodName, namespace, node, ofRun: runOf(pod), afterMs };
  return runFailure('session-pod-stuck', params);
}

/**
 * Deletes a pod in which nothing ran. One that no kubelet ever took up (a dead node) would stay in deletion for ever:
 * it goes at once, which is safe because nothing of it was started.
 */
export async function abandonPod(place: PodPlace, pod: V1Pod, signal?: AbortSignal): Promise<void> {
  const until = place.clock.monotonic() + place.goneDeadlineMs;
  const read = () => place.pods.read(pod.metadata?.name ?? sessionPodName);
  const now = await patiently(place, { until, signal }, read);
  const neverTaken = now?.status?.containerStatuses === undefined;
  await deletePod(place, pod, { graceSeconds: neverTaken ? 0 : 1, signal });
}

/** Removes the session pod if it is this run's; true when there was one. */
export async function removePodOf(
  place: PodPlace,
  runId: string,
  options: Pick<Removal, 'withinMs' | 'signal'> = {},
): Promise<boolean> {
  const patience = { until: place.clock.monotonic() + place.goneDeadlineMs, signal: options.signal };
  const pod = await patiently(place, patience, () => place.pods.read(sessionPodName));
  if (!pod || runOf(pod) !== runId) return false;
  await deletePod(place, pod, options);
  return true;
}

/**
 * Makes sure that no session pod of this run is there: looks until `lateUntil` (monotonic ms) has passed, since a create
 * without an answer may arrive that late, and deletes what comes. False: the API did not say so, the pod may be there.
 */
export async function noneLeftOf(
  place: PodPlace,
  runId: string,
  options: { lateUntil: number; signal?: AbortSignal | undefined },
): Promise<boolean> {
  const { lateUntil, signal } = options;
  const giveUpAt = Math.max(lateUntil, place.clock.monotonic()) + place.goneDeadlineMs;
  for (let looks = 0; ; looks += 1) {
    const askedAt = place.clock.monotonic();
    const seen = await look(place, runId, signal);
    if (seen === 'refused') return false;
    if (seen === 'none' && askedAt >= lateUntil) return true;
    if (seen === 'unknown' && askedAt >= giveUpAt) return false;
    signal?.throwIfAborted();
    await place.clock.sleep(backoffMs(looks, podPolling), signal);
  }
}

async function look(
  place: PodPlace,
  runId: string,
  signal: AbortSignal | undefined,
): Promise<'none' | 'unknown' | 'refused'> {
  try {
    const pod = await place.pods.read(sessionPodName);
    if (!pod || runOf(pod) !== runId) return 'none';
    await abandonPod(place, pod, signal);
    return 'none';
  } catch (error) {
    if (error instanceof RunFailureError) return isUnansweredKind(error.failure.kind) ? 'unknown' : 'refused';
    if (!(error instanceof PodApiError)) throw error;
    return mayPass(error) ? 'unknown' : 'refused';
  }
}
