import { unescapeText, withEmoji } from '../../slack/mrkdwn.ts';

/** Slack's mrkdwn as a tree, to be drawn. */
export type Piece =
  | { readonly kind: 'text' | 'code'; readonly text: string }
  | { readonly kind: 'bold' | 'italic' | 'strike' | 'pre' | 'quote'; readonly pieces: readonly Piece[] }
  | { readonly kind: 'user' | 'channel' | 'group'; readonly id: string; readonly label: string | undefined }
  | { readonly kind: 'mention'; readonly text: string }
  | { readonly kind: 'link'; readonly url: string; readonly label: string }
  | {
      readonly kind: 'date';
      readonly seconds: number;
      readonly format: string;
      readonly fallback: string;
    };

/** Characters without a meaning in Slack's texts: a placeholder for what is set aside, with its number between them. */
const setAside = /\uE000(\d+)\uE001/;
const marks = [
  ['bold', /(^|[\s(>[,.:;—·\uE001])\*(?=\S)([^*\n]*\S)\*(?![\w*])/],
  ['italic', /(^|[\s(>[,.:;—·\uE001])_(?=\S)([^_\n]*\S)_(?![\w_])/],
  ['strike', /(^|[\s(>[,.:;—·\uE001])~(?=\S)([^~\n]*\S)~(?![\w~])/],
] as const;

export function parseMrkdwn(mrkdwn: string): readonly Piece[] {
  const aside: Piece[] = [];
  const keep = (piece: Piece) => `\uE000${aside.push(piece) - 1}\uE001`;
  // Code is kept to the letter, and no mark reaches into a reference.
  const prose = mrkdwn
    .replaceAll(/[\uE000\uE001]/g, '')
    .replace(/```([\s\S]*?)```\n?/g, (_, code: string) =>
      keep({ kind: 'pre', pieces: references(code.replace(/^\n|\n$/g, '')) }),
    )
    .replace(/`([^`\n]+)`/g, (_, code: string) => keep({ kind: 'code', text: unescapeText(code) }))
    .replace(/<([^<>]+)>/g, (_, inner: string) => keep(reference(inner)));
  return quotes(prose, aside);
}

/** Lines that begin with `>` are one quote together. */
function quotes(text: string, aside: readonly Piece[]): readonly Piece[] {
  const pieces: Piece[] = [];
  let [plain, quoted]: [string[], string[]] = [[], []];
  const end = () => {
    if (plain.length > 0) pieces.push(...inline(plain.join('\n'), aside));
    if (quoted.length > 0) pieces.push({ kind: 'quote', pieces: inline(quoted.join('\n'), aside) });
    [plain, quoted] = [[], []];
  };
  for (const line of text.split('\n')) {
    const [, rest] = /^(?:&gt;|>) ?(.*)$/.exec(line) ?? [];
    if (rest === undefined ? quoted.length > 0 : plain.length > 0) end();
    if (rest === undefined) plain.push(line);
    else quoted.push(rest);
  }
  end();
  return pieces;
}

function inline(text: string, aside: readonly Piece[]): readonly Piece[] {
  if (text === '') return [];
  const found = marks
    .flatMap(([kind, pattern]) => {
      const match = pattern.exec(text);
      return match === null ? [] : [{ kind, match, at: match.index + (match[1]?.length ?? 0) }];
    })
    .toSorted((a, b) => a.at - b.at)[0];
  if (found === undefined) return putBack(text, aside);
  const end = found.match.index + found.match[0].length;
  return [
    ...putBack(text.slice(0, found.at), aside),
    { kind: found.kind, pieces: inline(found.match[2] ?? '', aside) },
    ...inline(text.slice(end), aside),
  ];
}

function putBack(text: string, aside: readonly Piece[]): readonly Piece[] {
  return text.split(setAside).flatMap((part, index): readonly Piece[] => {
    if (index % 2 === 1) return aside.slice(Number(part), Number(part) + 1);
    return part === '' ? [] : [{ kind: 'text', text: withEmoji(unescapeText(part)) }];
  });
}

/** In a block of code only these mean something. */
function references(code: string): readonly Piece[] {
  return code.split(/<([^<>]+)>/).flatMap((part, index): readonly Piece[] => {
    if (index % 2 === 1) return [reference(part)];
    return part === '' ? [] : [{ kind: 'text', text: unescapeText(part) }];
  });
}

function reference(inner: string): Piece {
  const at = inner.indexOf('|');
  const target = at < 0 ? inner : inner.slice(0, at);
  const label = at < 0 ? undefined : unescapeText(inner.slice(at + 1));
  if (target.startsWith('@')) return { kind: 'user', id: target.slice(1), label };
  if (target.startsWith('#')) return { kind: 'channel', id: target.slice(1), label };
  if (target.startsWith('!subteam^')) return { kind: 'group', id: target.slice('!subteam^'.length), label };
  const date = /^!date\^(\d+)\^([^^]*)/.exec(target);
  if (date) {
    return { kind: 'date', seconds: Number(date[1]), format: date[2] ?? '', fallback: label ?? target };
  }
  if (target.startsWith('!')) return { kind: 'mention', text: `@${label ?? target.slice(1)}` };
  const url = unescapeText(target);
  return { kind: 'link', url, label: withEmoji(label ?? url) };
}
