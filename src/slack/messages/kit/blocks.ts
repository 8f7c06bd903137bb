import type { ActionsBlock, Button, ContextBlock, KnownBlock, SectionBlock } from '@slack/types';
import type { ActionId } from './action-ids.ts';
import { limits } from './limits.ts';
import { cutMarkup, Markup, plainText } from './markup.ts';
import { type Spoken, spokenText } from './spoken-text.ts';
import { zoneOnce } from './zone-once.ts';

/** `text` alone says everything that matters: notifications and screen readers read it, not the blocks. */
export interface Message {
  text: string;
  blocks?: KnownBlock[];
}

interface Parts {
  readonly buttons?: readonly Button[];
  /** Small print under it. */
  readonly footer?: Markup | undefined;
}

/** A message of one section is its own text. */
interface Sentence extends Parts {
  readonly sections: readonly [Markup];
  readonly text?: Spoken;
  readonly rest?: Markup;
}

interface Sections extends Parts {
  /** One section each. */
  readonly sections: readonly Markup[];
  readonly text: Spoken;
  /** The last section where not everything fits: where the rest is to be read. */
  readonly rest: Markup;
}

type MessageParts = Sentence | Sections;

export function message(parts: MessageParts): Message {
  const named = zoneOnce([...parts.sections, ...(parts.footer ? [parts.footer] : [])]);
  const sections = withinTotal(named.slice(0, parts.sections.length), parts.rest);
  const footer = parts.footer && named.at(-1);
  const blocks: KnownBlock[] = sections.map(sectionBlock);
  if (parts.buttons && parts.buttons.length > 0) blocks.push(actionsBlock(parts.buttons));
  if (footer) blocks.push(footerBlock(footer));
  return { text: spokenText(parts.text ?? parts.sections), blocks };
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
  let room = (options.room ?? limits.allSections - 500) - reserve;
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

/** `rest` takes the place of what does not fit. */
function withinTotal(sections: readonly Markup[], rest?: Markup): readonly Markup[] {
  const pieces = sections.flatMap(splitLong);
  // Buttons and footer need two blocks, and `rest` one.
  const most = limits.blocks - (rest ? 3 : 2);
  let room: number = limits.allSections - (rest?.source.length ?? 0);
  let whole = true;
  const kept: Markup[] = [];
  for (const { source } of pieces) {
    const cut = cutMarkup(source, Math.min(limits.sectionText, room));
    whole &&= cut === source && kept.length < most;
    if (cut === '' || kept.length >= most || room < 50) continue;
    room -= cut.length;
    kept.push(new Markup(cut));
  }
  return whole || !rest ? kept : [...kept, rest];
}

/** A section that is too long becomes two, between two lines that are in no block of code. */
function splitLong(section: Markup): readonly Markup[] {
  const { source } = section;
  if (source.length <= limits.sectionText) return [section];
  for (
    let end = source.lastIndexOf('\n', limits.sectionText);
    end > 0;
    end = source.lastIndexOf('\n', end - 1)
  ) {
    const head = source.slice(0, end);
    if (head.split('```').length % 2 === 1)
      return [new Markup(head), ...splitLong(new Markup(source.slice(end + 1)))];
  }
  return [section];
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
  const source = cutMarkup(text.source, limits.footer);
  return { type: 'context', elements: [{ type: 'mrkdwn', text: source, verbatim: true }] };
}

export function actionsBlock(elements: readonly ActionsBlock['elements'][number][]): ActionsBlock {
  return { type: 'actions', elements: [...elements] };
}

/** A plain_text object. */
export function plain(text: string, max: number) {
  return { type: 'plain_text' as const, text: plainText(text, max), emoji: false };
}
