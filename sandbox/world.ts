import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { type Client, findClient } from './client/find-client.ts';
import { settableClock, type WorldClock } from './clock.ts';
import { type SandboxCluster, startCluster } from './cluster/cluster.ts';
import type { SeedOptions } from './cluster/seed-options.ts';
import { freePort } from './free-port.ts';
import { type ControlPlane, startControlPlane } from './node/control-plane.ts';
import type { EtcdOptions } from './node/etcd.ts';
import {
  canDrill,
  type OffClusterPlaces,
  offClusterConfiguration,
  prepareOffCluster,
} from './off-cluster.ts';
import { startWorkspace, type Workspace, type WorkspaceOptions } from './slack/workspace.ts';

/** Changes to the configuration that the sandbox's bot reads; merged over its own. */
export type ConfigChange = Readonly<Record<string, unknown>>;

export interface WorldOptions {
  /** Empty directory: node trees, configuration, records and logs go there, and stay. */
  readonly dir: string;
  readonly seed?: SeedOptions;
  readonly etcd?: Omit<EtcdOptions, 'dir'> | false;
  readonly slack?: WorkspaceOptions;
  /** Merged into the one cluster of the configuration. */
  readonly clusterConfig?: ConfigChange;
  /** Merged into the whole configuration. */
  readonly config?: ConfigChange;
  readonly language?: 'en' | 'ko';
  /** How Slack delivers to the bot; `socket` by default. */
  readonly slackMode?: 'socket' | 'http';
  /** How far the world's clocks are ahead of this machine's at the start; 0 by default. */
  readonly clockOffsetMs?: number;
  /** `false`: no destination is configured, so that all files stay on the node. */
  readonly copies?: boolean;
}

/** A Slack workspace, an OpenShift cluster and its nodes, and the files that the bot needs to know them. */
export interface World {
  readonly dir: string;
  readonly cluster: SandboxCluster;
  readonly plane: ControlPlane;
  readonly workspace: Workspace;
  readonly client: Client;
  readonly people: {
    readonly requester: string;
    readonly approver: string;
    readonly viewer: string;
    readonly stranger: string;
  };
  /** `platform` is the cluster's channel. */
  readonly channels: { readonly platform: string; readonly elsewhere: string };
  readonly configFile: string;
  readonly recordsFile: string;
  /** The bot's request URL; undefined: Socket Mode. */
  readonly requestUrl: string | undefined;
  /** undefined: started without copies. */
  readonly offCluster: OffClusterPlaces | undefined;
  readonly clock: WorldClock;
  /** Sets the clocks of cluster, nodes and Slack, and of every bot that is started from now on. Nodes are healthy then. */
  setClock(offsetMs: number): Promise<void>;
  close(): Promise<void>;
}

export const clusterName = 'prod-east';
const requestPath = '/slack/events';
const projectDir = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

export async function startWorld(options: WorldOptions): Promise<World> {
  const { dir } = options;
  await mkdir(dir, { recursive: true });
  const client = await findClient({
    cacheDir: path.join(projectDir, 'node_modules', '.cache', 'sandbox-client'),
    env: process.env,
  });
  const plane = await startControlPlane({
    dir: path.join(dir, 'nodes'),
    ...(options.etcd === undefined ? {} : { etcd: options.etcd }),
  });
  const clock = settableClock();
  const setClock = async (offsetMs: number) => {
    clock.set(offsetMs);
    const clockSkewSeconds = Math.round(offsetMs / 1000);
    await Promise.all(plane.nodes.map((node) => node.behave({ clockSkewSeconds })));
  };
  if (options.clockOffsetMs !== undefined) await setClock(options.clockOffsetMs);
  const cluster = await startCluster({
    nodes: plane.nodes,
    now: () => new Date(clock.now()),
    ...options.seed,
  });
  const workspace = await startWorkspace({ teamName: 'Sandbox', now: clock.now, ...options.slack });
  const people = addPeople(workspace, options.language === 'ko' ? 'ko-KR' : 'en-US');
  const channels = addChannels(workspace, people);
  const kubeconfig = path.join(dir, 'kubeconfig.yaml');
  await cluster.writeKubeconfig('bot', kubeconfig);
  const recordsFile = path.join(dir, 'records.sqlite');
  const configFile = path.join(dir, 'config.yaml');
  const httpPort = options.slackMode === 'http' ? await freePort() : undefined;
  const offCluster = options.copies === false ? undefined : await prepareOffCluster(dir);
  const parts = { offCluster, workspace, client, people, channels, kubeconfig, recordsFile, httpPort };
  await writeFile(configFile, stringify(configuration(parts, options)), { mode: 0o600 });
  return {
    dir,
    cluster,
    plane,
    workspace,
    client,
    people,
    channels,
    configFile,
    recordsFile,
    offCluster,
    clock,
    setClock,
    requestUrl: httpPort === undefined ? undefined : `http://127.0.0.1:${httpPort}${requestPath}`,
    async close() {
      await Promise.all([cluster.close(), workspace.close()]);
      await plane.close();
    },
  };
}

function addPeople(workspace: Workspace, locale: string): World['people'] {
  const add = (name: string) => workspace.addUser({ name, locale }).id;
  return {
    requester: add('requester'),
    approver: add('approver'),
    viewer: add('viewer'),
    stranger: add('newcomer'),
  };
}

function addChannels(workspace: Workspace, people: World['people']): World['channels'] {
  const members = Object.values(people);
  const platform = workspace.addChannel({ name: 'platform-prod', members });
  workspace.invite(platform.id, 'app');
  const elsewhere = workspace.addChannel({ name: 'general', members });
  return { platform: platform.id, elsewhere: elsewhere.id };
}

function configuration(
  parts: Pick<World, 'workspace' | 'client' | 'people' | 'channels' | 'recordsFile' | 'offCluster'> & {
    kubeconfig: string;
    httpPort: number | undefined;
  },
  options: WorldOptions,
): object {
  const { workspace, people, channels, offCluster } = parts;
  // Where the recorded snapshot is asked for, the sandbox plays a machine without etcd.
  const drill = options.etcd !== false && canDrill(process.env.PATH);
  const off = offCluster && offClusterConfiguration(offCluster, { drill });
  return {
    slack: { ...slackConfiguration(parts.httpPort), apiUrl: workspace.apiUrl },
    language: options.language ?? 'en',
    // Short, so that a bot that was killed in the sandbox is soon followed by the next.
    records: { file: parts.recordsFile, lease: '2s' },
    client: { path: parts.client.path },
    people: [
      { slack: people.requester, user: 'requester' },
      { slack: people.approver, user: 'approver' },
      { slack: people.viewer, user: 'viewer' },
    ],
    clusters: [
      {
        name: clusterName,
        connect: { kubeconfig: parts.kubeconfig },
        channel: channels.platform,
        timeZone: 'Asia/Seoul',
        offPeak: { from: '00:00', to: '23:59' },
        ...off?.cluster,
        ...options.clusterConfig,
      },
    ],
    ...off?.top,
    ...options.config,
  };
}

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: references that the bot's configuration resolves
function slackConfiguration(httpPort: number | undefined): object {
  const botToken = '${SLACK_BOT_TOKEN}';
  if (httpPort === undefined) return { botToken, appToken: '${SLACK_APP_TOKEN}' };
  const http = { port: httpPort, path: requestPath };
  return { mode: 'http', botToken, signingSecret: '${SLACK_SIGNING_SECRET}', http };
}
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: references that the bot's configuration resolves
