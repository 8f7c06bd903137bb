import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';

/** Programs of one etcd installation. `etcdutl` exists since 3.5; since 3.6 only it knows snapshots. */
export interface EtcdTools {
  readonly etcd: string;
  readonly etcdctl: string;
  readonly etcdutl?: string;
}

/** Looks along a search path such as `PATH`; undefined: no drill is possible on this machine. */
export function findEtcdTools(searchPath: string): EtcdTools | undefined {
  const { etcd, etcdctl, etcdutl } = findPrograms(searchPath);
  if (etcd === undefined || etcdctl === undefined) return undefined;
  return { etcd, etcdctl, ...(etcdutl === undefined ? {} : { etcdutl }) };
}

/** Absolute paths of the programs that are there and can be run. */
export function findPrograms(searchPath: string): {
  readonly [Name in keyof EtcdTools]?: EtcdTools[Name] | undefined;
} {
  return {
    etcd: findProgram('etcd', searchPath),
    etcdctl: findProgram('etcdctl', searchPath),
    etcdutl: findProgram('etcdutl', searchPath),
  };
}

function findProgram(name: string, searchPath: string): string | undefined {
  return searchPath
    .split(path.delimiter)
    .filter((folder) => path.isAbsolute(folder))
    .map((folder) => path.join(folder, name))
    .find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
