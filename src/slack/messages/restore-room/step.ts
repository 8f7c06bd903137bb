import { stepOutOfTurn } from '../../../domain/restore-room/out-of-turn.ts';
import type { RestoreRoom, RoomStep } from '../../../domain/restore-room/room.ts';
import { actionIds } from '../kit/action-ids.ts';
import { button, type Message, message, stack } from '../kit/blocks.ts';
import { commandBlocks } from '../kit/command-blocks.ts';
import { fromMarkdown } from '../kit/from-markdown.ts';
import { toolsFor } from '../kit/make-tools.ts';
import { lines, type Markup } from '../kit/markup.ts';
import type { Context, Tools } from '../kit/tools.ts';
import { roomButtonValue } from './room-button.ts';
import { roomStepWords } from './words.ts';

/** Of the words above the commands: these must have room whatever the words are. */
const proseRoom = 2_600;

/** One step of a room, as it is now. `number`: from 1. */
export function roomStepMessage(room: RestoreRoom, number: number, context: Context): Message {
  const step = stepOf(room, number);
  const t = toolsFor(context);
  const say = roomStepWords(t);
  const { text, commands } = step;
  const isOver = (step.end ?? room.end) !== undefined;
  const rest = t.rest(`restore-plan ${room.paper.runId}`);
  const title = say.title({ number, of: room.steps.length, title: fromMarkdown(text.title) });
  const state = stateLine(room, step, t);
  const expect = text.expect === undefined ? undefined : say.expect(fromMarkdown(text.expect));
  const otherwise = text.otherwise === undefined ? undefined : say.otherwise(fromMarkdown(text.otherwise));
  const blocks = commandBlocks(commands) ?? [say.inFile(commandFileName(number))];
  return message({
    text: [title, state, expect, otherwise],
    rest,
    sections: [
      lines(
        title,
        state,
        ...(isOver ? [] : [say.where(step.where, needsDirectory(step)), shellNeeds(room, step, t)]),
      ),
      ...stack(text.text.map(fromMarkdown), { separator: '\n\n', room: proseRoom, more: () => rest }),
      ...(commands.length === 0 ? [] : blocks),
      ...(expect || otherwise ? [lines(expect, otherwise)] : []),
      ...(isOver ? [] : failureSections(step, t)),
    ],
    buttons: isOver ? [] : buttonsOf(room, number, step, t),
  });
}

/** The commands of a step as a file, where its message cannot hold them; undefined: it can. */
export function commandFile(
  room: RestoreRoom,
  number: number,
): { readonly name: string; readonly content: string } | undefined {
  const { commands } = stepOf(room, number);
  if (commandBlocks(commands)) return undefined;
  return { name: commandFileName(number), content: `${commands.join('\n')}\n` };
}

export function commandFileText(room: RestoreRoom, number: number, context: Context): string {
  return roomStepWords(toolsFor(context)).file({ number, of: room.steps.length }).source;
}

/** In place of the file, which Slack did not take. */
export function commandFileMissing(number: number, why: string, context: Context): Message {
  return message({ sections: [roomStepWords(toolsFor(context)).fileMissing({ number, why })] });
}

function commandFileName(number: number): string {
  return `step-${String(number).padStart(2, '0')}.txt`;
}

function stepOf({ id, steps }: RestoreRoom, number: number): RoomStep {
  const step = steps[number - 1];
  if (!step) throw new Error(`restore room ${id} has no step ${number}`);
  return step;
}

function stateLine(room: RestoreRoom, { end, holder }: RoomStep, t: Tools): Markup {
  const say = roomStepWords(t);
  if (end) return say.ended(end);
  if (room.end) return say.roomOver();
  return holder ? say.held(holder) : say.free();
}

/** It reads or removes the files that lie in the directory of the first step, although it is done over SSH. */
function needsDirectory({ kind }: RoomStep): boolean {
  return kind === 'place' || kind === 'tidy';
}

/** A second person has another shell: what the first one set in theirs is missing there. */
function shellNeeds(
  { paper, steps }: RestoreRoom,
  { kind, commands }: RoomStep,
  t: Tools,
): Markup | undefined {
  const uses = kind !== 'recovery-host' && commands.some((each) => each.includes('$RECOVERY_HOST'));
  if (!uses || paper.hostCommand === undefined) return undefined;
  const say = roomStepWords(t);
  const chosenIn = steps.findIndex((step) => step.kind === 'recovery-host') + 1;
  const others = paper.members.length > 1;
  return lines(say.needsHost(paper.hostCommand), others ? say.otherHost(chosenIn) : undefined);
}

function failureSections({ failures, text }: RoomStep, t: Tools): readonly Markup[] {
  const say = roomStepWords(t);
  const last = failures.at(-1);
  if (!last) return [];
  const causes = text.causes.length === 0 ? [] : [say.causes(text.causes.map(fromMarkdown))];
  return [lines(say.failed(last, failures.length), ...causes, say.wayBack(fromMarkdown(text.wayBack)))];
}

function buttonsOf(room: RestoreRoom, number: number, { holder }: RoomStep, t: Tools) {
  const { buttons } = roomStepWords(t);
  const value = roomButtonValue(room.id, number);
  const take = holder ? buttons.takeOver : buttons.take;
  return [
    button({ id: actionIds.restoreDone, label: buttons.done, value, style: 'primary' }),
    button({ id: actionIds.restoreFailed, label: buttons.failed, value, style: 'danger' }),
    button({ id: actionIds.restoreSkip, label: buttons.skip, value }),
    button({ id: actionIds.restoreTake, label: take, value }),
    ...(stepOutOfTurn(room) === undefined
      ? []
      : [button({ id: actionIds.restoreMeanwhile, label: buttons.meanwhile, value })]),
  ];
}
