import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { execa } from 'execa';

const timeout = 300_000;
const project = path.join(import.meta.dirname, '..', '..');
const description = JSON.parse(await readFile(path.join(project, 'package.json'), 'utf8'));
const lock = JSON.parse(await readFile(path.join(project, 'package-lock.json'), 'utf8'));

/** PATH without the Node that npm brought: what people have before they install anything. */
const machinePath = (process.env.PATH ?? '')
  .split(path.delimiter)
  .filter((folder) => !folder.includes('node_modules'))
  .join(path.delimiter);

/** The Node and npm of the machine; undefined: it has none. */
async function machineNode(): Promise<readonly [major: number, minor: number] | undefined> {
  const env = { PATH: machinePath };
  const answer = await execa('node', ['-p', 'process.versions.node'], {
    env,
    extendEnv: false,
    reject: false,
  });
  const npm = await execa('npm', ['--version'], { env, extendEnv: false, reject: false });
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(answer.stdout ?? '') ?? [];
  return major === undefined || npm.failed ? undefined : [Number(major), Number(minor)];
}

const machine = await machineNode();
const isOld = machine !== undefined && machine[0] < 24;

/**
 * A copy of the project with the packages that `left` keeps, as npm ci leaves them. The folders are links: what is asked for
 * is which of them are there.
 */
async function projectWith(t: TestContext, left: ((name: string) => boolean) | undefined): Promise<string> {
  const dir = await mkdtemp(path.join(tmpdir(), 'etcd-backup-install-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  for (const each of [
    'package.json',
    'package-lock.json',
    '.npmrc',
    'bin',
    'src',
    'docs/config.schema.json',
    'manifest.yml',
  ])
    await cp(path.join(project, each), path.join(dir, each), { recursive: true });
  if (!left) return dir;
  const names = Object.keys(lock.packages)
    .filter((place) => place.lastIndexOf('node_modules/') === 0)
    .map((place) => place.slice('node_modules/'.length))
    .filter(left);
  const there = new Set(await readdir(path.join(project, 'node_modules')));
  for (const name of names) {
    const target = path.join(dir, 'node_modules', name);
    if (!there.has(name.split('/')[0] ?? '')) continue;
    await mkdir(path.dirname(target), { recursive: true });
    await symlink(path.join(project, 'node_modules', name), target).catch(() => undefined);
  }
  return dir;
}

const isForRunning = (name: string) => lock.packages[`node_modules/${name}`].dev !== true;

async function npm(dir: string, ...words: readonly string[]) {
  const env = { PATH: machinePath, HOME: dir, NO_UPDATE_NOTIFIER: '1' };
  const { exitCode, stderr, stdout } = await execa('npm', words, {
    cwd: dir,
    env,
    extendEnv: false,
    reject: false,
    timeout: 120_000,
  });
  return { exitCode, stderr, stdout };
}

/** The one line that is not npm's own. */
function said(stderr: string): string {
  return stderr
    .split('\n')
    .filter((line) => line !== '' && !/^npm /.test(line))
    .join('\n');
}

test('an old Node without the one that npm brings: each script says so in a sentence', {
  timeout,
}, async (t) => {
  if (!isOld) return t.skip('this machine has no npm with a Node older than 24');
  const version = machine.join('.');
  const needed =
    /^Node\.js 24\.5 or newer is needed, and this is (\d+\.\d+)\.\d+: install Node\.js 24, or (.*)\.$/;

  await t.test('npm ci was not run', async (inner) => {
    const dir = await projectWith(inner, undefined);
    const { exitCode, stderr } = await npm(dir, 'run', 'check-config', '--', 'config.yaml');
    assert.equal(exitCode, 2, stderr);
    assert.deepEqual(needed.exec(said(stderr))?.slice(1), [version, 'run npm ci, which brings it']);
  });
  await t.test('npm ci --omit=dev', async (inner) => {
    const dir = await projectWith(inner, isForRunning);
    const { stderr } = await npm(dir, 'start', '--', 'config.yaml');
    assert.deepEqual(needed.exec(said(stderr))?.slice(1), [
      version,
      'run npm ci without --omit=dev, which brings it',
    ]);
  });
  await t.test('npm ci --ignore-scripts', async (inner) => {
    const dir = await projectWith(inner, (name) => name !== 'node');
    // The package is there, and its script that fetches the program was not run.
    await mkdir(path.join(dir, 'node_modules', 'node'));
    await cp(
      path.join(project, 'node_modules/node/package.json'),
      path.join(dir, 'node_modules/node/package.json'),
    );
    for (const script of ['ready', 'doctor', 'destination', 'catalog', 'test', 'sandbox']) {
      const { exitCode, stderr } = await npm(dir, 'run', script);
      assert.equal(exitCode, 2, stderr);
      assert.deepEqual(
        needed.exec(said(stderr))?.slice(1),
        [version, 'run npm ci without --ignore-scripts, which fetches it from the registry'],
        script,
      );
    }
  });
});

