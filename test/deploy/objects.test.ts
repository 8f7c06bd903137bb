import assert from 'node:assert/strict';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { KubeObject } from '../../sandbox/cluster/kube-object.ts';
import { need } from '../support/need.ts';
import { mistakesIn } from './object-mistakes.ts';
import {
  deployDirectory,
  deployFiles,
  findHelm,
  findKubectl,
  helmTemplate,
  kustomize,
  readObjects,
  roles,
  temporaryFolder,
} from './render.ts';

const timeout = 600_000;
/** Every value that adds an object or a part of one. */
const everything = [
  '--set=nfsDestination.enabled=true,extraCa.enabled=true,disruptionBudget.enabled=true,fsGroup=1001',
  '--set=imagePullSecrets={mirror},nodeSelector.infra=yes,priorityClassName=high,image.pullPolicy=Always',
  '--set=tolerations[0].key=infra,tolerations[0].operator=Exists,records.storageClassName=fast',
  '--set=extraVolumes[0].name=keys,extraVolumes[0].secret.secretName=keys',
  '--set=extraVolumeMounts[0].name=keys,extraVolumeMounts[0].mountPath=/run/secrets',
  '--set=extraEnv[0].name=HTTPS_PROXY,extraEnv[0].value=http://proxy.example.com:3128',
  '--set=config.text=slack:,clusters.prod-west.channel=C0000000002',
];

/** Every object that kustomize or helm makes here, and those of the example files. */
async function everyObject(t: TestContext): Promise<readonly KubeObject[]> {
  const [kubectl, helm] = await Promise.all([findKubectl(), findHelm()]);
  if (!need(t, 'kubectl or oc', kubectl) || !need(t, 'helm', helm)) return [];
  const copy = await temporaryFolder(t);
  await cp(deployDirectory, copy, { recursive: true });
  const secret = join(copy, 'components/secret-from-env');
  await cp(join(secret, 'secret.example.env'), join(secret, 'secret.env'));
  const rendered: KubeObject[] = [];
  for (const role of roles) {
    rendered.push(...(await kustomize(kubectl, join(copy, 'overlays', role))));
    rendered.push(...(await kustomize(kubectl, join(copy, 'examples', role))));
    rendered.push(...(await helmTemplate(helm, [`--set=role=${role}`])));
    rendered.push(...(await helmTemplate(helm, [`--set=role=${role}`, ...everything])));
  }
  for (const file of await deployFiles()) {
    if (
      /^(components|examples)\/.*\.yaml$/.test(file) &&
      !/kustomization\.yaml$|config\.yaml$|\/clusters\.d\//.test(file)
    )
      rendered.push(...(await readObjects(file)).filter(isWhole));
  }
  return rendered;
}

/** A patch of the Deployment names its container and nothing that a container needs. */
function isWhole(object: KubeObject): boolean {
  return object.kind !== 'Deployment';
}

test('every object has the fields and types of its kind, and no other', {
  timeout,
}, async (t: TestContext) => {
  const objects = await everyObject(t);
  assert.deepEqual(
    objects.flatMap((object) => mistakesIn(object)),
    [],
  );
});

test('a misspelt field at any depth of any object is found', { timeout }, async (t: TestContext) => {
  const objects = await everyObject(t);
  if (objects.length === 0) return;
  const unnoticed: string[] = [];
  let misspelt = 0;
  for (const object of new Map(objects.map((each) => [JSON.stringify(each), each])).values()) {
    for (const path of fieldsOf(object)) {
      const changed = structuredClone(object);
      misspell(changed, path);
      misspelt += 1;
      if (mistakesIn(changed).length === 0) unnoticed.push(`${object.kind} ${path.join('.')}`);
    }
  }
  assert.ok(misspelt > 1000, `${misspelt} fields`);
  assert.deepEqual(unnoticed, []);
});

test('values of another type, unknown kinds and missing fields are found', () => {
  const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'x' } };
  const claim = { ...service, kind: 'PersistentVolumeClaim' };
  const role = { ...service, apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role' };
  const monitor = { ...service, apiVersion: 'monitoring.coreos.com/v1', kind: 'ServiceMonitor' };
  const cases: readonly (readonly [KubeObject, string])[] = [
    [{ ...service, spec: { ports: { port: 1 } } }, 'Service x.spec.ports: expected a list, found {"port":1}'],
    [{ ...service, spec: { ports: [{}] } }, 'Service x.spec.ports[0].port: is required, and missing'],
    [
      { ...service, spec: { ports: [{ port: '80' }] } },
      'Service x.spec.ports[0].port: expected a number, found "80"',
    ],
    [{ ...role, rules: [{ resources: ['pods'] }] }, 'Role x.rules[0].verbs: is required, and missing'],
    [
      { ...claim, spec: { resources: { requests: { storage: '1 Gi' } } } },
      'PersistentVolumeClaim x.spec.resources.requests.storage: expected a quantity, found "1 Gi"',
    ],
    [
      { ...monitor, spec: { selector: {}, endpoints: [{ scheme: 'ftp' }] } },
      'ServiceMonitor x.spec.endpoints[0].scheme: expected "http" | "https" | "HTTP" | "HTTPS", found "ftp"',
    ],
    [{ ...role, apiVersion: 'v1' }, 'Role x: no type is known for v1 Role'],
    [
      { ...service, metadata: { name: 'x', labels: { a: 1 } } } as never,
      'Service x.metadata.labels.a: expected a string, found 1',
    ],
  ];
  for (const [object, mistake] of cases) assert.deepEqual(mistakesIn(object), [mistake]);
});

/** Whose keys people choose. */
const free = new Set(['labels', 'annotations', 'matchLabels', 'nodeSelector', 'selector', 'data', 'values']);

/** The path of every field whose name the API fixes. */
function fieldsOf(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (Array.isArray(value)) return value.flatMap((each, at) => fieldsOf(each, [...path, String(at)]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => {
    const here = [...path, key];
    const keysAreFree = /^(requests|limits|capacity)$/.test(key) || (free.has(key) && !isSelector(each));
    return [here, ...(keysAreFree ? [] : fieldsOf(each, here))];
  });
}

/** `selector` is a map of labels in a Service and a LabelSelector elsewhere. */
function isSelector(value: unknown): boolean {
  return (
    typeof value === 'object' && value !== null && ('matchLabels' in value || 'matchExpressions' in value)
  );
}

function misspell(object: KubeObject, path: readonly string[]): void {
  const parent = path
    .slice(0, -1)
    .reduce<Record<string, unknown>>((value, key) => value[key] as never, object);
  const name = path.at(-1) ?? '';
  parent[`${name}s`] = parent[name];
  delete parent[name];
}
