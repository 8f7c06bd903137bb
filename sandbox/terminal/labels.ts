import { elementsOf } from '../slack/block-check.ts';
import { labelOf } from '../slack/elements.ts';
import { asObject, asText, type JsonObject, objectsIn } from '../slack/json.ts';

/** A button, or one option of a menu, under the words that people see on it. */
export interface Labelled {
  readonly label: string;
  readonly actionId: string;
  readonly blockId: string;
  readonly value?: string;
  /** The app hears of it at once; false: an option in a form that is sent as a whole. */
  readonly isHeard: boolean;
}

/** What can be clicked or chosen in these blocks, in their order. */
export function labelledIn(blocks: unknown): readonly Labelled[] {
  return objectsIn(blocks as JsonObject[]).flatMap((block) =>
    elementsOf(block).flatMap((element) => ofElement(block, element)),
  );
}

function ofElement(block: JsonObject, element: JsonObject): readonly Labelled[] {
  const place = {
    actionId: asText(element.action_id),
    blockId: asText(block.block_id),
    isHeard: block.type !== 'input' || block.dispatch_action === true,
  };
  if (element.type === 'button') {
    const value = element.value === undefined ? {} : { value: asText(element.value) };
    return [{ label: labelOf(element), ...place, ...value }];
  }
  const groups = objectsIn(element.option_groups).flatMap((group) => objectsIn(group.options));
  return [...objectsIn(element.options), ...groups].map((option) => ({
    label: asText(asObject(option.text).text),
    ...place,
    value: asText(option.value),
  }));
}

/** Labels as they are typed: `Back up…` is `back up`, `Next page ▶` is `next page`. */
export function typed(label: string): string {
  return label
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s-]/gu, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** `[Approve] [Reject]`, each label once; a sentence of its own where there is none. */
export function listed(labels: readonly string[], none: string): string {
  const all = [...new Set(labels)].map((label) => `[${label}]`);
  return all.length === 0 ? none : all.join(' ');
}
