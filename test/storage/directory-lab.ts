import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { promisify } from 'node:util';
import { directoryDestination } from '../../src/storage/directory/directory.ts';
import { nodeFiles, type PlaceFiles } from '../../src/storage/directory/place-files.ts';
import type { Destination } from '../../src/workflow/ports/destination.ts';

const run = promisify(execFile);

export async function temporaryDirectory(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'destination-'));
  t.after(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** A destination on a real file system, some of whose calls answer as a file server may. Waits are over at once. */
export function placeAt(
  path: string,
  changes: Partial<PlaceFiles> = {},
  now = () => Date.now(),
): Destination {
  const files = { ...nodeFiles, ...changes };
  const sleep = () => new Promise((resolve) => setTimeout(resolve, 1));
  return directoryDestination({ name: 'nas', path, clock: { now, sleep }, files });
}

export function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: as the file server says`), { code });
}

/** The call is carried out, and its answer says otherwise: what a file server gives for a request that it saw twice. */
export function thenFails<A extends readonly unknown[], R>(
  call: (...args: A) => Promise<R>,
  code: string,
  times = 1,
): (...args: A) => Promise<R> {
  let left = times;
  return async (...args) => {
    const result = await call(...args);
    if (left-- > 0) throw systemError(code);
    return result;
  };
}

/** The call fails so many times, and is not carried out then. */
export function firstFails<A extends readonly unknown[], R>(
  call: (...args: A) => Promise<R>,
  code: string,
  times = 1,
  when: (...args: A) => boolean = () => true,
): (...args: A) => Promise<R> {
  let left = times;
  return async (...args) => {
    if (when(...args) && left-- > 0) throw systemError(code);
    return call(...args);
  };
}

export async function filesIn(path: string): Promise<readonly string[]> {
  const entries = await readdir(path, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1))
    .sort();
}

export async function inProcess(file: string, args: readonly string[]): Promise<string> {
  return (await run(process.execPath, [file, ...args])).stdout;
}
