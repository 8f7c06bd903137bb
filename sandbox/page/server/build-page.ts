import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const project = fileURLToPath(new URL('../../..', import.meta.url));
const sources = path.join(project, 'sandbox/page/web');
const cache = path.join(project, 'node_modules/.cache/sandbox-page');
/** What the page is made of beside its own folder. */
const others = ['sandbox/slack/mrkdwn.ts', 'sandbox/slack/json.ts', 'package-lock.json'];

/**
 * The folder with the page as browsers take it. It is built once for each state of its sources, in a few seconds, and kept in
 * node_modules/.cache.
 */
export async function builtPage(): Promise<string> {
  const built = path.join(cache, await digestOfSources());
  if (await isThere(built)) return built;
  await mkdir(cache, { recursive: true });
  const unfinished = await mkdtemp(path.join(cache, 'unfinished-'));
  try {
    await build(unfinished);
    await rename(unfinished, built);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    // Another sandbox that started at the same time may have been faster.
    if (!(await isThere(built))) throw error;
  }
  await removeOthers(built);
  return built;
}

async function build(outDir: string): Promise<void> {
  const { build: viteBuild } = await import('vite').catch((error: unknown) => {
    throw new Error(
      'The page cannot be built: the package vite is not installed. Run npm ci without --omit=dev, or npm run sandbox -- --terminal.',
      { cause: error },
    );
  });
  await viteBuild({
    root: sources,
    configFile: false,
    logLevel: 'warn',
    base: '/',
    // Nothing is taken from the environment.
    envDir: false,
    build: { outDir, emptyOutDir: true, assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  });
}

async function digestOfSources(): Promise<string> {
  const hash = createHash('sha256');
  const own = await readdir(sources, { recursive: true, withFileTypes: true });
  const files = own
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .toSorted();
  for (const file of [...files, ...others.map((name) => path.join(project, name))]) {
    hash
      .update(`${path.relative(project, file)}\0`)
      .update(await readFile(file))
      .update('\0');
  }
  return hash.digest('hex').slice(0, 16);
}

/** Earlier states: only the newest is kept. A build that another process has under way is left alone. */
async function removeOthers(built: string): Promise<void> {
  const names = (await readdir(cache)).filter((name) => /^[0-9a-f]{16}$/.test(name));
  for (const name of names) {
    const folder = path.join(cache, name);
    if (folder !== built) await rm(folder, { recursive: true, force: true });
  }
}

async function isThere(folder: string): Promise<boolean> {
  return stat(folder).then(
    () => true,
    () => false,
  );
}
