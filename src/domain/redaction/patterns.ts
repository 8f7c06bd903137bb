import { fieldValue, xmlValue } from './field-value.ts';
import { base64Key, cutKeyStart, keyEnd, keyFooter } from './key-blocks.ts';
import type { Range } from './ranges.ts';
import type { Reached } from './reached.ts';
import { closesQuote, dottedUnits, endOfUnits, isSpace, pathUnits, tokenUnits } from './text-units.ts';
import { encodedUserInfo, userInfo } from './user-info.ts';

/**
 * One kind of secret: a prefix of bounded length, and a scan of what follows. A scan that finds nothing goes on behind all
 * that it looked at, or has looked at a bounded number of units: so each unit is looked at a bounded number of times.
 */
interface Pattern {
  readonly prefix: RegExp;
  /** `from`: right after the prefix. */
  readonly reach: (text: string, from: number) => Reached;
  /** Whether the prefix is part of the secret. */
  readonly whole: boolean;
  readonly mark: string;
}

const secretMark = '[secret]';
const keyMark = '[secret key]';

const fieldNames = 'passw(?:or)?d|passphrase|token|secret|api[-_]?key|access[-_]?key|key-data';
const secretName = new RegExp(`(?:${fieldNames}|authorization)$`, 'i');

/** Whether a field of this name holds a secret. */
export function isSecretName(name: string): boolean {
  return secretName.test(name);
}

const patterns: readonly Pattern[] = [
  // scheme://user:password@host, also with the slashes of JSON (\/) and inside the query of another URL.
  { prefix: /:(?:\\{0,3}\/){2}/g, reach: userInfo, whole: false, mark: secretMark },
  { prefix: /%3a%2f%2f/gi, reach: encodedUserInfo, whole: false, mark: secretMark },
  {
    prefix: /-----BEGIN [A-Z0-9 ]{0,64}PRIVATE KEY(?: BLOCK)?-----/g,
    reach: keyEnd,
    whole: true,
    mark: keyMark,
  },
  // A PEM block in base64, as kubeconfigs and Secrets hold it.
  { prefix: /LS0tLS1CRUdJTi/g, reach: base64Key, whole: true, mark: keyMark },
  {
    prefix: /sha256~/g,
    reach: atLeast(20, (text, from) => endOfUnits(text, from, tokenUnits)),
    whole: true,
    mark: secretMark,
  },
  { prefix: /eyJ/g, reach: webToken, whole: true, mark: secretMark },
  // age's secret keys open encrypted backups; the bot must never be given one, but people mix up the two halves.
  {
    prefix: /age-secret-key-/gi,
    reach: atLeast(0, (text, from) => endOfUnits(text, from, tokenUnits)),
    whole: true,
    mark: keyMark,
  },
  // Slack: tokens, tickets of Socket Mode connections, and addresses that let their holder answer in a person's place.
  {
    prefix: /(?<![A-Za-z0-9])x(?:ox[a-z]|app|wfp)-/g,
    reach: atLeast(4, (text, from) => endOfUnits(text, from, dottedUnits)),
    whole: true,
    mark: secretMark,
  },
  { prefix: /ticket(?:=|%3d)/gi, reach: atLeast(1, parameterEnd), whole: false, mark: secretMark },
  {
    prefix:
      /https?:(?:\\?\/){2}[^\s/"'\\]{1,255}\\?\/(?:commands|actions|response|services|workflows|triggers)\\?\//gi,
    reach: atLeast(1, (text, from) => endOfUnits(text, from, pathUnits)),
    whole: false,
    mark: secretMark,
  },
  {
    prefix:
      /authorization(?:\\{0,7}["'])?[\s:=]{0,8}(?:\\{0,7}["'])?(?:bearer|basic|token|negotiate)\s{1,8}/gi,
    reach: atLeast(1, wordEnd),
    whole: false,
    mark: secretMark,
  },
  {
    prefix: new RegExp(`(?:${fieldNames})(?:\\\\{0,7}["'])?\\s{0,8}[=:]\\s{0,8}`, 'gi'),
    reach: fieldValue,
    whole: false,
    mark: secretMark,
  },
  { prefix: new RegExp(`(?:${fieldNames})>`, 'gi'), reach: xmlValue, whole: false, mark: secretMark },
];

/** Everything in the text that looks like a credential. */
export function patternRanges(text: string): readonly Range[] {
  return [...patterns.flatMap((pattern) => rangesOf(pattern, text)), ...cutKeys(text)];
}

function rangesOf({ prefix, reach, whole, mark }: Pattern, text: string): readonly Range[] {
  const found: Range[] = [];
  // The expression's own memory is shared: it begins at 0 here, and ends at 0 when nothing more is found.
  prefix.lastIndex = 0;
  for (let match = prefix.exec(text); match; match = prefix.exec(text)) {
    const from = prefix.lastIndex;
    const { secret, goOn } = reach(text, from);
    if (secret) {
      const start = whole ? match.index : (secret.start ?? from);
      found.push({ start, end: secret.end, mark });
    }
    prefix.lastIndex = Math.max(goOn, from);
  }
  return found;
}

/** Output that was cut may begin in the middle of a key. */
function cutKeys(text: string): readonly Range[] {
  const found: Range[] = [];
  let after = 0;
  for (const match of text.matchAll(keyFooter)) {
    const end = match.index + match[0].length;
    found.push({ start: cutKeyStart(text, match.index, after), end, mark: keyMark });
    after = end;
  }
  return found;
}

function atLeast(least: number, endOf: (text: string, from: number) => number): Pattern['reach'] {
  return (text, from) => {
    const end = endOf(text, from);
    // What is too short may hold the beginning of the next prefix, and is soon read again.
    return end - from >= least ? { goOn: end, secret: { end } } : { goOn: from, secret: undefined };
  };
}

/** `header.claims.signature`, and whatever more dots follow. */
function webToken(text: string, from: number): Reached {
  const head = endOfUnits(text, from, tokenUnits);
  if (head - from < 10 || text.charAt(head) !== '.') return { goOn: head, secret: undefined };
  const end = endOfUnits(text, head + 1, dottedUnits);
  return end - head > 10 ? { goOn: end, secret: { end } } : { goOn: head, secret: undefined };
}

/** To white space, or a quotation mark that closes. */
function wordEnd(text: string, from: number): number {
  let end = from;
  while (end < text.length && !isSpace(text.charCodeAt(end)) && !closesQuote(text, end)) end += 1;
  return end;
}

/** One value of a query. */
function parameterEnd(text: string, from: number): number {
  let end = from;
  while (end < text.length && !isSpace(text.charCodeAt(end)) && !'&"\''.includes(text.charAt(end))) end += 1;
  return end;
}
