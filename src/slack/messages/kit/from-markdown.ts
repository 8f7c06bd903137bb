import { code, join, Markup, prose } from './markup.ts';

/** Slack shows the backticks of code that touches a letter; a hair space is hardly seen. */
const hairSpace = '\u200a';
const letterFirst = /^[\p{L}\p{N}]/u;
const letterLast = /[\p{L}\p{N}]$/u;
const longest = 1_200;

/** One paragraph of our own Markdown, as src/restore writes it: code spans, bold, and plain words. */
export function fromMarkdown(text: string): Markup {
  const pieces = text.split('`');
  return join(
    pieces.map((piece, at) => {
      if (at % 2 === 0) return bold(piece);
      const before = letterLast.test(pieces[at - 1] ?? '') ? hairSpace : '';
      const after = letterFirst.test(pieces[at + 1] ?? '') ? hairSpace : '';
      return new Markup(`${before}${code(piece, longest).source}${after}`);
    }),
    '',
  );
}

/** `**bold**` → `*bold*`; a marker without its other half stays a character. */
function bold(text: string): Markup {
  const pieces = text.split('**');
  if (pieces.length % 2 === 0) return prose(text);
  return join(
    pieces.map((piece, at) => (at % 2 === 0 ? prose(piece) : new Markup(`*${prose(piece).source}*`))),
    '',
  );
}
