import assert from 'node:assert/strict';
import { cp, readdir, readFile, readlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parse, parseAllDocuments } from 'yaml';
import { readManifests } from '../../sandbox/cluster/manifests.ts';
import type { Pod } from '../../sandbox/cluster/pod.ts';
import { podSecurityViolation } from '../../sandbox/cluster/pod-security.ts';
import { loadConfig } from '../../src/config/build/load.ts';
import { type Folders, readClusterFiles } from '../../src/config/file/cluster-files.ts';
import { need } from '../support/need.ts';
import { deployDirectory, deployFiles, findKubectl, kustomize, roles, temporaryFolder } from './render.ts';

const timeout = 600_000;
const folders: Folders = {
  list: (directory) => readdir(directory),
  readFile: (path) => readFile(path, 'utf8'),
  readLink: (path) => readlink(path),
};
const overlay = (role: (typeof roles)[number]) => join(deployDirectory, 'overlays', role);
const manifests = await readManifests(overlay('single-cluster'));
const find = (kind: string, name: string) => {
  const found = manifests.find((entry) => entry.kind === kind && entry.metadata.name === name);
  assert.ok(found, `${kind} ${name}`);
  return found;
};
const readText = (file: string) => readFile(join(deployDirectory, file), 'utf8');

test('every YAML file parses and the kustomization.yaml beside it names it', { timeout }, async () => {
  const files = (await deployFiles()).filter((file) =>
    /^(base|components|overlays|examples)\/.*\.yaml$/.test(file),
  );
  for (const file of files) {
    const documents = parseAllDocuments(await readText(file));
    assert.deepEqual(
      documents.flatMap((document) => document.errors),
      [],
      file,
    );
  }
  for (const file of files.filter((each) => each.endsWith('/kustomization.yaml'))) {
    const { resources = [], patches = [], configMapGenerator = [] } = parse(await readText(file));
    const named = [
      ...resources.filter((entry: string) => entry.endsWith('.yaml')),
      ...patches.map(({ path }: { path: string }) => path),
      ...configMapGenerator.flatMap((entry: { files: string[] }) => entry.files),
    ];
    const beside = files
      // A configuration's clusters lie in a folder beside it.
      .filter((each) => dirname(each.replace('/clusters.d/', '/')) === dirname(file))
      .map((each) => each.slice(dirname(file).length + 1));
    assert.deepEqual([...named, 'kustomization.yaml'].toSorted(), beside.toSorted(), file);
  }
});

test('each role has what it needs and nothing of the other', { timeout }, async (t: TestContext) => {
  const kubectl = await findKubectl();
  if (!need(t, 'kubectl or oc', kubectl)) return;
  const [hub, managed, single] = await Promise.all(roles.map((role) => kustomize(kubectl, overlay(role))));
  const names = (objects: typeof hub = []) => objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  const rights = ['ClusterRole', 'ClusterRoleBinding', 'Namespace', 'Role', 'RoleBinding', 'ServiceAccount'];
  assert.deepEqual([...new Set(managed?.map(({ kind }) => kind))].toSorted(), rights);
  assert.deepEqual(
    names(hub).toSorted(),
    [
      'Deployment etcd-backup',
      'Namespace etcd-backup',
      'NetworkPolicy etcd-backup',
      'PersistentVolumeClaim etcd-backup-records',
      'PrometheusRule etcd-backup',
      'Service etcd-backup',
      'ServiceAccount etcd-backup',
      'ServiceMonitor etcd-backup',
    ],
    'the bot has no rights on the hub',
  );
  assert.deepEqual(new Set(names(single)), new Set([...names(hub), ...names(managed)]));
  const pod = hub?.find(({ kind }) => kind === 'Deployment')?.spec.template.spec;
  assert.equal(pod.automountServiceAccountToken, false, 'and no token of it');
});

