const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
// Blocks that terminals draw two columns wide: Hangul, CJK, kana, full-width forms.
const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u;
const EMOJI = /^(\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f)/u;

/** Columns that a terminal needs for the text: 2 for Korean syllables and emoji, 0 for control characters. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += graphemeWidth(segment);
  return width;
}

function graphemeWidth(segment: string): number {
  if (WIDE.test(segment) || EMOJI.test(segment)) return 2;
  return /^[\p{Cc}\p{Cf}\p{Mn}]/u.test(segment) ? 0 : 1;
}

/** Breaks each line at spaces, or inside a word that is too long, so that none is wider than `columns`. */
export function wrap(text: string, columns: number): string[] {
  return text.split('\n').flatMap((line) => wrapLine(line, columns));
}

function wrapLine(line: string, columns: number): string[] {
  const lines: string[] = [];
  let current = '';
  let width = 0;
  for (const word of line.split(/(?<= )/)) {
    if (width > 0 && width + displayWidth(word.trimEnd()) > columns) {
      lines.push(current.trimEnd());
      current = '';
      width = 0;
    }
    for (const { segment } of graphemes.segment(word)) {
      const size = graphemeWidth(segment);
      if (width + size > columns && segment !== ' ') {
        lines.push(current.trimEnd());
        current = '';
        width = 0;
      }
      current += segment;
      width += size;
    }
  }
  return [...lines, current.trimEnd()];
}
