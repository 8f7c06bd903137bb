import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { cp, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { execa } from 'execa';
import { parse, stringify } from 'yaml';
import { compileCache } from '../../sandbox/compile-cache.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { need } from '../support/need.ts';
import { adminConfig, putOc } from './administrator.ts';
import { findKubectl, temporaryFolder } from './render.ts';

const timeout = 600_000;
const root = path.join(import.meta.dirname, '..', '..');
const document = await readFile(path.join(root, 'docs', 'install.md'), 'utf8');

/** Blocks of one kind, without their fences; no kind: commands. */
function blocksOf(text: string, kind: string): readonly string[] {
  return [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)]
    .filter(([, found]) => found === kind)
    .map(([, , block = '']) => block);
}

/** The first one behind a heading. */
function blockAfter(heading: string, kind: string): string {
  const [, behind = ''] = document.split(`\n## ${heading}\n`);
  return blocksOf(behind, kind)[0] ?? assert.fail(`no block of ${kind || 'commands'} under “${heading}”`);
}

const commandsOf = (heading: string) =>
  blockAfter(heading, '')
    .split('\n')
    .filter((line) => line !== '');

/** What a person has who cloned the repository, and ran the first command: CI has run it, too. */
async function clone(folder: string): Promise<void> {
  for (const each of ['package.json', '.npmrc', 'bin', 'src', 'deploy'])
    await cp(path.join(root, each), path.join(folder, each), { recursive: true });
  await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
}

/** The document's configuration with the ids of this workspace, and its Slack. */
async function writeConfig(
  folder: string,
  { people, channels, workspace, configFile }: World,
): Promise<void> {
  const ids = { U0000000001: people.requester, U0000000002: people.approver, C0000000001: channels.platform };
  const text = Object.entries(ids).reduce(
    (all, [id, own]) => all.replaceAll(id, own),
    blockAfter('The first backup in five commands', 'yaml'),
  );
  const config = parse(text);
  const { slack } = parse(await readFile(configFile, 'utf8'));
  config.slack.apiUrl = slack.apiUrl;
  assert.ok(workspace);
  await writeFile(path.join(folder, 'config.yaml'), stringify(config));
}

test('the first backup in five commands, as the document has them', { timeout }, async (t: TestContext) => {
  const kubectl = await findKubectl();
  if (!need(t, 'kubectl or oc', kubectl)) return;
  const folder = await temporaryFolder(t);
  const world = await startWorld({ dir: path.join(folder, 'world'), etcd: false });
  t.after(() => world.stop());
  const home = path.join(folder, 'clone');
  await cp(path.join(root, 'package.json'), path.join(home, 'package.json'));
  await clone(home);
  await writeConfig(home, world);
  await putOc(folder, world.client.path, world.cluster.token('bot'));
  await writeFile(path.join(folder, 'admin'), adminConfig(world.cluster));
  const env = {
    ...compileCache,
    PATH: `${folder}${path.delimiter}${process.env.PATH}`,
    HOME: folder,
    KUBECONFIG: path.join(folder, 'admin'),
    SLACK_BOT_TOKEN: world.workspace.botToken,
    SLACK_APP_TOKEN: world.workspace.appToken,
  };
  const shell = (command: string) =>
    execa('sh', ['-ec', command], { cwd: home, env, extendEnv: false, reject: false, all: true });

  const [install, ...commands] = commandsOf('The first backup in five commands');
  assert.equal(install, 'npm ci');
  assert.match(await readFile(path.join(root, '.ci', 'run'), 'utf8'), /^npm ci$/m);
  const front = await readFile(path.join(root, 'README.md'), 'utf8');
  assert.ok(front.includes([install, ...commands].join('\n')), 'README has the same ones');
  const start = commands.pop() ?? '';
  assert.equal(commands.length, 3);
  for (const command of commands) {
    const { exitCode, all } = await shell(command);
    assert.equal(exitCode, 0, `${command}\n${all}`);
    if (command.includes('doctor'))
      assert.match(all ?? '', /^⚠️ 1 warning, \d+ in order\.\n⚠️ Copies off the cluster: none/m);
  }

  const accepted = world.workspace.sockets.accepted;
  const bot = spawn('sh', ['-ec', `exec ${start}`], { cwd: home, env, detached: true });
  t.after(() => endGroup(bot));
  let log = '';
  for (const stream of [bot.stdout, bot.stderr]) stream.on('data', (text) => (log += text));
  await world.workspace
    .waitFor(() => (world.workspace.sockets.accepted > accepted ? true : undefined), {
      timeoutMs: 120_000,
      what: 'the bot',
    })
    .catch((error: unknown) => assert.fail(`${error}\n${log}`));
  const [, words = ''] = /`\/etcd-backup (run [^`]*)`/.exec(document) ?? [];
  await world.type('requester', words);
  await world.reads('approver', /Needs 1/);
  await world.click('approver', 'approve');
  await world.reads('requester', /The backup of prod-east is complete/);
});

/** npm, the shell and the bot. */
async function endGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once('close', resolve));
  process.kill(-child.pid, 'SIGTERM');
  await ended;
}

test('every other command of the documents on installing runs as it is written', {
  timeout,
}, async (t: TestContext) => {
  const folder = await temporaryFolder(t);
  const world = await startWorld({ dir: path.join(folder, 'world'), etcd: false });
  t.after(() => world.stop());
  const home = path.join(folder, 'clone');
  await cp(path.join(root, 'package.json'), path.join(home, 'package.json'));
  await clone(home);
  await cp(world.configFile, path.join(home, 'config.yaml'));
  const bot = await world.startBot();
  t.after(() => bot.stop());
  const env = {
    ...compileCache,
    PATH: process.env.PATH ?? '',
    HOME: folder,
    SLACK_BOT_TOKEN: world.workspace.botToken,
    SLACK_APP_TOKEN: world.workspace.appToken,
  };
  const texts = await Promise.all(
    ['destinations', 'slack-administration', 'sizing'].map((name) =>
      readFile(path.join(root, 'docs', `${name}.md`), 'utf8'),
    ),
  );
  const blocks = texts.flatMap((text) => blocksOf(text, ''));
  const commands = [
    ...commandsOf('Before there are any secrets'),
    ...commandsOf('Before Slack is there'),
    ...blocks.flatMap((block) => block.split('\n').filter((line) => line !== '')),
  ];
  assert.equal(commands.length, 8);
  for (const command of new Set(commands)) {
    const { exitCode, stdout, all } = await execa('sh', ['-ec', command], {
      cwd: home,
      env,
      extendEnv: false,
      reject: false,
      all: true,
    });
    // Without --yes nothing is adopted: it shows what would be.
    const expected = command.includes(' adopt ') ? [0, 1] : [0];
    assert.ok(expected.includes(exitCode ?? -1), `${command}: ${exitCode}\n${all}`);
    if (command.includes('--as-json')) assert.equal(JSON.parse(stdout).ok, true, command);
  }
});
