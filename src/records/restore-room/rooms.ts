import type { MessagePlace } from '../../domain/people/message-place.ts';
import type { RestoreRoom } from '../../domain/restore-room/room.ts';
import type { RoomPart } from '../../workflow/ports/records.ts';
import { type Database, write } from '../engine/schema.ts';
import { fromRoomRow, partText, type RoomRow } from './room-row.ts';

export async function restoreRoom(db: Database, id: string): Promise<RestoreRoom | undefined> {
  const row = await db.selectFrom('restore_rooms').selectAll().where('id', '=', id).executeTakeFirst();
  return row && withMessages(db, row);
}

/** Those that are not over, by cluster. */
export async function openRooms(db: Database, cluster?: string): Promise<readonly RestoreRoom[]> {
  const rows = await db
    .selectFrom('restore_rooms')
    .selectAll()
    .where('ended_at', 'is', null)
    .$if(cluster !== undefined, (query) => query.where('cluster', '=', cluster ?? ''))
    .orderBy('cluster')
    .execute();
  return Promise.all(rows.map((row) => withMessages(db, row)));
}

async function withMessages(db: Database, row: RoomRow): Promise<RestoreRoom> {
  const messages = await db
    .selectFrom('restore_room_messages')
    .select(['part', 'channel', 'ts'])
    .where('room', '=', row.id)
    .execute();
  return fromRoomRow(row, messages);
}

export async function roomMessagePosted(
  db: Database,
  room: string,
  part: RoomPart,
  { channel, ts }: MessagePlace,
): Promise<void> {
  await write(db, (trx) =>
    trx
      .insertInto('restore_room_messages')
      .values({ room, part: partText(part), channel, ts })
      .onConflict((conflict) => conflict.columns(['room', 'part']).doUpdateSet({ channel, ts }))
      .execute(),
  );
}
