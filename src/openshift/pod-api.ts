import { CoreV1Api, Observable, type ObservableMiddleware, type V1Pod } from '@kubernetes/client-node';
import type { ClusterConnection } from './connection.ts';
import { DeadlineError, withDeadline } from './deadline.ts';
import { KubeConfigError, loadKubeConfig } from './kube-config.ts';
import { unreadable } from './unreadable.ts';

/** The API server's word on a pod call. `code` is undefined when there was no answer. `message` comes from outside. */
export class PodApiError extends Error {
  readonly code: number | undefined;
  /** No answer in time: the call may have had its effect. */
  readonly timedOut: boolean;

  constructor(code: number | undefined, message: string, cause: unknown) {
    super(message, { cause });
    this.name = 'PodApiError';
    this.code = code;
    this.timedOut = cause instanceof DeadlineError;
  }
}

/** Pods of one namespace. Every call ends inside the connection's deadline; all throw PodApiError. */
export interface PodApi {
  readonly namespace: string;
  create(body: V1Pod): Promise<V1Pod>;
  /** undefined: not there. */
  read(name: string): Promise<V1Pod | undefined>;
  /** Deletes exactly the pod with this uid. False: it is not there (any more). */
  delete(name: string, uid: string | undefined, graceSeconds: number): Promise<boolean>;
}

export function openPodApi(connection: ClusterConnection, namespace: string): PodApi {
  async function call<T>(
    what: string,
    work: (core: CoreV1Api, options: CallOptions) => Promise<T>,
  ): Promise<T> {
    try {
      const core = loadKubeConfig(connection).makeApiClient(CoreV1Api);
      return await withDeadline(connection.requestDeadlineMs, (signal) => work(core, optionsWith(signal)));
    } catch (error) {
      throw podApiError(error, what);
    }
  }

  return {
    namespace,
    create: (body) =>
      call('create the session pod', (core, options) =>
        core.createNamespacedPod({ namespace, body }, options),
      ),
    read: (name) =>
      unlessGone(
        call('read the session pod', (core, options) => core.readNamespacedPod({ name, namespace }, options)),
        [404],
        undefined,
      ),
    delete: (name, uid, graceSeconds) =>
      unlessGone(
        call('delete the session pod', async (core, options) => {
          const preconditions = uid === undefined ? {} : { preconditions: { uid } };
          const body = { gracePeriodSeconds: graceSeconds, ...preconditions };
          await core.deleteNamespacedPod({ name, namespace, body }, options);
          return true;
        }),
        // 409: the name belongs to another pod by now, so ours is gone.
        [404, 409],
        false,
      ),
  };
}

interface CallOptions {
  readonly middleware: ObservableMiddleware[];
  readonly middlewareMergeStrategy: 'append';
}

/** client-node 2 ignores a signal among its options; the request context takes one. */
function optionsWith(signal: AbortSignal): CallOptions {
  const deadline: ObservableMiddleware = {
    pre: (context) => {
      context.setSignal(signal);
      return new Observable(Promise.resolve(context));
    },
    post: (context) => new Observable(Promise.resolve(context)),
  };
  return { middleware: [deadline], middlewareMergeStrategy: 'append' };
}

async function unlessGone<T, U>(answer: Promise<T>, codes: readonly number[], otherwise: U): Promise<T | U> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof PodApiError && error.code !== undefined && codes.includes(error.code))
      return otherwise;
    throw error;
  }
}

function podApiError(error: unknown, what: string): PodApiError {
  const { code, body } = error as { code?: unknown; body?: unknown };
  if (typeof code === 'number') return new PodApiError(code, statusMessage(body) ?? `HTTP ${code}`, error);
  if (error instanceof KubeConfigError) return new PodApiError(undefined, error.message, error);
  return new PodApiError(undefined, unreadable(error, what).detail, error);
}

function statusMessage(body: unknown): string | undefined {
  if (typeof body !== 'string') return undefined;
  try {
    const message = (JSON.parse(body) as { message?: unknown }).message;
    return typeof message === 'string' ? message : undefined;
  } catch {
    return undefined;
  }
}
