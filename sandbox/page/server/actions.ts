import * as z from 'zod';
import type { Outcome } from '../../slack/dispatch.ts';
import type { Workspace } from '../../slack/workspace.ts';
import type { Done, PersonAction } from '../protocol.ts';

const id = z.string().max(255);
const typed = z.record(id, z.string().max(10_000));
const element = { actionId: id, blockId: id, value: z.string().max(3_000).optional() };

export const personAction: z.ZodType<PersonAction> = z.discriminatedUnion('do', [
  z.strictObject({
    do: z.literal('say'),
    channel: id,
    text: z.string().min(1).max(12_000),
    threadTs: id.optional(),
  }),
  z.strictObject({ do: z.literal('click'), channel: id, ts: id, ...element }),
  z.strictObject({ do: z.literal('decline'), channel: id, ts: id, ...element }),
  z.strictObject({ do: z.literal('click-view'), home: z.boolean(), ...element, values: typed }),
  z.strictObject({ do: z.literal('submit'), viewId: id, values: typed }),
  z.strictObject({ do: z.literal('close') }),
  z.strictObject({ do: z.literal('open-home') }),
]);
/** Does it as this person. Throws, with a sentence for the person, what no one could do in Slack. */
export async function act(
  workspace: Workspace,
  user: string,
  command: string,
  action: PersonAction,
): Promise<Done> {
  switch (action.do) {
    case 'say':
      return say(workspace, user, command, action);
    case 'click': {
      const { do: _, ...click } = action;
      await workspace.click({ user, ...given(click) });
      return {};
    }
    case 'decline': {
      const { do: _, ...click } = action;
      await workspace.declineClick({ user, ...given(click) });
      return {};
    }
    case 'click-view': {
      const { do: _, ...click } = action;
      return failureOf(await workspace.clickView({ user, ...given(click) }));
    }
    case 'submit': {
      const { viewId, values } = action;
      const sent = await workspace.submitView({ user, viewId, values });
      return { ...failureOf(sent), fields: sent.errors };
    }
    case 'close':
      return failureOf(await workspace.closeView({ user }));
    case 'open-home':
      return failureOf(await workspace.openHome({ user }));
  }
}

async function say(
  workspace: Workspace,
  user: string,
  command: string,
  { channel, text, threadTs }: Extract<PersonAction, { do: 'say' }>,
): Promise<Done> {
  const place = { user, channel, ...(threadTs === undefined ? {} : { threadTs }) };
  if (!text.startsWith('/')) {
    workspace.say({ ...place, text });
    return {};
  }
  const [, word = '', rest = ''] = /^(\S+)\s*([\s\S]*)$/.exec(text) ?? [];
  if (word !== command) return { error: `${word} is not a valid command.` };
  await workspace.slash({ ...place, command, text: rest.trim() });
  return {};
}

/** What goes wrong in a view is shown nowhere else; in a channel Slack says it there. */
function failureOf(outcome: Outcome | undefined): Done {
  return outcome?.failure === undefined ? {} : { error: outcome.failure };
}

/** Without a value that was left out: undefined would be one. */
function given<T extends { readonly value?: string | undefined }>({
  value,
  ...rest
}: T): Omit<T, 'value'> & { readonly value?: string } {
  return value === undefined ? rest : { ...rest, value };
}
