import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { bundledArchive, extractProgram } from './extract-program.ts';

export interface Client {
  /** An executable that understands `exec POD -n NS -- …`. */
  path: string;
  /** As the program itself says it, e.g. `v1.35.2`. */
  version: string;
  kind: 'kubectl' | 'oc' | 'stand-in';
}

export interface FindClientOptions {
  /** Made if missing; kept between runs. */
  cacheDir: string;
  env: Readonly<Record<string, string | undefined>>;
  platform?: string;
  arch?: string;
  /** Archive with a kubectl for Linux x64. */
  archive?: string | undefined;
}

/**
 * The real kubectl that npm installed (Linux x64), else `oc` or `kubectl` of this machine, else a stand-in of our own,
 * named in `kind`.
 */
export async function findClient(options: FindClientOptions): Promise<Client> {
  const { cacheDir, env, platform = process.platform, arch = process.arch } = options;
  const archive = 'archive' in options ? options.archive : bundledArchive();
  if (platform === 'linux' && arch === 'x64' && archive !== undefined) {
    const file = await extractProgram(archive, 'kubectl', cacheDir);
    return { path: file, version: await clientVersion(file, env), kind: 'kubectl' };
  }
  for (const kind of ['oc', 'kubectl'] as const) {
    const file = onPath(kind, env.PATH ?? '');
    if (file !== undefined) return { path: file, version: await clientVersion(file, env), kind };
  }
  const file = await writeLauncher(cacheDir);
  return { path: file, version: await clientVersion(file, env), kind: 'stand-in' };
}

async function clientVersion(file: string, env: FindClientOptions['env']): Promise<string> {
  const args = ['version', '--client', '-o', 'json'];
  const { stdout } = await promisify(execFile)(file, args, { env: { ...env }, timeout: 60_000 });
  const found = JSON.parse(stdout) as {
    clientVersion?: { gitVersion?: string };
    releaseClientVersion?: string;
  };
  const version = found.releaseClientVersion ?? found.clientVersion?.gitVersion;
  if (version === undefined)
    throw new Error(`${file} ${args.join(' ')}: expected a version, found ${stdout.slice(0, 200)}`);
  return version;
}

function onPath(name: string, searchPath: string): string | undefined {
  for (const folder of searchPath.split(path.delimiter).filter(path.isAbsolute)) {
    const file = path.join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {}
  }
  return undefined;
}

/** An executable needs a shebang, and that cannot name a Node of unknown place: so a shell passes the words on. */
async function writeLauncher(cacheDir: string): Promise<string> {
  await mkdir(cacheDir, { recursive: true });
  const script = fileURLToPath(new URL('./stand-in.ts', import.meta.url));
  const text = `#!/bin/sh\nexec ${quoted(process.execPath)} ${quoted(script)} "$@"\n`;
  const file = path.join(cacheDir, 'stand-in');
  const part = `${file}.${randomUUID()}.part`;
  await writeFile(part, text, { mode: 0o755 });
  await rename(part, file);
  return file;
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
