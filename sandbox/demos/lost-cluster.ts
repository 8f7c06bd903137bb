import { execFile } from 'node:child_process';
import { cp, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { firstScriptedMinor } from '../../src/domain/restore/release-lines.ts';
import type { BackupRun } from '../../src/domain/run/run.ts';
import type { EtcdTools } from '../../src/drill/find-etcd.ts';
import { askEtcd, type EtcdState } from '../restore-host/etcd-state.ts';
import { createRestoreHosts, type RestoreHosts } from '../restore-host/hosts.ts';
import { clusterOfRelease } from '../restore-host/of-release.ts';
import type { World } from '../world.ts';
import { StoryError } from './story.ts';

const exec = promisify(execFile);

/** A cluster whose etcd has no quorum any more. */
export interface LostCluster {
  /** Its control-plane hosts, as a person reaches them. */
  readonly hosts: RestoreHosts;
  /** The node of the backup, on which etcd is restored. */
  readonly host: string;
  /** By how much a restore raises the revision; 0: up to 4.17, or where the tools of this machine cannot. */
  readonly bump: number;
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

/**
 * Ends the cluster's etcd and its API. Up to 4.17 the node of the backup keeps its data, and the others lose theirs; later one host
 * with data would need no backup, so all lose it.
 */
export async function loseCluster(world: World, run: BackupRun, tools: EtcdTools): Promise<LostCluster> {
  const { etcd, nodes } = world.plane;
  const { node: host, zStream } = run.plan ?? {};
  if (!etcd || host === undefined || zStream === undefined)
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
    signal: world.stopping,
  });
  const isScripted = hosts.minor >= firstScriptedMinor;
  for (const name of names) {
    const member = path.join(hosts.root(name), 'var/lib/etcd/member');
    await rm(member, { recursive: true });
    if (name === host && !isScripted)
      await cp(path.dirname(path.dirname(etcd.databaseFile)), member, { recursive: true });
  }
  return { hosts, host, bump: isScripted ? await bumpOf(hosts.root(host), tools) : 0, bringApiBack };
}

/** A fifth more than the raft index that the node had, as cluster-restore.sh has it restored. */
async function bumpOf(root: string, { etcdutl, etcdctl }: EtcdTools): Promise<number> {
  const env = { ETCDCTL_API: '3', PATH: '/usr/bin:/bin' };
  const { stdout, stderr } = await exec(etcdutl ?? etcdctl, ['snapshot', 'restore', '--help'], { env });
  if (!`${stdout}${stderr}`.includes('--bump-revision')) return 0;
  const revision = JSON.parse(await readFile(path.join(root, 'var/lib/etcd/revision.json'), 'utf8'));
  return Math.floor((Number(revision.maxRaftIndex) * 12) / 10);
}
