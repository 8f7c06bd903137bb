import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Client, findClient } from '../client/find-client.ts';
import { type SandboxCluster, startCluster } from '../cluster/cluster.ts';
import { memberNamesOf } from '../cluster/seed-nodes.ts';
import type { SeedOptions } from '../cluster/seed-options.ts';
import { freePort } from '../free-port.ts';
import { type ControlPlane, startControlPlane } from '../node/control-plane.ts';
import type { EtcdOptions } from '../node/etcd.ts';
import { startWorkspace, type Workspace, type WorkspaceOptions } from '../slack/workspace.ts';
import { type SettableClock, settableClock } from './clock.ts';
import { createWorldEvents, type WorldEvents } from './events.ts';
import { type OffClusterPlaces, prepareOffCluster } from './off-cluster.ts';

export interface PartsOptions {
  /** Empty directory: node trees, configuration, records and logs go there, and stay. */
  readonly dir: string;
  readonly seed?: SeedOptions;
  /** `false`: nodes hand out the recorded snapshot even where an etcd is installed. */
  readonly etcd?: Omit<EtcdOptions, 'dir'> | false;
  readonly slack?: WorkspaceOptions;
  /** How Slack delivers to the bot; `socket` by default. */
  readonly slackMode?: 'socket' | 'http';
  /** How far the world's clocks are ahead of this machine's at the start; 0 by default. */
  readonly clockOffsetMs?: number;
  /** `false`: no destination is configured, so that all files stay on the node. */
  readonly copies?: boolean;
}

/** What a world is made of, before anybody lives in it. */
export interface Parts {
  readonly client: Client;
  readonly plane: ControlPlane;
  readonly cluster: SandboxCluster;
  readonly workspace: Workspace;
  readonly clock: SettableClock;
  readonly events: WorldEvents;
  /** undefined: started without copies. */
  readonly offCluster: OffClusterPlaces | undefined;
  /** Where Slack delivers to; undefined: Socket Mode. */
  readonly http: { readonly port: number; readonly path: string } | undefined;
}

const project = fileURLToPath(new URL('../..', import.meta.url));

/** `closing` gets what ends each part. */
export async function startParts(options: PartsOptions, closing: AsyncDisposableStack): Promise<Parts> {
  const { dir, etcd } = options;
  await mkdir(dir, { recursive: true });
  const cacheDir = path.join(project, 'node_modules', '.cache', 'sandbox-client');
  const client = await findClient({ cacheDir, env: process.env });
  const clock = settableClock(options.clockOffsetMs);
  const events = createWorldEvents();
  const plane = await startControlPlane({
    dir: path.join(dir, 'nodes'),
    ...(etcd === undefined ? {} : { etcd }),
    members: memberNamesOf(options.seed?.topology ?? 'HighlyAvailable').length,
    onEvent: (event) => events.emit({ at: clock.now(), ...event }),
  });
  closing.defer(() => plane.close());
  const cluster = await startCluster({
    nodes: plane.nodes,
    now: () => new Date(clock.now()),
    onRequest: (request) => events.emit({ at: clock.now(), kind: 'api', request }),
    ...options.seed,
  });
  closing.defer(() => cluster.close());
  const workspace = await startWorkspace({ teamName: 'Sandbox', now: clock.now, ...options.slack });
  closing.defer(() => workspace.close());
  workspace.onEntry((entry) => events.emit({ at: entry.at, kind: 'slack', entry }));
  const offCluster = options.copies === false ? undefined : await prepareOffCluster(dir);
  const http = options.slackMode === 'http' ? { port: await freePort(), path: '/slack/events' } : undefined;
  return { client, plane, cluster, workspace, clock, events, offCluster, http };
}
