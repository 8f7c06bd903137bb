import { withoutEnd } from '../../../domain/text/trimmed.ts';
import { limits } from './limits.ts';

/**
 * Text in Slack's markup that is safe to send. The only ways to make one are below, and all of them escape:
 * an outside text that forgets to be escaped does not pass TypeScript.
 */
export class Markup {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

/** Template for wording: plain strings put into it are outside texts, and are cleaned, escaped and cut. */
export function md(literals: TemplateStringsArray, ...values: readonly (Markup | string | number)[]): Markup {
  const source = literals.reduce((text, literal, index) => {
    const value = index === 0 ? '' : inline(values[index - 1] ?? '');
    return text + value + literal;
  }, '');
  return new Markup(source);
}

function inline(value: Markup | string | number): string {
  if (value instanceof Markup) return value.source;
  return typeof value === 'number' ? String(value) : outside(value).source;
}

/** A text from outside, in one line: no formatting, no emoji, no mentions, no more than `max` units. */
export function outside(text: string, max: number = limits.inline): Markup {
  const plain = cleanLine(text, max).replaceAll('`', "'");
  return new Markup(cutTo(literal(plain), max, escapeCharacter));
}

/** A text from outside as it is, in one line, spaces around it too: for what is put together of several. */
export function prose(text: string): Markup {
  return new Markup(cutTo(literal(clean(text)), Number.POSITIVE_INFINITY, escapeCharacter));
}

/** What is copied out of a message character by character: nothing is cut or replaced, so the caller has looked at it. */
export function verbatim(text: string): Markup {
  return new Markup(cutTo(text, Number.POSITIVE_INFINITY, escapeCharacter));
}

/** A value to be copied: shown as it is, in one line of code. */
export function code(text: string, max: number = limits.inline): Markup {
  const plain = cleanLine(text, max).replaceAll('`', "'");
  return new Markup(plain === '' ? '–' : `\`${escapeAndCut(plain, max - 2)}\``);
}

/** The newest lines that fit, as a block of code; undefined when there is nothing to show. */
export function codeBlock(lines: readonly string[], max: number = limits.output): Markup | undefined {
  const kept: string[] = [];
  let room = max - '```\n```'.length;
  for (const raw of lines.toReversed()) {
    const line = escapeAndCut(clean(raw.slice(0, max)).trimEnd().replaceAll('`', "'"), 500);
    room -= line.length + 1;
    if (room < 0) break;
    kept.unshift(line);
  }
  const body = kept.join('\n');
  return body.trim() === '' ? undefined : new Markup(`\`\`\`${body}\n\`\`\``);
}

/** For Slack's plain_text objects: they know no escapes, so what could be markup becomes a look-alike. */
export function plainText(text: string, max: number): string {
  const plain = cleanLine(text, max).replaceAll('<', '‹').replaceAll('>', '›').replaceAll('&', '＆');
  return cutTo(plain, max, (character) => character);
}

/** Only https and http addresses without markup characters become links; otherwise only the label is shown. */
export function link(url: string | undefined, label: Markup): Markup {
  if (url === undefined || url.length > 2_000 || !/^https?:\/\/[^\s<>|]+$/.test(url)) return label;
  return new Markup(`<${url.replaceAll('&', '&amp;')}|${label.source}>`);
}

export function join(parts: readonly Markup[], separator: string): Markup {
  return new Markup(parts.map((part) => part.source).join(separator));
}

export function lines(...parts: readonly (Markup | undefined)[]): Markup {
  return join(
    parts.filter((part) => part !== undefined),
    '\n',
  );
}

/** Cuts markup without leaving half an escape, half a mention or an open code span behind. */
export function cutMarkup(source: string, max: number): string {
  return source.length <= max ? source : cutAt(source, max - 5);
}

/** Adds "…", and the end of a block of code where one is open: six bytes and four characters at most. */
function cutAt(source: string, length: number): string {
  let text = source.slice(0, length);
  if (text.lastIndexOf('<') > text.lastIndexOf('>')) text = text.slice(0, text.lastIndexOf('<'));
  const ampersand = text.lastIndexOf('&');
  if (ampersand > text.lastIndexOf(';')) text = text.slice(0, ampersand);
  const last = text.charCodeAt(text.length - 1);
  if (last >= 0xd800 && last <= 0xdbff) text = text.slice(0, -1);
  text = withoutHalfLiteral(text);
  // A cut through a fence: what is left of it would open a span of its own.
  if (source[text.length] === '`') text = withoutEnd(text, '`');
  if (text.split('```').length % 2 === 0) return `${text}…\`\`\``;
  if (text.split('`').length % 2 === 0) text = text.slice(0, text.lastIndexOf('`'));
  return `${text}…`;
}

/** As cutMarkup, for what Slack counts in bytes of UTF-8. */
export function cutMarkupToBytes(source: string, max: number): string {
  if (Buffer.byteLength(source) <= max) return source;
  const kept = Buffer.from(source)
    .subarray(0, Math.max(0, max - 6))
    .toString()
    .replace(/\ufffd{1,3}$/u, '');
  return cutAt(source, kept.length);
}

function cleanLine(text: string, max: number): string {
  // What cannot be shown anyway is not looked at: outside texts may be megabytes long.
  return clean(text.slice(0, max * 4))
    .replace(/\s+/gu, ' ')
    .trim();
}

const escapeSign = String.fromCharCode(27);
const terminalCodes = new RegExp(
  `${escapeSign}(\\[[0-?]*[ -/]*[@-~]|\\][^${escapeSign}\\u0007]*(\\u0007|${escapeSign}\\\\)?)`,
  'gu',
);
/** Text direction overrides, invisible signs and tags: they make a text look like another one. */
const invisibleCharacters =
  /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]|[\u{e0000}-\u{e007f}]/gu;

