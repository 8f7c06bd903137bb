import { createHash } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';
import { ProxyAddress } from '../../domain/network/proxy-address.ts';
import { redact } from '../../domain/redaction/redact.ts';
import { checkConsistency } from '../consistency/consistency.ts';
import type { ClusterFile } from '../file/cluster-files.ts';
import { kubeconfigProblems } from '../file/kubeconfig.ts';
import { mergedDocument } from '../file/merged-document.ts';
import { ConfigError, type ConfigWarning, keyText, type Mistake } from '../file/mistake.ts';
import { type Environment, resolveReferences, secretPaths, systemErrorText } from '../file/references.ts';
import { type Source, sourceOf } from '../file/source.ts';
import { isStandIn, type Unread, withoutUnread, withStandIns } from '../file/stand-ins.ts';
import { withDefaults } from '../file/with-defaults.ts';
import { fileSchema } from '../schema/schema.ts';
import { schemaMistakes } from '../schema/schema-mistakes.ts';
import { buildConfig } from './build.ts';
import { environmentMistakes } from './build-proxy.ts';
import type { Config } from './config.ts';

export interface ConfigSources {
  /** Path of the YAML file; relative paths in it start at its directory. */
  readonly file: string;
  readonly env: Environment;
  /** Text of a file; rejects with a system error (`code`). Called for the file, token files and kubeconfigs. */
  readonly readFile: (path: string) => Promise<string>;
  /** The files of `clusters.d` beside the main file (in this directory); absent: there are none. */
  readonly readClusterFiles?: (directory: string) => Promise<readonly ClusterFile[]>;
  /** Absent: directories are taken for files. */
  readonly isDirectory?: (path: string) => Promise<boolean>;
  /** Secrets that the program does not use: they are neither read nor needed. */
  readonly unread?: readonly Unread[];
  /** Whether secrets that are not there are no mistakes, but listed (`notSet`); the configuration then is good for a look only. */
  readonly withoutSecrets?: boolean;
}

/** Reads a configuration file. Throws `ConfigError`, with as many mistakes at once as can be seen, and nothing else. */
export async function loadConfig(sources: ConfigSources): Promise<Config> {
  const { file, env, readFile, unread = [], withoutSecrets = false } = sources;
  const directory = dirname(resolve(file));
  const text = await configText(file, readFile);
  const clusterFiles = (await sources.readClusterFiles?.(directory)) ?? [];
  const document = mergedDocument({ file, directory: dirname(file), text }, clusterFiles);
  if (!('value' in document)) throw new ConfigError(file, document);

  const asRead = await resolveReferences(withoutUnread(document.value, unread), { env, readFile, directory });
  const { value, stood } = withoutSecrets ? withStandIns(asRead) : { value: asRead.value, stood: [] };
  const resolved = { ...asRead, value };
  const source = sourceOf(document, resolved);
  const read = fileSchema.safeParse(source.value);
  const consistency = checkConsistency(source, directory);
  const unresolved = resolved.mistakes.map((each, index) => ({
    ...each,
    expected: redact(each.expected),
    line: source.lineOf(resolved.faulty[index] ?? []),
  }));
  const references = unresolved.filter((_, index) => !stood.includes(resolved.faulty[index] ?? []));
  // Of two mistakes at one key the first is reported: that a key is secret comes before anything else that is wrong with it.
  const others = [
    ...environmentMistakes(source.at(['proxy']), env),
    ...(await directoryMistakes(source, directory, sources.isDirectory)),
    ...consistency.mistakes,
    ...(read.success ? [] : schemaMistakes(fileSchema, source, read.error.issues)),
  ];
  const mistakes = [
    ...references,
    ...others
      .filter((each) => !references.some((known) => concern(known, each)))
      .filter((each) => !isStandIn(stood, each.key))
      .filter((each, _, all) => !isOfMerge(each, all)),
  ];
  const warnings = [
    ...consistency.warnings,
    ...openTokens(source, resolved.origins).filter(
      ({ key }) => !isStandIn(stood, key) && !unread.some((each) => key.startsWith(each)),
    ),
    ...(await kubeconfigWarnings(source, directory, readFile)),
  ]
    .map(document.located)
    .sort(byPlace);
  if (!read.success || mistakes.length > 0)
    throw new ConfigError(file, inOrder(mistakes, document.located), warnings);

  const origins = [...resolved.origins].map(([key, from]) => ({ key, from }));
  const listed = resolved.faulty.map((path, index) => ({
    key: keyText(path),
    line: source.lineOf(path),
    what: resolved.absent[index] ?? '',
  }));
  const notSet = listed.sort(byLine);
  const config = buildConfig(fileSchema.parse(withDefaults(source.value)), directory, env);
  return { ...config, origins, notSet, warnings, digest: digestOf(text, clusterFiles) };
}

