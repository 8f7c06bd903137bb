import { createWakeUp } from '../../workflow/ports/wake-up.ts';
import type { OutboxDeps } from './deps.ts';
import { OutboxDelivery } from './outbox-delivery.ts';

export interface OutboxSender {
  start(): void;
  /** Something was put into the outbox: look at once. */
  wake(): void;
  /** Ends after the message that is on its way (its call has a deadline). */
  stop(): Promise<void>;
}

/** How long to wait before the outbox is read again after an error of the records. */
const errorPauseMs = 5_000;

/**
 * The one sender of everything that runs and clusters' watches say: takes messages from the outbox in the order of each
 * and posts them, at least once, and as far as Slack lets us look, exactly once. Slack's failures delay or drop messages;
 * they never reach the run or the watch. What a person can fix (an invitation, a scope) waits, and that person is notified.
 */
export function createOutboxSender(deps: OutboxDeps): OutboxSender {
  const stopping = new AbortController();
  const delivery = new OutboxDelivery(deps, stopping.signal);
  const wakeUp = createWakeUp(deps.clock);
  let running: Promise<void> | undefined;

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const woken = wakeUp.next();
      const waitMs = await delivery.step().catch((error: unknown) => {
        deps.log.error({ err: error }, 'the outbox cannot be read or written; trying again');
        return errorPauseMs;
      });
      if (waitMs > 0) await wakeUp.wait(woken, waitMs, stopping.signal);
    }
    await delivery.writeOutcomes().catch(() => undefined);
  }

  return {
    start() {
      running ??= run();
    },
    wake: wakeUp.wake,
    async stop() {
      stopping.abort();
      wakeUp.wake();
      await running;
    },
  };
}
