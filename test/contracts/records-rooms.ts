import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openRoom } from '../../src/domain/restore-room/open-room.ts';
import type { RestoreRoom } from '../../src/domain/restore-room/room.ts';
import { pauseForRoom } from '../../src/domain/restore-room/room-pause.ts';
import {
  doneStep,
  helpAlong,
  type RoomDecision,
  stopRoom,
} from '../../src/domain/restore-room/transitions.ts';
import type { Records } from '../../src/workflow/ports/records.ts';
import { policyOf } from '../support/policies.ts';
import { anna, bora, openedAt, opening } from '../support/rooms.ts';
import { accepted, cardNotice, type OpenStore, sendAll, withStore } from './records-samples.ts';
import { quietWatch, watched } from './watch-samples.ts';

const cluster = 'prod-east';
const now = openedAt;

/** A room for the backup of a run that is on record. */
async function opened(records: Records): Promise<RestoreRoom> {
  await accepted(records, 'r-abcdefgh', cluster);
  const decided = await records.decideRoom({ cluster, now, decision: () => openRoom(opening()) });
  assert(decided.outcome === 'changed');
  return decided.room;
}

function click(
  records: Records,
  room: RestoreRoom,
  deliveryId: string,
  act: (room: RestoreRoom) => RoomDecision,
) {
  return records.decideRoom({
    cluster,
    roomId: room.id,
    now,
    deliveryId,
    decision: (view) => (view.room ? act(view.room) : assert.fail('the room is there')),
  });
}

/** Restore rooms: one a cluster, decided on in one transaction with the watch, the audit and the messages. */
export function roomsContract(open: OpenStore): void {
  test('a room is as it was written, also after a restart, until it is over', () =>
    withStore(open, async ({ records, reopen }) => {
      const room = await opened(records);
      assert.deepEqual(await (await reopen()).restoreRoom(room.id), room);
      assert.deepEqual(await records.openRooms(), [room]);
      assert.deepEqual(await records.openRooms(room.cluster), [room]);
      assert.deepEqual(await records.openRooms('another'), []);
      const after = await click(records, room, 'd-1', (it) => helpAlong(it, { by: bora, now }));
      assert(after.outcome === 'changed');
      assert.deepEqual(await records.restoreRoom(room.id), after.room);
      await click(records, room, 'd-2', (it) => stopRoom(it, { by: anna, now }));
      assert.deepEqual(await records.openRooms(), []);
      assert.equal((await records.restoreRoom(room.id))?.end?.kind, 'stopped');
      assert.equal(await records.restoreRoom('prod-east/restore@1'), undefined);
    }));

  test('a cluster has one open room: the database itself refuses a second one', () =>
    withStore(open, async ({ records }) => {
      const room = await opened(records);
      const second = openRoom({ ...opening(), now: now + 1 });
      const decide = () => records.decideRoom({ cluster, now, decision: () => second });
      await assert.rejects(decide(), /restore_rooms/);
      await click(records, room, 'd-1', (it) => stopRoom(it, { by: anna, now }));
      assert.equal((await decide()).outcome, 'changed');
    }));

  test('of two clicks at once the second one sees what the first one did; a delivery counts once', () =>
    withStore(open, async ({ records, reopen }) => {
      const room = await opened(records);
      const other = await reopen();
      const done = (store: Records, delivery: string) =>
        click(store, room, delivery, (it) => doneStep(it, 1, { by: anna, now }));
      const outcomes = await Promise.all([done(records, 'd-1'), done(other, 'd-2'), done(records, 'd-1')]);
      assert.deepEqual(outcomes.map(({ outcome }) => outcome).sort(), ['changed', 'duplicate', 'refused']);
      const { lines, chain } = await records.auditTrail('r-abcdefgh');
      assert.deepEqual([lines.map(({ detail }) => detail.what), chain], [['opened', 'done'], { ok: true }]);
    }));

  test('a refusal, or a decision that throws, writes nothing', () =>
    withStore(open, async ({ records }) => {
      const room = await opened(records);
      await assert.rejects(
        click(records, room, 'd-1', () => assert.fail('no')),
        /no/,
      );
      const refused = await click(records, room, 'd-1', (it) => doneStep(it, 7, { by: anna, now }));
      assert.equal(refused.outcome, 'refused');
      assert.deepEqual(await records.restoreRoom(room.id), room);
    }));

  test('what changes the watch is in the same transaction', () =>
    withStore(open, async ({ records }) => {
      await accepted(records, 'r-abcdefgh', cluster);
      await watched(records, quietWatch(cluster));
      const policy = policyOf(cluster);
      await records.decideRoom({
        cluster,
        now,
        decision({ watch, proven }) {
          assert(watch);
          const { pause, ...paused } = pauseForRoom(
            { watch, proven, policy, now },
            { by: anna, reason: 'restore' },
          );
          const change = openRoom(opening());
          return { ...change, room: { ...change.room, pause }, watch: paused };
        },
      });
      const [room] = await records.openRooms();
      const [pause] = (await records.watch(cluster))?.pauses ?? [];
      assert.deepEqual([pause?.id, pause?.reason, pause?.since], [room?.pause, 'restore', now]);
    }));

  test('its messages wait for each other, what is said beside them for all of them, and no card for any', () =>
    withStore(open, async ({ records }) => {
      const room = await opened(records);
      await click(records, room, 'd-1', (it) => doneStep(it, 1, { by: anna, now }));
      const head = await records.takeNotice({ now });
      assert.deepEqual(head?.notice, { kind: 'restore-room', id: room.id });
      await records.noticeDelayed(head?.id ?? 0, { retryAt: now + 50, error: 'ratelimited' });
      await accepted(records, 'r-other234', 'prod-west', { notices: [cardNotice] });
      assert.deepEqual(await sendAll(records, now), ['r-other234 card']);
      assert.deepEqual(await sendAll(records, now + 50), [
        'prod-east restore-room',
        'prod-east restore-step',
        'prod-east restore-commands',
        'prod-east restore-step',
        'prod-east restore-commands',
      ]);
    }));

  test('remembers where each message is, and forgets none when the room changes', () =>
    withStore(open, async ({ records }) => {
      const room = await opened(records);
      const at = (ts: string) => ({ channel: 'C0OPS', ts });
      await records.roomMessagePosted(room.id, 'room', at('1.0'));
      await records.roomMessagePosted(room.id, 1, at('1.1'));
      await records.roomMessagePosted(room.id, 1, at('1.2'));
      await records.roomMessagePosted(room.id, 'checks', at('1.3'));
      await click(records, room, 'd-1', (it) => doneStep(it, 1, { by: anna, now }));
      const after = await records.restoreRoom(room.id);
      assert.deepEqual(
        [after?.message, after?.steps[0]?.message, after?.steps[1]?.message, after?.checksMessage],
        [at('1.0'), at('1.2'), undefined, at('1.3')],
      );
    }));

  test('a decision that names another cluster, or a backup of no run, is refused whole', () =>
    withStore(open, async ({ records }) => {
      await assert.rejects(
        records.decideRoom({ cluster: 'prod-west', now, decision: () => openRoom(opening()) }),
        /names prod-east/,
      );
      await assert.rejects(
        records.decideRoom({ cluster, now, decision: () => openRoom(opening()) }),
        /r-abcdefgh.*not on record/,
      );
      assert.deepEqual(await records.openRooms(), []);
    }));
}
