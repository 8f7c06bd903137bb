import type { Workspace } from '../slack/workspace.ts';
import { type Labelled, labelledIn, listed, typed } from './labels.ts';

export const homeHelp = `  home                  opens the bot's Home tab: all clusters, with buttons
  home LABEL [CLUSTER]  clicks a button there, or chooses in its menu, e.g. home Details prod-east`;

/** `home` and what was typed after it. */
export async function playHome(workspace: Workspace, user: string, text: string): Promise<void> {
  if (text === '') await workspace.openHome({ user });
  else await clickHome(workspace, user, text);
}

/** Labels as they can be typed after `home`, with the cluster where a button is one cluster's. */
export function homeLabels(workspace: Workspace, user: string): readonly string[] {
  return inHome(workspace, user).flatMap(({ label, value = '' }) => [
    label,
    ...(/^[a-z0-9-]+$/.test(value) ? [`${label} ${value}`] : []),
  ]);
}

/** Clicks the first button that is called so: `Details`, or `Details prod-east` where there are several. */
async function clickHome(workspace: Workspace, user: string, text: string): Promise<void> {
  if (!workspace.home(user)) throw new Error('The Home tab is empty as yet: type “home” first.');
  const all = inHome(workspace, user);
  const wanted = typed(text);
  const found = all.find(
    ({ label, value }) => typed(label) === wanted || `${typed(label)} ${value}` === wanted,
  );
  if (!found) {
    const there = listed(
      all.map(({ label }) => label),
      'no buttons',
    );
    throw new Error(`The Home tab has no button “${text}”. It has: ${there}`);
  }
  const { actionId, blockId, value } = found;
  await workspace.clickView({
    user,
    home: true,
    actionId,
    blockId,
    ...(value === undefined ? {} : { value }),
  });
}

function inHome(workspace: Workspace, user: string): readonly Labelled[] {
  return labelledIn(workspace.home(user)?.blocks);
}