/** The same for the same bytes in the same files, on every machine. */
function digestOf(text: string, clusterFiles: readonly ClusterFile[]): string {
  const all = [['', text], ...clusterFiles.map((each) => [each.name, 'text' in each ? each.text : ''])];
  return createHash('sha256').update(JSON.stringify(all)).digest('hex');
}

async function configText(file: string, readFile: ConfigSources['readFile']): Promise<string> {
  try {
    return await readFile(file);
  } catch (error) {
    const found = systemErrorText(error);
    throw new ConfigError(file, [
      {
        key: '',
        line: undefined,
        expected: 'a readable YAML file',
        found,
        hint: found === 'a directory' ? 'name the file in it, such as config.yaml' : undefined,
      },
    ]);
  }
}

/** A reference that leads nowhere makes the value around it wrong too: that is one mistake, not two. */
function concern(reference: Mistake, other: Mistake): boolean {
  return [
    [reference.key, other.key],
    [other.key, reference.key],
  ].some(
    ([outer = '', inner = '']) =>
      inner === outer || (inner.startsWith(outer) && /^[.[]/.test(inner.slice(outer.length))),
  );
}

/** Keys that a merge key was to bring are missing for that reason alone. */
function isOfMerge({ key, found }: Mistake, all: readonly Mistake[]): boolean {
  const around = key.replace(/(?:^|\.)[\w-]+$/, '');
  return found === 'nothing' && all.some((each) => each.key === `${around}["<<"]`);
}

/** Where a file is expected; the database would say so in words of its own, at the bot's start. */
async function directoryMistakes(
  source: Source,
  directory: string,
  isDirectory: ConfigSources['isDirectory'],
): Promise<readonly Mistake[]> {
  const path = ['records', 'file'];
  const file = source.at(path);
  if (typeof file !== 'string' || !(await isDirectory?.(resolve(directory, file)))) return [];
  const hint = `add the name of a file, such as ${join(file, 'records.db')}`;
  return [source.mistake(path, 'the path of the database file', 'a directory', hint)];
}

/** In the file's order, one for each key: what is set under `defaults` shows at every cluster, but is one mistake. */
function inOrder(mistakes: readonly Mistake[], located: (mistake: Mistake) => Mistake): readonly Mistake[] {
  const first = new Map<string, Mistake>();
  for (const each of mistakes) if (!first.has(each.key)) first.set(each.key, each);
  return [...first.values()].map(located).sort(byPlace);
}

/** The main file first. */
function byPlace(a: Mistake | ConfigWarning, b: Mistake | ConfigWarning): number {
  const [one = '', other = ''] = [a.file, b.file];
  return one === other ? byLine(a, b) : one < other ? -1 : 1;
}

function byLine(a: { line: number | undefined }, b: { line: number | undefined }): number {
  return (a.line ?? 0) - (b.line ?? 0);
}

function openTokens(source: Source, origins: ReadonlyMap<string, string>): readonly ConfigWarning[] {
  const text =
    'the secret is in the file itself: better an environment variable or {file: PATH}; replace it if the file was shared';
  return secretPaths(source.value)
    .filter((path) => path.at(-1) !== 'accessKeyId' && path[0] !== 'client')
    .filter((path) => path[0] !== 'proxy' || ProxyAddress.parse(String(source.at(path)))?.needsPassword)
    .filter((path) => source.at(path) !== undefined && !origins.has(keyText(path)))
    .map((path) => source.warning(path, text));
}

async function kubeconfigWarnings(
  source: Source,
  directory: string,
  readFile: ConfigSources['readFile'],
): Promise<readonly ConfigWarning[]> {
  const clusters = source.at(['clusters']);
  const found = await Promise.all(
    (Array.isArray(clusters) ? clusters : []).map(async (_, index) => {
      const path = ['clusters', index, 'connect'];
      const [kubeconfig, context] = ['kubeconfig', 'context'].map((key) => source.at([...path, key]));
      if (typeof kubeconfig !== 'string' || kubeconfig.trim() === '') return [];
      const named = typeof context === 'string' ? { context } : {};
      const problems = await kubeconfigProblems({ file: resolve(directory, kubeconfig), ...named }, readFile);
      return problems.map((problem) => source.warning(path, problem));
    }),
  );
  return found.flat();
}
