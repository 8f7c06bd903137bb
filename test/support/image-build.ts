import { execFile } from 'node:child_process';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findPrograms } from '../../src/drill/find-etcd.ts';
import { findKubectl } from '../deploy/render.ts';
import { etcd35 } from './etcd-programs.ts';

const run = promisify(execFile);
const project = fileURLToPath(new URL('../..', import.meta.url));

/** What the image's own configuration says, as far as tests look. */
export interface ImageConfig {
  readonly User: string;
  readonly Env: readonly string[];
  readonly Entrypoint: readonly string[];
  readonly Cmd: readonly string[];
  readonly WorkingDir: string;
  readonly Labels: Readonly<Record<string, string>>;
}

export interface BuiltImage {
  readonly config: ImageConfig;
  /** Its file system, mounted: what is written there changes nothing but this copy. */
  readonly root: string;
  /** The base that it was built on, by digest. */
  readonly base: string;
  readonly etcdMinors: readonly string[];
}

/** What building and starting an image takes; undefined: this machine or this user cannot. */
export async function imagePrograms(): Promise<true | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const found = ['buildah', 'runc', 'mmdebstrap'].map((name) => run(name, ['--version']));
  const all = await Promise.allSettled(found);
  return all.every(({ status }) => status === 'fulfilled') ? true : undefined;
}

export const imageProgramsName = 'root, buildah, runc and mmdebstrap';

/**
 * Builds `deploy/Containerfile` as it is, on images that are made here of Debian's packages and of the programs of this machine.
 * Everything is below `dir`. They stand for those that people pull: etcd 3.4 lies where Red Hat's images have it, 3.5 where upstream's do.
 */
export async function buildImage(dir: string): Promise<BuiltImage> {
  const buildah = buildahIn(dir);
  const parts = path.join(dir, 'parts');
  await gatherParts(parts);
  const of = (target: string) => `localhost/lab/${target}`;
  for (const target of ['base', 'node', 'client', 'etcd-3.4', 'etcd-3.5'])
    await buildah('bud', '--quiet', '--isolation=chroot', `--target=${target}`, `--tag=${of(target)}`, parts);
  const digest = await buildah('inspect', '--type=image', '--format={{.FromImageDigest}}', of('base'));
  const base = `${of('base')}@${digest}`;
  const context = path.join(dir, 'clone');
  await strictClone(context);
  const images = {
    NODE_IMAGE: of('node'),
    BASE_IMAGE: base,
    CLIENT_IMAGE: of('client'),
    ETCD_3_4_IMAGE: of('etcd-3.4'),
    ETCD_3_5_IMAGE: of('etcd-3.5'),
    ETCD_3_6_IMAGE: 'none',
    REVISION: 'abc1234',
  };
  await buildah(
    'bud',
    '--isolation=chroot',
    '--pull-never',
    `--file=${path.join(context, 'deploy', 'Containerfile')}`,
    `--tag=${of('bot')}`,
    ...Object.entries(images).map(([name, value]) => `--build-arg=${name}=${value}`),
    ...(await npmOptions()),
    context,
  );
  const inspected = JSON.parse(await buildah('inspect', '--type=image', of('bot')));
  const container = await buildah('from', '--pull-never', of('bot'));
  const root = await buildah('mount', container);
  return { config: inspected.OCIv1.config, root, base, etcdMinors: ['3.4', '3.5'] };
}

function buildahIn(dir: string): (...args: readonly string[]) => Promise<string> {
  // vfs works on every file system, and leaves no mounts behind where a test is killed.
  const store = [
    '--storage-driver=vfs',
    `--root=${path.join(dir, 'store')}`,
    `--runroot=${path.join(dir, 'run')}`,
  ];
  return async (...args) => {
    const options = { cwd: dir, maxBuffer: 64 * 1024 ** 2 };
    const { stdout } = await run('buildah', [...store, ...args], options);
    return stdout.trim();
  };
}

const containerfile = `
FROM scratch AS base
ADD base.tar /
FROM base AS node
COPY node /usr/local/bin/node
COPY npm /usr/local/lib/node_modules/npm
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
FROM scratch AS client
COPY kubectl /bin/kubectl
FROM scratch AS etcd-3.4
COPY etcd-3.4 /usr/bin
FROM scratch AS etcd-3.5
COPY etcd-3.5 /usr/local/bin
`;

async function gatherParts(parts: string): Promise<void> {
  await mkdir(parts);
  await writeFile(path.join(parts, 'Containerfile'), containerfile);
  const at = (name: string) => path.join(parts, name);
  const copies: readonly (readonly [from: string | undefined, to: string])[] = [
    [process.execPath, 'node'],
    [await npmPackage(), 'npm'],
    [await findKubectl(), 'kubectl'],
    ...Object.entries(findPrograms(process.env.PATH ?? '')).map(
      ([name, file]) => [name === 'etcdutl' ? undefined : file, `etcd-3.4/${name}`] as const,
    ),
    ...Object.entries(etcd35() ?? {}).map(([name, file]) => [file, `etcd-3.5/${name}`] as const),
  ];
  await Promise.all([
    makeBase(at('base.tar')),
    ...copies.map(async ([from, to]) => from && cp(from, at(to), { recursive: true })),
  ]);
}

/** The package of the npm that is in PATH, whichever Node it came with. */
async function npmPackage(): Promise<string> {
  const { stdout } = await run('/bin/sh', ['-c', 'readlink -f "$(command -v npm)"']);
  return path.dirname(path.dirname(stdout.trim()));
}

/** The least of Debian that the Containerfile asks of a base, unpacked without being set up. */
async function makeBase(file: string): Promise<void> {
  const targets = await run('apt-get', ['indextargets', '--format', '$(REPO_URI)', 'Created-By: Packages']);
  const mirror = targets.stdout.split('\n').find((uri) => /\/debian\/?$/.test(uri));
  if (mirror === undefined) throw new Error("expected a mirror of Debian in apt's sources, found none");
  const packages = ['base-files', 'base-passwd', 'dash', 'coreutils', 'libc6', 'libstdc++6'];
  await run('mmdebstrap', [
    '--quiet',
    '--variant=extract',
    `--include=${packages.join(',')}`,
    'bookworm',
    file,
    mirror,
  ]);
}

/** What a person clones who keeps files from others: nothing is readable for the image's user by itself. */
async function strictClone(context: string): Promise<void> {
  for (const name of [
    '.containerignore',
    '.npmrc',
    'LICENSE',
    'package.json',
    'package-lock.json',
    'bin',
    'deploy',
    'src',
  ])
    await cp(path.join(project, name), path.join(context, name), { recursive: true });
  await run('chmod', ['--recursive', 'go=', context]);
}

/** npm finds here what it has fetched for this project already, and trusts whom this machine trusts. */
async function npmOptions(): Promise<readonly string[]> {
  const cache = (await run('npm', ['config', 'get', 'cache'])).stdout.trim();
  const ca = process.env.NODE_EXTRA_CA_CERTS;
  const registry = (await run('npm', ['config', 'get', 'registry'])).stdout.trim();
  const packages = path.join(cache, '_cacache');
  await mkdir(packages, { recursive: true });
  return [
    `--build-arg=NPM_REGISTRY=${registry}`,
    ...(ca ? [`--secret=id=ca,src=${ca}`] : []),
    `--volume=${packages}:/root/.npm/_cacache`,
  ];
}
