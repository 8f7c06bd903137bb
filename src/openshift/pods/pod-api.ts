import type { V1Pod } from '@kubernetes/client-node';
import type { ClusterConnection } from '../../domain/network/cluster-connection.ts';
import { type ApiFailure, apiFailureOf, HalfAnswerError } from '../api/api-error.ts';
import { createCoreApi } from '../api/core-api.ts';
import { repeatSafely } from '../api/repeat-safely.ts';
import { unreadable } from '../api/unreadable.ts';

/** Why a pod call did not succeed. `message` comes from outside. */
export class PodApiError extends Error {
  /** Any kind but `status`: the call may have had its effect all the same. */
  readonly failure: ApiFailure;

  constructor(failure: ApiFailure, message: string, cause: unknown) {
    super(message, { cause });
    this.name = 'PodApiError';
    this.failure = failure;
  }

  /** The HTTP status; undefined: the server did not answer. */
  get code(): number | undefined {
    return this.failure.kind === 'status' ? this.failure.code : undefined;
  }
}

/** Pods of one namespace. Every call ends inside the connection's deadline; all throw PodApiError. */
export interface PodApi {
  readonly namespace: string;
  /** Never made twice by itself, whatever became of the first: only who asks by name can know. */
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
    create: (body) => checked(whole(core.createNamespacedPod({ namespace, body })), 'create the session pod'),
    read: (name) => {
      const found = repeatSafely(() => whole(core.readNamespacedPod({ name, namespace })));
      return unlessGone(checked(found, 'read the session pod'), [404], undefined);
    },
    delete: (name, uid, graceSeconds) => {
      const preconditions = uid === undefined ? {} : { preconditions: { uid } };
      const body = { gracePeriodSeconds: graceSeconds, ...preconditions };
      const deleted = whole(core.deleteNamespacedPod({ name, namespace, body })).then(() => true);
      // 409: the name belongs to another pod by now, so ours is gone.
      return unlessGone(checked(deleted, 'delete the session pod'), [404, 409], false);
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

async function whole<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw error instanceof SyntaxError ? new HalfAnswerError(error) : error;
  }
}

async function checked<T>(answer: Promise<T>, what: string): Promise<T> {
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
  const failure = apiFailureOf(error);
  if (failure.kind !== 'status') return new PodApiError(failure, unreadable(error, what).detail, error);
  return new PodApiError(failure, failure.body?.message ?? `HTTP ${failure.code}`, error);
}
