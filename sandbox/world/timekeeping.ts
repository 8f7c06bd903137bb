import type { Behaviour } from '../node/behaviour.ts';
import type { ControlPlane } from '../node/control-plane.ts';
import { type BotHome, type BotProcess, startBot } from './bot-process.ts';
import type { SettableClock } from './clock.ts';

/** The one clock of a world, and what follows it when it is set: the bots, and the nodes with their behaviour. */
export interface Timekeeping {
  startBot(home: Omit<BotHome, 'clockOffsetMs'>, aheadMs: number): Promise<BotProcess>;
  behave(behaviour: Partial<Behaviour>): Promise<void>;
  setClock(offsetMs: number): Promise<void>;
  stopBots(): Promise<void>;
}

export function createTimekeeping(clock: SettableClock, { nodes }: ControlPlane): Timekeeping {
  const bots = new Map<BotProcess, number>();
  const starting = new Set<Promise<BotProcess>>();
  const over = new AbortController();
  let behaviour: Partial<Behaviour> = {};
  const behave = async (next: Partial<Behaviour>) => {
    behaviour = next;
    // A node has a clock of its own, which is part of how it behaves.
    const clockSkewSeconds = Math.round(clock.offsetMs / 1000) + (next.clockSkewSeconds ?? 0);
    await Promise.all(nodes.map((node) => node.behave({ ...next, clockSkewSeconds })));
  };
  return {
    behave,
    async startBot(home, aheadMs) {
      const start = startBot({ ...home, clockOffsetMs: clock.offsetMs + aheadMs, signal: over.signal });
      starting.add(start);
      const bot = await start.finally(() => starting.delete(start));
      bots.set(bot, aheadMs);
      void bot.exited.then(() => bots.delete(bot));
      return bot;
    },
    async setClock(offsetMs) {
      clock.set(offsetMs);
      const moved = [...bots].map(([bot, aheadMs]) => bot.setClock(offsetMs + aheadMs));
      await Promise.all([behave(behaviour), ...moved]);
    },
    async stopBots() {
      over.abort();
      await Promise.allSettled(starting);
      await Promise.all([...bots.keys()].map((bot) => bot.stop()));
    },
  };
}
