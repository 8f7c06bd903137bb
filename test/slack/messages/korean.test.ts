import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sourceFiles } from '../../architecture/source-files.ts';

/** Which particle follows depends on the last sound of a word that is unknown before it is put in. */
const particles = '을|를|이|가|은|는|와|과|으로|로|이나|나|이랑|랑';
const afterPlaceholder = new RegExp(`\\}(?:${particles})(?=[\\s.,:;)”*\`$]|$)`, 'gmu');
/** Both forms at once: a workaround that is written but never spoken. */
const bothForms = /(?:을\(를\)|를\(을\)|이\(가\)|가\(이\)|은\(는\)|는\(은\)|와\(과\)|과\(와\)|\(으\)로)/gu;
/** A particle or an ending belongs to its word, without a space. */
const apart = /\} (?:을|를|은|는|에|에서|에게|까지|부터|입니다|이며|이고|이어야|뿐입니다|인데)(?=[\s.,])/gu;
/** Slack ends bold type only where a word ends. */
const boldBeforeWord = /[^\s`(“·]\*(?=[가-힣])/gu;

/** Slack shows the backticks of code that touches a letter. */
const codeBeforeLetter = /\$\{t\.(?:code|path|command|names)\((?:[^{}]|\$\{[^{}]*\})*\)\}(?=[가-힣A-Za-z])/gu;

const words = (await sourceFiles('src')).filter(
  ({ path }) => /^src\/slack\/messages\/[a-z-]+\/ko[./]/.test(path) || path === 'src/restore/ko.ts',
);
const withReady = [
  ...words,
  ...(await sourceFiles('src')).filter(({ path }) => path === 'src/ready/lines.ts'),
];

/** The link's own word is known: it may have its particle. */
function withoutKnown(text: string): string {
  return text.replace(
    /\$\{links\.card\(md`([^`]*)`\)\}(가|이|를|을|는|은|와|과|로|으로)?/gu,
    (whole, label, particle) => (particle === undefined || agrees(label, particle) ? '' : whole),
  );
}

function agrees(word: string, particle: string): boolean {
  const final = ((word.codePointAt(word.length - 1) ?? 0) - 0xac00) % 28;
  return (final === 0 ? ['가', '를', '는', '와', '로'] : ['이', '을', '은', '과', '으로']).includes(particle);
}

function found(pattern: RegExp, files = withReady): readonly string[] {
  return files.flatMap(({ path, text }) =>
    withoutKnown(text)
      .split('\n')
      .flatMap((line, at) => (line.match(pattern) ? [`${path}:${at + 1} ${line.trim()}`] : [])),
  );
}

test('no particle comes straight after a placeholder, nor both forms of one, nor one apart from its word', () => {
  assert.ok(withReady.length > 20);
  for (const pattern of [afterPlaceholder, bothForms, apart]) assert.deepEqual(found(pattern), []);
});

test('no value in code touches a letter', () => {
  assert.deepEqual(found(codeBeforeLetter), []);
});

test('bold type ends where a word ends', () => {
  const messages = words.filter(({ path }) => path.startsWith('src/slack/'));
  assert.deepEqual(found(boldBeforeWord, messages), []);
});

test('the patterns find what they are for', () => {
  const line = (text: string) => [{ path: 'x', text }];
  assert.equal(found(afterPlaceholder, line('md`$' + '{t.code(name)}을 찾았습니다`')).length, 1);
  assert.equal(found(afterPlaceholder, line('md`$' + '{name}으로`')).length, 1);
  assert.equal(found(afterPlaceholder, line('md`$' + '{links.card(md`카드`)}이 있습니다`')).length, 1);
  assert.equal(found(afterPlaceholder, line('md`$' + '{links.card(md`카드`)}가 있습니다`')).length, 0);
  assert.equal(
    found(afterPlaceholder, line('md`$' + '{count}개가 $' + '{x} 이상, 시계($' + '{y})가`')).length,
    0,
  );
  assert.equal(found(bothForms, line('이름을(를)')).length, 1);
  assert.equal(found(apart, line('$' + '{x} 입니다.')).length, 1);
  assert.equal(found(codeBeforeLetter, line('$' + '{t.code(name)}에서')).length, 1);
  assert.equal(found(boldBeforeWord, line('*굵게*는')).length, 1);
});
