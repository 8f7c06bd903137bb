import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: Buffer | string;
  readonly headers?: Readonly<Record<string, string>>;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** The built page's files by their address, read once. `/` and `/gallery` are the same document. */
export async function readPageFiles(folder: string): Promise<ReadonlyMap<string, Answer>> {
  const files = new Map<string, Answer>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const type = types[path.extname(file)] ?? 'application/octet-stream';
    const address = `/${path.relative(folder, file).split(path.sep).join('/')}`;
    files.set(address, { status: 200, type, body: await readFile(file) });
  }
  const document = files.get('/index.html');
  if (document === undefined) throw new Error(`The built page in ${folder} has no index.html.`);
  files.delete('/index.html');
  files.set('/', document);
  files.set('/gallery', document);
  return files;
}
