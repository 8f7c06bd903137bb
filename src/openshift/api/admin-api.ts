import { HttpMethod, type KubeConfig } from '@kubernetes/client-node';
import type { ApiStatus } from './api-error.ts';
import { apiFailureOf } from './api-error.ts';
import { orDeadlineError } from './deadline.ts';
import { type ApiRequest, openSession, type Session, sendOnce } from './session.ts';
import { unreadable } from './unreadable.ts';

/** Calls with an administrator's credentials. They reject with `AdminCallError`. */
export interface AdminApi {
  /** undefined: there is no such object. */
  get(path: string): Promise<unknown>;
  create(path: string, body: object): Promise<unknown>;
  /** Server-side apply. `force`: takes over fields that others applied with other values. */
  apply(
    path: string,
    body: object,
    how: { readonly manager: string; readonly force: boolean },
  ): Promise<unknown>;
  /** Only this very object; one that is gone is no error. */
  remove(path: string, uid: string): Promise<void>;
  close(): Promise<void>;
}

/** Why a call did not succeed, in one line without secrets. */
export class AdminCallError extends Error {
  override readonly name = 'AdminCallError';
  readonly reason: ReturnType<typeof unreadable>['reason'] | 'no-credentials';
  /** HTTP status; undefined: no answer. */
  readonly code: number | undefined;
  readonly status: ApiStatus | undefined;

  constructor(error: unknown) {
    const why = unreadable(error);
    super(why.detail);
    const failure = apiFailureOf(error);
    this.code = failure.kind === 'status' ? failure.code : undefined;
    this.status = failure.kind === 'status' ? failure.body : undefined;
    this.reason = (error as Error).name === 'CredentialsError' ? 'no-credentials' : why.reason;
  }
}

const deadlineMs = 30_000;
/** A plugin of the kubeconfig may open a browser and wait for its person. */
const loginDeadlineMs = 120_000;
const notFound = 404;

export async function openAdminApi(config: KubeConfig): Promise<AdminApi> {
  const session: Session = await orDeadlineError(loginDeadlineMs, () => openSession(config)).catch(
    (error) => {
      throw new AdminCallError(error);
    },
  );
  const send = async (request: ApiRequest): Promise<unknown> => {
    try {
      return (await orDeadlineError(deadlineMs, (signal) => sendOnce(session, request, signal))).body;
    } catch (error) {
      throw new AdminCallError(error);
    }
  };
  const orAbsent = (error: unknown): undefined => {
    if (error instanceof AdminCallError && error.code === notFound) return undefined;
    throw error;
  };
  return {
    get: (path) => send({ method: HttpMethod.GET, path }).catch(orAbsent),
    create: (path, body) => send({ method: HttpMethod.POST, path, body }),
    apply: (path, body, { manager, force }) =>
      send({
        method: HttpMethod.PATCH,
        path: `${path}?${new URLSearchParams({ fieldManager: manager, force: String(force) })}`,
        body,
        contentType: 'application/apply-patch+yaml',
      }),
    async remove(path, uid) {
      const body = { kind: 'DeleteOptions', apiVersion: 'v1', preconditions: { uid } };
      await send({ method: HttpMethod.DELETE, path, body }).catch(orAbsent);
    },
    close: async () => void (await session.dispatcher?.destroy()),
  };
}