function clean(text: string): string {
  return text
    .toWellFormed()
    .replace(terminalCodes, '')
    .replace(/[\t\n\r\u2028\u2029]/gu, ' ')
    .replace(/\p{Cc}/gu, '')
    .replace(invisibleCharacters, '')
    .replace(/@(?=channel|here|everyone|group)/giu, '＠');
}

function escapeAndCut(text: string, max: number): string {
  return cutTo(text, max, escapeCharacter);
}

/**
 * Slack has no escape for its own markers, so invisible signs keep them from being any (decision 0022). A marker begins where
 * a word begins and is followed by no space: a word joiner before it and a zero-width no-break space behind it rule out
 * both. A joiner inside `:name:` makes it no name of an emoji.
 */
const joiner = '\u2060';
const noBreakSpace = '\ufeff';

function literal(text: string): readonly string[] {
  const characters = Array.from(text);
  return characters.map((character, at) => {
    if (character === '>' && at === 0) return `${joiner}>`;
    if (character === ':') return opensEmoji(characters, at) ? `:${joiner}` : ':';
    return isMarker(characters, at) ? `${joiner}${character}${noBreakSpace}` : character;
  });
}

function isMarker(characters: readonly string[], at: number): boolean {
  const character = characters[at];
  if (character === '*' || character === '~') return true;
  // Inside a word, as in snapshot_2026, it formats nothing, and the word can be copied as it is.
  return character === '_' && !(isWord(characters[at - 1]) && isWord(characters[at + 1]));
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}]/u.test(character);
}

/** Slack's names have a hundred characters at most. */
const longestName = 100;

function opensEmoji(characters: readonly string[], at: number): boolean {
  for (let end = at + 1; end <= at + longestName + 1; end += 1) {
    const character = characters[end];
    if (character === undefined || /[\s/]/u.test(character)) return false;
    if (character === ':') return end > at + 1;
  }
  return false;
}

/** A cut must not part a marker from the signs around it. */
function withoutHalfLiteral(text: string): string {
  return text.replace(/\u2060[*_~>]?$/u, '');
}

function escapeCharacter(character: string): string {
  if (character === '&') return '&amp;';
  if (character === '<') return '&lt;';
  return character === '>' ? '&gt;' : character;
}

/** `pieces`: a text, or what must not be parted. */
function cutTo(pieces: Iterable<string>, max: number, encode: (character: string) => string): string {
  let result = '';
  let keptWhenCut = '';
  for (const piece of pieces) {
    result += piece.length === 1 ? encode(piece) : piece.replace('>', '&gt;');
    if (result.length <= max - 1) keptWhenCut = result;
    if (result.length > max) return `${keptWhenCut}…`;
  }
  return result;
}
