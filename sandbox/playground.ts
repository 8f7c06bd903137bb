import { type BotProcess, type ConfigFile, startWorld, type World, worldTimeZone } from './world.ts';

export interface PlaygroundOptions {
  readonly dir: string;
  readonly language: 'en' | 'ko';
  /** A scheduled backup two minutes after the start, taken without approval. */
  readonly schedule: boolean;
  /** Of the cluster and of all clocks that people read; the world's own by default. */
  readonly timeZone?: string;
  /** Aborted: the world ends, also while it starts. */
  readonly signal?: AbortSignal | undefined;
  /** Adds to the configuration, and to who lives in the world. */
  readonly configure?: (config: ConfigFile, world: World) => void;
}

/** The world that people play in, at a terminal or in a browser, with the bot in it. */
export async function startPlayground({
  dir,
  language,
  schedule,
  timeZone,
  signal,
  configure,
}: PlaygroundOptions): Promise<{ readonly world: World; readonly bot: BotProcess }> {
  const world = await startWorld({
    dir,
    language,
    ...(timeZone === undefined ? {} : { timeZone }),
    clusterConfig: schedule ? { schedule: scheduleIn(2, timeZone ?? worldTimeZone) } : {},
    config: { watch: { every: '1s' } },
    configure(config, made) {
      // Who owns the cluster pauses it alone; the others need a second person.
      for (const each of config.clusters) each.owners = [made.people.viewer];
      configure?.(config, made);
    },
  });
  signal?.addEventListener('abort', () => void world.stop());
  try {
    return { world, bot: await world.startBot() };
  } catch (error) {
    await world.stop();
    throw error;
  }
}

/** So many minutes from now on the clock of that zone, and then a day later again. */
function scheduleIn(minutes: number, timeZone: string) {
  const clock = new Intl.DateTimeFormat('en', {
    timeZone,
    hour: 'numeric',
    minute: 'numeric',
    hourCycle: 'h23',
  });
  const parts = clock.formatToParts(Date.now() + minutes * 60_000);
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  return { cron: `${of('minute')} ${of('hour')} * * *`, jitter: '0s', approval: 'auto' };
}
