import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { slowText, writtenPatterns } from './regular-expressions.ts';
import { sourceFiles } from './source-files.ts';

/** They build patterns from constants: their own tests give them the worst texts. */
const composing = ['src/domain/redaction/patterns.ts', 'src/slack/messages/kit/markup.ts'];

test('no regular expression takes more than a text’s length of time, whatever the text', {
  timeout: 600_000,
}, async () => {
  const patterns = (await sourceFiles('src')).flatMap(writtenPatterns);
  assert.ok(patterns.length > 100, `only ${patterns.length} were found`);
  const slow = patterns.flatMap(({ at, pattern }) => {
    const text = slowText(pattern);
    return text === undefined ? [] : [`${at}: ${pattern} is slow for ${text}`];
  });
  assert.deepEqual(slow, []);
});

test('patterns are literals, so that the test above sees them', async () => {
  const built = (await sourceFiles('src')).filter(({ text }) => /\bRegExp\(/.test(text));
  assert.deepEqual(
    built.map(({ path }) => path),
    composing,
  );
});

test('a slow pattern is found wherever it occurs, and a fast one is not', () => {
  const text = [
    'const a = /^(a+)+$/;',
    'const url = "http://example.com/"; // /not+one+/ here',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: source text to be read
    'const b = `${text.replace(/\\s+$/, "")} / ${1 / 2} /`;',
    'if (/x[/"\'`]y/u.test(b)) return /"quoted .*two.*three" [^"]*"$/;',
    'const c = /^\\d{1,3}$/g;',
  ].join('\n');
  const found = writtenPatterns({ path: 'src/a.ts', text });
  assert.deepEqual(
    found.map(({ at, pattern }) => `${at} ${pattern.source}`),
    [
      'src/a.ts:1 ^(a+)+$',
      'src/a.ts:3 \\s+$',
      'src/a.ts:4 x[/"\'`]y',
      'src/a.ts:4 "quoted .*two.*three" [^"]*"$',
      'src/a.ts:5 ^\\d{1,3}$',
    ],
  );
  assert.deepEqual(
    found.map(({ pattern }) => slowText(pattern) !== undefined),
    [true, true, false, true, false],
  );
});
