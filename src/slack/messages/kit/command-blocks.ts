import { limits } from './limits.ts';
import { Markup, verbatim } from './markup.ts';

/** Of all commands of one message: the rest is for the words around them. */
const most = 5_000;
const fence = '```\n\n```'.length;
/** What a block of code cannot show as it is. */
const notShown = /```|[^\P{C}\n]/u;

/**
 * Commands as blocks of code, none of them cut or parted: a person copies them. undefined: they do not fit into a message, and
 * have to go into a file.
 */
export function commandBlocks(commands: readonly string[]): readonly Markup[] | undefined {
  const blocks: string[] = [];
  for (const command of commands) {
    const source = verbatim(command).source;
    if (notShown.test(command) || source.length + fence > limits.sectionText) return undefined;
    const last = blocks.at(-1);
    if (last !== undefined && last.length + 1 + source.length + fence <= limits.sectionText)
      blocks[blocks.length - 1] = `${last}\n${source}`;
    else blocks.push(source);
  }
  if (blocks.reduce((sum, block) => sum + block.length, 0) > most) return undefined;
  return blocks.map((block) => new Markup(`\`\`\`\n${block}\n\`\`\``));
}
