import { createGunzip } from 'node:zlib';
import { extract, type Header } from 'tar-stream';
import { missingStaticPods } from '../../domain/backup/file-format.ts';
import { CopyMismatchError } from '../../workflow/ports/destination.ts';

const longestName = 4096;
// The real archive has some hundred members and a few MB: beyond this it is a bomb, not a backup.
const mostMembers = 100_000;
const mostUnpackedBytes = 4 * 1024 ** 3;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
const harmlessTypes = new Set(['file', 'contiguous-file', 'directory', 'symlink', 'link']);

/**
 * Reads the members of a gzipped tar that is pushed in piece by piece. Memory does not grow with the archive: members are
 * skipped, only the first two parts of their paths are kept.
 */
export class MemberList {
  readonly #gunzip = createGunzip();
  readonly #directories = new Set<string>();
  readonly #done: Promise<void>;
  #members = 0;
  #unpacked = 0;
  #fault: CopyMismatchError | undefined;

  constructor() {
    this.#done = this.#read();
    this.#done.catch(() => undefined);
  }

  /** Takes one piece, when what was pushed before has been read. Keeps what is wrong for `finish`. */
  async push(chunk: Uint8Array): Promise<void> {
    if (this.#fault || this.#gunzip.destroyed) return;
    await new Promise<void>((resolve) => {
      // A stream that fails does not call back for what it still holds.
      this.#gunzip.once('close', resolve);
      this.#gunzip.write(chunk, () => {
        this.#gunzip.off('close', resolve);
        resolve();
      });
    });
  }

  /** Ends the archive; throws CopyMismatchError when it cannot be read to its end, is hostile, or lacks a static pod. */
  async finish(): Promise<void> {
    if (!this.#gunzip.destroyed) this.#gunzip.end();
    await this.#done;
    if (this.#fault) throw this.#fault;
    const missing = missingStaticPods(this.directories);
    if (missing.length === 0) return;
    throw new CopyMismatchError('incomplete', `the archive has no resources of ${missing.join(', ')}`);
  }

  /** First two path parts of the members, each once, in order: `static-pod-resources/etcd-pod-2`. */
  get directories(): readonly string[] {
    return [...this.#directories];
  }

  /** Lets go of everything; for a body that is left early. */
  discard(): void {
    this.#gunzip.destroy();
  }

  async #read(): Promise<void> {
    const archive = extract();
    this.#gunzip.on('data', (data: Buffer) => {
      this.#unpacked += data.byteLength;
      if (this.#unpacked > mostUnpackedBytes) {
        this.#gunzip.destroy(new Error(`it unpacks to more than ${mostUnpackedBytes} bytes`));
      }
    });
    this.#gunzip.on('error', (error) => archive.destroy(error));
    this.#gunzip.on('close', () => this.#gunzip.readableEnded || archive.destroy(new Error('left early')));
    this.#gunzip.pipe(archive);
    try {
      for await (const entry of archive) {
        this.#take(entry.header);
        entry.resume();
      }
    } catch (error) {
      this.#fault ??= asFault(error);
    } finally {
      this.#gunzip.destroy();
    }
  }

  #take(header: Header): void {
    this.#members += 1;
    if (this.#members > mostMembers) throw new Error(`it has more than ${mostMembers} members`);
    const wrong = hostility(header);
    if (wrong !== undefined)
      throw new CopyMismatchError('hostile-member', `the archive must not be unpacked: ${wrong}`);
    this.#directories.add(pathParts(header.name).slice(0, 2).join('/'));
  }
}

function asFault(error: unknown): CopyMismatchError {
  if (error instanceof CopyMismatchError) return error;
  const why = error instanceof Error ? error.message : String(error);
  return new CopyMismatchError('archive', `the archive cannot be read to its end: ${why}`);
}

/** What a member could do to the machine that unpacks it as root; undefined: nothing outside its own directory. */
function hostility({ name, type, linkname }: Header): string | undefined {
  const shown = JSON.stringify(name.slice(0, 120));
  if (!harmlessTypes.has(type ?? 'file')) return `member ${shown} is a ${type}`;
  if (name === '' || name.length > longestName) return `a member's name has ${name.length} characters`;
  if (control.test(name)) return `member ${shown} has control characters in its name`;
  if (name.startsWith('/')) return `member ${shown} has an absolute name`;
  if (pathParts(name).includes('..')) return `member ${shown} leads out of its directory`;
  if (type !== 'symlink' && type !== 'link') return undefined;
  return linkLeadsOut(name, type, linkname ?? '') ? `link ${shown} leads out of its directory` : undefined;
}

function linkLeadsOut(name: string, type: 'symlink' | 'link', target: string): boolean {
  if (target === '' || target.startsWith('/') || control.test(target)) return true;
  // A hard link's target counts from the archive's root, a symbolic link's from where it lies.
  let depth = type === 'link' ? 0 : pathParts(name).length - 1;
  for (const part of pathParts(target)) {
    depth += part === '..' ? -1 : 1;
    if (depth < 0) return true;
  }
  return false;
}

function pathParts(path: string): readonly string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.');
}
