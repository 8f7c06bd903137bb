import assert from 'node:assert/strict';
import { mkdir, rename, rm } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { openDrillRoom } from '../../support/drill-room.ts';
import { etcd35Dir } from '../../support/etcd-programs.ts';
import { recordedSnapshot } from '../../support/snapshots.ts';
import { who } from '../../support/workflow-lab.ts';

const timeout = 240_000;

describe('a drill and verify of a copy on a volume that is not mounted', { timeout }, () => {
  it('name the place as the cause, and leave the copy and the backup as they were', async (t) => {
    const room = await openDrillRoom(t, { '3.5': etcd35Dir });
    const { lab, off } = room;
    await room.handOut(await recordedSnapshot());
    const { id } = await room.done();
    const before = await lab.run(id);
    assert.equal(before?.success?.drill?.ok, true, JSON.stringify(before?.success?.drill));
    const mount = off.destinations.get('snapshot').label;
    await rename(mount, `${mount}.volume`);
    await mkdir(mount);

    const drilled = await lab.backups.drill(lab.asked(who.requester), { runId: id });
    assert.ok(drilled.outcome === 'drilled' && !drilled.drill.ok, JSON.stringify(drilled));
    const { failure, verdict, why } = drilled.drill;
    assert.ok(failure?.kind === 'not-known-place', JSON.stringify(failure));
    assert.deepEqual([failure.destination, verdict], ['snapshot', 'not-made']);
    assert.match(why, /is not the known place of destination snapshot.*found none/);
    assert.doesNotMatch(why, /ENOENT/);

    const verified = await lab.backups.verify(lab.asked(who.requester), { runId: id });
    assert.ok(verified.outcome === 'verified', JSON.stringify(verified));
    const copyOf = (run: typeof before) => run?.success?.copies?.find(({ file }) => file === 'snapshot');
    const copy = copyOf(verified.run);
    assert.deepEqual([copy?.unread?.kind, copy?.failure], ['not-known-place', undefined]);
    assert.equal(copy?.provenAt, copyOf(before)?.provenAt, 'the proof of the copy stays');
    assert.equal((await lab.run(id))?.success?.drill?.ok, true, 'the verdict of the backup stays');

    await rm(mount, { recursive: true });
    await rename(`${mount}.volume`, mount);
    const again = await lab.backups.drill(lab.asked(who.requester), { runId: id });
    assert.ok(again.outcome === 'drilled' && again.drill.ok, JSON.stringify(again));
  });
});
