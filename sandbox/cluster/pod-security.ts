import type { Container, Pod } from './pod.ts';

export type PodSecurityLevel = 'privileged' | 'baseline' | 'restricted';

interface Check {
  levels: readonly PodSecurityLevel[];
  /** The text of the violation, or undefined. */
  find(pod: Pod): string | undefined;
}

const both: readonly PodSecurityLevel[] = ['baseline', 'restricted'];
const restrictedVolumes = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
];

/** The checks of Pod Security Standards that a pod like a node session meets, in the order in which they print. */
const checks: readonly Check[] = [
  { levels: both, find: hostNamespaces },
  {
    levels: ['baseline'],
    find: (pod) =>
      volumes(
        pod,
        (type) => type === 'hostPath',
        (names) => `hostPath volumes (${names})`,
      ),
  },
  {
    levels: both,
    find: (pod) =>
      containers(
        pod,
        (container) => container.securityContext?.privileged === true,
        (names) => `privileged (${names} must not set securityContext.privileged=true)`,
      ),
  },
  {
    levels: ['restricted'],
    find: (pod) =>
      containers(
        pod,
        (container) => container.securityContext?.allowPrivilegeEscalation !== false,
        (names) =>
          `allowPrivilegeEscalation != false (${names} must set securityContext.allowPrivilegeEscalation=false)`,
      ),
  },
  {
    levels: ['restricted'],
    find: (pod) =>
      containers(
        pod,
        (container) => !container.securityContext?.capabilities?.drop?.includes('ALL'),
        (names) => `unrestricted capabilities (${names} must set securityContext.capabilities.drop=["ALL"])`,
      ),
  },
  { levels: ['restricted'], find: volumeTypes },
  {
    levels: ['restricted'],
    find: (pod) =>
      containers(
        pod,
        (container) =>
          (container.securityContext?.runAsNonRoot ?? pod.spec.securityContext?.runAsNonRoot) !== true,
        (names) => `runAsNonRoot != true (pod or ${names} must set securityContext.runAsNonRoot=true)`,
      ),
  },
  {
    levels: ['restricted'],
    find: (pod) =>
      containers(
        pod,
        (container) => container.securityContext?.runAsUser === 0,
        (names) => `runAsUser=0 (${names} must not set runAsUser=0)`,
      ),
  },
  {
    levels: ['restricted'],
    find: (pod) =>
      containers(
        pod,
        (container) =>
          (container.securityContext?.seccompProfile ?? pod.spec.securityContext?.seccompProfile) ===
          undefined,
        (names) =>
          `seccompProfile (pod or ${names} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")`,
      ),
  },
];

/** What follows `is forbidden: ` when a namespace at this level refuses the pod; undefined if it may come in. */
export function podSecurityViolation(pod: Pod, level: PodSecurityLevel, version: string): string | undefined {
  const found = checks
    .filter((check) => check.levels.includes(level))
    .flatMap((check) => check.find(pod) ?? []);
  return found.length === 0 ? undefined : `violates PodSecurity "${level}:${version}": ${found.join(', ')}`;
}

function hostNamespaces(pod: Pod): string | undefined {
  const used = (['hostNetwork', 'hostPID', 'hostIPC'] as const).filter((name) => pod.spec[name]);
  return used.length === 0 ? undefined : `host namespaces (${used.map((name) => `${name}=true`).join(', ')})`;
}

function containers(
  pod: Pod,
  isBad: (container: Container) => boolean,
  text: (names: string) => string,
): string | undefined {
  const names = pod.spec.containers.filter(isBad).map((container) => `"${container.name}"`);
  if (names.length === 0) return undefined;
  return text(`${names.length === 1 ? 'container' : 'containers'} ${names.join(', ')}`);
}

function volumes(
  pod: Pod,
  isBad: (type: string) => boolean,
  text: (names: string, types: string[]) => string,
): string | undefined {
  const bad = (pod.spec.volumes ?? []).filter((volume) => isBad(volumeType(volume)));
  if (bad.length === 0) return undefined;
  const names = bad.map((volume) => `"${volume.name}"`).join(', ');
  return text(`${bad.length === 1 ? 'volume' : 'volumes'} ${names}`, bad.map(volumeType));
}

function volumeTypes(pod: Pod): string | undefined {
  return volumes(
    pod,
    (type) => !restrictedVolumes.includes(type),
    (names, types) => {
      const kinds = [...new Set(types)].map((type) => `"${type}"`).join(', ');
      return `restricted volume types (${names} ${types.length === 1 ? 'uses' : 'use'} restricted volume type ${kinds})`;
    },
  );
}

function volumeType(volume: { name: string } & Record<string, unknown>): string {
  return Object.keys(volume).find((name) => name !== 'name') ?? 'emptyDir';
}
