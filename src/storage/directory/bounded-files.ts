import type { BoundedCalls } from './bounded-calls.ts';
import type { PlaceFile, PlaceFiles } from './place-files.ts';

/** The same file system, no call of which is waited for without a bound: see BoundedCalls. */
export function boundedFiles(files: PlaceFiles, calls: BoundedCalls): PlaceFiles {
  return {
    link: (from, to) => calls.run('look', 'link', () => files.link(from, to)),
    lstat: (path) => calls.run('look', 'lstat', () => files.lstat(path)),
    mkdir: (path, options) => calls.run('look', 'mkdir', () => files.mkdir(path, options)),
    async open(path, flags, mode) {
      const opening = () => files.open(path, flags, mode);
      return boundedFile(await calls.run('look', 'open', opening, closeQuietly), calls);
    },
    readdir: (path) => calls.run('look', 'readdir', () => files.readdir(path)),
    realpath: (path) => calls.run('look', 'realpath', () => files.realpath(path)),
    rename: (from, to) => calls.run('look', 'rename', () => files.rename(from, to)),
    rmdir: (path) => calls.run('look', 'rmdir', () => files.rmdir(path)),
    unlink: (path) => calls.run('look', 'unlink', () => files.unlink(path)),
  };
}

function boundedFile(file: PlaceFile, calls: BoundedCalls): PlaceFile {
  return {
    fd: file.fd,
    // Nothing may wait for a close that waits itself for a read that never returns.
    async close() {
      if (calls.silent) calls.whenItAnswers(() => closeQuietly(file));
      else await calls.run('data', 'close', () => file.close());
    },
    datasync: () => calls.run('data', 'fdatasync', () => file.datasync()),
    read: (...args) => calls.run('look', 'read', () => file.read(...args)),
    readFile: (encoding) => calls.run('look', 'read', () => file.readFile(encoding)),
    // NFS writes the file's pages back before it returns or sets its times.
    stat: (options) => calls.run('data', 'fstat', () => file.stat(options)),
    sync: () => calls.run('data', 'fsync', () => file.sync()),
    utimes: (atime, mtime) => calls.run('data', 'futimes', () => file.utimes(atime, mtime)),
    writeFile: (data) => calls.run('data', 'write', () => file.writeFile(data)),
    writev: (buffers) => calls.run('data', 'write', () => file.writev(buffers)),
  };
}

function closeQuietly(file: PlaceFile): void {
  file.close().catch(() => undefined);
}
