import { redact } from '../../domain/redaction/redact.ts';

// What cannot be parsed may hold a secret anywhere: of a line only indentation, keys and signs are shown, every value is "…".

const key = /^-?[[{]*["']?[A-Za-z_][\w.-]{0,39}["']?:$/;
const sign = /^[-?[\]{},]+$/;
const opening = /^[-"'[{&*@`%!|>?]{0,2}/;
const closing = /[\]},]*$/;
/** Its brace closes nothing of the line. */
const reference = /^["']?\$\{/;
const hidden = '…';

/** A line of the file with a caret under one of its characters, in two lines. `line` and `column` count from 1. */
export function excerptOf(text: string, line: number, column: number): readonly string[] {
  const source = (text.split('\n')[line - 1] ?? '').replace(/\r$/, '');
  const [indentation = ''] = /^[ \t]*/.exec(source) ?? [];
  const shown = { text: indentation.replaceAll('\t', '→'), caret: column - 1 };
  for (const { 0: chunk, index } of source.matchAll(/\S+/g)) {
    const at = shown.text.trim() === '' ? shown.text.length : shown.text.length + 1;
    const { visible, caret } = visibleOf(chunk, column - 1 - index);
    if (visible === hidden && shown.text.endsWith(hidden)) continue;
    shown.text = shown.text.padEnd(at) + visible;
    if (caret !== undefined) shown.caret = at + caret;
    if (chunk.startsWith('#')) break;
  }
  const safe = redact(shown.text) === shown.text ? shown.text : hidden;
  const number = String(line);
  const caret = Math.min(shown.caret, safe.length);
  return [`  ${number} | ${safe}`, `  ${' '.repeat(number.length)} | ${' '.repeat(caret)}^`];
}

/** `caret`: where the wanted character went; undefined: it is not in this chunk. */
function visibleOf(
  chunk: string,
  wanted: number,
): { readonly visible: string; readonly caret: number | undefined } {
  const isHere = wanted >= 0 && wanted < chunk.length;
  if (key.test(chunk) || sign.test(chunk)) return { visible: chunk, caret: isHere ? wanted : undefined };
  if (chunk.startsWith('#')) return { visible: `# ${hidden}`, caret: isHere ? 0 : undefined };
  const [before = ''] = opening.exec(chunk) ?? [];
  const [after = ''] = reference.test(chunk) ? [] : (closing.exec(chunk.slice(before.length)) ?? []);
  const inside = chunk.length > before.length + after.length ? hidden : '';
  return {
    visible: `${before}${inside}${after}`,
    caret: isHere ? Math.min(wanted, before.length) : undefined,
  };
}
