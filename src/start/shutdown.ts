import type { Log } from '../workflow/ports/ports.ts';

/** Stops one part; it may take `graceMs` for work under way. */
type StopPart = (graceMs: number) => Promise<void>;

/** Ends the bot in order, once: later requests join the first. */
export interface Shutdown {
  /** Parts are stopped in the order of registration: first what takes new work. */
  stopLater(...parts: readonly StopPart[]): void;
  /** After all of those, in the order of registration: what the others write to. */
  stopLast(...parts: readonly StopPart[]): void;
  stop(exitCode: number): Promise<void>;
  readonly stopping: boolean;
  /**
   * Waits for a part of the start. False: the bot is stopping, so the start ends here; what became of that part is of no
   * interest then, since its connections are being closed.
   */
  startGoesOn(part: Promise<unknown>): Promise<boolean>;
}

export function createShutdown(log: Log, graceMs: number): Shutdown {
  const parts: StopPart[] = [];
  const last: StopPart[] = [];
  let stopping: Promise<void> | undefined;

  async function stopAll(): Promise<void> {
    log.info({ graceMs }, 'stopping');
    for (const stopPart of [...parts, ...last]) {
      // What comes last is what everything writes to: it must be closed whatever became of the rest.
      await stopPart(graceMs).catch((err: unknown) => {
        log.error({ err }, 'a part of the bot did not stop in order; stopping the others');
      });
    }
  }

  return {
    stopLater: (...added) => void parts.push(...added),
    stopLast: (...added) => void last.push(...added),
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

/** SIGHUP, by which people ask a program to read its configuration again. Without a listener it would end the process. */
export function onHangUp(hungUp: () => void): void {
  process.on('SIGHUP', hungUp);
}

/** `times`: the second signal asks for an immediate end. */
export function onSignals(signalled: (times: number) => void): void {
  let times = 0;
  const count = () => {
    times += 1;
    signalled(times);
  };
  process.on('SIGTERM', count);
  process.on('SIGINT', count);
}
