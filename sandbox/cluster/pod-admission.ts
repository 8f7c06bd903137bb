import { type Identity, serviceAccountGroups } from './accounts.ts';
import { kindOf } from './objects.ts';
import type { Pod } from './pod.ts';
import { type PodSecurityLevel, podSecurityViolation } from './pod-security.ts';
import { authorize } from './rbac.ts';
import { forbidden, invalid, notFound } from './status.ts';
import type { ObjectStore } from './store.ts';

/**
 * Decides whether a new pod may come in, in the order of OpenShift's admission, and fills in defaults.
 * Throws ApiError 403, 404, 422. A pod for a node that does not exist comes in and stays Pending, as on a real cluster.
 */
export function admitPod(store: ObjectStore, pod: Pod, creator: Identity): Pod {
  const { namespace = '', name } = pod.metadata;
  if (store.find(kindOf('namespaces'), namespace) === undefined) {
    throw notFound({ group: '', resource: 'namespaces', name: namespace });
  }
  validate(pod);
  const admitted: Pod = { ...pod, spec: defaults(pod.spec), status: { phase: 'Pending' } };
  const refuse = (why: string) => forbidden({ group: '', resource: 'pods', name }, why);
  const account = admitted.spec.serviceAccountName ?? 'default';
  if (store.find(kindOf('serviceaccounts'), account, namespace) === undefined) {
    throw refuse(
      `error looking up service account ${namespace}/${account}: serviceaccount "${account}" not found`,
    );
  }
  const priority = admitted.spec.priorityClassName;
  if (priority && store.find(kindOf('priorityclasses'), priority) === undefined) {
    throw refuse(`no PriorityClass with name ${priority} was found`);
  }
  const constraint = chooseConstraint(store, admitted, creator, account);
  if (constraint === undefined) {
    throw refuse(
      `unable to validate against any security context constraint: ${constraintReasons(admitted)}`,
    );
  }
  const violation = enforce(store, admitted, namespace);
  if (violation) throw refuse(violation);
  admitted.metadata.annotations = { ...admitted.metadata.annotations, 'openshift.io/scc': constraint };
  return admitted;
}

function validate(pod: Pod): void {
  const causes: [string, string][] = [];
  const { name, generateName } = pod.metadata;
  if (!name && !generateName)
    causes.push(['metadata.name', 'Required value: name or generateName is required']);
  if (name && !/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/.test(name)) {
    causes.push([
      'metadata.name',
      `Invalid value: "${name}": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.'`,
    ]);
  }
  const containers = pod.spec?.containers ?? [];
  if (containers.length === 0) causes.push(['spec.containers', 'Required value']);
  containers.forEach((container, index) => {
    if (!container.name) causes.push([`spec.containers[${index}].name`, 'Required value']);
    if (!container.image) causes.push([`spec.containers[${index}].image`, 'Required value']);
  });
  if (causes.length > 0) throw invalid('Pod', name ?? '', causes);
}

function defaults(spec: Pod['spec']): Pod['spec'] {
  return {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    serviceAccountName: 'default',
    ...spec,
  };
}

/** The security context constraint under which the pod may run: of its creator or of its service account. */
function chooseConstraint(
  store: ObjectStore,
  pod: Pod,
  creator: Identity,
  account: string,
): string | undefined {
  const { namespace = '' } = pod.metadata;
  const podAccount = {
    username: `system:serviceaccount:${namespace}:${account}`,
    groups: serviceAccountGroups(namespace),
  };
  const mayUsePrivileged = [creator, podAccount].some((who) => {
    const group = 'security.openshift.io';
    const use = { verb: 'use', group, resource: 'securitycontextconstraints', name: 'privileged', namespace };
    return authorize(store, who, use).allowed;
  });
  const required = pod.metadata.annotations?.['openshift.io/required-scc'];
  const needsPrivileged = required === 'privileged' || privilegedFields(pod).length > 0;
  if (needsPrivileged) return mayUsePrivileged ? 'privileged' : undefined;
  return 'restricted-v2';
}

function constraintReasons(pod: Pod): string {
  const fields = privilegedFields(pod).map((field) => `provider restricted-v2: ${field}`);
  return `[${[...fields, 'provider "privileged": Forbidden: not usable by user or serviceaccount'].join(', ')}]`;
}

function privilegedFields(pod: Pod): string[] {
  const host = { hostNetwork: 'Host network', hostPID: 'Host PID', hostIPC: 'Host IPC' } as const;
  const hostFields = (Object.keys(host) as (keyof typeof host)[])
    .filter((field) => pod.spec[field])
    .map(
      (field) =>
        `.spec.securityContext.${field}: Invalid value: true: ${host[field]} is not allowed to be used`,
    );
  const volumeFields = (pod.spec.volumes ?? []).flatMap((volume, index) =>
    'hostPath' in volume
      ? [`spec.volumes[${index}]: Invalid value: "hostPath": hostPath volumes are not allowed to be used`]
      : [],
  );
  const containerFields = pod.spec.containers.flatMap((container, index) => {
    const at = `.containers[${index}]`;
    const { privileged, runAsUser } = container.securityContext ?? {};
    return [
      ...(privileged ? [`${at}.privileged: Invalid value: true: Privileged containers are not allowed`] : []),
      ...(runAsUser === 0
        ? [`${at}.runAsUser: Invalid value: 0: must be in the ranges of the namespace`]
        : []),
    ];
  });
  return [...hostFields, ...volumeFields, ...containerFields];
}

function enforce(store: ObjectStore, pod: Pod, namespace: string): string | undefined {
  const labels = store.get(kindOf('namespaces'), namespace).metadata.labels ?? {};
  // Without a label the cluster-wide setting of OpenShift applies: privileged.
  const level = (labels['pod-security.kubernetes.io/enforce'] ?? 'privileged') as PodSecurityLevel;
  return podSecurityViolation(pod, level, labels['pod-security.kubernetes.io/enforce-version'] ?? 'latest');
}
