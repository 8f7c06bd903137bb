import { type ClusterFailureKind, clusterFailureKinds } from '../../domain/cluster/cluster-failure.ts';
import type { ClusterConnection } from '../../domain/network/cluster-connection.ts';
import { redact } from '../../domain/redaction/redact.ts';
import { backoffMs } from '../../domain/text/backoff.ts';
import type { Clock } from '../../workflow/ports/ports.ts';
import { type RunFailureError, runFailure } from '../../workflow/ports/run-failure-error.ts';
import { connectionEnded } from '../api/api-error.ts';
import { kindOfCode, kindOfWords } from '../api/cluster-words.ts';
import { openPodApi, type PodApi, PodApiError } from './pod-api.ts';
import { sessionPodName } from './session-pod.ts';

export interface PodPlace {
  readonly pods: PodApi;
  readonly clock: Clock;
  /** How long a deleted pod may take to be gone, failing calls included. */
  readonly goneDeadlineMs: number;
  /** How long after the client gave up a create may still take effect: the server's own deadline for it, and a margin. */
  readonly lateCreateMs: number;
}

/** For what is on its way between client and server when either gives up. */
const lateMarginMs = 5_000;

/** Throws RunFailureError when the cluster's credentials cannot be used. */
export function openPlace(
  connection: ClusterConnection,
  options: { namespace: string; clock: Clock; goneDeadlineMs: number },
): PodPlace {
  const { namespace, ...rest } = options;
  const lateCreateMs = connection.requestDeadlineMs + lateMarginMs;
  try {
    return { pods: openPodApi(connection, namespace), ...rest, lateCreateMs };
  } catch (error) {
    throw apiFailure(error);
  }
}

/** Between calls that are made again, or ask whether the pod has changed. */
export const podPolling = { firstMs: 200, maxMs: 1_000, factor: 1.5 };

/** A cut connection, no answer, 429, 5xx: the next call may be answered. */
export function mayPass(error: unknown): boolean {
  return isUnanswered(error) || (error instanceof PodApiError && error.code === 429);
}

/** The call may have had its effect: no answer came, or a server (or a proxy before it) gave up half-way. */
export function isUnanswered(error: unknown): boolean {
  return error instanceof PodApiError && (error.code === undefined || error.code >= 500);
}

/**
 * A call that may be made twice, made again while what is wrong may pass. `until`: monotonic ms. Throws RunFailureError,
 * or the signal's reason.
 */
export async function patiently<T>(
  place: PodPlace,
  options: { until: number; signal?: AbortSignal | undefined },
  call: () => Promise<T>,
): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    const pause = backoffMs(tries, podPolling);
    try {
      return await call();
    } catch (error) {
      if (!mayPass(error) || place.clock.monotonic() + pause >= options.until) throw apiFailure(error);
    }
    options.signal?.throwIfAborted();
    await place.clock.sleep(pause, options.signal);
  }
}

/** Whether the API says anything at all about the session pod, a refusal included. */
export function answers(place: PodPlace): Promise<boolean> {
  return place.pods.read(sessionPodName).then(
    () => true,
    (error: unknown) => !mayPass(error),
  );
}

export async function onApi<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw apiFailure(error);
  }
}

/** A failed pod call as a run's failure; anything else is thrown as it is. */
export function apiFailure(error: unknown): RunFailureError {
  if (!(error instanceof PodApiError)) throw error;
  const detail = redact(error.message).slice(0, 300);
  return runFailure(kindOfCall(error), { detail }, { cause: error });
}

type CallKind = ClusterFailureKind | 'api-unreachable' | 'api-unauthorized' | 'session-forbidden';

function kindOfCall(error: PodApiError): CallKind {
  const { failure } = error;
  if (failure.kind === 'network')
    return connectionEnded(failure) ? 'api-connection-lost' : kindOfCode(failure.code);
  if (failure.kind !== 'status') return 'api-unreachable';
  const { code, body } = failure;
  if (code === 401) return 'api-unauthorized';
  if (code === 407) return 'proxy-refused';
  if ([400, 403, 404, 422].includes(code)) return 'session-forbidden';
  const said = body?.message === undefined ? undefined : kindOfWords(body.message);
  if (said && isClusterFailure(said)) return said;
  if (code === 429) return 'api-overloaded';
  // An API server sends a Status; a page without one comes from something before it.
  if (code >= 502 && code <= 504 && !body) return 'gateway-failed';
  return code >= 500 ? 'api-not-ready' : 'api-unreachable';
}

function isClusterFailure(kind: string): kind is ClusterFailureKind {
  return (clusterFailureKinds as readonly string[]).includes(kind);
}
