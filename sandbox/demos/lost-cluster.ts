import { cp, rm } from 'node:fs/promises';
import path from 'node:path';
import type { BackupRun } from '../../src/domain/run/run.ts';
import type { EtcdTools } from '../../src/drill/find-etcd.ts';
import { askEtcd, type EtcdState } from '../restore-host/etcd-state.ts';
import { createRestoreHosts, type RestoreHosts } from '../restore-host/hosts.ts';
import { clusterOfRelease } from '../restore-host/of-release.ts';
import type { World } from '../world.ts';
import { StoryError } from './story.ts';

/** A cluster whose etcd has no quorum any more. */
export interface LostCluster {
  /** Its control-plane hosts, as a person reaches them. */
  readonly hosts: RestoreHosts;
  /** The one host that still has data of etcd. */
  readonly survivor: string;
  /** Its API answers the bot again. */
  bringApiBack(): Promise<void>;
}

/** What the cluster's etcd says while it runs. */
export async function liveState({ plane }: World): Promise<EtcdState> {
  const { etcd } = plane;
  const state = etcd && (await askEtcd(etcd.clientUrl));
  if (!state) throw new StoryError('the etcd of the cluster does not answer');
  return state;
}

/** Ends the cluster's etcd and its API. One host keeps its data, the others lose theirs. */
export async function loseCluster(world: World, run: BackupRun, tools: EtcdTools): Promise<LostCluster> {
  const { etcd, nodes } = world.plane;
  const { node: survivor, zStream } = run.plan ?? {};
  if (!etcd || survivor === undefined || zStream === undefined)
    throw new StoryError('the run has no node, or the cluster no etcd');
  const bringApiBack = await world.inject({ api: { kind: 'reset', match: () => true } });
  await etcd.stop();
  const names = nodes.map(({ name }) => name);
  const hosts = await createRestoreHosts({
    dir: path.join(world.dir, 'lost-cluster'),
    tools,
    hosts: nodes.map(({ name, internalIp }) => ({ name, address: internalIp })),
    ...clusterOfRelease(zStream, names),
    // The step that puts webhooks back does not apply here.
    webhooks: [],
  });
  for (const name of names) {
    const member = path.join(hosts.root(name), 'var/lib/etcd/member');
    await rm(member, { recursive: true });
    if (name === survivor)
      await cp(path.dirname(path.dirname(etcd.databaseFile)), member, { recursive: true });
  }
  return { hosts, survivor, bringApiBack };
}
