import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import type { World } from '../world.ts';
import { kubeconfigOf } from './healthy.ts';

/** Ways to break a world that several scenarios share. */

export const sessionNamespace = 'etcd-backup-sessions';
export const sessionPod = 'etcd-backup-session';

/** From now on the bot's kubeconfig names a port on which nothing listens. */
export async function closePort(world: World): Promise<void> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  listener.close();
  const file = kubeconfigOf(world);
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace(world.cluster.url, `https://127.0.0.1:${port}`));
}

/** The answer gives the right back. */
export function takeRuleAway({ cluster }: World, resource: string, verb: string): () => void {
  const rule = cluster
    .botRules()
    .find((each) => each.rule.resources?.includes(resource) && each.namespace === sessionNamespace);
  if (!rule) throw new Error(`the bot has no rule for ${resource} that could be taken away`);
  return cluster.withoutRule(rule, verb);
}

export function notReady({ cluster }: World, node: string): void {
  cluster.objects.setCondition('nodes', node, {
    type: 'Ready',
    status: 'Unknown',
    reason: 'NodeStatusUnknown',
    message: 'Kubelet stopped posting node status.',
  });
}

export const podEnds = {
  evicted: { reason: 'Evicted', message: 'The node was low on resource: ephemeral-storage. ' },
  deadline: {
    reason: 'DeadlineExceeded',
    message: 'Pod was active on the node longer than the specified deadline',
  },
};

/** The session pod ends so. Throws where there is none. */
export function failSession({ cluster }: World, why: (typeof podEnds)[keyof typeof podEnds]): void {
  cluster.pods.fail(sessionPod, sessionNamespace, why);
}
