import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { type SourceFile, sourceFiles } from './source-files.ts';

/** Words that have a better one here. Whole words of a name: `debugPod` holds `debug` and `pod`. */
const rejected: readonly (readonly [RegExp, string])[] = [
  [/^masters?$/, 'control-plane node'],
  [/^dumps?$/, 'etcd snapshot'],
  [/^tarballs?$/, 'static pod resources'],
  [/^jobs?$/, 'backup run'],
  [/^(backend|target)s?$/, 'destination'],
  [/^cleanups?$/, 'retention, prune'],
  [/^validations?$/, 'preflight'],
  [/^utils?$|^helpers?$|^misc$/, 'a name for what it is'],
];

const exported = /^export (?:async )?(?:function\*?|const|class|interface|type) (\w+)/gm;

/** Names of files and of what they export that use a rejected word. */
function rejectedNames(files: readonly SourceFile[]): readonly string[] {
  return files.flatMap(({ path, text }) => {
    const names = [...path.replace(/\.ts$/, '').split('/').slice(1)];
    names.push(...[...text.matchAll(exported)].map((match) => match[1] ?? ''));
    return names.flatMap((name) =>
      wordsOf(name).flatMap((word) => {
        const better = rejected.find(([pattern]) => pattern.test(word))?.[1];
        return better === undefined ? [] : [`${path}: "${name}" says ${word}; the word here is ${better}`];
      }),
    );
  });
}

function wordsOf(name: string): readonly string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
}

test('files and exported names use the words of the product', async () => {
  assert.deepEqual(rejectedNames(await sourceFiles('src')), []);
});

test('a rejected word is found in names of files and exports, as a whole word only', () => {
  const found = rejectedNames([
    {
      path: 'src/storage/cleanup.ts',
      text: 'export function pruneOld(): void {}\nexport const jobCount = 1;',
    },
    { path: 'src/domain/mastery.ts', text: 'const dump = 1;\nexport type BackupRun = 1;' },
  ]);
  assert.deepEqual(found, [
    'src/storage/cleanup.ts: "cleanup" says cleanup; the word here is retention, prune',
    'src/storage/cleanup.ts: "jobCount" says job; the word here is backup run',
  ]);
});
