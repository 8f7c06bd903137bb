import { access } from 'node:fs/promises';
import path from 'node:path';
import { type BackupRun, isActive } from '../../src/domain/run/run.ts';
import type { Records } from '../../src/workflow/ports/records.ts';
import type { Fault, RequestFault } from '../cluster/faults.ts';
import {
  type Behaviour,
  type BotProcess,
  type Outcome as Delivered,
  hasButton,
  type Message,
  type RequestInfo,
  until,
  type World,
} from '../world.ts';
import type { Acted } from './acted.ts';

/** A step of a scenario waited too long, or found what it must not find. */
export class ScenarioError extends Error {}

export type Match = (request: RequestInfo) => boolean;

/** The world with the bot in it, and what scenarios do in it. One after the other: there is one run per cluster. */
export interface FaultStage {
  readonly world: World;
  readonly records: Records;
  readonly bot: BotProcess;
  /** Starts the next bot; the one before must have ended. `aheadMs`: its clock alone is so far ahead. */
  restart(options?: { readonly aheadMs?: number }): Promise<void>;
  /** Types `run`; the run's id as soon as it is on record. */
  request(text?: string): Promise<string>;
  type(text: string): Promise<Delivered>;
  /** Waits for the card's button and clicks; resolves when the click is answered or on record. */
  approve(runId: string): Promise<void>;
  /** The run when it is over, or when it waits for people and nothing of them is left to look at. */
  settled(runId: string): Promise<BackupRun>;
  /** Waits until the run is as `fits` says. */
  reaches(
    runId: string,
    what: string,
    fits: (run: BackupRun) => Promise<boolean> | boolean,
  ): Promise<BackupRun>;
  /** Requests and approves, waits until the script runs on the node for `slowSeconds`, breaks something, waits for the end. */
  inMidScript(slowSeconds: number, breakIt: (runId: string) => Promise<void> | void): Promise<Acted>;
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

export const sessionNamespace = 'etcd-backup-sessions';

export async function openFaultStage(world: World, records: Records): Promise<FaultStage> {
  const { workspace, people, channels, cluster, plane } = world;
  let bot = await world.startBot();
  let botEnded = false;
  const watch = () =>
    void bot.exited.then(() => {
      botEnded = true;
    });
  watch();
  let readFrom: ReadonlyMap<string, number> = new Map();
  const healthy = keepHealthy(world);

  const reaches: FaultStage['reaches'] = (runId, what, fits) =>
    until(what, async () => {
      const run = await records.run(runId);
      return run && (await fits(run)) && run;
    });

  const stage: FaultStage = {
    world,
    records,
    get bot() {
      return bot;
    },
    async restart({ aheadMs = 0 } = {}) {
      await bot.exited;
      bot = await world.startBot({ aheadMs });
      botEnded = false;
      watch();
    },
    reaches,
    type: (text) => world.type(people.requester, text),
    async request(text = 'run') {
      const known = (await records.runs({ limit: 1 }))[0]?.id;
      await stage.type(text);
      const run = await until<BackupRun>('the run on record', async () => {
        const newest = (await records.runs({ limit: 1 }))[0];
        return newest?.id !== known && newest;
      });
      return run.id;
    },
    async approve(runId) {
      const card = await until<Message>('the card with its buttons', () =>
        stage.cards(runId).find((each) => hasButton(each, 'approve')),
      );
      await world.click(people.approver, 'approve', card);
    },
    settled: (runId) =>
      reaches(runId, 'the end of the run', (run) => {
        if (!isActive(run.status)) return true;
        return run.status === 'waiting' && !run.votes.some((vote) => vote.status === 'pending');
      }),
    async inMidScript(slowSeconds, breakIt) {
      await stage.behave({ slowSeconds });
      const runId = await stage.request();
      await stage.approve(runId);
      await reaches(runId, 'the script to run', (run) => scriptRuns(world, run));
      await breakIt(runId);
      await stage.settled(runId);
      return { runId };
    },
    strike: (match, fault) => cluster.faults.add({ ...fault, match }),
    async behave(behaviour) {
      await Promise.all(plane.nodes.map((node) => node.behave(behaviour)));
    },
    cards: (runId) => world.cards(runId),
    messages(runId) {
      const cards = runId === undefined ? [] : stage.cards(runId);
      const threads = cards.flatMap((card) => workspace.thread(channels.platform, card.ts).slice(1));
      const alone = Object.values(people).flatMap((user) =>
        workspace.private(user).slice(readFrom.get(user) ?? 0),
      );
      return [...cards, ...threads, ...alone].map((each) => workspace.renderMessage(each));
    },
    async begin() {
      cluster.faults.clear();
      workspace.faults.clear();
      cluster.pods.stopAfter(undefined);
      cluster.execOver('any');
      await stage.behave({});
      await healthy();
      if (botEnded) await stage.restart();
      await until('what earlier runs left on nodes to be removed', async () => {
        const recent = await records.runs({ limit: 5 });
        return !recent.some((run) => run.failed?.cleanUp);
      });
      for (const run of await records.runs({ active: true, limit: 5 })) {
        await stage.type(`cancel ${run.id}`);
        await reaches(run.id, 'the cancelled run', (each) => !isActive(each.status));
      }
      readFrom = new Map(Object.values(people).map((user) => [user, workspace.private(user).length]));
    },
    close: () => bot.stop(),
  };
  return stage;
}

/** Remembers the cluster's and the workspace's objects that scenarios change; the answer puts them back. */
function keepHealthy(world: World): () => Promise<void> {
  const { cluster, workspace, channels } = world;
  const before = ['nodes', 'clusteroperators', 'clusterroles', 'roles'].flatMap((resource) =>
    cluster.objects.list(resource),
  );
  return async () => {
    for (const object of before) cluster.objects.put(structuredClone(object));
    if (isRevoked(world)) cluster.reissue('bot');
    await cluster.writeKubeconfig('bot', kubeconfigOf(world));
    workspace.unarchive(channels.platform);
    workspace.invite(channels.platform, 'app');
  };
}

export function kubeconfigOf(world: World): string {
  return path.join(world.dir, 'kubeconfig.yaml');
}

function isRevoked(world: World): boolean {
  try {
    world.cluster.token('bot');
    return false;
  } catch {
    return true;
  }
}

/** Whether the backup script of this run was started on its node. */
async function scriptRuns(world: World, run: BackupRun): Promise<boolean> {
  const { plan } = run;
  const node = world.plane.nodes.find((each) => each.name === plan?.node);
  if (!plan || !node || run.step !== 'running-script') return false;
  return access(path.join(node.dir, plan.directory, '.run', 'stdout')).then(
    () => true,
    () => false,
  );
}
