import type { Log } from '../workflow/ports.ts';

/** Stops one part; it may take `graceMs` for work under way. */
export type StopPart = (graceMs: number) => Promise<void>;

/** Ends the bot in order, once, whoever asks first. */
export interface Shutdown {
  /** Parts are stopped in the order in which they were told: first what takes new work, last what everything writes to. */
  stopLater(...parts: readonly StopPart[]): void;
  stop(exitCode: number): Promise<void>;
  readonly stopping: boolean;
  /**
   * Waits for a part of the start. False: the bot is stopping, so the start ends here; what became of that part is of no
   * interest then, since its connections are being closed.
   */
  startGoesOn(part: Promise<void>): Promise<boolean>;
}

export function createShutdown(log: Log, graceMs: number): Shutdown {
  const parts: StopPart[] = [];
  let stopping: Promise<void> | undefined;

  async function stopAll(): Promise<void> {
    log.info({ graceMs }, 'stopping');
    for (const stopPart of parts) {
      // What comes last is what everything writes to: it must be closed whatever became of the rest.
      await stopPart(graceMs).catch((err: unknown) => {
        log.error({ err }, 'a part of the bot did not stop in order; stopping the others');
      });
    }
  }

  return {
    stopLater: (...added) => void parts.push(...added),
    stop(exitCode) {
      process.exitCode = exitCode;
      stopping ??= stopAll();
      return stopping;
    },
    async startGoesOn(part) {
      try {
        await part;
      } catch (error) {
        if (stopping === undefined) throw error;
      }
      return stopping === undefined;
    },
    get stopping() {
      return stopping !== undefined;
    },
  };
}

/** `times`: the second signal is somebody in a hurry. */
export function onSignals(signalled: (times: number) => void): void {
  let times = 0;
  const count = () => {
    times += 1;
    signalled(times);
  };
  process.on('SIGTERM', count);
  process.on('SIGINT', count);
}
