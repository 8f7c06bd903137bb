import type { Clock, Log } from '../../workflow/ports/ports.ts';

export interface Refusals {
  note(status: number, why: string): void;
}

const everyMs = 60_000;

/** Refused requests in the log: any host on the network can cause them, so one line a minute for each status. */
export function createRefusals({ clock, log }: { clock: Pick<Clock, 'monotonic'>; log: Log }): Refusals {
  const seen = new Map<number, { at: number; more: number }>();
  return {
    note(status, why) {
      const now = clock.monotonic();
      const last = seen.get(status);
      if (last && now - last.at < everyMs) {
        last.more += 1;
        return;
      }
      seen.set(status, { at: now, more: 0 });
      log.warn(
        { status, why, sinceTheLastLine: last?.more ?? 0 },
        'a request that is not Slack’s was refused',
      );
    },
  };
}
