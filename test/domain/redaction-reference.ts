/**
 * What redact() takes out of a text by its patterns, in the plainest words: one regular expression for each kind, tried at
 * every place. Quadratic and worse; obviously right.
 */
export function plainlyRedacted(text: string): string {
  const hidden = new Array<boolean>(text.length).fill(false);
  const hide = (start: number, end: number) => hidden.fill(true, start, end);
  for (const pattern of patterns) {
    for (const match of text.matchAll(pattern)) {
      const [start, end] = match.indices?.[1] ?? [0, 0];
      hide(start, end);
    }
  }
  for (const [start, end] of [...fields(text), ...cutKeys(text)]) hide(start, end);
  return [...hidden.keys()]
    .map((at) => (hidden[at] ? (hidden[at - 1] ? '' : '[secret]') : text.charAt(at)))
    .join('');
}

/** A unit of a word: no white space, and no quotation mark that closes something. */
const word = String.raw`(?:[^\s"']|["'](?![\s,:;)\]}>\\]|$))`;
const noDigest = '(?!sha256:[0-9a-f]{12})';
const key = '[A-Z0-9 ]{0,64}PRIVATE KEY(?: BLOCK)?-----';
const base64 = '[A-Za-z0-9+/=_-]';
const names = 'password|passwd|passphrase|token|secret|api[-_]?key|access[-_]?key|key-data';

/** The first group of each is what goes. */
const patterns: readonly RegExp[] = [
  new RegExp(String.raw`:(?:\\{0,3}\/){2}(?!\\?\/)(${word}+)@${noDigest}`, 'dg'),
  new RegExp(String.raw`%3a%2f%2f(?!\\?\/)((?:(?!&)${word})+)(?:@${noDigest}|%40)`, 'dgi'),
  new RegExp(`(-----BEGIN ${key}(?:[^]*?-----END ${key}|[^]*))`, 'dg'),
  new RegExp(String.raw`(LS0tLS1CRUdJTi(?:${base64}{60,}(?:\r?\n|(?:\\r)?\\n))*${base64}*)`, 'dg'),
  /(sha256~[A-Za-z0-9_-]{20,})/dg,
  /(eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_.-]{10,})/dg,
  /(age-secret-key-[A-Za-z0-9_-]*)/dgi,
  /(?<![A-Za-z0-9])(x(?:ox[a-z]|app|wfp)-[\w.-]{4,})/dg,
  /ticket(?:=|%3d)([^\s&"']+)/dgi,
  /https?:(?:\\?\/){2}[^\s/"'\\]{1,255}\\?\/(?:commands|actions|response|services|workflows|triggers)\\?\/([\w/%\\-]+)/dgi,
  new RegExp(
    String.raw`authorization(?:\\{0,7}["'])?[\s:=]{0,8}(?:\\{0,7}["'])?(?:bearer|basic|token|negotiate)\s{1,8}(${word}+)`,
    'dgi',
  ),
  new RegExp(String.raw`(?:${names})>([^<\s]{3,})`, 'dgi'),
];

function fields(text: string): readonly (readonly [number, number])[] {
  const found: (readonly [number, number])[] = [];
  const name = new RegExp(String.raw`(?:${names})(?:\\{0,7}["'])?\s{0,8}[=:]\s{0,8}`, 'gi');
  for (let match = name.exec(text); match; match = name.exec(text)) {
    const rest = text.slice(name.lastIndex);
    const value = quoted(rest) ?? bare(rest);
    if (value === undefined) continue;
    const [start, end] = value.map((at) => at + name.lastIndex) as [number, number];
    if (end > start) found.push([start, end]);
    name.lastIndex = Math.max(name.lastIndex, end);
  }
  return found;
}

/** From one quotation mark to the one that closes it: the same, with no more backslashes than it; without any, unescaped. */
function quoted(rest: string): readonly [number, number] | undefined {
  const [whole, slashes = '', mark] = /^(\\{0,7})(["'])/.exec(rest) ?? [];
  if (whole === undefined || mark === undefined) return undefined;
  const [line = ''] = rest.slice(whole.length).split('\n', 1);
  const ends = [...line].flatMap((_, at) => {
    if (line.charAt(at) !== mark) return [];
    const before = /\\*$/.exec(line.slice(0, at))?.[0].length ?? 0;
    if (slashes === '') return before % 2 === 0 ? [at] : [];
    return before <= slashes.length ? [at - before] : [];
  });
  return ends[0] === undefined ? undefined : [whole.length, whole.length + ends[0]];
}

function bare(rest: string): readonly [number, number] | undefined {
  const opening = /^\\{0,7}["']/.exec(rest)?.[0].length ?? 0;
  const unit = String.raw`(?![,;](?:[\s"']|$))(?!&)${word}`;
  const [value = ''] = new RegExp(`^(?:${unit})*`).exec(rest.slice(opening)) ?? [];
  const next = rest.charAt(opening + value.length);
  const kept = next === '"' || next === "'" ? value.replace(/\\+$/, '') : value;
  return kept.length >= 3 ? [opening, opening + kept.length] : undefined;
}

/** The footer of a key, and the lines of base64 right before it. */
function cutKeys(text: string): readonly (readonly [number, number])[] {
  const found: (readonly [number, number])[] = [];
  let after = 0;
  for (const match of text.matchAll(new RegExp(`-----END ${key}`, 'g'))) {
    const before = text.slice(after, match.index);
    const lines = new RegExp(String.raw`(?:(?<=^|\n)${base64}+\r?\n)+$`).exec(before)?.[0] ?? '';
    found.push([match.index - lines.length, match.index + match[0].length]);
    after = match.index + match[0].length;
  }
  return found;
}
