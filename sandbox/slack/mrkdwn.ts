/** Gives the name behind an id: `@name` for users, `#name` for channels, `@handle` for user groups. */
export interface Names {
  user(id: string): string;
  channel(id: string): string;
  group(id: string): string;
}

const EMOJI: Readonly<Record<string, string>> = {
  arrows_counterclockwise: '🔄',
  bell: '🔔',
  broken_heart: '💔',
  hourglass: '⌛',
  hourglass_flowing_sand: '⏳',
  information_source: 'ℹ️',
  key: '🔑',
  large_blue_circle: '🔵',
  large_green_circle: '🟢',
  large_yellow_circle: '🟡',
  lock: '🔒',
  no_entry: '⛔',
  no_entry_sign: '🚫',
  octagonal_sign: '🛑',
  red_circle: '🔴',
  rotating_light: '🚨',
  floppy_disk: '💾',
  package: '📦',
  warning: '⚠️',
  white_check_mark: '✅',
  white_circle: '⚪',
  x: '❌',
};

export function withEmoji(text: string): string {
  return text.replace(/:([a-z0-9_+-]+):/g, (whole, name: string) => EMOJI[name] ?? whole);
}

/** Slack's three escapes. */
export function unescapeText(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** Slack's mrkdwn as a person reads it: no markers, names instead of ids, links as `text (address)`. */
export function plainOf(mrkdwn: string, names: Names): string {
  // Code is kept to the letter, also between markers (*Run `r-1`*): it is set aside before they are taken out.
  const codes: string[] = [];
  const prose = mrkdwn.replaceAll(setAside, '').replace(/```[\s\S]*?```|`[^`\n]+`/g, (code) => {
    codes.push(code);
    return `\uE000${codes.length - 1}\uE001`;
  });
  return proseOf(prose, names)
    .replace(setAside, (_, index: string) => codeOf(codes[Number(index)] ?? '', names))
    .replace(/^\n|\n$/g, '');
}

/** Characters that no text of Slack has a meaning for. */
const setAside = /\uE000(\d+)\uE001/g;

function codeOf(code: string, names: Names): string {
  if (!code.startsWith('```')) return references(code.slice(1, -1), names);
  return `\n${indent(references(code.slice(3, -3).replace(/^\n|\n$/g, ''), names))}\n`;
}

function proseOf(text: string, names: Names): string {
  const bare = text
    .replace(/(^|[\s(>[,.:;—·])\*(?=\S)([^*\n]*\S)\*(?![\w*])/g, '$1$2')
    .replace(/(^|[\s(>[,.:;—·*])_(?=\S)([^_\n]*\S)_(?![\w_])/g, '$1$2')
    .replace(/(^|[\s(>[,.:;—·])~(?=\S)([^~\n]*\S)~(?![\w~])/g, '$1$2');
  return withEmoji(references(bare, names)).replace(/^&gt; ?|^> ?/gm, '│ ');
}

/** `<...>` references, and then the three escapes. */
function references(text: string, names: Names): string {
  const resolved = text.replace(/<([^<>]+)>/g, (_whole, inner: string) => {
    const [target = '', label] = splitOnce(inner, '|');
    if (target.startsWith('@')) return names.user(target.slice(1));
    if (target.startsWith('#')) return names.channel(target.slice(1));
    if (target.startsWith('!subteam^')) return label ?? names.group(target.slice('!subteam^'.length));
    if (target.startsWith('!date^')) return label ?? target;
    if (target.startsWith('!')) return `@${label ?? target.slice(1)}`;
    return label === undefined || label === target ? target : `${label} (${target})`;
  });
  return unescapeText(resolved);
}

function splitOnce(text: string, mark: string): [string, string | undefined] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
}
