import type { ActionsBlock, Button, ContextBlock, KnownBlock, SectionBlock } from '@slack/types';
import type { ActionId } from './action-ids.ts';
import { limits } from './limits.ts';
import { cutMarkup, join, Markup, plainText } from './markup.ts';

/** `text` alone says everything that matters: notifications and screen readers read it, not the blocks. */
export interface Message {
  text: string;
  blocks?: KnownBlock[];
}

export interface MessageParts {
  /** One section each. */
  readonly sections: readonly Markup[];
  readonly buttons?: readonly Button[];
  /** Small print under it. */
  readonly footer?: Markup | undefined;
  /** In place of the sections' text, where these are too much for a notification. */
  readonly text?: Markup;
}

export function message(parts: MessageParts): Message {
  const sections = withinTotal(parts.sections);
  const blocks: KnownBlock[] = sections.map(sectionBlock);
  if (parts.buttons && parts.buttons.length > 0) blocks.push(actionsBlock(parts.buttons));
  if (parts.footer) blocks.push(footerBlock(parts.footer));
  const text = parts.text ?? join(sections, '\n');
  return { text: cutMarkup(text.source, limits.messageText), blocks };
}

/**
 * Packs entries into as few sections as they need, within `room` units. What does not fit is counted, never dropped silently.
 */
export function stack(
  entries: readonly Markup[],
  options: { readonly separator?: string; readonly room?: number; readonly more: (count: number) => Markup },
): readonly Markup[] {
  const separator = options.separator ?? '\n';
  const reserve = 200;
  let room = (options.room ?? limits.allSections) - reserve;
  const sections: string[] = [];
  for (const [index, entry] of entries.entries()) {
    const source = cutMarkup(entry.source, limits.sectionText - reserve);
    room -= source.length + separator.length;
    const last = sections.at(-1);
    if (room < 0) {
      const rest = options.more(entries.length - index).source;
      if (last === undefined) return [new Markup(rest)];
      return [...sections.slice(0, -1), `${last}${separator}${rest}`].map((text) => new Markup(text));
    }
    const fits =
      last !== undefined && last.length + separator.length + source.length <= limits.sectionText - reserve;
    if (fits) sections[sections.length - 1] = `${last}${separator}${source}`;
    else sections.push(source);
  }
  return sections.map((text) => new Markup(text));
}

export function button(options: {
  readonly id: ActionId;
  readonly label: string;
  readonly value: string;
  readonly style?: 'primary' | 'danger';
  readonly confirm?: { title: string; text: string; confirm: string; deny: string };
}): Button {
  const confirm = options.confirm;
  return {
    type: 'button',
    action_id: options.id,
    text: plain(options.label, limits.buttonText),
    // Not cut: half an id would be another run's. Ids are short and made by us.
    value: options.value,
    ...(options.style ? { style: options.style } : {}),
    ...(confirm
      ? {
          confirm: {
            title: plain(confirm.title, limits.confirmTitle),
            text: plain(confirm.text, limits.confirmText),
            confirm: plain(confirm.confirm, limits.confirmButton),
            deny: plain(confirm.deny, limits.confirmButton),
          },
        }
      : {}),
  };
}

function withinTotal(sections: readonly Markup[]): readonly Markup[] {
  let room: number = limits.allSections;
  const kept: Markup[] = [];
  for (const each of sections) {
    const source = cutMarkup(each.source, Math.min(limits.sectionText, room));
    // Buttons and footer need two blocks.
    if (source === '' || kept.length >= limits.blocks - 2 || room < 50) continue;
    room -= source.length;
    kept.push(new Markup(source));
  }
  return kept;
}

// verbatim: Slack makes no links, mentions or channel names out of plain words.
export function sectionBlock(text: Markup): SectionBlock {
  return { type: 'section', text: { type: 'mrkdwn', text: text.source, verbatim: true } };
}

/** Sections within what one message or modal can hold all together. */
export function sectionBlocks(texts: readonly Markup[]): readonly SectionBlock[] {
  return withinTotal(texts).map(sectionBlock);
}

export function footerBlock(text: Markup): ContextBlock {
  const source = cutMarkup(text.source, limits.sectionText);
  return { type: 'context', elements: [{ type: 'mrkdwn', text: source, verbatim: true }] };
}

export function actionsBlock(elements: readonly ActionsBlock['elements'][number][]): ActionsBlock {
  return { type: 'actions', elements: [...elements] };
}

/** A plain_text object. */
export function plain(text: string, max: number) {
  return { type: 'plain_text' as const, text: plainText(text, max), emoji: false };
}
