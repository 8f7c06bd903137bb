import { asObject, asText, type JsonObject, objectsIn } from '../slack/json.ts';
import type { View } from '../slack/views.ts';
import type { Workspace } from '../slack/workspace.ts';
import { type Labelled, labelledIn, listed, typed } from './labels.ts';

export const formHelp = `  choose OPTION         chooses in a menu of the form that is open; “choose” alone lists them
  submit [REASON]       sends the form
  close                 closes the window that is open`;

/** The form that is open before a person at the terminal. */
export interface PlayForm {
  /** `choose …`, `submit …` and `close`. False: none of these. */
  play(user: string, word: string, text: string, print: (text: string) => void): Promise<boolean>;
  /** What can be chosen now. */
  labels(user: string): readonly string[];
}

export function createPlayForm(workspace: Workspace): PlayForm {
  /** What was chosen in the form and goes with it when it is sent. */
  const chosen = new WeakMap<View, Record<string, string>>();
  const options = (user: string): readonly Labelled[] =>
    labelledIn(workspace.modals(user).at(-1)?.blocks).filter(({ value }) => value !== undefined);

  async function choose(user: string, text: string, print: (text: string) => void): Promise<void> {
    const view = openForm(workspace, user);
    const all = options(user);
    const list = listed(
      all.map(({ label }) => label),
      'This form has no menu.',
    );
    if (text === '') return print(list);
    const option = all.find(({ label }) => typed(label) === typed(text));
    if (!option?.value) throw new Error(`The form offers no “${text}”. It offers: ${list}`);
    const { actionId, value, blockId, label, isHeard } = option;
    chosen.set(view, { ...chosen.get(view), [actionId]: value });
    if (isHeard) await workspace.clickView({ user, actionId, value, blockId });
    else print(`Chosen: ${label}`);
  }

  async function submit(user: string, reason: string): Promise<void> {
    const view = openForm(workspace, user);
    const values = { ...chosen.get(view), ...(reason === '' ? {} : reasonIn(view, reason)) };
    await workspace.submitView({ user, values });
  }

  return {
    labels: (user) => options(user).map(({ label }) => label),
    async play(user, word, text, print) {
      if (word === 'choose') await choose(user, text, print);
      else if (word === 'submit') await submit(user, text);
      else if (word === 'close') await workspace.closeView({ user });
      else return false;
      return true;
    },
  };
}

function openForm(workspace: Workspace, user: string): View {
  const view = workspace.modals(user).at(-1);
  if (!view) throw new Error('No form is open.');
  return view;
}

function reasonIn(view: View, text: string): Readonly<Record<string, string>> {
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
