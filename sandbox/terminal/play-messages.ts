import type { Message } from '../slack/model.ts';
import type { Workspace } from '../slack/workspace.ts';
import { type Labelled, labelledIn, listed, typed } from './labels.ts';

interface InMessage extends Labelled {
  readonly message: Message;
}

/** What this person can click in messages now, in channels, threads and private, the newest first. */
function clickable(workspace: Workspace, user: string): readonly InMessage[] {
  return workspace
    .seenBy(user)
    .toReversed()
    .flatMap((message) => labelledIn(message.blocks).map((each) => ({ ...each, message })));
}

export function messageLabels(workspace: Workspace, user: string): readonly string[] {
  return [...new Set(clickable(workspace, user).map(({ label }) => label))];
}

/** What this person saw last under this label is what they mean. */
export async function clickMessage(
  workspace: Workspace,
  user: string,
  label: string,
  print: (text: string) => void,
): Promise<void> {
  const there = listed(messageLabels(workspace, user), 'No message that you see has a button.');
  if (label === '') return print(there);
  const found = clickable(workspace, user).find((each) => typed(each.label) === typed(label));
  if (!found) throw new Error(`No message that you see has a button “${label}”. There are: ${there}`);
  const { message, actionId, blockId, value } = found;
  await workspace.click({
    user,
    channel: message.channel,
    ts: message.ts,
    actionId,
    blockId,
    ...(value === undefined ? {} : { value }),
  });
}
