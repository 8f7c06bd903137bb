import type { Reached } from './reached.ts';
import { closesQuote, isSpace } from './text-units.ts';

/** `image@sha256:…` names bytes, and is no user. */
const digest = /@sha256:[0-9a-f]{12}/y;

/**
 * The user info of a URL ends at the last `@`, as Go's and WHATWG's parsers have it, and a password may hold `/ ? # : @` and
 * quotation marks as people write it. In free text it reaches to the last `@` before white space or a closing quotation mark:
 * a path with an `@` loses more than it must, a password never too little.
 */
export function userInfo(text: string, from: number): Reached {
  return toLastAt(text, from, () => false);
}

/** The same of a URL inside the query of another (`%3A%2F%2Fuser%40host`): the next parameter is no part of it. */
export function encodedUserInfo(text: string, from: number): Reached {
  return toLastAt(text, from, (at) => text.charAt(at) === '&', '%40');
}

function toLastAt(text: string, from: number, ends: (at: number) => boolean, encodedAt?: string): Reached {
  // file:///…: there is no host, so there is no user.
  if (text.startsWith('/', from) || text.startsWith('\\/', from)) return { goOn: from, secret: undefined };
  let last = -1;
  let end = from;
  for (; end < text.length; end += 1) {
    if (isSpace(text.charCodeAt(end)) || closesQuote(text, end) || ends(end)) break;
    const letter = text.charAt(end);
    if (letter === '@' && !isDigest(text, end)) last = end;
    if (letter === '%' && encodedAt !== undefined && text.startsWith(encodedAt, end)) last = end;
  }
  return last > from ? { goOn: last, secret: { end: last } } : { goOn: end, secret: undefined };
}

function isDigest(text: string, at: number): boolean {
  digest.lastIndex = at;
  return digest.test(text);
}
