import { join } from 'node:path';
import { type ClusterFile, clustersDirectory, nameOfFile } from './cluster-files.ts';
import { readYaml, type YamlDocument } from './document.ts';
import { type ConfigWarning, keyText, type Mistake, type Path } from './mistake.ts';
import { isMapping } from './with-defaults.ts';

/** The main file with the clusters of `clusters.d` behind its own, as if all were written in one file. */
export interface MergedDocument extends YamlDocument {
  /** A place in words, as seen from another file where it is in one. */
  placeOf(path: Path, from: Path): string;
  /** What was found at a key of the whole, said of the file that it is in. */
  located<Entry extends Mistake | ConfigWarning>(entry: Entry): Entry;
}

interface Part {
  /** Path, as the main file's is given. */
  readonly file: string;
  readonly document: YamlDocument;
}

/** Mistakes instead, of all files at once, where one is no YAML file or holds no cluster. `file`: path of the main one. */
export function mergedDocument(
  { file, directory, text }: { readonly file: string; readonly directory: string; readonly text: string },
  clusterFiles: readonly ClusterFile[],
): MergedDocument | readonly Mistake[] {
  const main = readYaml(text);
  const mistakes: Mistake[] = 'value' in main ? [] : [...main];
  const parts: Part[] = [];
  for (const each of clusterFiles) {
    const path = join(directory, clustersDirectory, each.name);
    const read = readClusterFile(each);
    if ('value' in read) parts.push({ file: path, document: read });
    else mistakes.push(...read.map((mistake) => ({ ...mistake, file: path })));
  }
  return 'value' in main && mistakes.length === 0 ? merge(file, main, parts) : mistakes;
}

function readClusterFile(file: ClusterFile): YamlDocument | readonly Mistake[] {
  const wrong = (expected: string, found: string, hint?: string) => [
    { key: '', line: undefined, expected, found, hint },
  ];
  if ('found' in file) return wrong('a readable YAML file', file.found);
  const read = readYaml(file.text);
  if (!('value' in read)) return read;
  const expected = 'one cluster, as a YAML mapping with its keys (connect, channel, …)';
  if (Array.isArray(read.value)) {
    return wrong(expected, 'a list', 'one cluster a file, without the dash before it');
  }
  if (!isMapping(read.value)) return wrong(expected, read.value === null ? 'nothing' : 'something else');
  if (Array.isArray(read.value.clusters)) {
    return wrong(expected, 'a list of clusters', 'one cluster a file, without clusters: around it');
  }
  return { ...read, value: { name: nameOfFile(file.name), ...read.value } };
}

function merge(file: string, main: YamlDocument, parts: readonly Part[]): MergedDocument {
  const own = isMapping(main.value) ? main.value.clusters : undefined;
  const count = Array.isArray(own) ? own.length : 0;
  // What is wrong with the main file's own list is said first.
  const fits = isMapping(main.value) && (own === undefined || own === null || Array.isArray(own));
  const value =
    fits && parts.length > 0
      ? {
          ...(main.value as object),
          clusters: [...(Array.isArray(own) ? own : []), ...parts.map(({ document }) => document.value)],
        }
      : main.value;

  /** The file that a place is in, and the place within it; of the main file: as it is. */
  function partOf(path: Path): { readonly part: Part | undefined; readonly inner: Path } {
    const [list, index, ...inner] = path;
    const part = list === 'clusters' && typeof index === 'number' ? parts[index - count] : undefined;
    return part ? { part, inner } : { part: undefined, inner: path };
  }

  function inItsFile(path: Path): { readonly document: YamlDocument; readonly inner: Path } {
    const { part, inner } = partOf(path);
    return { document: part?.document ?? main, inner };
  }

  function lineOf(path: Path): number {
    const { document, inner } = inItsFile(path);
    return document.lineOf(inner);
  }

  return {
    value,
    lineOf,
    columnOf(path) {
      const { document, inner } = inItsFile(path);
      return document.columnOf(inner);
    },
    isTilde(path) {
      const { document, inner } = inItsFile(path);
      return document.isTilde(inner);
    },
    placeOf(path, from) {
      const { part, inner } = partOf(path);
      const elsewhere = part === partOf(from).part ? '' : ` of ${part?.file ?? file}`;
      return `${keyText(inner) || 'the file'} (line ${lineOf(path)}${elsewhere})`;
    },
    located(entry) {
      const [whole = '', index, rest = ''] = /^clusters\[(\d+)\]\.?(.*)$/.exec(entry.key) ?? [];
      const part = whole === '' ? undefined : parts[Number(index) - count];
      return part ? { ...entry, key: rest, file: part.file } : entry;
    },
  };
}
