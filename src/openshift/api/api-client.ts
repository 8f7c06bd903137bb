import { HttpMethod } from '@kubernetes/client-node';
import { z } from 'zod';
import { known, type Reading, type Unreadable } from '../../domain/cluster/reading.ts';
import type { ServerTime } from '../../domain/doctor/cluster-access.ts';
import type { ClusterConnection } from '../../domain/network/cluster-connection.ts';
import { type ApiFailure, apiFailureOf } from './api-error.ts';
import { servedGroups } from './api-groups.ts';
import { orDeadlineError } from './deadline.ts';
import { loadKubeConfig } from './kube-config.ts';
import { createRepeatingGate } from './repeat-safely.ts';
import { pathOf, type Resource, textOf } from './resource.ts';
import { type Answer, openSession, type Session, sendOnce } from './session.ts';
import { unreadable } from './unreadable.ts';

const pageSize = '500';
/** Over HTTP/1.1 each needs a TLS connection of its own, and a handshake costs more than a short wait. */
const usuallyAtOnce = 6;

/**
 * Calls to one API server for one round of reading. Nothing throws: what the cluster says, or why it is not known.
 * Every call ends inside the connection's deadline, body included; a list with all its pages counts as one call.
 */
export interface ApiClient {
  get<T>(resource: Resource, schema: z.ZodType<T>): Promise<Reading<T>>;
  list<T>(resource: Resource, item: z.ZodType<T>): Promise<Reading<readonly T[]>>;
  /** Reviews: what is stored nowhere, and may be asked for twice. */
  create<T>(resource: Resource, body: object, schema: z.ZodType<T>): Promise<Reading<T>>;
  /** Asks whether the object would be made, all of admission included, and makes nothing. Undefined: it would. */
  dryRun(resource: Resource, body: object): Promise<Refusal | undefined>;
  /** Names of all API groups that the server says it offers, asked once; undefined: it did not say. */
  groups(): Promise<readonly string[] | undefined>;
  /** Asks for what every account may ask, and reads the server's clock from the answer's Date header. `now`: ms UTC. */
  serverTime(now: () => number): Promise<Reading<ServerTime>>;
  /** Closes the connections. Idempotent. */
  close(): Promise<void>;
}

/** A call that did not succeed: what became of it, and the same in words. */
interface Refusal {
  readonly failure: ApiFailure;
  readonly why: Unreadable;
}

/** `onAnswer` is called for every call that succeeds. `atOnce`: requests side by side, which is also TLS connections. */
export function openApiClient(
  connection: ClusterConnection,
  onAnswer: () => void = () => undefined,
  atOnce = usuallyAtOnce,
): ApiClient {
  const gate = createRepeatingGate(atOnce, connection.requestDeadlineMs / 4);
  let opened: Promise<Session> | undefined;
  let groups: Promise<readonly string[] | undefined> | undefined;
  const ask = async (
    method: HttpMethod,
    path: string,
    signal: AbortSignal,
    body?: object,
  ): Promise<Answer> => {
    opened ??= (async () => openSession(loadKubeConfig(connection)))();
    const session = await opened;
    const answer = await gate(signal, () => sendOnce(session, { method, path, body }, signal));
    onAnswer();
    return answer;
  };
  const send = async (...call: Parameters<typeof ask>): Promise<unknown> => (await ask(...call)).body;

  function served(): Promise<readonly string[] | undefined> {
    groups ??= servedGroups((path) =>
      orDeadlineError(connection.requestDeadlineMs, (signal) => send(HttpMethod.GET, path, signal)),
    );
    return groups;
  }

  async function reading<T>(
    resource: Resource,
    call: (signal: AbortSignal) => Promise<T>,
  ): Promise<Reading<T>> {
    try {
      return known(await orDeadlineError(connection.requestDeadlineMs, call));
    } catch (error) {
      const why = unreadable(error, textOf(resource));
      return { ok: false, why: { ...why, reason: await knownReason(resource, why) } };
    }
  }

  async function knownReason({ group }: Resource, { reason }: Unreadable): Promise<Unreadable['reason']> {
    // A load balancer without a healthy API server says 404 to everything: only who lists its APIs can lack one.
    if (reason === 'no-such-api') return (await served()) ? reason : 'server-error';
    if (reason !== 'forbidden' || group === '') return reason;
    // To a user without permission on it, an API that does not exist is just as forbidden (403).
    const offered = await served();
    return offered && !offered.includes(group) ? 'no-such-api' : reason;
  }

  return {
    get: (resource, schema) =>
      reading(resource, async (signal) => schema.parse(await send(HttpMethod.GET, pathOf(resource), signal))),
    list: (resource, item) =>
      reading(resource, (signal) => allPages(resource, item, (path) => send(HttpMethod.GET, path, signal))),
    create: (resource, body, schema) =>
      reading(resource, async (signal) =>
        schema.parse(await send(HttpMethod.POST, pathOf(resource), signal, body)),
      ),
    async dryRun(resource, body) {
      try {
        await orDeadlineError(connection.requestDeadlineMs, (signal) =>
          send(HttpMethod.POST, `${pathOf(resource)}?dryRun=All`, signal, body),
        );
        return undefined;
      } catch (error) {
        return { failure: apiFailureOf(error), why: unreadable(error, `dry run of ${textOf(resource)}`) };
      }
    },
    groups: served,
    serverTime: (now) =>
      reading({ group: '', version: 'v1', resource: 'version' }, async (signal) => {
        const askedAt = now();
        const { date } = await ask(HttpMethod.GET, '/version', signal);
        return { askedAt, answeredAt: now(), serverAt: timeOf(date) };
      }),
    close: async () => {
      const closing = opened?.then((session) => session.dispatcher?.destroy()).catch(() => undefined);
      // A credential plugin that never ends must not keep its caller either.
      await orDeadlineError(connection.requestDeadlineMs, async () => closing).catch(() => undefined);
    },
  };
}

function timeOf(date: string | undefined): number | undefined {
  const at = Date.parse(date ?? '');
  return Number.isNaN(at) ? undefined : at;
}

async function allPages<T>(
  resource: Resource,
  item: z.ZodType<T>,
  get: (path: string) => Promise<unknown>,
): Promise<readonly T[]> {
  const page = z.object({
    metadata: z.object({ continue: z.string().nullish() }).nullish(),
    items: z.array(item).nullable(),
  });
  const items: T[] = [];
  let next: string | null | undefined;
  do {
    const query = new URLSearchParams({ limit: pageSize });
    if (resource.labelSelector) query.set('labelSelector', resource.labelSelector);
    if (next) query.set('continue', next);
    const answer = page.parse(await get(`${pathOf(resource)}?${query}`));
    items.push(...(answer.items ?? []));
    next = answer.metadata?.continue;
  } while (next);
  return items;
}
