import type { RoomAnswer } from '../../../workflow/restore-room/room-answer.ts';
import type { Message } from '../kit/blocks.ts';
import { toolsFor } from '../kit/make-tools.ts';
import { type AnswerContext, answerIn } from '../kit/refusal.ts';
import { roomAnswerWords } from './words.ts';

/** To the person alone who typed or clicked. `cardLink`: address of the room's first message. */
export function roomAnswer(answer: RoomAnswer, context: AnswerContext): Message {
  return answerIn(roomAnswerWords(toolsFor(context)), answer, context);
}