test('with the Node that is needed: what is not installed is named, and what is installed runs', {
  timeout,
}, async (t) => {
  const run = (dir: string, ...words: readonly string[]) =>
    execa(process.execPath, [path.join(dir, 'bin', 'run.cjs'), ...words], { cwd: dir, reject: false });

  await t.test('nothing is installed', async (inner) => {
    const { exitCode, stderr } = await run(await projectWith(inner, undefined), 'src/main.ts');
    assert.equal(exitCode, 2);
    assert.match(
      stderr,
      /^Packages are not installed \(@aws-sdk\/client-s3, .* and \d+ more\): run npm ci\.$/,
    );
  });
  await t.test(
    'npm ci --omit=dev: the bot and its tools run, the sandbox and the tests say what they lack',
    async (inner) => {
      const dir = await projectWith(inner, isForRunning);
      for (const script of ['sandbox/main.ts', '--test', 'bench/main.ts']) {
        const { exitCode, stderr } = await run(dir, script);
        assert.equal(exitCode, 2, script);
        assert.match(
          stderr,
          /^Packages for development are not installed \(.* and \d+ more\): run npm ci without --omit=dev\.$/,
        );
      }
      await writeFile(path.join(dir, 'config.yaml'), 'slack: [');
      const start = await run(dir, 'src/main.ts');
      assert.equal(start.exitCode, 1);
      assert.match(
        start.stderr,
        /^etcd-backup cannot start: config\.yaml: the file \(line 1\): expected a YAML file/,
      );
      const doctor = await run(dir, 'src/doctor/main.ts', 'config.yaml', '--as-json');
      assert.equal(doctor.exitCode, 2, doctor.stderr);
      assert.match(doctor.stderr, /^config\.yaml: the file \(line 1\)/);
    },
  );
});

test('node’s own flags, its exit code and a signal pass through', { timeout }, async () => {
  const runner = path.join(project, 'bin', 'run.cjs');
  const failed = await execa(process.execPath, [runner, '--eval', 'process.exit(7)'], {
    cwd: project,
    reject: false,
  });
  assert.equal(failed.exitCode, 7);
  const child = execa(process.execPath, [runner, '--eval', "console.log('up'); setInterval(() => {}, 1e6)"], {
    cwd: project,
    reject: false,
  });
  await new Promise<void>((resolve) => child.stdout.once('data', () => resolve()));
  child.kill('SIGTERM');
  assert.equal((await child).signal, 'SIGTERM');
});

test('every script that runs sources goes through it, and engines is what it asks for', () => {
  for (const [name, script] of Object.entries<string>(description.scripts)) {
    if (/\.ts\b/.test(script)) assert.match(script, /\bnode bin\/run\.cjs /, name);
  }
  assert.equal(description.engines.node, '>=24.5');
  assert.deepEqual(lock.packages[''].engines, description.engines);
});

test('without a word it says how it is called', { timeout }, async () => {
  const { exitCode, stderr } = await execa(process.execPath, [path.join(project, 'bin', 'run.cjs')], {
    reject: false,
  });
  assert.equal(exitCode, 2);
  assert.match(stderr, /^usage: node bin\/run\.cjs FILE\.ts/);
});
