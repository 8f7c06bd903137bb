import { labelOf } from './elements.ts';
import { asObject, asText, isObject, type Json, type JsonObject, objectsIn } from './json.ts';
import type { SharedFile } from './model.ts';
import { type Names, plainOf, withEmoji } from './mrkdwn.ts';

/** What of a message is to be read. */
export interface Readable {
  readonly text: string;
  readonly blocks: readonly JsonObject[];
  readonly files?: readonly SharedFile[];
}

/** The message as a person reads it: its blocks, or its text when it has none, and its files. */
export function renderContent(message: Readable, names: Names): string {
  const body = message.blocks.length > 0 ? renderBlocks(message.blocks, names) : plainOf(message.text, names);
  const files = (message.files ?? []).map((file) => `📎 ${file.title} (${file.bytes.length} bytes)`);
  return [body, ...files].filter((part) => part !== '').join('\n');
}

export function renderView(view: JsonObject, names: Names): string {
  const title = asText(asObject(view.title).text);
  const buttons = [view.submit, view.close]
    .map((entry) => asText(asObject(entry).text))
    .filter((text) => text !== '');
  const footer = buttons.map((text) => `[${text}]`).join(' ');
  return [title, renderBlocks(objectsIn(view.blocks), names), footer]
    .filter((part) => part !== '')
    .join('\n');
}

function renderBlocks(blocks: readonly JsonObject[], names: Names): string {
  return blocks
    .map((block) => renderBlock(block, names))
    .filter((part) => part !== '')
    .join('\n');
}

function renderBlock(block: JsonObject, names: Names): string {
  switch (block.type) {
    case 'section':
      return renderSection(block, names);
    case 'context':
      return `  ${objectsIn(block.elements)
        .map((element) => (element.type === 'image' ? imageText(element) : textOf(element, names)))
        .join('  ')
        .replaceAll('\n', '\n  ')}`;
    case 'actions':
      return objectsIn(block.elements).map(elementText).join(' ');
    case 'divider':
      return '────────';
    case 'image':
      return imageText(block);
    case 'input':
      return renderInput(block, names);
    case 'markdown':
      return asText(block.text);
    case 'rich_text':
      return richText(block.elements, names);
    case 'table':
      return tableText(block, names);
    default:
      return textOf(asObject(block.text), names);
  }
}

function renderSection(block: JsonObject, names: Names): string {
  const accessory = isObject(block.accessory) ? elementText(block.accessory) : '';
  const text = isObject(block.text) ? textOf(block.text, names) : '';
  const head = [text, accessory].filter((part) => part !== '').join('  ');
  // A field's first line is its label.
  const fields = objectsIn(block.fields).map((field) => {
    const [label = '', ...rest] = textOf(field, names).split('\n');
    return rest.length === 0 ? label : `${label.replace(/:$/, '')}: ${rest.join(' ')}`;
  });
  return [head, ...fields].filter((part) => part !== '').join('\n');
}

function renderInput(block: JsonObject, names: Names): string {
  const label = textOf(asObject(block.label), names);
  const hint = isObject(block.hint) ? `\n  ${textOf(block.hint, names)}` : '';
  const optional = block.optional === true ? ' (optional)' : '';
  return `${label}${optional}: ${elementText(asObject(block.element))}${hint}`;
}

function elementText(element: JsonObject): string {
  if (element.type === 'image') return imageText(element);
  if (element.type === 'overflow') return '[⋯]';
  if (element.type === 'button') return `[${withEmoji(labelOf(element))}]`;
  if (element.type === 'checkboxes' || element.type === 'radio_buttons') {
    return objectsIn(element.options)
      .map((option) => `( ) ${asText(asObject(option.text).text)}`)
      .join(' ');
  }
  if (asText(element.type).endsWith('_input')) return asText(element.initial_value) || '________';
  const initial = asObject(asObject(element.initial_option).text).text;
  return `[${asText(initial) || labelOf(element)} ▾]`;
}

function imageText(image: JsonObject): string {
  return `[image: ${asText(image.alt_text)}]`;
}

function textOf(text: JsonObject, names: Names): string {
  return text.type === 'mrkdwn' ? plainOf(asText(text.text), names) : withEmoji(asText(text.text));
}

function richText(elements: Json | undefined, names: Names): string {
  return objectsIn(elements)
    .map((element) => {
      if (element.type === 'rich_text_list') {
        return objectsIn(element.elements)
          .map((item) => `• ${richInline(item, names)}`)
          .join('\n');
      }
      const inline = richInline(element, names);
      const inset =
        element.type === 'rich_text_preformatted' ? '    ' : element.type === 'rich_text_quote' ? '│ ' : '';
      return inline
        .split('\n')
        .map((line) => `${inset}${line}`)
        .join('\n');
    })
    .join('\n');
}

function richInline(section: JsonObject, names: Names): string {
  return objectsIn(section.elements)
    .map((part) => {
      if (part.type === 'user') return names.user(asText(part.user_id));
      if (part.type === 'channel') return names.channel(asText(part.channel_id));
      if (part.type === 'usergroup') return names.group(asText(part.usergroup_id));
      if (part.type === 'emoji') return withEmoji(`:${asText(part.name)}:`);
      if (part.type === 'link') return asText(part.text) || asText(part.url);
      return asText(part.text);
    })
    .join('');
}

function tableText(block: JsonObject, names: Names): string {
  const rows = Array.isArray(block.rows) ? block.rows : [];
  return rows
    .map((row) =>
      objectsIn(row)
        .map((cell) => (cell.type === 'rich_text' ? richText(cell.elements, names) : asText(cell.text)))
        .join(' | '),
    )
    .join('\n');
}
