import { openSqliteRecords } from '../../../src/records/store/sqlite.ts';
import type { Records } from '../../../src/workflow/ports/records.ts';
import { createUpgrades } from '../../terminal/play-upgrades.ts';
import type { BotProcess, World } from '../../world.ts';
import type { Done, PageHappening, PagePlace, PageState, WorldAction } from '../protocol.ts';
import type { StepName } from '../switch-names.ts';
import { createBotKeeper } from './bot-keeper.ts';
import { clusterFacts } from './cluster-facts.ts';
import { type SummarySlots, whatComes } from './coming.ts';
import { createHappenings } from './happenings.ts';
import { createPace } from './pace.ts';
import { createSwitches } from './switches/switches.ts';
import { createTransfers } from './transfers.ts';

/** The world beside the workspace, for the panel of every window. */
export interface WorldPanel {
  state(): Pick<PageState, 'cluster' | 'places' | 'switches' | 'steps' | 'world' | 'coming' | 'transfers'>;
  happened(): readonly PageHappening[];
  onChange(listener: () => void): () => void;
  onHappened(listener: (line: PageHappening) => void): () => void;
  act(action: WorldAction): Promise<Done>;
  stop(): Promise<void>;
}

/** Files come and go without an event of their own. */
const lookEveryMs = 700;
/** Often enough for a bar that fills. */
const showEveryMs = 100;
/** A jump ends so long after its time. */
const pastMs = 500;
/** What a node holds beside backups is no concern of the panel's. */
const backups = '/home/core/assets/backup';

export async function createWorldPanel(
  world: World,
  first: BotProcess,
  summary: SummarySlots,
): Promise<WorldPanel> {
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of listeners) listener();
  };
  const happenings = createHappenings();
  const transfers = createTransfers();
  const bot = createBotKeeper(world, first, changed);
  const switches = createSwitches(world, bot, changed);
  // For what comes only: nothing is written.
  const records = await openSqliteRecords({ file: world.recordsFile });
  const look = () => readWorld(world, records, summary);
  const upgrades = createUpgrades(world, () => undefined);
  const firstVersion = world.cluster.upgrade.status().version;
  const done = new Set<StepName>();
  let seen = await look();
  const pace = createPace(lookEveryMs, async () => {
    seen = await look();
    transfers.look(seen.places);
    changed();
  });
  const shown = createPace(showEveryMs, changed);
  const endings = [
    world.subscribe((event) => {
      happenings.take(event);
      transfers.take(event);
      if (event.kind === 'output') shown.ask();
      pace.ask();
    }),
    world.workspace.onChange(() => {
      happenings.lookAt(world.workspace);
      pace.ask();
    }),
  ];
  return {
    state() {
      noteSteps(world, firstVersion, seen.places, done);
      const { offsetMs } = world.clock;
      return {
        cluster: { facts: clusterFacts(world) },
        places: seen.places,
        switches: switches.state(),
        steps: Object.fromEntries([...done].map((name) => [name, { done: true }])),
        world: { facts: { clockOffsetMs: offsetMs, botRuns: bot.runs } },
        coming: { list: seen.coming },
        transfers: { list: transfers.list() },
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
      else if (action.what === 'jump') await jump(world, action.at);
      else {
        if (action.on) done.add('break');
        await switches.set(action.name, action.on, action.moment);
      }
      seen = await look();
      changed();
      return {};
    },
    async stop() {
      for (const end of endings) end();
      pace.stop();
      shown.stop();
      upgrades.stop();
      await records.close();
    },
  };
}

/** Never backwards: what the bot has done would lie ahead of its clock. */
async function jump(world: World, at: number): Promise<void> {
  const ms = at + pastMs - world.clock.now();
  if (ms > 0) await world.stepClock(ms);
}

async function readWorld(world: World, records: Records, summary: SummarySlots) {
  const [places, coming] = await Promise.all([
    readPlaces(world),
    // Locked or moved away by a switch: nothing is known for now.
    whatComes(records, summary, world.clock.now()).catch(() => []),
  ]);
  return { places, coming };
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
