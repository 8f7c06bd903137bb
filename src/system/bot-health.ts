import type { Clock } from '../workflow/ports.ts';
import type { Records } from '../workflow/records.ts';
import type { Watcher } from '../workflow/watcher.ts';
import type { Worker } from '../workflow/worker.ts';
import type { HealthParts } from './health.ts';

export interface BotParts {
  readonly slack: { connected(): boolean };
  readonly records: Pick<Records, 'probe'>;
  readonly worker: Pick<Worker, 'lastTurn'>;
  readonly watcher: Pick<Watcher, 'lastTurn'>;
  readonly clusters: readonly string[];
  readonly contacts: { lastContact(cluster: string): number | undefined };
  readonly clock: Pick<Clock, 'now'>;
}

/** The worker looks for work every second; one slow look at the records is no reason for a restart. */
const workerDeadlineMs = 60_000;
/** Each cluster has its turn about every half minute, also when it does not answer. */
const watcherDeadlineMs = 5 * 60_000;

/**
 * Only Slack and the records decide on readiness. A cluster that is down must not: the bot is there to say so, serves the
 * other clusters meanwhile, and Kubernetes could do nothing for it. Its last contact is told as a note.
 */
export function botHealth({
  slack,
  records,
  worker,
  watcher,
  clusters,
  contacts,
  clock,
}: BotParts): HealthParts {
  const age = (at: number) => `${Math.round((clock.now() - at) / 1_000)} s ago`;
  return {
    live: [
      {
        name: 'worker',
        problem: () => stuck(worker.lastTurn(), clock.now(), workerDeadlineMs, 'looked for work'),
      },
      {
        name: 'watcher',
        problem: () => stuck(watcher.lastTurn(), clock.now(), watcherDeadlineMs, 'looked at any cluster'),
      },
    ],
    ready: [
      {
        name: 'slack',
        problem: () =>
          slack.connected()
            ? undefined
            : 'not connected: what people do there does not arrive; the bot keeps trying',
      },
      { name: 'records', problem: () => records.probe({ now: clock.now() }).then(() => undefined) },
    ],
    notes: clusters.map((cluster) => ({
      name: `cluster ${cluster}`,
      text: () => {
        const at = contacts.lastContact(cluster);
        return at === undefined ? 'not asked since the start, or no answer yet' : `last answer ${age(at)}`;
      },
    })),
  };
}

function stuck(
  turnedAt: number | undefined,
  now: number,
  deadlineMs: number,
  what: string,
): string | undefined {
  if (turnedAt === undefined || now - turnedAt <= deadlineMs) return undefined;
  return `has not ${what} for ${Math.round((now - turnedAt) / 1_000)} s`;
}
