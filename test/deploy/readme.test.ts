import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { startCluster } from '../../sandbox/cluster/cluster.ts';
import { need } from '../support/need.ts';
import { adminConfig, putOc } from './administrator.ts';
import { mistakesIn } from './object-mistakes.ts';
import {
  deployDirectory,
  deployFiles,
  findHelm,
  findKubectl,
  helmSays,
  objectsOf,
  temporaryFolder,
} from './render.ts';

const timeout = 600_000;
const run = promisify(execFile);
const root = join(deployDirectory, '..');
const readme = await readFile(join(deployDirectory, 'README.md'), 'utf8');
const front = await readFile(join(root, 'README.md'), 'utf8');

test('every path below deploy/ that a document names is there', async () => {
  const documents = [
    'README.md',
    'ARCHITECTURE.md',
    'CONTRIBUTING.md',
    'SECURITY.md',
    'docs/air-gap.md',
    'docs/install.md',
    'docs/sizing.md',
    'docs/slack-administration.md',
    'docs/drills.md',
    'docs/managed-clusters.md',
    'docs/decisions/0010-metrics.md',
  ];
  const named: string[] = [
    ...readme.matchAll(/\b(?:base|components|overlays|examples|chart)\/[\w./-]*\w/g),
  ].map(([path]) => path);
  const here = (await deployFiles())
    .filter((file) => /\.(yaml|sh)$/.test(file))
    .map((file) => join('deploy', file));
  for (const document of [...documents, ...here]) {
    const text = await readFile(join(root, document), 'utf8');
    named.push(...[...text.matchAll(/\bdeploy\/([\w./-]*\w)/g)].map(([, path = '']) => path));
  }
  assert.ok(named.length > 20);
  assert.deepEqual(
    named.filter((path) => !existsSync(join(deployDirectory, path))),
    [],
  );
});

test('the Helm commands of both documents render', { timeout }, async (t: TestContext) => {
  const helm = await findHelm();
  if (!need(t, 'helm', helm)) return;
  const commands = [readme, front].flatMap((text) => [...text.matchAll(/helm upgrade --install ([^`\n]+)/g)]);
  assert.equal(commands.length, 2);
  for (const [command, words = ''] of commands) {
    const args = words
      .replace('--kube-context hub ', '')
      .split(' ')
      .map((word) => word.replace(/(?=deploy\/(chart|examples))/, `${root}/`));
    const { code, stdout, stderr } = await helmSays(helm, ['install', '--dry-run=client', ...args]);
    assert.equal(code, 0, `${command}: ${stderr}`);
    assert.match(stdout, /^NOTES:/m);
  }
});

test('the commands for managed clusters make kubeconfigs with which the bot gets in', {
  timeout,
}, async (t: TestContext) => {
  const kubectl = await findKubectl();
  if (!need(t, 'kubectl or oc', kubectl)) return;
  const cluster = await startCluster({ nodes: [] });
  t.after(() => cluster.close());
  const folder = await temporaryFolder(t);
  await cp(deployDirectory, join(folder, 'deploy'), { recursive: true });
  await putOc(folder, kubectl, cluster.token('bot'));
  await writeFile(join(folder, 'admin'), adminConfig(cluster));
  await writeFile(join(folder, 'slack.env'), 'SLACK_BOT_TOKEN=xoxb-1\nSLACK_APP_TOKEN=xapp-1\n');
  const env = { PATH: `${folder}:${process.env.PATH}`, HOME: folder, KUBECONFIG: join(folder, 'admin') };
  const shell = async (script: string) => (await run('sh', ['-ec', script], { cwd: folder, env })).stdout;

  const [, loop = ''] = /```\n(umask 077[^`]*?for cluster[^`]*)```/.exec(readme) ?? [];
  const applied = objectsOf((await shell(loop)).replaceAll(/^apiVersion: v1\nkind: Namespace/gm, '---\n$&'));
  assert.equal(applied.filter(({ kind }) => kind === 'ServiceAccount').length, 2, 'one for each cluster');
  for (const name of ['prod-east', 'prod-west']) {
    const asBot = `oc --kubeconfig kubeconfigs/${name}`;
    assert.match(await shell(`${asBot} get nodes -o name`), /^node\/master-0$/m);
    assert.match(await shell(`${asBot} auth can-i get secrets || true`), /^no$/m);
    assert.doesNotMatch(await readFile(join(folder, 'kubeconfigs', name), 'utf8'), /admin/);
  }

  const secrets = [...readme.matchAll(/^ +(oc --context hub -n etcd-backup create secret .*)$/gm)].map(
    ([, command = '']) => command,
  );
  assert.equal(secrets.length, 2);
  for (const command of secrets) {
    const made = command.includes('--dry-run') ? command : `${command} --dry-run=client -o yaml`;
    const [secret] = objectsOf(await shell(made));
    assert.ok(secret);
    assert.deepEqual(mistakesIn(secret), []);
    const keys =
      secret.metadata.name === 'etcd-backup-slack'
        ? ['SLACK_APP_TOKEN', 'SLACK_BOT_TOKEN']
        : ['prod-east', 'prod-west'];
    assert.deepEqual(Object.keys(secret.data).toSorted(), keys);
  }
});
