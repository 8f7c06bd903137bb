import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { listPlaces } from '../../../src/workflow/places/adopt-place.ts';
import { placeStatus } from '../../../src/workflow/places/place-identity.ts';
import { filesBelow } from '../../support/backups.ts';
import { need } from '../../support/need.ts';
import { installation, nas } from '../../support/place-lab.ts';
import { copyIn, openPlaceRoom, type PlaceRoom } from '../../support/place-room.ts';
import { who } from '../../support/workflow-lab.ts';
import { wrapped } from '../../support/wrapped-destination.ts';

const timeout = 600_000;
const hourMs = 3_600_000;
const exec = promisify(execFile);

/** What a backup in this state must not do: be proven there, leave a byte there, or let an older one go. */
async function nothingHappenedAt(room: PlaceRoom, first: string, second: string): Promise<void> {
  const copy = copyIn(await room.lab.run(second), 'snapshot');
  assert.deepEqual(
    [copy.stored, copy.provenAt, copy.failure?.kind],
    [undefined, undefined, 'not-known-place'],
  );
  assert.match(copy.failure?.detail ?? '', /destination adopt nas-1/);
  assert.equal(typeof copy.nextTryAt, 'number', 'it is tried again');
  const older = copyIn(await room.lab.run(first), 'snapshot');
  assert.deepEqual([typeof older.provenAt, older.prunedAt], ['number', undefined]);
}

