import { anyText, button, choosers, image, inputs, overflow, plainText } from './block-elements.ts';
import {
  all,
  anything,
  boolean,
  byType,
  complain,
  list,
  object,
  oneOf,
  type Rule,
  string,
} from './block-rules.ts';
import { isObject, type JsonObject, objectsIn } from './json.ts';
import { slackLimits } from './text-limits.ts';

const MAX_VIEW_BLOCKS = 100;

function block(required: Record<string, Rule>, optional: Record<string, Rule> = {}): Rule {
  return object({ type: anything, ...required }, { block_id: string(255), ...optional });
}

const textOrFields: Rule = (value, at, found) => {
  if (isObject(value) && value.text === undefined && value.fields === undefined) {
    complain(found, 'must define either `text` or `fields`', at);
  }
};

const everywhere: Record<string, Rule> = {
  section: all(
    block(
      {},
      {
        text: anyText(3000),
        fields: list(anyText(2000), 10),
        accessory: byType({ button, image, overflow, ...choosers }),
        expand: boolean,
      },
    ),
    textOrFields,
  ),
  header: block({ text: plainText(150) }),
  divider: block({}),
  context: block({ elements: list(byType({ image, ...contextTexts() }), 10) }),
  actions: block({ elements: list(byType({ button, overflow, ...choosers }), 25) }),
  image: block(
    { alt_text: string(2000) },
    { image_url: string(3000), slack_file: anything, title: plainText(2000) },
  ),
  input: block(
    { label: plainText(2000), element: byType({ ...inputs, ...choosers }) },
    { hint: plainText(2000), optional: boolean, dispatch_action: boolean },
  ),
  rich_text: block({ elements: list(object({ type: anything }, richTextKeys()), 100) }),
};

const messageOnly: Record<string, Rule> = {
  markdown: block({ text: string(12_000) }),
  table: block({ rows: list(list(anything, 20), 100) }, { column_settings: list(anything, 20) }),
};

function contextTexts(): Record<string, Rule> {
  return { plain_text: anyText(3000), mrkdwn: anyText(3000) };
}

function richTextKeys(): Record<string, Rule> {
  return { elements: anything, style: anything, indent: anything, border: anything, offset: anything };
}

/** What Slack would refuse in a message's blocks; empty when it would take them. */
export function problemsOfMessageBlocks(blocks: unknown, most = slackLimits.blocks): string[] {
  const found: string[] = [];
  list(byType({ ...everywhere, ...messageOnly }), most, 0)(blocks, '/blocks', found);
  checkUniqueIds(objectsIn(blocks), '/blocks', found);
  return found;
}

const viewBlocks = list(byType(everywhere), MAX_VIEW_BLOCKS, 0);
const viewCommon = {
  callback_id: string(255, 0),
  private_metadata: string(3000, 0),
  external_id: string(255, 0),
};
const view = byType({
  modal: object(
    { type: oneOf('modal'), title: plainText(24), blocks: viewBlocks },
    {
      ...viewCommon,
      submit: plainText(24),
      close: plainText(24),
      clear_on_close: boolean,
      notify_on_close: boolean,
      submit_disabled: boolean,
    },
  ),
  home: object({ type: oneOf('home'), blocks: viewBlocks }, viewCommon),
});

/** What Slack would refuse in a modal or Home view; empty when it would take it. */
export function problemsOfView(candidate: unknown): string[] {
  const found: string[] = [];
  view(candidate, '/view', found);
  if (!isObject(candidate)) return found;
  const blocks = objectsIn(candidate.blocks);
  const asks = candidate.type === 'modal' && blocks.some((entry) => entry.type === 'input');
  if (asks && candidate.submit === undefined) complain(found, 'missing required field: submit', '/view');
  checkUniqueIds(blocks, '/view/blocks', found);
  return found;
}

/** block_id is unique in the message, action_id in its block. */
function checkUniqueIds(blocks: JsonObject[], at: string, found: string[]): void {
  const blockIds = new Set<string>();
  for (const [index, entry] of blocks.entries()) {
    const id = entry.block_id;
    if (typeof id === 'string' && blockIds.has(id)) {
      complain(found, `\`block_id\` "${id}" already exists`, `${at}/${index}/block_id`);
    }
    if (typeof id === 'string') blockIds.add(id);
    const actionIds = new Set<string>();
    for (const [position, item] of elementsOf(entry).entries()) {
      const action = item.action_id;
      if (typeof action !== 'string') continue;
      if (actionIds.has(action)) {
        complain(
          found,
          `\`action_id\` "${action}" already exists`,
          `${at}/${index}/elements/${position}/action_id`,
        );
      }
      actionIds.add(action);
    }
  }
}

/** The interactive elements of one block, wherever it keeps them. */
export function elementsOf(entry: JsonObject): JsonObject[] {
  if (entry.type === 'actions') return objectsIn(entry.elements);
  const single = entry.type === 'input' ? entry.element : entry.accessory;
  return isObject(single) ? [single] : [];
}

/** Fills the block and action ids that the app left out, as Slack does. */
export function withIds(blocks: JsonObject[], nextId: () => string): JsonObject[] {
  const filled = structuredClone(blocks);
  for (const entry of filled) {
    entry.block_id ??= nextId();
    for (const item of elementsOf(entry)) {
      if (item.type !== 'image') item.action_id ??= nextId();
    }
  }
  return filled;
}
