import type { V1Pod } from '@kubernetes/client-node';
import type { SessionRequest } from '../../workflow/ports/ports.ts';

/**
 * One name for all clusters and installations: every backup of this cluster uses the same name in the same namespace,
 * and the API server refuses the second one (409). No database of ours can exclude another installation.
 */
export const sessionPodName = 'etcd-backup-session';
export const sessionContainer = 'session';
export const runLabel = 'etcd-backup/run';

/**
 * The pod that `oc debug node/X` would make, with what a bot needs beside it: a fixed name, labels, a deadline
 * after which the kubelet kills everything in it even if the bot is dead, and no service account token.
 * Source: `oc debug node/X -o json`.
 */
export function sessionPod(
  request: SessionRequest,
  options: { namespace: string; lifetimeS: number },
): V1Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: sessionPodName,
      namespace: options.namespace,
      labels: { 'app.kubernetes.io/name': 'etcd-backup', [runLabel]: request.runId },
      annotations: {
        'openshift.io/required-scc': 'privileged',
        'debug.openshift.io/source-resource': `/v1, Resource=nodes/${request.node}`,
      },
    },
    spec: {
      nodeName: request.node,
      restartPolicy: 'Never',
      activeDeadlineSeconds: options.lifetimeS,
      terminationGracePeriodSeconds: 1,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      priorityClassName: 'openshift-user-critical',
      hostNetwork: true,
      hostPID: true,
      hostIPC: true,
      tolerations: [{ operator: 'Exists' }],
      volumes: [{ name: 'host', hostPath: { path: '/', type: 'Directory' } }],
      containers: [
        {
          name: sessionContainer,
          image: request.image,
          imagePullPolicy: 'IfNotPresent',
          command: ['chroot', '/host', 'sleep', String(options.lifetimeS)],
          env: [{ name: 'HOST', value: '/host' }],
          securityContext: { privileged: true, runAsUser: 0 },
          volumeMounts: [{ name: 'host', mountPath: '/host' }],
        },
      ],
    },
  };
}
