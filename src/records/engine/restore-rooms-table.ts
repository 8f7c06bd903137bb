import { type Kysely, sql } from 'kysely';

/** Migration: restore rooms, and where their messages are. */
export async function restoreRooms(db: Kysely<never>): Promise<void> {
  await db.schema
    .createTable('restore_rooms')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('cluster', 'text', (column) => column.notNull())
    .addColumn('opened_at', 'bigint', (column) => column.notNull())
    .addColumn('ended_at', 'bigint')
    .addColumn('format', 'integer', (column) => column.notNull())
    .addColumn('room', 'text', (column) => column.notNull())
    .execute();
  await sql`create unique index one_open_room on restore_rooms (cluster) where ended_at is null`.execute(db);
  await db.schema
    .createTable('restore_room_messages')
    .addColumn('room', 'text', (column) => column.notNull().references('restore_rooms.id'))
    .addColumn('part', 'text', (column) => column.notNull())
    .addColumn('channel', 'text', (column) => column.notNull())
    .addColumn('ts', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('restore_room_message', ['room', 'part'])
    .execute();
}
