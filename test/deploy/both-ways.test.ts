import assert from 'node:assert/strict';
import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { stringify } from 'yaml';
import type { KubeObject } from '../../sandbox/cluster/kube-object.ts';
import { need } from '../support/need.ts';
import {
  chartDirectory,
  deployDirectory,
  findHelm,
  findKubectl,
  helmTemplate,
  kustomize,
  roles,
  temporaryFolder,
} from './render.ts';

const timeout = 600_000;

/** What each component is called among the values of the chart. */
const components: Readonly<Record<string, readonly string[]>> = {
  'disruption-budget': ['disruptionBudget.enabled=true'],
  'extra-ca': ['extraCa.enabled=true'],
  'fs-group': ['fsGroup=1001'],
  'nfs-destination': ['nfsDestination.enabled=true'],
};

async function tools(t: TestContext): Promise<{ kubectl: string; helm: string } | undefined> {
  const [kubectl, helm] = await Promise.all([findKubectl(), findHelm()]);
  return need(t, 'kubectl or oc', kubectl) && need(t, 'helm', helm) ? { kubectl, helm } : undefined;
}

/**
 * Objects by name, without what is no difference: Helm's own word on what an uninstall leaves, and the order of lists whose entries
 * have names.
 */
function byName(objects: readonly KubeObject[]): Record<string, unknown> {
  const named = objects.map((object) => {
    const { annotations, ...metadata } = object.metadata;
    const { 'helm.sh/resource-policy': _, ...others } = annotations ?? {};
    const whole = {
      ...object,
      metadata: { ...metadata, ...(Object.keys(others).length > 0 && { annotations: others }) },
    };
    return [`${object.kind} ${metadata.namespace ?? ''}/${metadata.name}`, sorted(whole)] as const;
  });
  assert.equal(new Set(named.map(([name]) => name)).size, named.length, 'an object twice');
  return Object.fromEntries(named);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    const entries = value.map(sorted);
    return entries.every(isNamed) ? entries.toSorted((a, b) => (a.name < b.name ? -1 : 1)) : entries;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, sorted(each)]));
}

function isNamed(entry: unknown): entry is { readonly name: string } {
  return typeof entry === 'object' && entry !== null && 'name' in entry;
}

for (const role of roles) {
  test(`kustomize and Helm make the same objects: ${role}`, { timeout }, async (t: TestContext) => {
    const found = await tools(t);
    if (found === undefined) return;
    const [overlay, chart] = await Promise.all([
      kustomize(found.kubectl, join(deployDirectory, 'overlays', role)),
      helmTemplate(found.helm, [`--set=role=${role}`]),
    ]);
    assert.ok(overlay.length >= 8);
    assert.deepEqual(byName(chart), byName(overlay));
  });
}

test('every component is in an overlay or compared by itself; a Secret from a file has no chart', async () => {
  const texts = await Promise.all(
    roles.map((role) => readFile(join(deployDirectory, 'overlays', role, 'kustomization.yaml'), 'utf8')),
  );
  const inOverlays = texts.flatMap((text) =>
    [...text.matchAll(/components\/(\S+)/g)].map(([, name]) => name),
  );
  assert.deepEqual(
    (await readdir(join(deployDirectory, 'components'))).toSorted(),
    [...new Set([...inOverlays, ...Object.keys(components), 'secret-from-env'])].toSorted(),
  );
});

for (const [component, values] of Object.entries(components)) {
  test(`kustomize and Helm make the same objects: ${component}`, { timeout }, async (t: TestContext) => {
    const found = await tools(t);
    if (found === undefined) return;
    const copy = await temporaryFolder(t);
    await cp(deployDirectory, copy, { recursive: true });
    const own = join(copy, 'examples/hub/kustomization.yaml');
    await writeFile(
      own,
      stringify({ resources: ['../../overlays/hub'], components: [`../../components/${component}`] }),
    );
    const [overlay, chart, plain] = await Promise.all([
      kustomize(found.kubectl, join(copy, 'examples/hub')),
      helmTemplate(found.helm, [`--set=${values.join(',')}`]),
      helmTemplate(found.helm, []),
    ]);
    assert.deepEqual(byName(chart), byName(overlay));
    assert.notDeepEqual(byName(chart), byName(plain), 'the value changes nothing');
  });
}

test('kustomize and Helm make the same of one configuration and one image', {
  timeout,
}, async (t: TestContext) => {
  const found = await tools(t);
  if (found === undefined) return;
  const config = join(deployDirectory, 'examples/hub/config.yaml');
  const [overlay, chart] = await Promise.all([
    kustomize(found.kubectl, join(deployDirectory, 'examples/hub')),
    helmTemplate(found.helm, [
      '--set=disruptionBudget.enabled=true,image.repository=registry.example.com/platform/slack-etcd-backup',
      `--set-file=config.text=${config}`,
      '--set=clusters.prod-west.connect.kubeconfig=/etc/etcd-backup-kubeconfigs/prod-west',
    ]),
  ]);
  const maps = overlay.filter(({ kind }) => kind === 'ConfigMap').map(({ metadata }) => metadata.name);
  const [hashed = '', ...others] = maps.toSorted().toReversed();
  assert.deepEqual(others, ['etcd-backup-clusters'], 'a change of a cluster starts nothing');
  assert.match(hashed, /^etcd-backup-config-\w+$/, 'a change of the configuration starts the pod again');
  const plain = JSON.parse(JSON.stringify(overlay).replaceAll(hashed, 'etcd-backup-config')) as KubeObject[];
  const deployment = chart.find(({ kind }) => kind === 'Deployment') ?? assert.fail('no Deployment');
  const { annotations } = deployment.spec.template.metadata;
  assert.match(annotations['checksum/config'], /^[0-9a-f]{64}$/, 'here, too');
  delete annotations['checksum/config'];
  assert.deepEqual(byName(chart), byName(plain));
});

test('what the chart holds once more is the same file', async () => {
  const twice = {
    'cluster-role.yaml': 'base/access',
    'roles-openshift.yaml': 'base/access',
    'role-sessions.yaml': 'base/access',
    'prometheus-rule.yaml': 'components/monitoring',
  };
  for (const [file, folder] of Object.entries(twice)) {
    const [inChart, first] = await Promise.all([
      readFile(join(chartDirectory, 'files', file), 'utf8'),
      readFile(join(deployDirectory, folder, file), 'utf8'),
    ]);
    assert.equal(inChart, first, `cp deploy/${folder}/${file} deploy/chart/files/`);
  }
});
