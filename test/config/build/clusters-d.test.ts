// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the configuration writes references so
import { strict as assert } from 'node:assert';
import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { Config } from '../../../src/config/build/config.ts';
import { loadConfig } from '../../../src/config/build/load.ts';
import { reloaded } from '../../../src/config/build/reloaded.ts';
import { type Folders, readClusterFiles } from '../../../src/config/file/cluster-files.ts';
import { ConfigError, errorLines } from '../../../src/config/file/mistake.ts';
import { configText, offCluster, splitCopies, tokens } from '../load-text.ts';

const folders: Folders = {
  list: (directory) => readdir(directory),
  readFile: (file) => readFile(file, 'utf8'),
  readLink: (file) => readlink(file),
};

/** A directory with the main file and these files in clusters.d. */
async function folderWith(
  t: TestContext,
  files: Readonly<Record<string, string>>,
  main: string = configText(),
): Promise<string> {
  const dir = await mkdtemp(path.join(tmpdir(), 'clusters-d-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  await mkdir(path.join(dir, 'clusters.d'));
  await writeFile(path.join(dir, 'config.yaml'), main);
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(dir, 'clusters.d', name), text);
  return dir;
}

function load(dir: string, env: Readonly<Record<string, string>> = tokens): Promise<Config> {
  return loadConfig({
    file: path.join(dir, 'config.yaml'),
    env,
    readFile: folders.readFile,
    readClusterFiles: (directory) => readClusterFiles(directory, folders),
  });
}

/** Its mistakes line by line, without the directory. */
async function mistakes(dir: string): Promise<readonly string[]> {
  try {
    await load(dir);
  } catch (error) {
    assert(error instanceof ConfigError, String(error));
    return errorLines(error).map((line) => line.replaceAll(`${dir}/`, ''));
  }
  return assert.fail('loaded without a mistake');
}

const cluster = (name: string, more = '') =>
  `${more}connect: {kubeconfig: kube/${name}.yaml}\nchannel: C0000000002\n`;

describe('clusters.d', () => {
  it('adds one cluster a file behind those of the main file, named by the file or by name:', async (t) => {
    const dir = await folderWith(t, {
      'west.yaml': cluster('west'),
      'b.yml': cluster('east', 'name: east\n'),
      '.west.yaml.swp': 'half a file: [',
      'notes.txt': 'no cluster',
    });
    const { fleet, connections } = await load(dir);
    assert.deepEqual(
      fleet.clusters.map(({ name }) => name),
      ['prod', 'east', 'west'],
    );
    // As in the main file: from its directory.
    assert.deepEqual(connections[2]?.kubeconfig, { file: path.join(dir, 'kube/west.yaml') });
  });

  it('needs no cluster in the main file, takes its defaults, and resolves references', async (t) => {
    const main = configText({
      clusters: undefined,
      defaults: { channel: 'C0000000009', timeZone: 'Asia/Seoul' },
    });
    const dir = await folderWith(t, { 'west.yaml': 'connect: {kubeconfig: "${KUBE}"}\n' }, main);
    const { fleet, connections } = await load(dir, { ...tokens, KUBE: '/kube/west' });
    const [west] = fleet.clusters;
    assert.deepEqual([west?.name, west?.channel, west?.timeZone], ['west', 'C0000000009', 'Asia/Seoul']);
    assert.deepEqual(connections[0]?.kubeconfig, { file: '/kube/west' });
  });

  it('names the file of a mistake and the line in it, and finds those of all files at once', async (t) => {
    const dir = await folderWith(t, {
      'west.yaml': `${cluster('west')}approval:\n  needed: 0\n`,
      'east.yaml': `${cluster('east')}chanel: C1\n`,
    });
    assert.deepEqual(await mistakes(dir), [
      'clusters.d/east.yaml: chanel (line 3): expected a known key; found an unknown one (did you mean "channel"?)',
      'clusters.d/west.yaml: approval.needed (line 4): expected a whole number from 1 to 10; found the number 0',
    ]);
  });

  it('names both places of what is there twice: between two files, and with the main file', async (t) => {
    const dir = await folderWith(t, {
      'a.yaml': cluster('a', 'name: same\n'),
      'b.yaml': cluster('b', 'name: same\n'),
      'prod.yaml': cluster('a'),
    });
    assert.deepEqual(await mistakes(dir), [
      'clusters.d/b.yaml: name (line 1): expected a different one each time; found the same as name (line 1 of clusters.d/a.yaml)',
      'clusters.d/prod.yaml: name (line 1): expected a different one each time; found the same as clusters[0].name (line 1 of config.yaml)',
      'clusters.d/prod.yaml: connect (line 1): expected a cluster of its own; found the same as connect (line 2 of clusters.d/a.yaml)',
    ]);
  });

  it('says what a file holds that is no cluster', async (t) => {
    const dir = await folderWith(t, {
      'a.yaml': `- ${cluster('a').replaceAll('\n', '\n  ')}`,
      'b.yaml': 'clusters:\n  - name: b\n',
      'c.yaml': '',
      'd.yaml': 'name: d\n\tchannel: C1\n',
    });
    await mkdir(path.join(dir, 'clusters.d', 'e.yaml'));
    const one = 'expected one cluster, as a YAML mapping with its keys (connect, channel, …)';
    const said = await mistakes(dir);
    assert.deepEqual(said.slice(0, 3), [
      `clusters.d/a.yaml: the file: ${one}; found a list (one cluster a file, without the dash before it)`,
      `clusters.d/b.yaml: the file: ${one}; found a list of clusters (one cluster a file, without clusters: around it)`,
      `clusters.d/c.yaml: the file: ${one}; found nothing`,
    ]);
    assert.match(said.slice(3).join('\n'), /^clusters\.d\/d\.yaml: [^\n]*line 2/);
    assert.match(
      said.join('\n'),
      /clusters\.d\/e\.yaml: the file: expected a readable YAML file; found a directory/,
    );
  });

  it('is of one edition where a ConfigMap is replaced while it is read', async (t) => {
    const dir = await folderWith(t, {});
    const at = path.join(dir, 'clusters.d');
    // As the kubelet lays it out: the files lead through ..data, which is renamed into place.
    for (const edition of ['..1', '..2']) {
      await mkdir(path.join(at, edition));
      for (const name of ['a', 'b'])
        await writeFile(
          path.join(at, edition, `${name}.yaml`),
          cluster(name, `timeZone: Etc/GMT+${edition.slice(2)}\n`),
        );
    }
    await symlink('..1', path.join(at, '..data'));
    for (const name of ['a.yaml', 'b.yaml']) await symlink(path.join('..data', name), path.join(at, name));
    let swapped = false;
    const swapping: Folders = {
      ...folders,
      async readFile(file) {
        const text = await folders.readFile(file);
        if (!swapped && file.endsWith('a.yaml')) {
          swapped = true;
          await symlink('..2', path.join(at, '..data_tmp'));
          await rename(path.join(at, '..data_tmp'), path.join(at, '..data'));
        }
        return text;
      },
    };
    const read = await readClusterFiles(dir, swapping);
    assert.deepEqual(
      read.map((each) => ('text' in each ? /GMT\+(\d)/.exec(each.text)?.[1] : each.found)),
      ['2', '2'],
    );
  });

  it('has a digest that is the same for the same bytes, and for no others', async (t) => {
    const [first, same] = [
      await folderWith(t, { 'w.yaml': cluster('w') }),
      await folderWith(t, { 'w.yaml': cluster('w') }),
    ];
    assert.equal((await load(first)).digest, (await load(same)).digest);
    await writeFile(path.join(same, 'clusters.d', 'w.yaml'), `${cluster('w')}# a comment\n`);
    assert.notEqual((await load(first)).digest, (await load(same)).digest);
  });
});

describe('what a running bot takes of it', () => {
  const main = (changes: object = {}, its: object = {}) =>
    configText({ ...offCluster, ...changes }, { copies: splitCopies, ...its });
  const read = async (t: TestContext, text: string, env = tokens) => load(await folderWith(t, {}, text), env);

  it('names the keys whose change waits for the next start, a rotated token among them', async (t) => {
    const started = await read(t, main());
    // Relative paths begin at the file's directory, which is another one here.
    const records = { file: '/var/records.db' };
    const [before, after] = [
      await read(t, main({ records })),
      await read(t, main({ records, log: { level: 'debug' } }, { drill: true }), {
        ...tokens,
        SLACK_BOT_TOKEN: 'xoxb-4711-another',
      }),
    ];
    assert.deepEqual(reloaded(started, started).atNextStart, []);
    assert.deepEqual(reloaded(before, after).atNextStart, ['slack', 'log']);
    assert.equal(reloaded(before, after).clusters[0]?.policy.drill, true);
  });

  it('goes on describing the places that are open, and refuses a cluster that needs another one', async (t) => {
    const records = { file: '/var/records.db' };
    const started = await read(t, main({ records }));
    const [nas, vault] = offCluster.destinations;
    const moved = [{ ...nas, directory: { path: '/mnt/other' } }, vault];
    const took = reloaded(started, await read(t, main({ records, destinations: moved })));
    assert.deepEqual(took.atNextStart, ['destinations']);
    const [copy] = took.clusters[0]?.policy.copies ?? [];
    assert.deepEqual(copy?.place, { kind: 'directory', path: '/mnt/nas' });
    const added = [...offCluster.destinations, { name: 'nas-2', directory: { path: '/mnt/nas-2' } }];
    const copies = { ...splitCopies, snapshot: { to: 'nas-2' } };
    const next = reloaded(started, await read(t, main({ records, destinations: added }, { copies })));
    assert.deepEqual(next.unopened, [{ cluster: 'prod', destination: 'nas-2' }]);
  });
});
