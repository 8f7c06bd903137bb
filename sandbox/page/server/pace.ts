/** Runs `work` soon after it is asked for, and at most once in `everyMs`, however often it is asked for. */
export interface Pace {
  ask(): void;
  stop(): void;
}

export function createPace(everyMs: number, work: () => void | Promise<void>): Pace {
  let timer: NodeJS.Timeout | undefined;
  let isWorking = false;
  let isAskedAgain = false;
  let isStopped = false;
  async function run(): Promise<void> {
    timer = undefined;
    isWorking = true;
    try {
      await work();
    } finally {
      isWorking = false;
      if (isAskedAgain) {
        isAskedAgain = false;
        ask();
      }
    }
  }
  function ask(): void {
    if (isStopped || timer !== undefined) return;
    if (isWorking) isAskedAgain = true;
    else timer = setTimeout(() => void run(), everyMs);
  }
  return {
    ask,
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
