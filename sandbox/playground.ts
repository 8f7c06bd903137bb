import { type BotProcess, type ConfigFile, startWorld, type World } from './world.ts';

export interface PlaygroundOptions {
  readonly dir: string;
  readonly language: 'en' | 'ko';
  /** A scheduled backup two minutes after the start, taken without approval. */
  readonly schedule: boolean;
  /** Adds to the configuration, and to who lives in the world. */
  readonly configure?: (config: ConfigFile, world: World) => void;
}

/** The world that people play in, at a terminal or in a browser, with the bot in it. */
export async function startPlayground({
  dir,
  language,
  schedule,
  configure,
}: PlaygroundOptions): Promise<{ readonly world: World; readonly bot: BotProcess }> {
  // By the bot's own clock: its people are not to count the hours of a time zone.
  const clusterConfig = schedule ? { timeZone: 'UTC', schedule: scheduleIn(2) } : {};
  const world = await startWorld({
    dir,
    language,
    config: { watch: { every: '1s' } },
    clusterConfig,
    configure(config, made) {
      // Who owns the cluster pauses it alone; the others need a second person.
      for (const each of config.clusters) each.owners = [made.people.viewer];
      configure?.(config, made);
    },
  });
  try {
    return { world, bot: await world.startBot() };
  } catch (error) {
    await world.stop();
    throw error;
  }
}

/** So many minutes from now, and then a day later again. */
function scheduleIn(minutes: number) {
  const at = new Date(Date.now() + minutes * 60_000);
  return { cron: `${at.getUTCMinutes()} ${at.getUTCHours()} * * *`, jitter: '0s', approval: 'auto' };
}
