import { createUpgrades } from '../../terminal/play-upgrades.ts';
import type { BotProcess, World } from '../../world.ts';
import type { Done, PageHappening, PagePlace, PageState, WorldAction } from '../protocol.ts';
import type { StepName } from '../switch-names.ts';
import { clusterFacts } from './cluster-facts.ts';
import { createHappenings } from './happenings.ts';
import { createPace } from './pace.ts';
import { createSwitches } from './switches.ts';

/** The world beside the workspace, for the panel of every window. */
export interface WorldPanel {
  state(): Pick<PageState, 'cluster' | 'places' | 'switches' | 'steps' | 'world'>;
  happened(): readonly PageHappening[];
  onChange(listener: () => void): () => void;
  onHappened(listener: (line: PageHappening) => void): () => void;
  act(action: WorldAction): Promise<Done>;
  stop(): void;
}

/** Files come and go without an event of their own. */
const lookEveryMs = 700;
/** What a node holds beside backups is no concern of the panel's. */
const backups = '/home/core/assets/backup';

export async function createWorldPanel(world: World, bot: BotProcess): Promise<WorldPanel> {
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of listeners) listener();
  };
  const happenings = createHappenings();
  const switches = createSwitches(world);
  const upgrades = createUpgrades(world, () => undefined);
  const firstVersion = world.cluster.upgrade.status().version;
  const done = new Set<StepName>();
  let botRuns = true;
  let places = await readPlaces(world);
  void bot.exited.then(() => {
    botRuns = false;
    changed();
  });
  const pace = createPace(lookEveryMs, async () => {
    places = await readPlaces(world);
    changed();
  });
  const unsubscribe = world.subscribe((event) => {
    happenings.take(event);
    pace.ask();
  });
  return {
    state() {
      noteSteps(world, firstVersion, places, done);
      const { offsetMs } = world.clock;
      return {
        cluster: { facts: clusterFacts(world) },
        places,
        switches: switches.state(),
        steps: Object.fromEntries([...done].map((name) => [name, { done: true }])),
        world: { facts: { clockOffsetMs: offsetMs, botRuns } },
      };
    },
    happened: happenings.recent,
    onChange(listener) {
      const own = () => listener();
      listeners.add(own);
      return () => void listeners.delete(own);
    },
    onHappened: happenings.onLine,
    async act(action) {
      if (action.what === 'upgrade') upgrades.start(action.version);
      else if (action.what === 'clock') await world.stepClock(action.ms);
      else {
        if (action.on) done.add('break');
        await switches.set(action.name, action.on);
      }
      changed();
      return {};
    },
    stop() {
      unsubscribe();
      pace.stop();
      upgrades.stop();
    },
  };
}

async function readPlaces(world: World): Promise<Readonly<Record<string, PagePlace>>> {
  const nodes = world.plane.nodes.map(({ name }) => ({ name, kind: 'node', folder: backups }) as const);
  const destinations = Object.keys(world.offCluster?.destinations ?? {}).map(
    (name) => ({ name, kind: 'destination', folder: '/' }) as const,
  );
  const read = [...nodes, ...destinations].map(async ({ name, kind, folder }) => {
    const files = (await world.tree(name, folder)).flatMap(({ path, bytes }) =>
      bytes === undefined ? [] : [{ path, bytes }],
    );
    return [name, { kind, files }] as const;
  });
  return Object.fromEntries(await Promise.all(read));
}

/** What was tried stays tried. */
function noteSteps(
  world: World,
  firstVersion: string,
  places: Readonly<Record<string, PagePlace>>,
  done: Set<StepName>,
): void {
  if (world.cards().length > 0) done.add('request');
  if (places['nas-1']?.files.some(({ path }) => path.endsWith('.db'))) done.add('approve');
  if (!done.has('home') && world.workspace.entries().some(({ kind }) => kind === 'tab')) done.add('home');
  const { version, settled } = world.cluster.upgrade.status();
  if (version !== firstVersion && settled) done.add('upgrade');
}
