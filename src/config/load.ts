import { dirname, resolve } from 'node:path';
import { redact } from '../domain/redact.ts';
import { buildConfig } from './build.ts';
import type { Config } from './config.ts';
import { checkConsistency } from './consistency.ts';
import { readYaml } from './document.ts';
import { kubeconfigProblem } from './kubeconfig.ts';
import { ConfigError, type ConfigWarning, keyText, type Mistake } from './mistake.ts';
import { type Environment, resolveReferences, secretPaths, systemErrorText } from './references.ts';
import { fileSchema } from './schema.ts';
import { schemaMistakes } from './schema-mistakes.ts';
import { type Source, sourceOf } from './source.ts';

export interface ConfigSources {
  /** Path of the YAML file; relative paths in it start at its directory. */
  readonly file: string;
  readonly env: Environment;
  /** Text of a file; rejects with a system error (`code`). Called for the file, token files and kubeconfigs. */
  readonly readFile: (path: string) => Promise<string>;
}

/** Reads a configuration file. Throws `ConfigError` with every mistake at once, and nothing else. */
export async function loadConfig({ file, env, readFile }: ConfigSources): Promise<Config> {
  const directory = dirname(resolve(file));
  const document = readYaml(await configText(file, readFile));
  if (!('value' in document)) throw new ConfigError(file, document);

  const resolved = await resolveReferences(document.value, { env, readFile, directory });
  const source = sourceOf(document, resolved);
  const read = fileSchema.safeParse(source.value);
  const consistency = checkConsistency(source, directory);
  const references = resolved.mistakes.map((each, index) => ({
    ...each,
    expected: redact(each.expected),
    line: source.lineOf(resolved.faulty[index] ?? []),
  }));
  // Of two mistakes at one key the first is told: a secret key is to be called one, whatever else is wrong with it.
  const others = [
    ...consistency.mistakes,
    ...(read.success ? [] : schemaMistakes(fileSchema, source, read.error.issues)),
  ];
  const mistakes = [
    ...references,
    ...others.filter((each) => !references.some((known) => concern(known, each))),
  ];
  if (!read.success || mistakes.length > 0) throw new ConfigError(file, inOrder(mistakes));

  const config = buildConfig(read.data, directory);
  const origins = [...resolved.origins].map(([key, from]) => ({ key, from }));
  const warnings = [
    ...consistency.warnings,
    ...openTokens(source, resolved.origins),
    ...(await kubeconfigWarnings(source, config.connections, readFile)),
  ];
  return { ...config, origins, warnings: warnings.sort(byLine) };
}

async function configText(file: string, readFile: ConfigSources['readFile']): Promise<string> {
  try {
    return await readFile(file);
  } catch (error) {
    const found = systemErrorText(error);
    throw new ConfigError(file, [
      { key: '', line: undefined, expected: 'a readable YAML file', found, hint: undefined },
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

/** In the file's order, one for each key: what stands under `defaults` shows at every cluster, but is one mistake. */
function inOrder(mistakes: readonly Mistake[]): readonly Mistake[] {
  const first = new Map<string, Mistake>();
  for (const each of mistakes) if (!first.has(each.key)) first.set(each.key, each);
  return [...first.values()].sort(byLine);
}

function byLine(a: { line: number | undefined }, b: { line: number | undefined }): number {
  return (a.line ?? 0) - (b.line ?? 0);
}

function openTokens(source: Source, origins: ReadonlyMap<string, string>): readonly ConfigWarning[] {
  const text =
    'the secret stands in the file itself: better an environment variable or {file: PATH}; replace it if the file was shared';
  return secretPaths(source.value)
    .filter((path) => path.at(-1) !== 'accessKeyId')
    .filter((path) => source.at(path) !== undefined && !origins.has(keyText(path)))
    .map((path) => source.warning(path, text));
}

async function kubeconfigWarnings(
  source: Source,
  connections: Config['connections'],
  readFile: ConfigSources['readFile'],
): Promise<readonly ConfigWarning[]> {
  const found = await Promise.all(
    connections.map(async ({ kubeconfig }, index) => {
      if (kubeconfig === 'in-cluster') return [];
      const problem = await kubeconfigProblem(kubeconfig, readFile);
      return problem === undefined ? [] : [source.warning(['clusters', index, 'connect'], problem)];
    }),
  );
  return found.flat();
}