test('overlays hold no secret and need no file that is not here', { timeout }, async () => {
  for (const file of await deployFiles()) {
    if (!/^(base|overlays|components)\/.*\.yaml$/.test(file)) continue;
    const text = await readText(file);
    assert.doesNotMatch(
      text,
      /example\.com|xoxb-|U0000000001|^kind: Secret$/m,
      `${file}: a placeholder or a secret`,
    );
  }
  const ignored = await readText('../.gitignore');
  assert.match(ignored, /^secret\.env$/m);
});

test('the tokens from secret.env become the Secret that the pod reads', {
  timeout,
}, async (t: TestContext) => {
  const kubectl = await findKubectl();
  if (!need(t, 'kubectl or oc', kubectl)) return;
  const copy = await temporaryFolder(t);
  await cp(deployDirectory, copy, { recursive: true });
  const component = join(copy, 'components/secret-from-env');
  await cp(join(component, 'secret.example.env'), join(component, 'secret.env'));
  const rendered = await kustomize(kubectl, join(copy, 'examples/single-cluster'));
  const deployment = rendered.find((entry) => entry.kind === 'Deployment') ?? assert.fail();
  const secret = rendered.find((entry) => entry.kind === 'Secret') ?? assert.fail();
  const [container] = deployment.spec.template.spec.containers;
  assert.match(secret.metadata.name, /^etcd-backup-slack-\w+$/, 'a change starts the pod again');
  assert.equal(container.envFrom[0].secretRef.name, secret.metadata.name);
  assert.deepEqual(Object.keys(secret.data).sort(), ['SLACK_APP_TOKEN', 'SLACK_BOT_TOKEN']);
});

test('no rule has a wildcard or reads Secrets', () => {
  for (const role of manifests.filter(({ kind }) => kind === 'Role' || kind === 'ClusterRole')) {
    for (const rule of role.rules as Record<string, string[]>[]) {
      const words = Object.values(rule).flat();
      assert.ok(!words.some((word) => word.includes('*')), `${role.metadata.name}: ${JSON.stringify(rule)}`);
      assert.ok(!rule.resources?.includes('secrets'), role.metadata.name);
    }
  }
});

test('every role is bound to the bot, every binding names a role of ours', () => {
  const names = (kinds: string[]) => manifests.filter(({ kind }) => kinds.includes(kind ?? ''));
  const bindings = names(['RoleBinding', 'ClusterRoleBinding']);
  const bound = bindings.map(({ roleRef }) => `${roleRef.kind} ${roleRef.name}`);
  const roles = names(['Role', 'ClusterRole']).map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  assert.deepEqual(bound.sort(), roles.sort());
  for (const { subjects } of bindings) {
    assert.deepEqual(subjects, [{ kind: 'ServiceAccount', name: 'etcd-backup', namespace: 'etcd-backup' }]);
  }
  const privileged = bindings.filter(({ roleRef }) => roleRef.name === 'etcd-backup-scc-privileged');
  assert.deepEqual(
    privileged.map(({ kind, metadata }) => [kind, metadata.namespace]),
    [['RoleBinding', 'etcd-backup-sessions']],
  );
});

test('privileged pods are possible in the namespace of the sessions only', () => {
  const levels = (name: string) =>
    ['enforce', 'warn', 'audit'].map(
      (mode) => find('Namespace', name).metadata.labels?.[`pod-security.kubernetes.io/${mode}`],
    );
  assert.deepEqual(levels('etcd-backup-sessions'), ['privileged', 'privileged', 'privileged']);
  assert.deepEqual(levels('etcd-backup'), ['restricted', 'restricted', 'restricted']);
});

test('the bot itself runs restricted, alone, with a read-only root', async (t: TestContext) => {
  const kubectl = await findKubectl();
  if (!need(t, 'kubectl or oc', kubectl)) return;
  const rendered = await kustomize(kubectl, overlay('hub'));
  const { spec } = rendered.find(({ kind }) => kind === 'Deployment') ?? assert.fail();
  assert.deepEqual([spec.replicas, spec.strategy.type], [1, 'Recreate']);
  const pod = { metadata: { name: 'x' }, spec: spec.template.spec, status: {} } as Pod;
  assert.equal(podSecurityViolation(pod, 'restricted', 'latest'), undefined);
  const [container] = spec.template.spec.containers;
  assert.equal(container.securityContext.readOnlyRootFilesystem, true);
  const mounts = container.volumeMounts.map((mount: { name: string }) => mount.name).sort();
  assert.deepEqual(mounts, spec.template.spec.volumes.map((volume: { name: string }) => volume.name).sort());
});

