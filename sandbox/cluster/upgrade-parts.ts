import { type Condition, type KubeObject, timestamp } from './kube-object.ts';
import type { ClusterObjects } from './objects.ts';
import { etcdImageOf } from './release-image.ts';
import { setOf } from './upgrade-version.ts';

/** What an update replaces, in its order; the last one reboots the control plane's nodes. */
export const operators = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'openshift-apiserver',
  'authentication',
  'machine-config',
] as const;
export type UpgradedOperator = (typeof operators)[number];

export function operatorBegins(objects: ClusterObjects, name: UpgradedOperator, now: Date): void {
  objects.patch('clusteroperators', name, (draft) =>
    setOf(draft, now, { type: 'Progressing', status: 'True', ...rollOut(name) }),
  );
}

function rollOut(name: UpgradedOperator): Pick<Condition, 'reason' | 'message'> {
  if (name === 'machine-config') return { message: 'Working towards the new release' };
  const message = 'NodeInstallerProgressing: 1 node is at revision 2; 2 nodes are at revision 3';
  return { reason: 'NodeInstaller', message };
}

export function operatorDegrades(objects: ClusterObjects, name: UpgradedOperator, now: Date): void {
  const message = 'NodeInstallerDegraded: 1 node is failing on revision 3';
  objects.patch('clusteroperators', name, (draft) =>
    setOf(draft, now, { type: 'Degraded', status: 'True', reason: 'NodeInstaller_Error', message }),
  );
}

/** Operators that say of themselves that they are degraded, also those that no stage of an update replaces. */
export function degradedOperators(objects: ClusterObjects): readonly string[] {
  const isDegraded = ({ type, status }: Condition) => type === 'Degraded' && status === 'True';
  return objects
    .list('clusteroperators')
    .filter(({ status }) => status.conditions.some(isDegraded))
    .map(({ metadata }) => metadata.name);
}

export function operatorEnds(
  objects: ClusterObjects,
  name: UpgradedOperator,
  version: string,
  now: Date,
): void {
  objects.patch('clusteroperators', name, (draft) => {
    setOf(draft, now, { type: 'Progressing', status: 'False' });
    setOf(draft, now, { type: 'Degraded', status: 'False' });
    draft.status.versions = [{ name: 'operator', version }];
  });
  if (name === 'etcd') replaceEtcdPods(objects, etcdImageOf(version), now);
}

/** The members come back with the new release's image, which lies on their nodes from then on. */
function replaceEtcdPods(objects: ClusterObjects, image: string, now: Date): void {
  for (const { metadata, spec } of objects.list('pods', 'openshift-etcd')) {
    objects.patch(
      'pods',
      metadata.name,
      (draft) => {
        for (const container of draft.spec.containers) container.image = image;
        for (const status of draft.status.containerStatuses)
          Object.assign(status, { image, imageID: image, state: { running: { startedAt: timestamp(now) } } });
      },
      metadata.namespace,
    );
    objects.patch('nodes', spec.nodeName, (draft) => {
      const has = draft.status.images.some(({ names }: { names: string[] }) => names.includes(image));
      if (!has) draft.status.images.push({ names: [image], sizeBytes: 490_000_000 });
    });
  }
}

/** Cordoned and silent, as while it reboots. */
export function nodeGoesDown(objects: ClusterObjects, name: string, now: Date): void {
  objects.patch('nodes', name, (draft) => {
    draft.spec.unschedulable = true;
    const reason = { reason: 'KubeletNotReady', message: 'the node is being rebooted' };
    setOf(draft, now, { ...readyOf(draft), type: 'Ready', status: 'False', ...reason });
  });
  setEtcdReady(objects, name, 'False', now);
}

export function nodeComesBack(objects: ClusterObjects, name: string, now: Date): void {
  objects.patch('nodes', name, (draft) => {
    delete draft.spec.unschedulable;
    const reason = { reason: 'KubeletReady', message: 'kubelet is posting ready status' };
    setOf(draft, now, { ...readyOf(draft), type: 'Ready', status: 'True', ...reason });
  });
  setEtcdReady(objects, name, 'True', now);
}

/** Without its time of transition, which starts again. */
function readyOf(node: KubeObject): Partial<Condition> {
  const found: Condition[] = node.status.conditions.filter(({ type }: Condition) => type === 'Ready');
  return { lastHeartbeatTime: found[0]?.lastHeartbeatTime ?? '' };
}

function setEtcdReady(objects: ClusterObjects, node: string, status: 'True' | 'False', now: Date): void {
  const pod = `etcd-${node}`;
  if (objects.find('pods', pod, 'openshift-etcd') === undefined) return;
  objects.patch(
    'pods',
    pod,
    (draft) => {
      for (const type of ['Ready', 'ContainersReady']) setOf(draft, now, { type, status });
      for (const each of draft.status.containerStatuses) each.ready = status === 'True';
    },
    'openshift-etcd',
  );
  const all = objects.list('pods', 'openshift-etcd');
  const ready = all.filter((each) => each.status.containerStatuses[0].ready).length;
  const whole = ready === all.length;
  objects.patch('etcds', 'cluster', (draft) => {
    const message = whole
      ? `${ready} members are available`
      : `${ready} of ${all.length} members are available, ${node} is unhealthy`;
    setOf(draft, now, { type: 'EtcdMembersAvailable', status: 'True', reason: 'EtcdQuorate', message });
    setOf(draft, now, {
      type: 'EtcdMembersDegraded',
      status: whole ? 'False' : 'True',
      ...(whole
        ? { reason: 'AsExpected', message: 'No unhealthy members found' }
        : { reason: 'UnhealthyMembers', message: `${node} is unhealthy` }),
    });
  });
}

/** `done`: all of the pool's machines run the new release. */
export function setPoolUpdated(
  objects: ClusterObjects,
  name: 'master' | 'worker',
  done: boolean,
  now: Date,
): void {
  if (objects.find('machineconfigpools', name) === undefined) return;
  objects.patch('machineconfigpools', name, (draft) => {
    const count = done ? draft.status.machineCount : 0;
    Object.assign(draft.status, { updatedMachineCount: count, readyMachineCount: count });
    setOf(draft, now, { type: 'Updated', status: done ? 'True' : 'False' });
    setOf(draft, now, { type: 'Updating', status: done ? 'False' : 'True' });
  });
}
