import { elementsOf } from '../slack/block-check.ts';
import { labelOf } from '../slack/elements.ts';
import { asObject, asText, type JsonObject, objectsIn } from '../slack/json.ts';
import type { Workspace } from '../slack/workspace.ts';

export const homeHelp = `  home                  opens the bot's Home tab: all clusters, with buttons
  home LABEL [CLUSTER]  clicks a button there, e.g. home Details prod-east
  submit [REASON]       sends the form that is open
  close                 closes the window that is open`;

/** `home …`, `submit …` and `close`, typed in the terminal. False: none of these. */
export async function playHome(workspace: Workspace, user: string, line: string): Promise<boolean> {
  const [word = '', ...rest] = line.split(/\s+/);
  const text = rest.join(' ');
  if (word === 'home') await (text === '' ? workspace.openHome({ user }) : clickHome(workspace, user, text));
  else if (word === 'submit')
    await workspace.submitView({ user, values: text === '' ? {} : reasonIn(workspace, user, text) });
  else if (word === 'close') await workspace.closeView({ user });
  else return false;
  return true;
}

function reasonIn(workspace: Workspace, user: string, text: string): Readonly<Record<string, string>> {
  const view = workspace.modals(user).at(-1);
  if (!view) throw new Error('No form is open.');
  const field = reasonField(view.blocks);
  if (field === undefined)
    throw new Error('This form has no field for a reason: type “submit” alone, or “close”.');
  return { [field]: text };
}

/** The action of the field for a reason, whatever form it is in: the one that is called so, else the only one for text. */
export function reasonField(blocks: unknown): string | undefined {
  const elements: JsonObject[] = objectsIn(blocks as JsonObject[]).map((block) => asObject(block.element));
  const texts = elements
    .filter(({ type }) => type === 'plain_text_input')
    .map((element) => asText(element.action_id));
  return texts.find((id) => /(^|-)reason$/.test(id)) ?? (texts.length === 1 ? texts[0] : undefined);
}

/** Clicks the first button that is called so: `Details`, or `Details prod-east` where there are several. */
async function clickHome(workspace: Workspace, user: string, text: string): Promise<void> {
  const view = workspace.home(user);
  if (!view) throw new Error('The Home tab is empty as yet: type “home” first.');
  const wanted = plain(text);
  for (const block of objectsIn(view.blocks)) {
    for (const element of elementsOf(block).filter(({ type }) => type === 'button')) {
      const value = asText(element.value);
      const label = plain(labelOf(element));
      if (wanted !== label && wanted !== `${label} ${value}`) continue;
      const actionId = asText(element.action_id);
      await workspace.clickView({ user, home: true, actionId, value, blockId: asText(block.block_id) });
      return;
    }
  }
  throw new Error(`The Home tab has no button “${text}”.`);
}

/** Labels as they are typed: `Back up…` is `back up`, `Next page ▶` is `next page`. */
function plain(label: string): string {
  return label
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s-]/gu, '')
    .trim();
}
