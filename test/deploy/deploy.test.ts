import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parse, parseAllDocuments } from 'yaml';
import { findClient } from '../../sandbox/client/find-client.ts';
import { readManifests } from '../../sandbox/cluster/manifests.ts';
import type { Pod } from '../../sandbox/cluster/pod.ts';
import { podSecurityViolation } from '../../sandbox/cluster/pod-security.ts';
import { loadConfig } from '../../src/config/build/load.ts';
import { need } from '../support/need.ts';

const timeout = 600_000;
const directory = fileURLToPath(new URL('../../deploy', import.meta.url));
const cacheDir = fileURLToPath(new URL('../../node_modules/.cache/sandbox-client', import.meta.url));
const manifests = await readManifests(directory);
const kustomization = parse(await readFile(join(directory, 'kustomization.yaml'), 'utf8'));
const find = (kind: string, name: string) => {
  const found = manifests.find((entry) => entry.kind === kind && entry.metadata.name === name);
  assert.ok(found, `${kind} ${name}`);
  return found;
};

test('every YAML file parses and kustomization.yaml names it', { timeout }, async () => {
  const files = (await readdir(directory)).filter((file) => file.endsWith('.yaml'));
  for (const file of files) {
    const documents = parseAllDocuments(await readFile(join(directory, file), 'utf8'));
    assert.deepEqual(
      documents.flatMap((document) => document.errors),
      [],
      file,
    );
  }
  const generated = kustomization.configMapGenerator.flatMap((entry: { files: string[] }) => entry.files);
  assert.deepEqual([...kustomization.resources, ...generated, 'kustomization.yaml'].sort(), files.sort());
});

test('the real kustomize renders it', { timeout }, async (t: TestContext) => {
  const client = await findClient({ cacheDir, env: process.env });
  if (!need(t, 'kubectl or oc', client.kind !== 'stand-in' && client)) return;
  const copy = await mkdtemp(join(tmpdir(), 'deploy-'));
  t.after(() => rm(copy, { recursive: true, force: true }));
  await cp(directory, copy, { recursive: true });
  await cp(join(directory, 'secret.example.env'), join(copy, 'secret.env'));
  const { stdout } = await promisify(execFile)(client.path, ['kustomize', copy]);
  const rendered = parseAllDocuments(stdout).map((document) => document.toJS());
  assert.equal(rendered.length, manifests.length + 2);
  const deployment = rendered.find((entry) => entry.kind === 'Deployment');
  const secret = rendered.find((entry) => entry.kind === 'Secret');
  const [container] = deployment.spec.template.spec.containers;
  assert.equal(container.envFrom[0].secretRef.name, secret.metadata.name);
  assert.deepEqual(Object.keys(secret.data).sort(), ['SLACK_APP_TOKEN', 'SLACK_BOT_TOKEN']);
});

test('what README.md applies to a further cluster is all of its rights, and nothing that belongs beside the bot', async () => {
  const readme = await readFile(join(directory, 'README.md'), 'utf8');
  const [, command = ''] = /\n(oc apply -f .*)\n/.exec(readme) ?? [];
  const named = [...command.matchAll(/-f (\S+)/g)].map(([, file = '']) => file);
  const rights = new Set([
    'Namespace',
    'ServiceAccount',
    'ClusterRole',
    'ClusterRoleBinding',
    'Role',
    'RoleBinding',
  ]);
  const onlyRights: string[] = [];
  for (const file of (await readdir(directory)).filter((each) => each.endsWith('.yaml'))) {
    const documents = parseAllDocuments(await readFile(join(directory, file), 'utf8'));
    if (documents.every((document) => rights.has(document.toJS().kind))) onlyRights.push(file);
  }
  assert.ok(onlyRights.length >= 5);
  assert.deepEqual(named.toSorted(), onlyRights.toSorted());
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

test('the bot itself runs restricted, alone, with a read-only root', () => {
  const { spec } = find('Deployment', 'etcd-backup');
  assert.deepEqual([spec.replicas, spec.strategy.type], [1, 'Recreate']);
  const pod = { metadata: { name: 'x' }, spec: spec.template.spec, status: {} } as Pod;
  assert.equal(podSecurityViolation(pod, 'restricted', 'latest'), undefined);
  const [container] = spec.template.spec.containers;
  assert.equal(container.securityContext.readOnlyRootFilesystem, true);
  const mounts = container.volumeMounts.map((mount: { name: string }) => mount.name).sort();
  assert.deepEqual(mounts, spec.template.spec.volumes.map((volume: { name: string }) => volume.name).sort());
});

test('config.yaml is accepted, with the Secret as environment', { timeout }, async () => {
  const file = join(directory, 'config.yaml');
  const example = await readFile(join(directory, 'secret.example.env'), 'utf8');
  const names = [...example.matchAll(/^([A-Z_]+)=/gm)].map((match) => match[1] ?? '');
  const tokens: Record<string, string> = {
    SLACK_BOT_TOKEN: 'xoxb-0-0-example',
    SLACK_APP_TOKEN: 'xapp-1-A0-0-example',
  };
  assert.deepEqual(names.sort(), Object.keys(tokens).sort());
  const config = await loadConfig({ file, env: tokens, readFile: (path) => readFile(path, 'utf8') });
  assert.equal(config.fleet.clusters.length, 1);
});

test('README.md names every resource of the rules and says what they amount to', { timeout }, async () => {
  const text = await readFile(join(directory, 'README.md'), 'utf8');
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
    ['Containerfile', '../package.json'].map((name) => readFile(join(directory, name), 'utf8')),
  );
  const words = /^ENTRYPOINT (\[.*\])$/m.exec(containerfile ?? '')?.[1] ?? '[]';
  const threads = /^ENV (UV_THREADPOOL_SIZE=\d+)$/m.exec(containerfile ?? '')?.[1];
  // `exec`: npm sends a TERM to its child, which must be the bot and no shell.
  assert.equal(
    `${threads} exec ${JSON.parse(words).join(' ')}`,
    JSON.parse(packageJson ?? '{}').scripts.start,
  );
});
