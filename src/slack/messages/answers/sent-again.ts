import { footerBlock, type Message } from '../kit/blocks.ts';
import { toolsFor } from '../kit/make-tools.ts';
import type { Context } from '../kit/tools.ts';
import { answerWords } from './words.ts';

/** An answer that is given a second time because the first one may not have arrived: it says so. */
export function sentAgain({ text, blocks }: Message, context: Context): Message {
  const note = answerWords(toolsFor(context)).sentAgain();
  return { text: `${text}\n${note.source}`, ...(blocks ? { blocks: [...blocks, footerBlock(note)] } : {}) };
}
