import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import type { KubeObject } from '../../sandbox/cluster/kube-object.ts';
import { need } from '../support/need.ts';
import { mistakesIn } from './object-mistakes.ts';
import { deployDirectory, findKubectl, kustomize, readObjects, roles, temporaryFolder } from './render.ts';

const timeout = 600_000;
const run = promisify(execFile);

/** A Git repository with deploy/ at the tag of this release, and its address. */
async function publish(t: TestContext): Promise<{ address: string; tag: string }> {
  const repository = await temporaryFolder(t);
  await cp(deployDirectory, join(repository, 'deploy'), { recursive: true });
  await rm(join(repository, 'deploy/components/secret-from-env/secret.env'), { force: true });
  const { version } = JSON.parse(await readFile(join(deployDirectory, '../package.json'), 'utf8'));
  const tag = `v${version}`;
  const who = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgSign=false'];
  for (const args of [
    ['init', '-q'],
    ['add', '-A'],
    [...who, 'commit', '-qm', 'Release'],
    ['tag', tag],
  ])
    await run('git', ['-C', repository, ...args]);
  return { address: `file://${repository}`, tag };
}

test('every overlay builds from a remote reference, as it does here', { timeout }, async (t: TestContext) => {
  const kubectl = await findKubectl();
  if (!need(t, 'kubectl or oc', kubectl)) return;
  const { address, tag } = await publish(t);
  for (const role of roles) {
    const remote = await kustomize(kubectl, `${address}//deploy/overlays/${role}?ref=${tag}`);
    assert.deepEqual(remote, await kustomize(kubectl, join(deployDirectory, 'overlays', role)));
  }
});

test('the Argo CD examples build what they say, from a repository of the company', {
  timeout,
}, async (t: TestContext) => {
  const kubectl = await findKubectl();
  if (!need(t, 'kubectl or oc', kubectl)) return;
  const { address } = await publish(t);
  const company = await temporaryFolder(t);
  await cp(join(deployDirectory, 'examples'), company, { recursive: true });
  const readme = await readFile(join(deployDirectory, 'README.md'), 'utf8');
  const [, command = ''] = /^(sed -i -E '.*)$/m.exec(readme) ?? [];
  const [, home = ''] = /(https:\/\/\S+?)\/\/deploy/.exec(command) ?? [];
  await run('sh', ['-c', command.replace(home, address)], { cwd: company });

  const [application, set] = await readObjects('examples/argo-cd/hub.yaml', 'examples/argo-cd/managed.yaml');
  assert.deepEqual(mistakesIn(application as KubeObject), []);
  assert.deepEqual(mistakesIn(set as KubeObject), []);
  const hub = await kustomize(kubectl, join(company, application?.spec.source.path));
  const managed = await kustomize(kubectl, join(company, set?.spec.template.spec.source.path));

  assert.deepEqual(
    [...hub, ...managed].flatMap((object) => mistakesIn(object)),
    [],
  );
  const deployment = hub.find(({ kind }) => kind === 'Deployment') ?? assert.fail('no Deployment');
  const [container] = deployment.spec.template.spec.containers;
  assert.match(container.image, /^registry\.example\.com\/platform\/slack-etcd-backup:/);
  assert.ok(
    hub.some(({ kind }) => kind === 'PodDisruptionBudget'),
    'the component came from the remote, too',
  );
  assert.deepEqual(managed, await kustomize(kubectl, join(deployDirectory, 'overlays/managed')));
  for (const role of ['hub', 'managed']) {
    const text = await readFile(join(company, role, 'kustomization.yaml'), 'utf8');
    for (const entry of Object.values(parse(text)).flat())
      assert.doesNotMatch(
        String(entry),
        /^\.\.\//,
        `${role}: nothing outside the company's repository by path`,
      );
  }
});

test('what the hub asks for by name can be made by anything', { timeout }, async (t: TestContext) => {
  const kubectl = await findKubectl();
  if (!need(t, 'kubectl or oc', kubectl)) return;
  const copy = await temporaryFolder(t);
  await cp(deployDirectory, copy, { recursive: true });
  const file = join(copy, 'examples/hub/kustomization.yaml');
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace('resources:', 'resources:\n  - sealed.yaml'));
  const sealed = ['etcd-backup-slack', 'etcd-backup-kubeconfigs'].map((name) => ({
    apiVersion: 'bitnami.com/v1alpha1',
    kind: 'SealedSecret',
    metadata: { name, namespace: 'etcd-backup' },
    spec: { encryptedData: {} },
  }));
  await writeFile(
    join(copy, 'examples/hub/sealed.yaml'),
    sealed.map((object) => JSON.stringify(object)).join('\n---\n'),
  );
  const rendered = await kustomize(kubectl, join(copy, 'examples/hub'));
  const { spec: pod } = rendered.find(({ kind }) => kind === 'Deployment')?.spec.template ?? assert.fail();
  const secrets = [
    pod.containers[0].envFrom[0].secretRef.name,
    pod.volumes.find(({ name }: { name: string }) => name === 'kubeconfigs').secret.secretName,
  ];
  assert.deepEqual(
    secrets,
    sealed.map(({ metadata }) => metadata.name),
  );
});
