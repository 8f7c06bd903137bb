import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { startCluster } from '../../sandbox/cluster/cluster.ts';
import { compileCache } from '../../sandbox/compile-cache.ts';
import { findKubectl } from '../deploy/render.ts';
import { adminKubeconfig } from '../support/admin-kubeconfig.ts';
import { need } from '../support/need.ts';
import { openEnrollLab } from './enroll-lab.ts';

const timeout = 900_000;
const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const text = await readFile(join(root, 'docs/managed-clusters.md'), 'utf8');
const commands = [...text.matchAll(/^```\n([\s\S]*?)^```$/gm)].flatMap(([, block = '']) =>
  block.trim().split('\n'),
);

test('the commands of docs/managed-clusters.md work, in their order', { timeout }, async (t) => {
  const kubectl = await findKubectl();
  if (!need(t, 'kubectl or oc', kubectl)) return;
  const lab = await openEnrollLab(t);
  const hub = await startCluster({ nodes: [] });
  t.after(() => hub.close());
  const contexts = new Map([
    ['prod-east', lab.cluster],
    ['prod-west', lab.cluster],
    ['hub', hub],
  ]);
  await writeFile(join(lab.dir, 'admin'), adminKubeconfig(contexts), { mode: 0o600 });

  const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  for (const name of ['enroll', 'unenroll'])
    assert.equal(scripts[name], `node bin/run.cjs src/enroll/main.ts ${name}`);
  // npm would run it in the repository's own directory; no one is there to answer.
  const npm = `#!/bin/sh
script=$2; shift 3
case "$*" in *--print*|*--yes*|*--renew*) ;; *) set -- "$@" --yes ;; esac
exec '${process.execPath}' '${root}/src/enroll/main.ts' "$script" "$@"
`;
  await writeFile(join(lab.dir, 'npm'), npm, { mode: 0o755 });
  await writeFile(join(lab.dir, 'oc'), `#!/bin/sh\nexec '${kubectl}' "$@"\n`, { mode: 0o755 });
  const env = {
    ...compileCache,
    PATH: `${lab.dir}:${process.env.PATH}`,
    HOME: lab.dir,
    KUBECONFIG: join(lab.dir, 'admin'),
  };
  assert.ok(commands.length >= 8, commands.join('\n'));
  for (const command of commands) {
    await run('sh', ['-ec', command], { cwd: lab.dir, env }).catch(
      (error: { stdout?: string; stderr?: string }) =>
        assert.fail(`${command}\n${error.stdout}${error.stderr}`),
    );
  }
  assert.deepEqual(Object.keys(hub.objects.get('secrets', 'etcd-backup-kubeconfigs', 'etcd-backup').data), [
    'prod-east',
    'prod-west',
  ]);
  assert.equal(
    (parse(await lab.file('enrolled/clusters.d/prod-west.yaml')) as { name: string }).name,
    'prod-west',
  );
  // What was applied by `oc apply` as well stays.
  assert.ok(lab.cluster.objects.find('clusterroles', 'etcd-backup'));
});
