import { type KnownSecrets, knownSecrets } from './known-secrets.ts';
import { patternRanges } from './patterns.ts';
import { type Range, withoutRanges } from './ranges.ts';
import { isSpace } from './text-units.ts';

export { isSecretName } from './patterns.ts';
export { proxySecrets } from './proxy-secrets.ts';

/** What is longer is looked at, and shown, at its beginning and its end only. UTF-16 units. */
export const longestRedacted = 1024 * 1024;
/** Beyond a cut it is looked further for a secret that lies across it. */
const beyondCut = 64 * 1024;
/** `\\u0022`, and that in JSON once more. */
const longestEscape = 12;
const keyHeader = 'PRIVATE KEY';
const longestHeader = 80;

/** Shorter ones would shred ordinary words of every text; where they matter, they are given by name. */
const shortestRemembered = 8;
/** Tokens change every hour; what is older than so many newer ones is worth nothing any more. */
const mostRemembered = 500;

/**
 * The one memory in domain/: a secret must go from every text, whatever writes it, so this cannot be left to what each caller
 * was given (docs/decisions/0016).
 */
let remembered = new Set<string>();
let rememberedSearch: KnownSecrets | undefined;

/** From now on these are taken out of every text that passes redact(). May be called again with the same; costs nothing then. */
export function rememberSecrets(secrets: Iterable<string>): void {
  const fresh = [...secrets].filter((each) => each.length >= shortestRemembered && !remembered.has(each));
  if (fresh.length === 0) return;
  remembered = new Set([...remembered, ...fresh].slice(-mostRemembered));
  rememberedSearch = undefined;
}

/** Searching for them is prepared once, not for each text. */
function searchOfRemembered(): KnownSecrets {
  rememberedSearch ??= knownSecrets(remembered);
  return rememberedSearch;
}

/**
 * Text from outside with everything that looks like a credential taken out, and every one of `secrets` and of those that are
 * remembered, wherever and however (in JSON, a URL, HTML, base64) it is written. Secrets of fewer than 4 units are left to the
 * patterns. Takes time in proportion to the text up to `longestRedacted`, and no more beyond it: the middle is left out then.
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  return redactWith(text, secrets.length === 0 ? [] : [knownSecrets(secrets)]);
}

/** The same for many texts: what is to be done for `secrets` is done once. */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const known = knownSecrets(secrets);
  return (text) => redactWith(text, [known]);
}

function redactWith(text: string, given: readonly KnownSecrets[]): string {
  const known = [searchOfRemembered(), ...given];
  if (text.length > longestRedacted) return bothEnds(text, known);
  return withoutRanges(text, rangesIn(text, known));
}

function rangesIn(text: string, known: readonly KnownSecrets[]): readonly Range[] {
  return [...patternRanges(text), ...known.flatMap((each) => each.ranges(text))];
}

/**
 * Cuts at white space, so that no half of a word is left, and never inside of what must go: each end is looked at together
 * with what lies beyond its cut.
 */
function bothEnds(text: string, known: readonly KnownSecrets[]): string {
  const half = longestRedacted / 2;
  const beyond = Math.max(beyondCut, ...known.map(({ longest }) => longest * longestEscape));
  const head = text.slice(0, half + beyond);
  const tailFrom = Math.max(0, text.length - half - beyond);
  const tail = text.slice(tailFrom);
  const headTo = lastSpace(head, half);
  const tailAt = firstSpace(tail, tail.length - half);
  const leftOut = tailFrom + tailAt - headTo;
  const shownTail = beginsInKey(text, tailFrom)
    ? withoutRanges(
        tail,
        [...rangesIn(tail, known), { start: 0, end: keyRest(tail), mark: '[secret key]' }],
        tailAt,
      )
    : withoutRanges(tail, rangesIn(tail, known), tailAt);
  return `${withoutRanges(head, rangesIn(head, known), 0, headTo)}\n[${leftOut} characters left out]\n${shownTail}`;
}

/** The last white space before `to`; 0: there is none, and nothing is shown. */
function lastSpace(text: string, to: number): number {
  let at = to;
  while (at > 0 && !isSpace(text.charCodeAt(at))) at -= 1;
  return at;
}

function firstSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && !isSpace(text.charCodeAt(at))) at += 1;
  return at;
}

/** Whether a key block has begun before that has not ended yet. */
function beginsInKey(text: string, at: number): boolean {
  const words = text.lastIndexOf(keyHeader, at + longestHeader);
  if (words < 0) return false;
  const before = text.slice(Math.max(0, words - longestHeader), words);
  return before.lastIndexOf('-----BEGIN ') > before.lastIndexOf('-----END ');
}

/** Where the rest of a key block ends. */
function keyRest(text: string): number {
  const footer = text.indexOf('-----END ');
  return footer < 0 ? text.length : footer;
}
