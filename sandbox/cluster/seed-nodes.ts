import { type Condition, type KubeObject, timestamp } from './kube-object.ts';
import etcdPodImages from './objects/images.json' with { type: 'json' };
import nodeTemplate from './objects/node.json' with { type: 'json' };
import type { SeedOptions, Topology } from './seed-options.ts';

type Role = 'master' | 'arbiter' | 'worker';

const nodeNames: Record<Topology, readonly string[]> = {
  HighlyAvailable: ['master-0', 'master-1', 'master-2', 'worker-0'],
  SingleReplica: ['master-0'],
  HighlyAvailableArbiter: ['master-0', 'master-1', 'arbiter-0'],
  DualReplica: ['master-0', 'master-1', 'worker-0'],
  External: ['worker-0', 'worker-1'],
};

/** The image of the running etcd pods: it is on every control-plane node. */
export const etcdImage: string = etcdPodImages.etcd;

function nodeNamesOf(topology: Topology): readonly string[] {
  return nodeNames[topology];
}

/** Names of the nodes with an etcd member. */
export function memberNamesOf(topology: Topology): readonly string[] {
  return nodeNames[topology].filter((name) => roleOf(name) !== 'worker');
}

export function seedNodes(options: SeedOptions, now: Date): KubeObject[] {
  return nodeNamesOf(options.topology ?? 'HighlyAvailable').map((name, index) =>
    node(name, `172.31.77.${10 + index}`, options.nodeReady?.[name] ?? 'True', now),
  );
}

export function seedEtcdPods(options: SeedOptions, nodes: readonly KubeObject[], now: Date): KubeObject[] {
  const members = memberNamesOf(options.topology ?? 'HighlyAvailable');
  return nodes
    .filter(({ metadata }) => members.includes(metadata.name))
    .map((entry) => etcdPod(entry, options.nodeReady?.[entry.metadata.name] ?? 'True', now));
}

/** Renews the heartbeats of a Ready node, as its kubelet does. */
export function renewHeartbeats(entry: KubeObject, now: Date): void {
  for (const condition of entry.status.conditions as Condition[])
    condition.lastHeartbeatTime = timestamp(now);
}

export function isNodeReady(entry: KubeObject | undefined): boolean {
  const conditions: Condition[] = entry?.status?.conditions ?? [];
  return conditions.some((condition) => condition.type === 'Ready' && condition.status === 'True');
}

function roleOf(name: string): Role {
  return name.split('-')[0] as Role;
}

function roleLabels(name: string): Record<string, string> {
  const role = roleOf(name);
  if (role !== 'master') return { [`node-role.kubernetes.io/${role}`]: '' };
  return { 'node-role.kubernetes.io/control-plane': '', 'node-role.kubernetes.io/master': '' };
}

function node(name: string, address: string, ready: Condition['status'], now: Date): KubeObject {
  const entry: KubeObject = structuredClone(nodeTemplate);
  entry.metadata.name = name;
  entry.metadata.labels = {
    'kubernetes.io/arch': 'amd64',
    'kubernetes.io/hostname': name,
    'kubernetes.io/os': 'linux',
    'node.openshift.io/os_id': 'rhcos',
    ...roleLabels(name),
  };
  entry.status.addresses = [
    { type: 'InternalIP', address },
    { type: 'Hostname', address: name },
  ];
  const names = roleOf(name) === 'worker' ? [etcdPodImages.tools] : [etcdPodImages.etcd, etcdPodImages.tools];
  entry.status.images = names.map((image) => ({ names: [image], sizeBytes: 490_000_000 }));
  entry.status.conditions = conditions(ready, now);
  if (roleOf(name) === 'master')
    entry.spec.taints = [{ key: 'node-role.kubernetes.io/master', effect: 'NoSchedule' }];
  return entry;
}

function conditions(ready: Condition['status'], now: Date): Condition[] {
  const times = { lastHeartbeatTime: timestamp(now), lastTransitionTime: timestamp(now) };
  const lost = { reason: 'NodeStatusUnknown', message: 'Kubelet stopped posting node status.' };
  if (ready === 'Unknown') {
    const types = ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'Ready'];
    return types.map((type) => ({ type, status: 'Unknown', ...lost, ...times }));
  }
  const [pressures, readyTemplate] = [
    nodeTemplate.status.conditions.slice(0, 3),
    nodeTemplate.status.conditions[3],
  ];
  const notReady = { reason: 'KubeletNotReady', message: 'container runtime network not ready' };
  return [
    ...pressures.map((condition) => ({ ...condition, status: 'False' as const, ...times })),
    { type: 'Ready', ...readyTemplate, status: ready, ...(ready === 'False' ? notReady : {}), ...times },
  ];
}

function etcdPod(entry: KubeObject, ready: Condition['status'], now: Date): KubeObject {
  const { name } = entry.metadata;
  const address = entry.status.addresses[0].address;
  const since = timestamp(new Date(now.getTime() - 5 * 24 * 60 * 60 * 1000));
  const containers = ['etcdctl', 'etcd', 'etcd-metrics', 'etcd-readyz', 'etcd-rev'];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `etcd-${name}`,
      namespace: 'openshift-etcd',
      labels: { app: 'etcd', etcd: 'true', k8s_app: 'etcd', revision: '2' },
      annotations: { 'kubernetes.io/config.source': 'file' },
    },
    spec: {
      nodeName: name,
      hostNetwork: true,
      restartPolicy: 'Always',
      priorityClassName: 'system-node-critical',
      containers: containers.map((container) => ({ name: container, image: etcdImage })),
    },
    status: {
      phase: 'Running',
      hostIP: address,
      podIP: address,
      podIPs: [{ ip: address }],
      startTime: since,
      conditions: ['Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map((type) => ({
        type,
        status: type.endsWith('Ready') && ready !== 'True' ? 'False' : 'True',
        lastTransitionTime: since,
      })),
      containerStatuses: containers.map((container) => ({
        name: container,
        image: etcdImage,
        imageID: etcdImage,
        ready: ready === 'True',
        started: true,
        restartCount: 0,
        state: { running: { startedAt: since } },
      })),
    },
  };
}
