import type { RestoreRoom } from '../../domain/restore-room/room.ts';
import type { RoomDecided, RoomTransition, RoomView } from '../../workflow/ports/records.ts';
import { type Database, type Write, write } from '../engine/schema.ts';
import { firstDelivery } from '../outbox/deliveries.ts';
import { appendNotices } from '../outbox/outbox.ts';
import { clusterStream } from '../outbox/streams.ts';
import { appendAudit } from '../runs/audit-trail.ts';
import { lockRun } from '../runs/run-changes.ts';
import { writeTransition } from '../watch/decide-watch.ts';
import { watchView } from '../watch/watches.ts';
import { toRoomRow } from './room-row.ts';
import { openRooms, restoreRoom } from './rooms.ts';

interface Input<Refusal> {
  readonly cluster: string;
  readonly roomId?: string;
  readonly now: number;
  readonly deliveryId?: string;
  readonly decision: (view: RoomView) => RoomTransition | { readonly refusal: Refusal } | undefined;
}

/** The write lock is taken before anything is read: of two clicks at once the second one sees what the first one did. */
export function decideRoom<Refusal>(db: Database, input: Input<Refusal>): Promise<RoomDecided<Refusal>> {
  return write(db, async (trx): Promise<RoomDecided<Refusal>> => {
    const { cluster, roomId, now, deliveryId } = input;
    const room = roomId === undefined ? undefined : await restoreRoom(trx, roomId);
    if (deliveryId !== undefined && !(await firstDelivery(trx, deliveryId, clusterStream(cluster), now)))
      return { outcome: 'duplicate', room };
    const watched = await watchView(trx, cluster, now);
    const [open] = await openRooms(trx, cluster);
    const decision = input.decision({ ...watched, room: room?.cluster === cluster ? room : undefined, open });
    if (decision === undefined) return { outcome: 'unchanged', room };
    if ('refusal' in decision) return { outcome: 'refused', refusal: decision.refusal };
    await writeRoom(trx, input, decision);
    if (decision.watch) await writeTransition(trx, input, decision.watch, watched);
    return { outcome: 'changed', room: decision.room };
  });
}

async function writeRoom(
  trx: Write,
  { cluster, now }: Pick<Input<unknown>, 'cluster' | 'now'>,
  { room, audit, notices }: RoomTransition,
): Promise<void> {
  if (room.cluster !== cluster)
    throw new Error(`a decision about a restore room of ${cluster} names ${room.cluster}: not written`);
  const { id, ...values } = toRoomRow(room);
  await trx
    .insertInto('restore_rooms')
    .values({ id, ...values })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(values))
    .execute();
  await auditRoom(trx, room, audit);
  await appendNotices(trx, clusterStream(cluster), notices, now);
}

/** In the record of the backup that is restored: there people look for what became of it. */
async function auditRoom(trx: Write, { paper }: RestoreRoom, audit: RoomTransition['audit']): Promise<void> {
  if (audit.length === 0) return;
  if (!(await lockRun(trx, paper.runId)))
    throw new Error(`run ${paper.runId}, whose backup is restored, is not on record: its audit cannot go on`);
  await appendAudit(trx, paper.runId, audit);
}
