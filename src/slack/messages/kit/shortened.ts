import type { Message } from './blocks.ts';
import { toolsFor } from './make-tools.ts';
import { Markup, md } from './markup.ts';
import { spokenText } from './spoken-text.ts';
import type { Context } from './tools.ts';

/** Bytes of UTF-8, far below every limit that Slack was seen to have. */
const shortTextBytes = 1_000;

/**
 * The same message in fewer words, for when Slack finds it too long, the longest first: its text (who, what happened, what to do)
 * in place of the sections, with its buttons; then without any blocks. Each names the command that shows all of it.
 */
export function shortForms(message: Message, command: string, context: Context): readonly Message[] {
  const rest = toolsFor(context).rest(command);
  const sentences = message.text.split('\n').map((source) => new Markup(source));
  const said = new Markup(spokenText(sentences, shortTextBytes));
  const text = md`${said}\n${rest}`.source;
  const buttons = (message.blocks ?? []).filter(({ type }) => type === 'actions');
  const section = { type: 'section', text: { type: 'mrkdwn', text, verbatim: true } } as const;
  return [{ text, blocks: [section, ...buttons] }, { text }];
}
