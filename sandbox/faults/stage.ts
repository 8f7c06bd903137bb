import { isActive } from '../../src/domain/run/run.ts';
import type { Records } from '../../src/workflow/ports/records.ts';
import type { Fault, RequestFault } from '../cluster/faults.ts';
import {
  type Behaviour,
  type BotProcess,
  type Message,
  type RequestInfo,
  until,
  type World,
} from '../world.ts';
import { keepHealthy } from './healthy.ts';
import { createRunSteps, type RunSteps } from './run-steps.ts';

/** A step of a scenario waited too long, or found what it must not find. */
export class ScenarioError extends Error {}

export type Match = (request: RequestInfo) => boolean;

/** The world with the bot in it, and what scenarios do in it. One after the other: there is one run per cluster. */
export interface FaultStage extends RunSteps {
  readonly world: World;
  readonly records: Records;
  /** What a step, a scenario and its messages may take is multiplied by it. */
  readonly patience: number;
  readonly bot: BotProcess;
  /** Starts the next bot; the one before must have ended. `aheadMs`: its clock alone is so far ahead. */
  restart(options?: { readonly aheadMs?: number }): Promise<void>;
  /** The fault strikes every request that matches, until the scenario is over or the answer is called. */
  strike(match: Match, fault: RequestFault | Fault): () => void;
  /** What the nodes do from now on. */
  behave(behaviour: Partial<Behaviour>): Promise<void>;
  /** The run's cards in the cluster's channel. */
  cards(runId: string): readonly Message[];
  /** What people could read since the scenario began: the run's card and thread, and private messages. */
  messages(runId: string | undefined): readonly string[];
  /** Puts everything back as it was before the first scenario, and begins a new one. */
  begin(): Promise<void>;
  close(): Promise<void>;
}

export async function openFaultStage(world: World, records: Records, patience: number): Promise<FaultStage> {
  const { workspace, cluster, plane } = world;
  const bots = await startBots(world);
  const readable = openMessages(world);
  const makeHealthy = keepHealthy(world);
  const stage: FaultStage = {
    ...createRunSteps(world, records, patience),
    world,
    records,
    patience,
    get bot() {
      return bots.current;
    },
    restart: ({ aheadMs = 0 } = {}) => bots.restart(aheadMs),
    strike: (match, fault) => cluster.faults.add({ ...fault, match }),
    async behave(behaviour) {
      await Promise.all(plane.nodes.map((node) => node.behave(behaviour)));
    },
    cards: (runId) => world.cards(runId),
    messages: (runId) => readable.of(runId),
    async begin() {
      cluster.faults.clear();
      workspace.faults.clear();
      cluster.pods.stopAfter(undefined);
      cluster.execOver('any');
      await stage.behave({});
      await makeHealthy();
      if (bots.ended) await stage.restart();
      await endEarlierRuns(stage);
      readable.skipEarlier();
    },
    close: () => bots.current.stop(),
  };
  return stage;
}

/** One bot after the other. */
async function startBots(world: World) {
  let current: BotProcess;
  let ended: boolean;
  const start = async (aheadMs: number) => {
    current = await world.startBot({ aheadMs });
    ended = false;
    void current.exited.then(() => {
      ended = true;
    });
  };
  await start(0);
  return {
    get current() {
      return current;
    },
    get ended() {
      return ended;
    },
    async restart(aheadMs: number) {
      await current.exited;
      await start(aheadMs);
    },
  };
}

function openMessages({ workspace, people, channels, cards }: World) {
  let readFrom: ReadonlyMap<string, number> = new Map();
  return {
    of(runId: string | undefined): readonly string[] {
      const roots = runId === undefined ? [] : cards(runId);
      const threads = roots.flatMap((card) => workspace.thread(channels.platform, card.ts).slice(1));
      const alone = Object.values(people).flatMap((user) =>
        workspace.private(user).slice(readFrom.get(user) ?? 0),
      );
      return [...roots, ...threads, ...alone].map((each) => workspace.renderMessage(each));
    },
    /** Private messages up to now belong to earlier scenarios. */
    skipEarlier() {
      readFrom = new Map(Object.values(people).map((user) => [user, workspace.private(user).length]));
    },
  };
}

async function endEarlierRuns({ records, type, reaches }: FaultStage): Promise<void> {
  await until('what earlier runs left on nodes to be removed', async () => {
    const recent = await records.runs({ limit: 5 });
    return !recent.some((run) => run.failed?.cleanUp);
  });
  for (const run of await records.runs({ active: true, limit: 5 })) {
    await type(`cancel ${run.id}`);
    await reaches(run.id, 'the cancelled run', (each) => !isActive(each.status));
  }
}
