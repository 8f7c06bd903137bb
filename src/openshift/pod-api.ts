import type { V1Pod } from '@kubernetes/client-node';
import type { ClusterConnection } from './connection.ts';
import { createCoreApi } from './core-api.ts';
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
    this.timedOut = code === undefined && unreadable(cause).reason === 'timeout';
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

/** Throws PodApiError when the credentials cannot be used. */
export function openPodApi(connection: ClusterConnection, namespace: string): PodApi {
  const core = connected(connection);
  return {
    namespace,
    create: (body) => told(core.createNamespacedPod({ namespace, body }), 'create the session pod'),
    read: (name) =>
      unlessGone(told(core.readNamespacedPod({ name, namespace }), 'read the session pod'), [404], undefined),
    delete: (name, uid, graceSeconds) => {
      const preconditions = uid === undefined ? {} : { preconditions: { uid } };
      const body = { gracePeriodSeconds: graceSeconds, ...preconditions };
      const deleted = core.deleteNamespacedPod({ name, namespace, body }).then(() => true);
      // 409: the name belongs to another pod by now, so ours is gone.
      return unlessGone(told(deleted, 'delete the session pod'), [404, 409], false);
    },
  };
}

function connected(connection: ClusterConnection) {
  try {
    return createCoreApi(connection);
  } catch (error) {
    throw podApiError(error, 'read the credentials');
  }
}

async function told<T>(answer: Promise<T>, what: string): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw podApiError(error, what);
  }
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
