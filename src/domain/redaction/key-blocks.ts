import type { Reached } from './reached.ts';
import { base64Units, endOfUnits } from './text-units.ts';

export const keyFooter = /-----END [A-Z0-9 ]{0,64}PRIVATE KEY(?: BLOCK)?-----/g;
/** Base64 is broken into lines of 64 or 76 letters; a shorter line is the last. */
const wholeLine = 60;

/** To the end of the PEM block; where it has none, to the end of the text: better too much than half a key. */
export function keyEnd(text: string, from: number): Reached {
  keyFooter.lastIndex = from;
  const footer = keyFooter.exec(text);
  const end = footer ? keyFooter.lastIndex : text.length;
  keyFooter.lastIndex = 0;
  return { goOn: end, secret: { end } };
}

/** A whole PEM block as base64, over all of its lines. */
export function base64Key(text: string, from: number): Reached {
  let end = endOfUnits(text, from, base64Units);
  for (let start = from; end - start >= wholeLine; ) {
    const next = nextLine(text, end);
    if (next === undefined) break;
    start = next;
    end = endOfUnits(text, start, base64Units);
  }
  return { goOn: end, secret: { end } };
}

/** Where the next line begins, literally or as JSON writes it; undefined: the text goes on otherwise. */
function nextLine(text: string, at: number): number | undefined {
  for (const end of ['\n', '\r\n', '\\n', '\\r\\n']) if (text.startsWith(end, at)) return at + end.length;
  return undefined;
}

/** Where the lines of base64 before a footer begin, not before `after`: the header may have been cut off. */
export function cutKeyStart(text: string, footer: number, after: number): number {
  let start = footer;
  while (start > after && text.charAt(start - 1) === '\n') {
    let lineStart = text.charAt(start - 2) === '\r' ? start - 2 : start - 1;
    const lineEnd = lineStart;
    while (lineStart > after && base64Units[text.charCodeAt(lineStart - 1)] === 1) lineStart -= 1;
    const isWhole = lineStart === after || text.charAt(lineStart - 1) === '\n';
    if (lineStart >= lineEnd || !isWhole) break;
    start = lineStart;
  }
  return start;
}
