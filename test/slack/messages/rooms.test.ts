import assert from 'node:assert/strict';
import { test } from 'node:test';
import { importedPath, importsOf, sourceFiles } from '../../architecture/source-files.ts';

/** What each room of messages may use besides itself, in this order and never back. */
const uses: Readonly<Record<string, readonly string[]>> = {
  kit: [],
  preflight: ['kit'],
  copies: ['kit'],
  run: ['kit', 'preflight', 'copies'],
  watch: ['kit', 'preflight', 'copies', 'run'],
  'restore-room': ['kit'],
  fleet: ['kit', 'preflight', 'copies', 'run', 'watch'],
  form: ['kit', 'preflight'],
  doctor: ['kit', 'copies'],
  answers: ['kit', 'preflight', 'copies', 'run', 'watch', 'fleet'],
};

const folder = 'src/slack/messages/';
const files = (await sourceFiles(folder)).filter(({ path }) => path !== `${folder}index.ts`);

test('the rooms of messages use each other as written down', () => {
  const arrows = files.flatMap(({ path, text }) =>
    importsOf(text).flatMap(({ specifier }) => {
      const target = importedPath(path, specifier);
      return target?.startsWith(folder) && roomOf(target) !== roomOf(path)
        ? [`${roomOf(path)} → ${roomOf(target)}`]
        : [];
    }),
  );
  const written = Object.entries(uses).flatMap(([room, others]) => others.map((each) => `${room} → ${each}`));
  assert.deepEqual([...new Set(arrows)].sort(), written.sort());
});

test('what is outside comes in through one door, and a language uses no text of the other', () => {
  for (const { path, text } of files) {
    for (const { specifier } of importsOf(text)) {
      const target = importedPath(path, specifier);
      assert.notEqual(target, `${folder}index.ts`, `${path} imports the door of its own house`);
      if (/\/en(?:\/|\.)/.test(path)) assert.doesNotMatch(specifier, /\/ko(?:\/|\.)/, path);
    }
    const borrowed = /\/ko(?:\/|\.)/.test(path)
      ? (text.match(/^import \{[^}]*\} from '[^']*\/en[/.][^']*';/gm) ?? [])
      : [];
    assert.deepEqual(borrowed, [], `${path} takes only types from English`);
  }
});

function roomOf(path: string): string {
  return path.slice(folder.length).split('/')[0] ?? '';
}
