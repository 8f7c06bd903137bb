import type { BotProcess, World } from '../../world.ts';

/** The one bot of a world that people play in: some switches end it and start the next one. */
export interface BotKeeper {
  readonly current: BotProcess;
  /** False: it ended, and no switch is about to start another one. */
  readonly runs: boolean;
  /** Ends the bot so, and starts the next one when it has ended. `aheadMs`: its clock alone is so far ahead. */
  replace(end: (bot: BotProcess) => unknown, how?: ReplaceOptions): Promise<void>;
}

interface ReplaceOptions {
  readonly aheadMs?: number;
  /** Between the end of one and the start of the next. */
  readonly between?: () => Promise<void>;
}

export function createBotKeeper(world: World, first: BotProcess, onChange: () => void): BotKeeper {
  let current = first;
  // One after the other: two switches may end the same bot.
  let last: Promise<unknown> = Promise.resolve();
  let replacing = 0;
  let runs = true;
  const watch = (bot: BotProcess) =>
    void bot.exited.then(() => {
      if (bot !== current || replacing > 0) return;
      runs = false;
      onChange();
    });
  watch(first);

  function over(isRunning: boolean): void {
    replacing -= 1;
    runs = isRunning;
    onChange();
  }

  async function replaceNow(
    end: (bot: BotProcess) => unknown,
    { aheadMs = 0, between }: ReplaceOptions,
  ): Promise<void> {
    await end(current);
    await current.exited;
    await between?.();
    current = await world.startBot({ aheadMs });
    watch(current);
  }

  return {
    get current() {
      return current;
    },
    get runs() {
      return runs;
    },
    replace(end, how = {}) {
      replacing += 1;
      const next = last.then(() => replaceNow(end, how));
      last = next.then(
        () => over(true),
        () => over(false),
      );
      return next;
    },
  };
}
