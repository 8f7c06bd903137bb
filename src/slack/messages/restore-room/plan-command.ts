import type { RoomAnswer } from '../../../workflow/restore-room/room-answer.ts';
import type { Tools } from '../kit/tools.ts';

/** The question that found no backup, as typed: without it the answer is about another one. */
export function planCommand(
  { what, zStream, before }: Omit<Extract<RoomAnswer, { outcome: 'no-plan' }>, 'outcome' | 'cluster'>,
  t: Tools,
): string {
  const words = ['restore-plan', what];
  if (zStream !== undefined) words.push(`z-stream=${zStream}`);
  if (before !== undefined) words.push(`before="${t.typed(before)}"`);
  return words.join(' ');
}
