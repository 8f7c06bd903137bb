import { execFile, spawn } from 'node:child_process';
import { chown, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { KubeObject } from '../../sandbox/cluster/kube-object.ts';
import type { BuiltImage } from './image-build.ts';

const run = promisify(execFile);

/** As OpenShift picks one: an account that the image knows nothing of, in group 0. */
export const randomUser = 1_000_660_000;

export interface ImagePod {
  /** Of the container's PID 1, on this machine. */
  pid(): Promise<number>;
  /** Everything that it wrote, stdout and stderr together. */
  log(): string;
  readonly exited: Promise<number | null>;
  signal(name: 'TERM' | 'KILL'): Promise<void>;
  /** As `oc exec` would, in the working directory of the image. */
  exec(...argv: readonly string[]): Promise<{ readonly code: number; readonly said: string }>;
  /** Ended processes whose parent, PID 1 of the container, has not asked how they ended. */
  zombies(): Promise<readonly string[]>;
}

export interface PodOptions {
  readonly dir: string;
  /** The Deployment whose command, environment, rights and mounts the container gets. */
  readonly deployment: KubeObject;
  readonly env: Readonly<Record<string, string>>;
  /** Directories of this machine by their path in the container, beside the Deployment's. */
  readonly mounts?: Readonly<Record<string, string>>;
}

/** Where this machine keeps the volume that the Deployment mounts under this name. */
export function volumeOf(dir: string, name: string): string {
  return path.join(dir, 'volumes', name);
}

/** Starts the image under runc, with all rights that the Deployment leaves it, and the network of this machine. */
export async function startPod(image: BuiltImage, options: PodOptions): Promise<ImagePod> {
  const bundle = path.join(options.dir, 'bundle');
  await mkdir(bundle, { recursive: true });
  await writeFile(path.join(bundle, 'config.json'), JSON.stringify(await specOf(image, options)));
  const state = `--root=${path.join(options.dir, 'runc')}`;
  const id = path.basename(options.dir);
  const child = spawn('runc', [state, 'run', '--bundle', bundle, id], { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  const pid = async () => JSON.parse((await run('runc', [state, 'state', id])).stdout).pid as number;
  return {
    pid,
    log: () => text,
    exited,
    signal: async (name) => void (await run('runc', [state, 'kill', id, name])),
    exec: (...argv) =>
      run('runc', [state, 'exec', `--cwd=${image.config.WorkingDir}`, id, ...argv]).then(
        ({ stdout, stderr }) => ({ code: 0, said: stdout + stderr }),
        (error: { code: number; stdout: string; stderr: string }) => ({
          code: error.code,
          said: error.stdout + error.stderr,
        }),
      ),
    zombies: async () => zombiesOf(await pid()),
  };
}

interface Mount {
  readonly mountPath: string;
}

async function specOf(image: BuiltImage, { dir, deployment, env, mounts = {} }: PodOptions): Promise<object> {
  const { config } = image;
  const [container] = deployment.spec.template.spec.containers;
  const { securityContext } = container;
  const bind = (source: string, destination: string, readOnly: boolean) => ({
    destination,
    source,
    type: 'bind',
    options: ['bind', 'nosuid', 'nodev', readOnly ? 'ro' : 'rw'],
  });
  const volumes = [];
  // The outer ones first, as container runtimes mount them.
  const outerFirst = container.volumeMounts.toSorted(
    (a: Mount, b: Mount) => a.mountPath.length - b.mountPath.length,
  );
  for (const { name, mountPath, readOnly = false } of outerFirst) {
    const source = volumeOf(dir, name);
    await mkdir(source, { recursive: true });
    if (!readOnly) await chown(source, randomUser, 0);
    for (const inner of container.volumeMounts) await makeMountPoint(source, mountPath, inner.mountPath);
    volumes.push(bind(source, mountPath, readOnly));
  }
  const own = container.env.map(({ name, value }: { name: string; value: string }) => `${name}=${value}`);
  const given = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  return {
    ociVersion: '1.0.2',
    process: {
      user: { uid: randomUser, gid: 0 },
      args: [...(container.command ?? config.Entrypoint), ...(container.args ?? config.Cmd)],
      env: [...config.Env, ...own, ...given],
      cwd: config.WorkingDir,
      noNewPrivileges: securityContext.allowPrivilegeEscalation === false,
      // None at all, where the Deployment drops all of them.
      ...(securityContext.capabilities.drop.includes('ALL') ? { capabilities: {} } : {}),
    },
    root: { path: image.root, readonly: securityContext.readOnlyRootFilesystem },
    mounts: [
      { destination: '/proc', type: 'proc', source: 'proc' },
      { destination: '/dev', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'mode=755'] },
      ...volumes,
      ...Object.entries(mounts).map(([destination, source]) => bind(source, destination, false)),
    ],
    linux: { namespaces: ['pid', 'mount', 'ipc', 'uts'].map((type) => ({ type })) },
  };
}

/** As the kubelet does for a volume in another one of a ConfigMap or Secret, which is mounted read-only (`MakeNestedMountpoints`). */
async function makeMountPoint(source: string, outer: string, inner: string): Promise<void> {
  const within = path.posix.relative(outer, inner);
  if (within !== '' && !within.startsWith('..')) await mkdir(path.join(source, within), { recursive: true });
}

async function zombiesOf(parent: number): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const states = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')));
  return states.filter((state) => {
    // The name before them may hold spaces and brackets.
    const [kind, ppid] = state.slice(state.lastIndexOf(')') + 2).split(' ');
    return kind === 'Z' && Number(ppid) === parent;
  });
}