for (const example of ['hub', 'single-cluster']) {
  test(`config.yaml is accepted, with the Secret as environment: ${example}`, { timeout }, async () => {
    const file = join(deployDirectory, 'examples', example, 'config.yaml');
    const secret = await readText('components/secret-from-env/secret.example.env');
    const names = [...secret.matchAll(/^([A-Z_]+)=/gm)].map((match) => match[1] ?? '');
    const tokens: Record<string, string> = {
      SLACK_BOT_TOKEN: 'xoxb-0-0-example',
      SLACK_APP_TOKEN: 'xapp-1-A0-0-example',
    };
    assert.deepEqual(names.sort(), Object.keys(tokens).sort());
    const config = await loadConfig({
      file,
      env: tokens,
      readFile: folders.readFile,
      readClusterFiles: (directory) => readClusterFiles(directory, folders),
    });
    assert.equal(config.fleet.clusters.length, example === 'hub' ? 2 : 1);
  });
}

test('kubeconfigs of the example lie where the hub mounts them', async () => {
  const { clusters } = parse(await readText('examples/hub/config.yaml'));
  const own = parse(await readText('examples/hub/clusters.d/prod-west.yaml'));
  const patch = parse(await readText('components/kubeconfigs/kubeconfigs.yaml'));
  const [{ mountPath }] = patch.spec.template.spec.containers[0].volumeMounts;
  for (const { name, connect } of [...clusters, { name: 'prod-west', ...own }])
    assert.equal(connect.kubeconfig, join(mountPath, name));
});

test('image, chart and examples are of the release that package.json names', async () => {
  const { version } = JSON.parse(await readText('../package.json'));
  const { spec } = parse(await readText('base/bot/deployment.yaml'));
  const [{ image }] = spec.template.spec.containers;
  assert.equal(image, `localhost/slack-etcd-backup:${version}`);
  const chart = parse(await readText('chart/Chart.yaml'));
  assert.deepEqual([chart.version, chart.appVersion], [version, version]);
  for (const example of ['hub', 'single-cluster']) {
    const { images } = parse(await readText(`examples/${example}/kustomization.yaml`));
    assert.deepEqual([images[0].name, images[0].newTag], ['localhost/slack-etcd-backup', version]);
  }
});

test('README.md names every resource of the rules and says what they amount to', { timeout }, async () => {
  const text = await readFile(join(deployDirectory, 'README.md'), 'utf8');
  for (const { rules } of manifests.filter(
    (entry) => entry.kind === 'Role' || entry.kind === 'ClusterRole',
  )) {
    for (const resource of (rules as { resources: string[] }[]).flatMap((rule) => rule.resources)) {
      const word = resource === 'securitycontextconstraints' ? 'SCC' : resource;
      assert.ok(text.includes(word), resource);
    }
  }
  assert.match(text, /equals root there/);
});

test('the image starts the bot as npm start does', { timeout }, async () => {
  const [containerfile, packageJson] = await Promise.all(
    ['Containerfile', '../package.json'].map((name) => readText(name)),
  );
  const words = /^ENTRYPOINT (\[.*\])$/m.exec(containerfile ?? '')?.[1] ?? '[]';
  const threads = /^\s*(?:ENV )?(UV_THREADPOOL_SIZE=\d+)$/m.exec(containerfile ?? '')?.[1];
  // `exec`: npm sends a TERM to its child, which must be the bot and no shell.
  assert.equal(
    `${threads} exec ${JSON.parse(words).join(' ')}`,
    JSON.parse(packageJson ?? '{}').scripts.start.replace(' bin/run.cjs ', ' '),
  );
});
