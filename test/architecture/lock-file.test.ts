import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

type LockedPackage = {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly resolved?: string;
  /** Only a peer brings it; `.npmrc` omits peers, and their lists may be those of bundles. */
  readonly peer?: boolean;
};

const root = new URL('../../', import.meta.url);
const lock = JSON.parse(readFileSync(new URL('package-lock.json', root), 'utf8')) as {
  readonly packages: Readonly<Record<string, LockedPackage>>;
};

/** Where Node would look for `name` from the package at `path`, nearest folder first. */
function candidates(path: string, name: string): readonly string[] {
  const folders = path === '' ? [] : path.split('/node_modules/');
  return [...folders.keys()]
    .map((depth) => `${folders.slice(0, folders.length - depth).join('/node_modules/')}/node_modules/${name}`)
    .concat(`node_modules/${name}`);
}

test('the lock file holds every dependency, optional ones too: npm ci refuses it otherwise', () => {
  const installed = Object.entries(lock.packages).filter(([, locked]) => locked.peer !== true);
  const missing = installed.flatMap(([path, locked]) =>
    Object.keys({ ...locked.dependencies, ...locked.optionalDependencies })
      .filter((name) => !candidates(path, name).some((candidate) => candidate in lock.packages))
      .map((name) => `${path || 'package.json'} → ${name}`),
  );
  assert.deepEqual(missing, []);
});

test('the lock file names no host', () => {
  const hosts = Object.entries(lock.packages).filter(([, locked]) => locked.resolved !== undefined);
  assert.deepEqual(hosts, []);
});
