import type { Worker } from '../workflow/backup/worker.ts';
import type { Clock } from '../workflow/ports/ports.ts';
import type { Records } from '../workflow/ports/records.ts';
import type { Watcher } from '../workflow/watch/watcher.ts';
import type { HealthParts } from './health.ts';

export interface BotParts {
  readonly slack: { connected(): boolean };
  readonly records: Pick<Records, 'probe'>;
  readonly worker: Pick<Worker, 'lastTurn'>;
  readonly watcher: Pick<Watcher, 'lastTurn'>;
  /** As they are now. */
  readonly clusters: () => readonly string[];
  readonly contacts: { lastContact(cluster: string): number | undefined };
  readonly clock: Pick<Clock, 'now'>;
  readonly loop: { problem(): string | undefined };
}

/** The worker looks for work every second; one slow look at the records is no reason for a restart. */
const workerDeadlineMs = 60_000;
/** Each cluster has its turn about every half minute, also when it does not answer. */
const watcherDeadlineMs = 5 * 60_000;

/**
 * Only Slack, the records and the process itself decide on readiness. A loop that was blocked is no reason for a restart: what
 * blocked it is over by the time that anything can be answered. A cluster that is down must not: the bot is there to say so, serves the
 * other clusters meanwhile, and Kubernetes could do nothing for it. Its last contact is shown as a note.
 */
export function botHealth({
  slack,
  records,
  worker,
  watcher,
  clusters,
  contacts,
  clock,
  loop,
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
      { name: 'event loop', problem: () => loop.problem() },
      { name: 'records', problem: () => records.probe({ now: clock.now() }).then(() => undefined) },
    ],
    notes: () =>
      clusters().map((cluster) => ({
        name: `cluster ${cluster}`,
        text: () => {
          const at = contacts.lastContact(cluster);
          return at === undefined ? 'not asked since the start, or no answer yet' : `last answer ${age(at)}`;
        },
      })),
  };
}

/** While Slack has not said who we are. Alive: a restart would not bring Slack back. */
export function startingHealth(slackTrouble: () => string | undefined): HealthParts {
  const problem = () => {
    const detail = slackTrouble();
    if (detail === undefined) return 'has not answered since the start yet';
    return `cannot be reached since the start (${detail}); nothing is watched or backed up until it answers; the bot keeps trying`;
  };
  return { live: [], ready: [{ name: 'slack', problem }], notes: () => [] };
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
