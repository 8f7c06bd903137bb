import type { KnownBlock } from '@slack/types';
import type { Message } from './blocks.ts';

/** A message's sections as the text of a file: nothing is cut, escapes are undone. */
export function messageAsText(message: Message): string {
  const parts = (message.blocks ?? []).flatMap(textsOf);
  return `${plainOf(parts.length === 0 ? message.text : parts.join('\n\n'))}\n`;
}

function textsOf(block: KnownBlock): readonly string[] {
  if (block.type === 'section') return [block.text?.text ?? ''];
  if (block.type !== 'context') return [];
  return block.elements.map((each) => ('text' in each ? each.text : ''));
}

/** Markup as plain text: escapes and mentions undone, code spans kept. */
export function plainOf(markup: string): string {
  return markup
    .replace(/<!date\^[0-9]+\^[^|<>]*\|([^<>|]*)>/gu, '$1')
    .replace(/<(https?:[^|<>]+)\|([^<>|]*)>/gu, '$2 ($1)')
    .replace(/<[@#!]([^<>]*)>/gu, '$1')
    .replace(/[\u2060\ufeff]/gu, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
