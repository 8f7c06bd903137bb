import { elementsOf } from './block-check.ts';
import type { Core } from './core.ts';
import { asObject, asText, type JsonObject, objectsIn } from './json.ts';

interface Wanted {
  readonly actionId: string;
  readonly value?: string;
  readonly blockId?: string;
}

/** The one element that fits; throws, naming what could be clicked, when there is none or more than one. */
export function findElement(
  blocks: JsonObject[],
  wanted: Wanted,
): { block: JsonObject; element: JsonObject } {
  const all = blocks.flatMap((block) =>
    elementsOf(block)
      .filter((element) => element.type !== 'image')
      .map((element) => ({ block, element })),
  );
  const fits = all.filter(
    ({ block, element }) =>
      element.action_id === wanted.actionId &&
      (wanted.blockId === undefined || block.block_id === wanted.blockId) &&
      (wanted.value === undefined || element.type !== 'button' || element.value === wanted.value),
  );
  const [only] = fits;
  if (only && fits.length === 1) return only;
  const there = all.map(({ element }) => `[${labelOf(element)}] ${asText(element.action_id)}`).join(', ');
  const asked = `${wanted.actionId}${wanted.value === undefined ? '' : ` = ${wanted.value}`}`;
  if (only)
    throw new Error(
      `${fits.length} buttons are called ${asked}; say which by value or blockId. There are: ${there}`,
    );
  throw new Error(
    `There is no such button: ${asked}. The message has: ${there === '' ? 'no buttons' : there}`,
  );
}

export function labelOf(element: JsonObject): string {
  const text = asText(asObject(element.text).text) || asText(asObject(element.placeholder).text);
  return text === '' ? asText(element.action_id) : text;
}

/** The `actions` entry for what the person did with the element. */
export function actionOf(
  core: Core,
  block: JsonObject,
  element: JsonObject,
  value: string | undefined,
): JsonObject {
  const base: JsonObject = {
    type: element.type,
    action_id: element.action_id,
    block_id: block.block_id,
    action_ts: core.ids.ts(core.now()),
  };
  if (element.type === 'button') {
    const { text, value: own, style, url } = element;
    return { ...base, text, ...dropUndefined({ value: own, style, url }) };
  }
  return { ...base, ...chosen(element, value) };
}

/** What a chooser reports for a value: also the shape in `state.values`. */
export function chosen(element: JsonObject, value: string | undefined): JsonObject {
  const type = asText(element.type);
  if (['users_select', 'conversations_select', 'channels_select'].includes(type)) {
    return { [`selected_${type.replace(/s_select$/, '')}`]: value };
  }
  const groups = objectsIn(element.option_groups).flatMap((group) => objectsIn(group.options));
  const options = [...objectsIn(element.options), ...groups];
  if (options.length === 0) return { value };
  const wanted = (value ?? '').split(',');
  const picked = options.filter((option) => wanted.includes(asText(option.value)));
  if (picked.length === 0) {
    const offered = options.map((option) => asText(option.value)).join(', ');
    throw new Error(`"${value ?? ''}" is not offered by ${asText(element.action_id)}. It offers: ${offered}`);
  }
  const many = type === 'checkboxes' || type.startsWith('multi_');
  return many ? { selected_options: picked } : { selected_option: picked[0] };
}

function dropUndefined(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
