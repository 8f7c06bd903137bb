import type { Drill } from './drill-ports.ts';

/** Who drills now, and since when (ms UTC). */
export interface SeatHolder {
  readonly runId: string;
  readonly cluster: string;
  readonly since: number;
}

/** The one place for a drill in this process: two at once would need the memory and the disk of two. First come, first served. */
export interface DrillSeat {
  holder(): SeatHolder | undefined;
  /** Ends the hold when called, once; undefined: it is taken. */
  tryTake(who: SeatHolder): (() => void) | undefined;
  /** Waits for its turn; `since` begins with it. Throws the signal's reason when aborted meanwhile. */
  take(who: Omit<SeatHolder, 'since'>, now: () => number, signal: AbortSignal): Promise<() => void>;
  /** Whether a user waits for the drill of this run. */
  isAwaitedFor(runId: string): boolean;
}

const seats = new WeakMap<Drill, DrillSeat>();

/** The same for the same drill: runs and people share it. */
export function seatOf(drill: Drill): DrillSeat {
  const seat = seats.get(drill) ?? createSeat();
  seats.set(drill, seat);
  return seat;
}

function createSeat(): DrillSeat {
  let holder: SeatHolder | undefined;
  const queue: (() => void)[] = [];
  const awaited: string[] = [];

  function tryTake(who: SeatHolder): (() => void) | undefined {
    if (holder) return undefined;
    holder = who;
    return () => {
      if (holder !== who) return;
      holder = undefined;
      queue.shift()?.();
    };
  }

  return {
    holder: () => holder,
    tryTake,
    isAwaitedFor: (runId) => awaited.includes(runId),
    async take(who, now, signal) {
      awaited.push(who.runId);
      try {
        for (;;) {
          signal.throwIfAborted();
          const leave = tryTake({ ...who, since: now() });
          if (leave) return leave;
          await turn(signal);
          // Called and aborted in the same moment: the next one would wait for a call that nothing makes any more.
          if (signal.aborted && !holder) queue.shift()?.();
        }
      } finally {
        awaited.splice(awaited.indexOf(who.runId), 1);
      }
    },
  };

  /** Resolves when it may try again. A turn that came to one who has left goes to the next. */
  function turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const called = () => {
        signal.removeEventListener('abort', left);
        resolve();
      };
      const left = () => {
        const at = queue.indexOf(called);
        if (at >= 0) queue.splice(at, 1);
        resolve();
      };
      signal.addEventListener('abort', left, { once: true });
      queue.push(called);
    });
  }
}
