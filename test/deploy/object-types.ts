import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as client from '@kubernetes/client-node';

interface Field {
  readonly type: string;
  readonly required: boolean;
}

/** A type of the API: its fields, or the type that it is an alias of. */
export type ObjectType = ReadonlyMap<string, Field> | string;

const models = join(dirname(createRequire(import.meta.url).resolve('@kubernetes/client-node')), 'gen/models');

/** Where each kind of deploy/ is defined. What is missing here is refused: a new kind needs its type. */
const kinds: Readonly<Record<string, string>> = {
  'v1 ConfigMap': 'V1ConfigMap',
  'v1 Namespace': 'V1Namespace',
  'v1 PersistentVolume': 'V1PersistentVolume',
  'v1 PersistentVolumeClaim': 'V1PersistentVolumeClaim',
  'v1 Secret': 'V1Secret',
  'v1 Service': 'V1Service',
  'v1 ServiceAccount': 'V1ServiceAccount',
  'apps/v1 Deployment': 'V1Deployment',
  'networking.k8s.io/v1 NetworkPolicy': 'V1NetworkPolicy',
  'policy/v1 PodDisruptionBudget': 'V1PodDisruptionBudget',
  'rbac.authorization.k8s.io/v1 ClusterRole': 'V1ClusterRole',
  'rbac.authorization.k8s.io/v1 ClusterRoleBinding': 'V1ClusterRoleBinding',
  'rbac.authorization.k8s.io/v1 Role': 'V1Role',
  'rbac.authorization.k8s.io/v1 RoleBinding': 'V1RoleBinding',
  'monitoring.coreos.com/v1 ServiceMonitor': 'prometheus-operator/ServiceMonitor',
  'monitoring.coreos.com/v1 PrometheusRule': 'prometheus-operator/PrometheusRule',
  'argoproj.io/v1alpha1 Application': 'argo-cd/Application',
  'argoproj.io/v1alpha1 ApplicationSet': 'argo-cd/ApplicationSet',
};

export function typeOfKind(apiVersion: string | undefined, kind: string | undefined): string | undefined {
  return kinds[`${apiVersion} ${kind}`];
}

const known = new Map<string, ObjectType | undefined>();

/** A type by its name: `V1Pod` of Kubernetes, `FILE/NAME` of test/fixtures/object-types; undefined where there is none of that name. */
export function objectType(name: string): ObjectType | undefined {
  if (!known.has(name)) known.set(name, name.includes('/') ? customType(name) : kubernetesType(name));
  return known.get(name);
}

/** From the official client, which is generated from the published OpenAPI of Kubernetes; its declarations say what is required. */
function kubernetesType(name: string): ObjectType | undefined {
  const model = (
    client as unknown as Record<string, { attributeTypeMap?: { baseName: string; type: string }[] }>
  )[name];
  if (model?.attributeTypeMap === undefined) return undefined;
  const declared = readFileSync(join(models, `${name}.d.ts`), 'utf8');
  const required = new Set([...declared.matchAll(/^ {4}'(\w+)': /gm)].map((match) => match[1]));
  return new Map(
    model.attributeTypeMap.map(({ baseName, type }) => [
      baseName,
      { type, required: required.has(baseName) },
    ]),
  );
}

function customType(name: string): ObjectType | undefined {
  const [file = '', type = ''] = name.split('/');
  const text = readFileSync(new URL(`../fixtures/object-types/${file}.json`, import.meta.url), 'utf8');
  const { types } = JSON.parse(text) as { types: Record<string, string | Record<string, string>> };
  /** Names of the same file get its name before them. */
  const inFile = (words: string) =>
    words.replace(/"[^"]*"|\w+/g, (word) => (word in types ? `${file}/${word}` : word));
  const found = types[type];
  if (found === undefined || typeof found === 'string') return found && inFile(found);
  return new Map(
    Object.entries(found).map(([field, words]) => [
      field.replace('!', ''),
      { type: inFile(words), required: field.endsWith('!') },
    ]),
  );
}
