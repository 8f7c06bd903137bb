/**
 * The door to the simulation: a Slack workspace, an OpenShift cluster with its nodes, and the real bot among them. Demos, tests,
 * benchmarks and anything else that tries the bot from outside come in here; docs/development.md has an example.
 */
import path from 'node:path';
import type { Client } from './client/find-client.ts';
import type { SandboxCluster } from './cluster/cluster.ts';
import type { LoggedRequest } from './cluster/request-log.ts';
import { freePort } from './free-port.ts';
import type { Behaviour } from './node/behaviour.ts';
import type { ControlPlane } from './node/control-plane.ts';
import type { Workspace } from './slack/workspace.ts';
import { createWorldActing, type WorldActing } from './world/acting.ts';
import type { BotProcess } from './world/bot-process.ts';
import type { WorldClock } from './world/clock.ts';
import {
  type ConfigChange,
  type ConfigFile,
  reconfigure,
  worldConfiguration,
  writeConfiguration,
} from './world/configuration.ts';
import type { WorldListener } from './world/events.ts';
import { injectFault, type WorldFault } from './world/faults.ts';
import { addInhabitants, type Channels, type People } from './world/inhabitants.ts';
import type { OffClusterPlaces } from './world/off-cluster.ts';
import { type Parts, type PartsOptions, startParts } from './world/parts.ts';
import { createTimekeeping, type Timekeeping } from './world/timekeeping.ts';
import { type TreeFile, treeBelow } from './world/tree.ts';

export type { Fault as ApiFault } from './cluster/faults.ts';
export type { RequestInfo } from './cluster/request-info.ts';
export { compileCache } from './compile-cache.ts';
export type { Outcome } from './slack/dispatch.ts';
export type { Message } from './slack/model.ts';
export { type ButtonName, type FieldName, hasButton, type MessagePlace } from './world/acting.ts';
export type { WorldEvent, WorldListener } from './world/events.ts';
export { until } from './world/until.ts';
export { type Behaviour, type BotProcess, type ConfigFile, freePort, type TreeFile, type WorldFault };

export interface WorldOptions extends PartsOptions {
  readonly language?: 'en' | 'ko';
  /** Of the cluster and of the times in transcripts; `worldTimeZone` by default. */
  readonly timeZone?: string;
  /** Merged into the one cluster of the configuration. */
  readonly clusterConfig?: ConfigChange;
  /** Merged into the whole configuration. */
  readonly config?: ConfigChange;
  /** Changes the configuration before it is written; the world is there by then, with the ids of people and channels. */
  readonly configure?: (config: ConfigFile, world: World) => unknown;
}

/** A Slack workspace, an OpenShift cluster and its nodes, the bots in it, and the files that they need. */
export interface World extends WorldActing, AsyncDisposable {
  readonly dir: string;
  /** All that its API serves: objects, faults, requests, updates to another release. */
  readonly cluster: SandboxCluster;
  /** The nodes, and the etcd behind them. */
  readonly plane: ControlPlane;
  /** All that can be done and seen in Slack, with every detail. */
  readonly workspace: Workspace;
  /** The program with which the bot runs commands on nodes. */
  readonly client: Client;
  readonly people: People;
  readonly channels: Channels;
  readonly configFile: string;
  readonly recordsFile: string;
  /** undefined: started without copies. */
  readonly offCluster: OffClusterPlaces | undefined;
  readonly clock: WorldClock;
  /** Starts a bot and waits until Slack sees it. `aheadMs`: its clock alone is so far ahead of the world's. It ends with the world. */
  startBot(options?: { readonly aheadMs?: number }): Promise<BotProcess>;
  /** Changes the configuration that the next bot reads. The answer puts it back. */
  reconfigure(change: (config: ConfigFile) => void): Promise<() => Promise<void>>;
  /** Lets something go wrong from now on. The answer takes it away. */
  inject(fault: WorldFault): Promise<() => Promise<void>>;
  /** Sets all clocks, those of the bots too, so far ahead of this machine's. */
  setClock(offsetMs: number): Promise<void>;
  /** Moves all clocks on. What waits for a time of day comes due; timers of running processes go on as they are. */
  stepClock(ms: number): Promise<void>;
  /** All that people wrote, saw and clicked, in order. */
  transcript(): string;
  /** Every file of a node (`master-0`) or a destination (`nas-1`, `vault`), by default below its root. */
  tree(place: string, folder?: string): Promise<readonly TreeFile[]>;
  /** The last 5,000 requests to the cluster's API, oldest first. */
  apiRequests(): readonly LoggedRequest[];
  /** Calls the listener with all that happens from now on, in Slack, at the API and on nodes. The answer ends that. */
  subscribe(listener: WorldListener): () => void;
  /** Aborted when the world begins to end: for what else runs in its directory. */
  readonly stopping: AbortSignal;
  /** Ends the bots and everything else; the files stay. */
  stop(): Promise<void>;
}