describe('a volume that is not mounted', { timeout, concurrency: 3 }, () => {
  it('takes no backup and loses none; when it is back, the copy is made in a later round and retention goes on', async (t) => {
    const room = await openPlaceRoom(t);
    const first = await room.done();
    await room.unmount();
    const second = await room.done();
    await nothingHappenedAt(room, first.id, second.id);
    assert.deepEqual(await readdir(room.mount), [], 'the bare disk is as it was');

    await room.remount();
    room.lab.clock.forward(hourMs);
    await room.allDue();
    assert.equal(typeof copyIn(await room.lab.run(second.id), 'snapshot').provenAt, 'number');
    assert.equal(typeof copyIn(await room.lab.run(first.id), 'snapshot').prunedAt, 'number');
    assert.ok((await filesBelow(room.mount)).every((name) => name.includes(second.id)));
  });

  it('that is back is seen as soon as somebody asks, and the copy it held up is made then', async (t) => {
    const room = await openPlaceRoom(t);
    await room.done();
    await room.unmount();
    const second = await room.done();
    const held = copyIn(second, 'snapshot');
    assert.equal(held.failure?.kind, 'not-known-place');
    assert.ok((held.nextTryAt ?? 0) > room.lab.clock.now());

    const away = await listPlaces(room.lab.deps, room.lab.asked(who.requester));
    assert.ok(away.outcome === 'places' && away.places[0]?.state === 'absent', JSON.stringify(away));
    await room.remount();
    const back = await listPlaces(room.lab.deps, room.lab.asked(who.requester));
    assert.ok(back.outcome === 'places' && back.places[0]?.state === 'known', JSON.stringify(back));
    await room.allDue();
    assert.equal(typeof copyIn(await room.lab.run(second.id), 'snapshot').provenAt, 'number');
  });

  it('and in whose stead lies the volume of another installation: nothing of that one is touched', async (t) => {
    const room = await openPlaceRoom(t);
    const first = await room.done();
    await room.unmount();
    const other = await installation(t, nas(room.mount));
    await placeStatus(other.deps, 'nas-1');
    const before = await readdir(room.mount);
    const second = await room.done();
    await nothingHappenedAt(room, first.id, second.id);
    assert.deepEqual(await readdir(room.mount), before);
  });

  it('because it went away while the file was written: nothing stays on the disk below', async (t) => {
    const room = await openPlaceRoom(t);
    const first = await room.done();
    const real = room.places.get('nas-1') ?? assert.fail();
    let gone = false;
    room.places.set(
      'nas-1',
      wrapped(real, {
        // After the check, before the first directory is made there.
        async put(key, body, options) {
          if (!gone && key.endsWith('.db')) {
            gone = true;
            await room.unmount();
          }
          return real.put(key, body, options);
        },
      }),
    );
    const second = await room.done();
    assert.ok(gone);
    await nothingHappenedAt(room, first.id, second.id);
    assert.deepEqual(await readdir(room.mount), []);
  });

  it('takes no proof away: verify says that it did not look', async (t) => {
    const room = await openPlaceRoom(t);
    const run = await room.done();
    await room.unmount();
    const answer = await room.lab.backups.verify(room.lab.asked(who.requester), { runId: run.id });
    assert.equal(answer.outcome, 'verified');
    const { provenAt, unread, failure } = copyIn(await room.lab.run(run.id), 'snapshot');
    assert.deepEqual([typeof provenAt, unread?.kind, failure], ['number', 'not-known-place', undefined]);
    await room.remount();
    await room.lab.backups.verify(room.lab.asked(who.requester), { runId: run.id });
    assert.equal(copyIn(await room.lab.run(run.id), 'snapshot').unread, undefined);
    // What is gone from the known place is gone.
    await rm(path.join(room.mount, copyIn(run, 'snapshot').key));
    await room.lab.backups.verify(room.lab.asked(who.requester), { runId: run.id });
    assert.equal(copyIn(await room.lab.run(run.id), 'snapshot').failure?.kind, 'not-found');
  });

  it('that goes away between the removal and the word of it: nothing is recorded as gone', async (t) => {
    const room = await openPlaceRoom(t);
    const first = await room.done();
    const real = room.places.get('nas-1') ?? assert.fail();
    room.places.set(
      'nas-1',
      wrapped(real, {
        async list(prefix) {
          if (prefix.includes(first.id)) await room.unmount();
          return real.list(prefix);
        },
      }),
    );
    await room.done();
    // The removal stays open: whether the file is still there is not known before the place is back.
    const { removing, prunedAt } = copyIn(await room.lab.run(first.id), 'snapshot');
    assert.deepEqual([typeof removing?.provenAt, prunedAt], ['number', undefined]);
  });

  it('as a real mount has it: the bare mount point is written to neither', async (t) => {
    const room = await openPlaceRoom(t);
    const isMounted = await exec('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', room.mount]).then(
      () => true,
      () => false,
    );
    if (!need(t, 'the right to mount a tmpfs', isMounted)) return;
    try {
      const first = await room.done();
      await exec('umount', [room.mount]);
      const second = await room.done();
      await nothingHappenedAt(room, first.id, second.id);
      assert.deepEqual(await readdir(room.mount), []);
      // A fresh volume that was never marked is none of ours either.
      await exec('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', room.mount]);
      const third = await room.done();
      await nothingHappenedAt(room, first.id, third.id);
      assert.deepEqual(await readdir(room.mount), []);
    } finally {
      // Before the directory is removed, which its own hook does.
      await exec('umount', ['-l', room.mount]).catch(() => undefined);
    }
  });
});

describe('a list that is older than what lies there', { timeout }, () => {
  it('takes nothing off the record: what retention removes is asked for by its key', async (t) => {
    const room = await openPlaceRoom(t);
    const first = await room.done();
    const real = room.places.get('nas-1') ?? assert.fail();
    const removed: string[] = [];
    room.places.set(
      'nas-1',
      wrapped(real, {
        list: async () => [],
        remove: (key) => {
          removed.push(key);
          return real.remove(key);
        },
      }),
    );
    await room.done();
    assert.ok(removed.includes(copyIn(first, 'snapshot').key));
    assert.equal(typeof copyIn(await room.lab.run(first.id), 'snapshot').prunedAt, 'number');
    const left = await filesBelow(room.mount);
    assert.ok(!left.some((name) => name.includes(first.id) && name.endsWith('.db')), left.join());
  });
});
