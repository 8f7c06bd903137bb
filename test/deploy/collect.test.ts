import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { access, chmod, mkdir, readlink, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { deployDirectory, temporaryFolder } from './render.ts';

const run = promisify(execFile);
const kubectl = 'client/bin/kubectl';

/** Runs the step of the build on images that have these files, as directories; what it said, and where it put things. */
async function collect(t: TestContext, files: readonly string[]) {
  const folder = await temporaryFolder(t);
  const [from, to] = [join(folder, 'from'), join(folder, 'to')];
  for (const file of files) {
    await mkdir(dirname(join(from, file)), { recursive: true });
    await writeFile(join(from, file), '');
  }
  await mkdir(join(to, 'app'), { recursive: true });
  await writeFile(join(to, 'app', 'main.ts'), '');
  await chmod(join(to, 'app'), 0o700);
  await chmod(join(to, 'app', 'main.ts'), 0o600);
  const step = run('sh', [join(deployDirectory, 'image', 'collect.sh'), from, to]);
  const failure = await step.then(
    () => undefined,
    ({ stderr }: { stderr: string }) => stderr.trim(),
  );
  const there = (file: string) =>
    access(join(to, file)).then(
      () => true,
      () => false,
    );
  return { to, failure, there };
}

test('programs are found where upstream and where Red Hat puts them', async (t) => {
  const { to, failure, there } = await collect(t, [
    'client/usr/bin/oc',
    'client/usr/bin/kubectl',
    'etcd-3.4/usr/bin/etcd',
    'etcd-3.4/usr/bin/etcdctl',
    'etcd-3.6/usr/local/bin/etcd',
    'etcd-3.6/usr/local/bin/etcdctl',
    'etcd-3.6/usr/local/bin/etcdutl',
  ]);
  assert.equal(failure, undefined);
  assert.equal(await readlink(join(to, 'usr/local/bin/kubectl')), 'oc');
  for (const file of ['usr/local/bin/node', 'opt/etcd/3.4/etcdctl', 'opt/etcd/3.6/etcdutl'])
    assert.ok(await there(file), file);
  assert.equal(await there('opt/etcd/3.5'), false, 'an image that is left out leaves nothing');
  assert.equal((await stat(join(to, 'app'))).mode & 0o777, 0o755);
  assert.equal((await stat(join(to, 'app/main.ts'))).mode & 0o777, 0o644);
});

const lacking: readonly (readonly [lack: string, files: readonly string[], says: RegExp])[] = [
  ['a client', ['client/bin/helm'], /^CLIENT_IMAGE: expected oc or kubectl in .*, found neither$/],
  ['etcdctl', [kubectl, 'etcd-3.5/usr/bin/etcd'], /^ETCD_3_5_IMAGE: it has etcd, but no etcdctl/],
  [
    'etcdutl where etcd restores nothing without it',
    [kubectl, 'etcd-3.6/usr/bin/etcd', 'etcd-3.6/usr/bin/etcdctl'],
    /^ETCD_3_6_IMAGE: it has no etcdutl/,
  ],
  [
    'all of etcd, though it is no image that was left out',
    [kubectl, 'etcd-3.5/usr/bin/busybox'],
    /^ETCD_3_5_IMAGE: expected etcd in .*, found none/,
  ],
];
for (const [lack, files, says] of lacking)
  test(`an image that lacks ${lack} ends the build`, async (t) => {
    const { failure } = await collect(t, files);
    assert.match(failure ?? 'it went through', says);
  });
