import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ManifestCopy, ManifestFile } from '../../src/domain/copies/manifest-document.ts';

/**
 * Puts a file of a backup below `root`, a directory as its one place, and answers what a manifest then says of it. `whole`: the
 * file itself; `bytes`: what lies there, which may be encrypted.
 */
export async function storedFile(
  file: ManifestFile,
  root: string,
  whole: Buffer,
  bytes: Buffer,
): Promise<ManifestFile> {
  const [copy] = file.copies as [ManifestCopy];
  await mkdir(path.dirname(path.join(root, copy.key)), { recursive: true });
  await writeFile(path.join(root, copy.key), bytes);
  const here = {
    ...copy,
    place: { kind: 'directory', path: root } as const,
    storedSize: bytes.length,
    storedSha256: digest(bytes),
  };
  return { ...file, size: whole.length, sha256: digest(whole), copies: [here] };
}

function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
