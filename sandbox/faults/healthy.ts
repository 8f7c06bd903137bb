import path from 'node:path';
import type { World } from '../world.ts';

/** Remembers the cluster's and the workspace's objects that scenarios change; the answer puts them back. */
export function keepHealthy(world: World): () => Promise<void> {
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