/** What people's clocks show, unless a world has another one. */
export const worldTimeZone = 'Asia/Seoul';

/** The one cluster of every world. */
export const clusterName = 'prod-east';

/** Starts a world without a bot in it: `startBot` brings one. */
export async function startWorld(options: WorldOptions): Promise<World> {
  await using starting = new AsyncDisposableStack();
  const timeZone = options.timeZone ?? worldTimeZone;
  const parts = await startParts({ ...options, slack: { timeZone, ...options.slack } }, starting);
  const { clock, plane, workspace } = parts;
  const time = createTimekeeping(clock, plane);
  starting.defer(() => time.stopBots());
  if (clock.offsetMs !== 0) await time.setClock(clock.offsetMs);
  const inhabitants = addInhabitants(workspace, options.language === 'ko' ? 'ko-KR' : 'en-US');
  const files = {
    configFile: path.join(options.dir, 'config.yaml'),
    recordsFile: path.join(options.dir, 'records.sqlite'),
  };
  const ending = new AsyncDisposableStack();
  const world = worldOf({ ...parts, ...inhabitants, ...files, dir: options.dir, time, ending });
  await writeConfiguration(files.configFile, await configurationOf(world, parts, options));
  ending.use(starting.move());
  return world;
}

type Inside = Parts &
  Pick<World, 'dir' | 'people' | 'channels' | 'configFile' | 'recordsFile'> & {
    readonly time: Timekeeping;
    readonly ending: AsyncDisposableStack;
  };

function worldOf({ time, ending, events, http, ...parts }: Inside): World {
  const { dir, cluster, plane, workspace, configFile, offCluster, clock } = parts;
  const requestUrl = http && `http://127.0.0.1:${http.port}${http.path}`;
  const stopping = new AbortController();
  let stopped: Promise<void> | undefined;
  // Every caller waits for the same end.
  const stop = () => {
    stopping.abort();
    stopped ??= ending.disposeAsync();
    return stopped;
  };
  return {
    ...parts,
    ...createWorldActing(workspace, parts.channels.platform),
    startBot: ({ aheadMs = 0 } = {}) => time.startBot({ dir, workspace, configFile, requestUrl }, aheadMs),
    reconfigure: (change) => reconfigure(configFile, change),
    inject: (fault) =>
      injectFault(fault, { api: cluster.faults, slack: workspace.faults, behave: time.behave }),
    setClock: time.setClock,
    stepClock: (ms) => time.setClock(clock.offsetMs + ms),
    transcript: () => workspace.transcript(),
    async tree(place, folder = '/') {
      const node = plane.nodes.find(({ name }) => name === place);
      const destinations: Readonly<Record<string, string>> = offCluster?.destinations ?? {};
      const root = node?.dir ?? destinations[place];
      if (root === undefined) throw new Error(`there is neither a node nor a destination called ${place}`);
      return treeBelow(root, folder);
    },
    apiRequests: () => cluster.requests,
    subscribe: events.subscribe,
    stopping: stopping.signal,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

async function configurationOf(world: World, parts: Parts, options: WorldOptions): Promise<ConfigFile> {
  const kubeconfig = path.join(world.dir, 'kubeconfig.yaml');
  await world.cluster.writeKubeconfig('bot', kubeconfig);
  const config = worldConfiguration({
    clusterName,
    apiUrl: world.workspace.apiUrl,
    clientPath: world.client.path,
    people: world.people,
    channel: world.channels.platform,
    timeZone: options.timeZone ?? worldTimeZone,
    kubeconfig,
    recordsFile: world.recordsFile,
    offCluster: world.offCluster,
    language: options.language ?? 'en',
    http: parts.http,
    // Where the recorded snapshot is asked for, the sandbox plays a machine without etcd.
    drill: options.etcd !== false,
    clusterConfig: options.clusterConfig,
    config: options.config,
  });
  await options.configure?.(config, world);
  return config;
}
