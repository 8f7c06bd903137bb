import type { Reached } from './reached.ts';
import { backslashesAt, backslashesBefore, closesQuote, isQuote, isSpace } from './text-units.ts';

const lineFeed = 0x0a;
const shortest = 3;
/** JSON in JSON in JSON: 1, 3, 7 backslashes before a quotation mark. */
const deepest = 7;

/** The value after `password=`, `"token": ` and the like: all between its quotation marks, else to the end of the word. */
export function fieldValue(text: string, from: number): Reached {
  const depth = backslashesAt(text, from);
  const opening = from + depth;
  const isQuoted = depth <= deepest && isQuote(text.charCodeAt(opening));
  if (!isQuoted) return bareValue(text, from);
  const start = opening + 1;
  const end = closing(text, start, { quote: text.charCodeAt(opening), depth });
  if (end === undefined) return bareValue(text, start);
  return { goOn: end, secret: end > start ? { start, end } : undefined };
}

/**
 * Where the quoted value ends, in the same line. A mark inside it has more backslashes before it than the one that opened it;
 * without any, an odd number. Each of the few kinds of marks is missing at most once in a line: the next of its kind would
 * have closed the one before.
 */
function closing(text: string, start: number, mark: { quote: number; depth: number }): number | undefined {
  for (let at = start; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === lineFeed) return undefined;
    if (unit !== mark.quote) continue;
    const escapes = backslashesBefore(text, at, start);
    if (mark.depth === 0 ? escapes % 2 === 0 : escapes <= mark.depth) {
      return mark.depth === 0 ? at : at - escapes;
    }
  }
  return undefined;
}

function bareValue(text: string, start: number): Reached {
  let end = start;
  while (end < text.length && !endsBareValue(text, end)) end += 1;
  const goOn = end;
  // The backslashes of `\"` belong to the mark that closes.
  if (isQuote(text.charCodeAt(end))) end -= backslashesBefore(text, end, start);
  return { goOn, secret: end - start >= shortest ? { start, end } : undefined };
}

function endsBareValue(text: string, at: number): boolean {
  const letter = text.charAt(at);
  if (letter === '&' || isSpace(text.charCodeAt(at)) || closesQuote(text, at)) return true;
  if (letter !== ',' && letter !== ';') return false;
  const next = text.charCodeAt(at + 1);
  return Number.isNaN(next) || isSpace(next) || isQuote(next);
}

/** `<SecretAccessKey>…</SecretAccessKey>` */
export function xmlValue(text: string, from: number): Reached {
  let end = from;
  while (end < text.length && text.charAt(end) !== '<' && !isSpace(text.charCodeAt(end))) end += 1;
  return { goOn: end, secret: end - from >= shortest ? { end } : undefined };
}
