import { type Condition, timestamp } from './kube-object.ts';
import type { Container, ContainerStatus, Pod } from './pod.ts';

/** Changes of a pod's status in the words of the kubelet. Each changes the draft that it gets; times are UTC. */

export function started(pod: Pod, at: string): void {
  pod.status.startTime = at;
  setReady(pod, 'False', at);
  setContainers(pod, { waiting: { reason: 'ContainerCreating' } });
}

export function waiting(pod: Pod, reason: string, message: string): void {
  setContainers(pod, { waiting: { reason, message } });
}

export function running(pod: Pod, address: string, at: string): void {
  pod.status = { ...pod.status, phase: 'Running', hostIP: address };
  setReady(pod, 'True', at);
  setContainers(pod, { running: { startedAt: at } });
}

export function ended(pod: Pod, codes: readonly number[], at: string): void {
  pod.status.phase = codes.every((code) => code === 0) ? 'Succeeded' : 'Failed';
  setReady(pod, 'False', at);
  pod.status.containerStatuses = pod.spec.containers.map((container, index) =>
    terminated(container, codes[index] ?? 137, at),
  );
}

export const deadlineExceeded = {
  reason: 'DeadlineExceeded',
  message: 'Pod was active on the node longer than the specified deadline',
};

export function failed(pod: Pod, why: { reason: string; message: string }, at: string): void {
  ended(pod, [137], at);
  Object.assign(pod.status, { phase: 'Failed', ...why });
}

export function terminating(pod: Pod, now: Date, graceSeconds: number): void {
  pod.metadata.deletionTimestamp = timestamp(new Date(now.getTime() + graceSeconds * 1000));
  pod.metadata.deletionGracePeriodSeconds = graceSeconds;
}

function setReady(pod: Pod, status: Condition['status'], at: string): void {
  const values: Record<string, Condition['status']> = {
    PodScheduled: 'True',
    Initialized: 'True',
    ContainersReady: status,
    Ready: status,
  };
  pod.status.conditions = Object.entries(values).map(([type, value]) => ({
    type,
    status: value,
    lastTransitionTime: at,
  }));
}

function setContainers(pod: Pod, state: ContainerStatus['state']): void {
  pod.status.containerStatuses = pod.spec.containers.map((container) => containerStatus(container, state));
}

function terminated(container: Container, exitCode: number, finishedAt: string): ContainerStatus {
  const reason = exitCode === 0 ? 'Completed' : 'Error';
  return containerStatus(container, { terminated: { exitCode, reason, finishedAt } });
}

function containerStatus({ name, image }: Container, state: ContainerStatus['state']): ContainerStatus {
  const isRunning = state.running !== undefined;
  return { name, image, imageID: image, ready: isRunning, started: isRunning, restartCount: 0, state };
}
