import { type FSWatcher, watch } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Config } from '../config/build/config.ts';
import { readConfigOfProcess } from '../config/build/process.ts';
import { reloaded } from '../config/build/reloaded.ts';
import { clustersDirectory } from '../config/file/cluster-files.ts';
import { ConfigError, mistakeText } from '../config/file/mistake.ts';
import type { ConfigReading, ConfigurationFiles, FileMistake } from '../workflow/ports/configuration.ts';

/** The files of this process's configuration. `started`: what the bot was started with. */
export function configurationFiles(file: string, started: Config): ConfigurationFiles {
  const directory = join(dirname(resolve(file)), clustersDirectory);
  const list = () => readdir(directory).catch(codeOf);
  let hadFiles = false;
  return {
    async state() {
      const names = await list();
      const paths = Array.isArray(names) ? names.sort().map((name) => join(directory, name)) : [];
      const states = await Promise.all([file, ...paths].map(stateOf));
      return JSON.stringify([Array.isArray(names) ? '' : names, ...states]);
    },
    async read() {
      const names = await list();
      const read = await readAgain(file, started);
      // A directory that is not found, such as an unmounted volume, removes no cluster; neither does one that is lost while it is read.
      const isGone = names === 'ENOENT' || (await list()) === 'ENOENT';
      if (hadFiles && isGone) return { ok: false, mistakes: [goneMistake(directory)] };
      if (read.ok) hadFiles = Array.isArray(names) && names.some((name) => !name.startsWith('.'));
      return read;
    },
  };
}

function goneMistake(directory: string): FileMistake {
  const text =
    'the directory: expected the files that were there before; found no such directory (an empty one says that there are no clusters in files of their own)';
  return { file: directory, line: undefined, text };
}

/** Through symbolic links: the kubelet replaces the directory that they lead to, and none of its files is ever written again. */
async function stateOf(path: string): Promise<readonly unknown[]> {
  const found = await stat(path).catch(codeOf);
  if (typeof found === 'string') return [path, found];
  return [path, found.dev, found.ino, found.size, found.mtimeMs, found.ctimeMs];
}

function codeOf(error: unknown): string {
  return String((error as { code?: unknown } | null)?.code);
}

async function readAgain(file: string, started: Config): Promise<ConfigReading> {
  try {
    const config = await readConfigOfProcess(file);
    const { unopened, clusters, atNextStart } = reloaded(started, config);
    if (unopened.length > 0) return { ok: false, mistakes: unopened.map((each) => mistakeOf(each, file)) };
    return { ok: true, digest: config.digest, people: config.fleet.people, clusters, atNextStart };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const mistakes = error.mistakes.map((each): FileMistake => {
      return { file: each.file ?? file, line: each.line, text: mistakeText({ ...each, line: undefined }) };
    });
    return { ok: false, mistakes };
  }
}

function mistakeOf(
  { cluster, destination }: { readonly cluster: string; readonly destination: string },
  file: string,
): FileMistake {
  const text = `copies of cluster ${cluster}: expected a destination that the bot has opened at its start; found ${destination}, which is new in the main file (restart the bot, then it is used)`;
  return { file, line: undefined, text };
}

/**
 * Calls `hint` when something happens to the files. Only a hint: network file systems say nothing, and a watch ends with the
 * directory that it is on. `refresh` watches what was not there before.
 */
export function watchFolders(file: string, hint: () => void): { refresh(): void; stop(): Promise<void> } {
  const main = dirname(resolve(file));
  const clusters = join(main, clustersDirectory);
  // The records may lie beside the main file, and are written all the time.
  const inMain = [basename(file), clustersDirectory, '..data'];
  const watchers = new Map<string, FSWatcher>();

  function begin(directory: string, concerns: (name: string) => boolean): void {
    if (watchers.has(directory)) return;
    try {
      const watcher = watch(directory, { persistent: false }, (_event, name) => {
        if (name === null || concerns(name)) hint();
      });
      watchers.set(directory, watcher);
      watcher.on('error', () => {
        watcher.close();
        watchers.delete(directory);
      });
    } catch {
      // It is not there (yet): files are looked at without a hint, too.
    }
  }

  return {
    refresh() {
      begin(main, (name) => inMain.includes(name));
      begin(clusters, () => true);
    },
    async stop() {
      for (const each of watchers.values()) each.close();
      watchers.clear();
    },
  };
}
