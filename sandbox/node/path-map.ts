import { realpathSync, statSync } from 'node:fs';
import path from 'node:path';

/** A word that would lead out of the node's tree: the command is refused with exit 126. */
export class OutsideTreeError extends Error {
  override readonly name = 'OutsideTreeError';
}

const DEVICES = new Set([
  '/dev/null',
  '/dev/zero',
  '/dev/full',
  '/dev/urandom',
  '/dev/stdin',
  '/dev/stdout',
  '/dev/stderr',
]);
const SYSTEM_PROGRAM = /^\/(?:usr\/)?s?bin\/[^/]+$/;
const SHELLS = new Set(['sh', 'bash']);

/**
 * The words of a node's command as this machine must see them. `root` is the real path of the node's tree.
 * A whole word that begins with `/` is a path of the node; a shell's text (after `-c`) is text and never mapped.
 * Throws OutsideTreeError where `..` or a symbolic link would lead out of the tree.
 */
export function mapCommand(root: string, command: readonly string[]): string[] {
  const textAt = shellTextIndex(command);
  return command.map((word, index) => {
    if (index === textAt) return word;
    if (index === 0) return mapProgram(root, word);
    return mapWord(root, word);
  });
}

function shellTextIndex(command: readonly string[]): number {
  if (!SHELLS.has(path.posix.basename(command[0] ?? ''))) return -1;
  const flag = command.findIndex((word, index) => index > 0 && /^-[a-z]*c$/.test(word));
  return flag < 0 ? -1 : flag + 1;
}

/** The tree holds no operating system: `/bin/sh` and the like are this machine's, unless the tree has its own. */
function mapProgram(root: string, word: string): string {
  const mapped = mapWord(root, word);
  if (SYSTEM_PROGRAM.test(word) && !isFile(mapped) && isFile(word)) return word;
  return mapped;
}

function mapWord(root: string, word: string): string {
  if (word.startsWith('/')) return mapAbsolute(root, word);
  if (word.includes('/') || word === '..') refuseEscape(root, path.join(root, word), word);
  return word;
}

function mapAbsolute(root: string, word: string): string {
  if (DEVICES.has(word)) return word;
  // As in a chroot, `..` at the top stays at the top; a trailing slash keeps its meaning (mv, cp).
  const normal = path.posix.normalize(word).replace(/^\/+/, '/');
  const mapped = normal === '/' ? root : root + normal;
  refuseEscape(root, mapped, word);
  return mapped;
}

function refuseEscape(root: string, mapped: string, word: string): void {
  const real = realPrefix(mapped);
  if (real !== root && !real.startsWith(`${root}/`)) {
    throw new OutsideTreeError(`'${word}' leads out of the node's tree`);
  }
}

/** The real path of the longest part that exists: what does not exist yet cannot be a link. */
function realPrefix(file: string): string {
  for (let part = path.normalize(file); ; part = path.dirname(part)) {
    try {
      return realpathSync(part);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code !== 'ENOENT' && code !== 'ENOTDIR')
        throw new OutsideTreeError(`'${file}' cannot be resolved: ${code}`);
    }
  }
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}
