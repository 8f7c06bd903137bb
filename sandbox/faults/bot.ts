import type { Acted } from './acted.ts';
import type { Scenario } from './scenario.ts';
import type { FaultStage } from './stage.ts';

/** The bot itself: killed, stopped, stopped in a hurry. */

/** Ends the bot so, in the middle of the script, starts the next one, and waits for the end of the run. */
async function endInMidScript(
  stage: FaultStage,
  slowSeconds: number,
  end: () => void,
  exit: { code: number | null; signal: NodeJS.Signals | null },
): Promise<Acted> {
  let wrong: string | undefined;
  const acted = await stage.inMidScript(slowSeconds, async () => {
    end();
    const { code, signal } = await stage.bot.exited;
    if (code !== exit.code || signal !== exit.signal)
      wrong = `the bot ended with ${signal ?? `exit ${code}`}`;
    await stage.restart();
  });
  return wrong === undefined ? acted : { ...acted, wrong };
}

export const botScenarios: readonly Scenario[] = [
  {
    name: 'bot-killed',
    broken: 'the bot is killed (SIGKILL) while the script runs, and started again',
    act: (stage) =>
      endInMidScript(stage, 4, () => stage.bot.signal('SIGKILL'), { code: null, signal: 'SIGKILL' }),
    expected: { outcome: 'succeeded', says: /restarted/, withinS: 90 },
  },
  {
    name: 'bot-stopped',
    broken: 'the bot is stopped (SIGTERM) while the script runs: it ends what is under way',
    act: (stage) => endInMidScript(stage, 3, () => stage.bot.signal('SIGTERM'), { code: 0, signal: null }),
    expected: { outcome: 'succeeded', says: /Backed up in/, withinS: 90 },
  },
  {
    name: 'bot-stopped-twice',
    broken: 'the bot is stopped twice while the script runs: it hands over at once, the next bot goes on',
    act: (stage) =>
      endInMidScript(
        stage,
        5,
        () => {
          stage.bot.signal('SIGTERM');
          setTimeout(() => stage.bot.signal('SIGTERM'), 300);
        },
        { code: 0, signal: null },
      ),
    expected: { outcome: 'succeeded', says: /restarted/, withinS: 90 },
  },
];
