import { limits } from './limits.ts';
import { cutMarkupToBytes, type Markup } from './markup.ts';
import { zoneOnce } from './zone-once.ts';

/**
 * What a notification shows and a screen reader reads instead of the blocks: who asks or is meant, what happened, what to do,
 * a sentence each, in this order. Short, because Slack refuses edits and private messages whose `text` is long.
 */
export type Spoken = readonly (Markup | undefined)[];

/** The one place where a message's `text` is made. Where it gets too long, the longest sentences are cut, none is left out. */
export function spokenText(sentences: Spoken, bytes: number = limits.messageTextBytes): string {
  const spoken = sentences.flatMap((each) => (each === undefined || each.source.trim() === '' ? [] : [each]));
  const said = zoneOnce(spoken).map(({ source }) => source);
  const shortestFirst = said.map((_, at) => at).toSorted((a, b) => bytesOf(said[a]) - bytesOf(said[b]));
  let room = bytes - Math.max(0, said.length - 1);
  for (const [done, at] of shortestFirst.entries()) {
    const cut = cutMarkupToBytes(said[at] ?? '', Math.floor(room / (said.length - done)));
    room -= bytesOf(cut);
    said[at] = cut;
  }
  return said.join('\n');
}

function bytesOf(text: string | undefined): number {
  return Buffer.byteLength(text ?? '');
}
