import type { Condition, KubeObject } from './kube-object.ts';

/** The parts of a pod that this server acts on. */
export interface Pod extends KubeObject {
  spec: PodSpec;
  status: PodStatus;
}

interface PodSpec {
  nodeName?: string;
  containers: Container[];
  volumes?: ({ name: string } & Record<string, unknown>)[];
  restartPolicy?: 'Always' | 'OnFailure' | 'Never';
  activeDeadlineSeconds?: number;
  terminationGracePeriodSeconds?: number;
  serviceAccountName?: string;
  priorityClassName?: string;
  hostNetwork?: boolean;
  hostPID?: boolean;
  hostIPC?: boolean;
  securityContext?: SecurityContext;
}

export interface Container {
  name: string;
  image: string;
  command?: string[];
  args?: string[];
  securityContext?: SecurityContext;
}

interface SecurityContext {
  privileged?: boolean;
  allowPrivilegeEscalation?: boolean;
  runAsNonRoot?: boolean;
  runAsUser?: number;
  capabilities?: { drop?: string[] };
  seccompProfile?: { type?: string };
}

interface PodStatus {
  phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed';
  reason?: string;
  message?: string;
  startTime?: string;
  hostIP?: string;
  conditions?: Condition[];
  containerStatuses?: ContainerStatus[];
}

export interface ContainerStatus {
  name: string;
  image: string;
  imageID: string;
  ready: boolean;
  started: boolean;
  restartCount: number;
  state: {
    waiting?: { reason: string; message?: string };
    running?: { startedAt: string };
    terminated?: { exitCode: number; reason: string; startedAt?: string; finishedAt: string };
  };
}

export function podKey(pod: KubeObject): string {
  return `${pod.metadata.namespace}/${pod.metadata.name}`;
}
