import assert from 'node:assert/strict';
import { chmod, chown, copyFile, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import packageJson from '../../package.json' with { type: 'json' };
import { freePort, startWorld, until, type World } from '../../sandbox/world.ts';
import { etcd35, etcd35Dir, etcd35Name } from '../support/etcd-programs.ts';
import { type BuiltImage, buildImage, imagePrograms, imageProgramsName } from '../support/image-build.ts';
import { type ImagePod, randomUser, startPod, volumeOf } from '../support/image-pod.ts';
import { need } from '../support/need.ts';
import { deployDirectory, findKubectl, kustomize } from './render.ts';

// Builds the image as people do and starts it as the Deployment does: a minute on two idle processors.
const timeout = 900_000;
const patientMs = 120_000;
const kubeconfigs = '/etc/etcd-backup-kubeconfigs';

const dir = await mkdtemp(path.join(tmpdir(), 'image-'));
const possible = (await imagePrograms()) && etcd35() !== undefined;
let image: BuiltImage;

before(
  async () => {
    if (possible) image = await buildImage(dir);
  },
  { timeout },
);
after(
  async () => {
    await rm(dir, { recursive: true, force: true });
  },
  { timeout },
);

describe('the image that deploy/Containerfile makes', { timeout }, () => {
  it('says what it is, and starts node itself', (t) => {
    if (!need(t, `${imageProgramsName}, ${etcd35Name}`, possible)) return;
    const { Labels, Entrypoint, Cmd, User, WorkingDir } = image.config;
    assert.deepEqual([...Entrypoint, ...Cmd], ['node', 'src/main.ts', '/etc/etcd-backup/config.yaml']);
    assert.deepEqual([User, WorkingDir], ['1001:0', '/app']);
    const label = (name: string) => Labels[`org.opencontainers.image.${name}`];
    assert.equal(label('version'), packageJson.version);
    assert.equal(label('title'), packageJson.name);
    assert.equal(label('description'), packageJson.description);
    assert.equal(label('licenses'), packageJson.license);
    assert.equal(label('revision'), 'abc1234');
    assert.match(label('base.name') ?? '', /@sha256:[0-9a-f]{64}$/);
  });

  it('holds what the bot runs with, readable for everybody and writable for no one else', async (t) => {
    if (!need(t, `${imageProgramsName}, ${etcd35Name}`, possible)) return;
    const at = (...parts: string[]) => path.join(image.root, ...parts);
    assert.deepEqual((await readdir(at('app'))).toSorted(), [
      'LICENSE',
      'bin',
      'node_modules',
      'package.json',
      'src',
    ]);
    assert.deepEqual((await readdir(at('usr/local/bin'))).toSorted(), ['kubectl', 'node']);
    assert.deepEqual((await readdir(at('opt/etcd'))).toSorted(), image.etcdMinors);
    assert.deepEqual((await readdir(at('opt/etcd/3.5'))).toSorted(), ['etcd', 'etcdctl', 'etcdutl']);
    const modules = await readdir(at('app/node_modules'));
    const { dependencies, devDependencies } = packageJson;
    for (const name of Object.keys(dependencies)) assert.ok(modules.includes(name.split('/')[0] ?? ''), name);
    for (const name of ['typescript', 'vite', 'react', 'node', '@biomejs', '@aws-cdk']) {
      assert.ok(
        Object.keys(devDependencies).some((each) => each.startsWith(name)),
        `${name} is no such package`,
      );
      assert.ok(!modules.includes(name), name);
    }
  });
});

describe('the bot in its image', { timeout }, () => {
  let world: World;
  let pod: ImagePod;
  let port: number;
  const home = path.join(dir, 'pod');

  before(
    async () => {
      if (!possible) return;
      port = await freePort();
      world = await startWorld({ dir: await made('world'), etcd: false, configure: asInThePod });
      const [deployment] = (
        await kustomize((await findKubectl()) ?? '', path.join(deployDirectory, 'overlays/hub'))
      ).filter(({ kind }) => kind === 'Deployment');
      assert.ok(deployment);
      await fillVolumes();
      pod = await startPod(image, {
        dir: home,
        deployment,
        env: { SLACK_BOT_TOKEN: world.workspace.botToken, SLACK_APP_TOKEN: world.workspace.appToken },
        mounts: {
          ...placesInThePod(world.offCluster?.destinations ?? {}),
          // For the test of the build's last step: programs of another release than their directory says.
          '/opt/etcd/3.6': etcd35Dir,
          '/check': await checkStep(),
        },
      });
      const ended = pod.exited.then((code) => assert.fail(`the container ended with ${code}:\n${pod.log()}`));
      await Promise.race([
        ended,
        until('its connection to Slack', () => world.workspace.sockets.accepted > 0),
      ]);
    },
    { timeout },
  );
  after(async () => {
    await pod?.signal('KILL').catch(() => undefined);
    await pod?.exited;
    await world?.stop();
  });

  const made = async (name: string) => {
    const folder = path.join(dir, name);
    await mkdir(folder, { recursive: true });
    return folder;
  };

  it('is healthy and ready, as a random user on a root file system that it cannot write to', async (t) => {
    if (!need(t, `${imageProgramsName}, ${etcd35Name}`, possible)) return;
    await until('it to be ready', async () => (await health('readyz')).ok);
    assert.ok((await health('healthz')).ok);
    const whoAmI = await pod.exec('node', '-p', '[process.getuid(), process.getgid()].join()');
    assert.equal(whoAmI.said.trim(), `${randomUser},0`);
    for (const file of ['/app/src/x', '/opt/x', '/x'])
      assert.match((await pod.exec('node', '-e', `fs.writeFileSync('${file}', '')`)).said, /EROFS/);
  });

  it('backs up through its own kubectl, and restores the snapshot with its own etcd', async (t) => {
    if (!need(t, `${imageProgramsName}, ${etcd35Name}`, possible)) return;
    const { workspace, people } = world;
    const asked = await world.type(people.requester, 'run prod-east');
    const answer = workspace.renderMessage(await asked.nextPrivate(patientMs));
    const [runId] = /r-[a-z0-9]{8}/.exec(answer) ?? assert.fail(answer);
    const card = await workspace.waitFor(
      () => world.cards(runId).find((each) => /Needs \d/.test(text(each))),
      {
        timeoutMs: patientMs,
        what: 'the card to ask for an approval',
      },
    );
    await world.click(people.approver, 'approve', card);
    const drilled = await workspace.waitFor(
      () => world.cards(runId).find((each) => /Restore drill/.test(text(each)) && /✅|❌/.test(text(each))),
      { timeoutMs: patientMs, what: `the end of ${runId}\n${pod.log().slice(-3000)}` },
    );
    assert.match(text(drilled), /✅ Restore drill: restored/);
  });

  it('leaves no ended process behind, though no init is there to collect them', async (t) => {
    if (!need(t, `${imageProgramsName}, ${etcd35Name}`, possible)) return;
    assert.deepEqual(await pod.zombies(), []);
  });

  it('would not have been built with programs of another release of etcd', async (t) => {
    if (!need(t, `${imageProgramsName}, ${etcd35Name}`, possible)) return;
    const { code, said } = await pod.exec('sh', '/check/check.sh');
    assert.equal(code, 1);
    assert.match(said, /^\/opt\/etcd\/3\.6\/etcd: expected etcd 3\.6, found: etcd Version: 3\.5\./);
  });

  it('runs the programs beside the bot without npm', async (t) => {
    if (!need(t, `${imageProgramsName}, ${etcd35Name}`, possible)) return;
    const config = '/etc/etcd-backup/config.yaml';
    const ready = await pod.exec('node', 'src/ready/main.ts', 'prod-east', config);
    assert.equal(ready.code, 0, ready.said);
    const checked = await pod.exec('node', 'src/config/check/check.ts', config);
    assert.equal(checked.code, 0, checked.said);
    const adopted = await pod.exec('node', 'src/destination/main.ts', 'adopt', 'nas-1', config, '--yes');
    assert.equal(adopted.code, 0, adopted.said);
  });

  it('ends by itself when it is told to, as process 1', async (t) => {
    if (!need(t, `${imageProgramsName}, ${etcd35Name}`, possible)) return;
    await pod.signal('TERM');
    assert.equal(await pod.exited, 0, pod.log().slice(-3000));
  });

  const text = (message: Parameters<World['workspace']['renderMessage']>[0]) =>
    world.workspace.renderMessage(message);

  async function health(page: 'healthz' | 'readyz'): Promise<Response> {
    return fetch(`http://127.0.0.1:${port}/${page}`);
  }

  function placesInThePod(destinations: Readonly<Record<string, string>>): Record<string, string> {
    return Object.fromEntries(Object.entries(destinations).map(([name, folder]) => [`/mnt/${name}`, folder]));
  }

  /** The sandbox's configuration with the paths of the pod. */
  function asInThePod(
    config: Parameters<NonNullable<Parameters<typeof startWorld>[0]['configure']>>[0],
  ): void {
    config.records = { ...config.records, file: '/var/lib/etcd-backup/records.db' };
    Object.assign(config, { client: { path: 'kubectl' }, health: { port } });
    config.drillTools = Object.fromEntries(image.etcdMinors.map((minor) => [minor, `/opt/etcd/${minor}`]));
    for (const place of config.destinations ?? []) place.directory = { path: `/mnt/${place.name}` };
    for (const cluster of config.clusters)
      Object.assign(cluster, { connect: { kubeconfig: `${kubeconfigs}/prod-east` }, drill: true });
  }

  async function checkStep(): Promise<string> {
    const folder = await made('check');
    await copyFile(path.join(deployDirectory, 'image', 'check.sh'), path.join(folder, 'check.sh'));
    for (const each of [folder, path.join(folder, 'check.sh')]) await chmod(each, 0o755);
    return folder;
  }

  async function fillVolumes(): Promise<void> {
    const [config, secret] = [volumeOf(home, 'config'), volumeOf(home, 'kubeconfigs')];
    for (const folder of [config, secret]) await mkdir(folder, { recursive: true });
    await copyFile(world.configFile, path.join(config, 'config.yaml'));
    await copyFile(path.join(world.dir, 'kubeconfig.yaml'), path.join(secret, 'prod-east'));
    for (const file of [path.join(config, 'config.yaml'), path.join(secret, 'prod-east')])
      await chown(file, randomUser, 0);
    for (const folder of Object.values(world.offCluster?.destinations ?? {}))
      await chown(folder, randomUser, 0);
  }
});
