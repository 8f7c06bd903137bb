import type { Selectable } from 'kysely';
import { z } from 'zod';
import type { RestoreRoom, RoomStep } from '../../domain/restore-room/room.ts';
import type { RoomPart } from '../../workflow/ports/records.ts';
import type { RestoreRoomMessagesTable, RestoreRoomsTable } from '../engine/schema.ts';

/** Rises when the JSON of a room changes in a way that older programs would misread. */
const roomFormat = 1;

export type RoomRow = Selectable<RestoreRoomsTable>;
export type RoomMessageRow = Pick<Selectable<RestoreRoomMessagesTable>, 'part' | 'channel' | 'ts'>;

/** The column that names a message of a room. */
export function partText(part: RoomPart): string {
  return typeof part === 'number' ? `step ${part}` : part;
}

const person = z.looseObject({ slackUser: z.string(), clusterUser: z.string() });
const at = z.number();

/** Our own data: checked only as far as decisions depend on it. */
const trusted = z.looseObject({
  id: z.string(),
  cluster: z.string(),
  openedAt: at,
  openedBy: person,
  paper: z.looseObject({ runId: z.string(), zStream: z.string(), language: z.enum(['en', 'ko']) }),
  steps: z.array(
    z.looseObject({
      kind: z.string(),
      commands: z.array(z.string()),
      openedAt: at.optional(),
      holder: z.looseObject({ by: person, at }).optional(),
      failures: z.array(z.looseObject({ by: person, at })),
      end: z.looseObject({ kind: z.enum(['done', 'skipped']), by: person, at }).optional(),
    }),
  ),
  end: z.looseObject({ kind: z.enum(['stopped', 'finished']), at }).optional(),
});

/** JSON drops fields that are undefined; what was read has them all the same. */
const absentOfStep = { file: undefined, openedAt: undefined, holder: undefined, end: undefined };
const absentOfPaper = { writtenAt: undefined, hostCommand: undefined, before: [], warnings: [] };
const absentOfRoom = { api: undefined, checks: undefined, pause: undefined, end: undefined };

export function toRoomRow(room: RestoreRoom): RoomRow {
  const { message: _here, checksMessage: _checks, ...kept } = room;
  const steps = room.steps.map(({ message: _there, ...step }) => step);
  return {
    id: room.id,
    cluster: room.cluster,
    opened_at: room.openedAt,
    ended_at: room.end?.at ?? null,
    format: roomFormat,
    room: JSON.stringify({ ...kept, steps }),
  };
}

export function fromRoomRow(row: RoomRow, messages: readonly RoomMessageRow[]): RestoreRoom {
  try {
    if (row.format > roomFormat)
      throw new Error(`its format is ${row.format}, this program reads up to ${roomFormat}`);
    const read = trusted.parse(JSON.parse(row.room));
    const placeOf = (part: RoomPart) => {
      const found = messages.find((each) => each.part === partText(part));
      return found && { channel: found.channel, ts: found.ts };
    };
    const steps = read.steps.map((step, index) => ({
      ...absentOfStep,
      ...step,
      message: placeOf(index + 1),
    })) as unknown as readonly RoomStep[];
    const room = {
      ...absentOfRoom,
      ...read,
      paper: { ...absentOfPaper, ...read.paper },
      steps,
      message: placeOf('room'),
      checksMessage: placeOf('checks'),
    };
    // The fields that were not looked at are as this program wrote them.
    return room as unknown as RestoreRoom;
  } catch (cause) {
    throw new Error(`row ${row.id} of table restore_rooms cannot be read as a restore room`, { cause });
  }
}
