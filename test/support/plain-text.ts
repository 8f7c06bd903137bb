import type { KnownBlock } from '@slack/types';
import type { Message } from '../../src/slack/messages/kit/blocks.ts';

/** A message as people would read it, for golden texts: one can read them aloud. */
export function asPlainText(message: Message): string {
  const body = message.blocks ? message.blocks.map(blockText).join('\n\n') : readable(message.text);
  return `${body}\n`;
}

function blockText(block: KnownBlock): string {
  switch (block.type) {
    case 'section':
      return readable(block.text?.text ?? '');
    case 'context':
      return block.elements.map((each) => ('text' in each ? readable(each.text ?? '') : '')).join(' ');
    case 'actions':
      return block.elements
        .map((each) => (each.type === 'button' ? buttonText(each) : `[${each.type}]`))
        .join(' ');
    default:
      return `[${block.type}]`;
  }
}

function buttonText(
  button: Extract<KnownBlock, { type: 'actions' }>['elements'][number] & { type: 'button' },
) {
  const asks = button.confirm ? ` (asks: ${button.confirm.title?.text} ${button.confirm.text.text})` : '';
  return `[${button.text.text}]${asks}`;
}

/** Slack's markup resolved: dates as their fallback, links as label and address, escapes undone, invisible signs left out. */
export function readable(markup: string): string {
  return markup
    .replace(/<!date\^\d+\^[^|]+\|([^>]*)>/g, '$1')
    .replace(/<@([A-Z0-9]+)>/g, '@$1')
    .replace(/<!subteam\^([A-Z0-9]+)>/g, '@$1')
    .replace(/<#([A-Z0-9]+)>/g, '#$1')
    .replace(/<(https?:[^|>]+)\|([^>]*)>/g, '$2 ($1)')
    .replace(/[\u2060\ufeff]/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
