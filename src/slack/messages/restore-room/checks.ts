import { restoredCommand } from '../../../domain/copies/restore-mark.ts';
import type { RestoreRoom } from '../../../domain/restore-room/room.ts';
import type { RoomCheck } from '../../../domain/restore-room/room-checks.ts';
import { actionIds } from '../kit/action-ids.ts';
import { button, type Message, message } from '../kit/blocks.ts';
import { toolsFor } from '../kit/make-tools.ts';
import { lines, type Markup } from '../kit/markup.ts';
import type { Context, Tools } from '../kit/tools.ts';
import { roomButtonValue } from './room-button.ts';
import { roomCheckWords, roomWords } from './words.ts';

/** The last message of a room: what the bot sees itself, and what comes next. */
export function roomChecksMessage(room: RestoreRoom, context: Context): Message {
  const t = toolsFor(context);
  const say = roomCheckWords(t);
  const { cluster, checks, end } = room;
  const found = (checks?.checks ?? []).map((check) => checkLine(check, t));
  const title = say.title(checks?.at);
  const after = roomWords(t).after({ cluster, restored: restoredCommand(cluster, room.paper.runId) });
  const again = checks ? say.again() : say.looking();
  const ended = end && roomWords(t).ended({ end, left: 0 });
  return message({
    text: [ended, title, ...found, after],
    rest: t.rest(`check ${cluster}`),
    sections: [lines(title, ...found), ended ?? again, after],
    buttons: answers(room) ? [backUpButton(room, t)] : [],
  });
}

/** A backup can be asked for once the API answers; its own checks say whether it may run. */
function answers({ checks }: RestoreRoom): boolean {
  return checks?.checks.some(({ of, state }) => of === 'api' && state === 'well') ?? false;
}

function checkLine(check: RoomCheck, t: Tools): Markup {
  const say = roomCheckWords(t);
  switch (check.of) {
    case 'api':
      return check.state === 'well' ? say.apiWell() : say.apiUnknown(t.why(check.why));
    case 'cluster-id':
    case 'z-stream':
      return check.state === 'well' ? say.compared(check) : say.differs(check);
    default:
      if (check.state === 'well') return say.well(check);
      return check.state === 'not-yet' ? say.notYet(check) : say.unknown(check);
  }
}

function backUpButton({ id }: RestoreRoom, t: Tools) {
  const label = roomCheckWords(t).backUp;
  return button({ id: actionIds.restoreBackUp, label, value: roomButtonValue(id), style: 'primary' });
}

/** Why a backup is asked for by the button. */
export function afterRestoreReason(context: Context): string {
  return roomCheckWords(toolsFor(context)).backUpReason;
}
