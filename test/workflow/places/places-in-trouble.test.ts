import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { markerKey } from '../../../src/domain/copies/place-marker.ts';
import type { BackupRun } from '../../../src/domain/run/run.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { readinessNow } from '../../../src/workflow/answers/readiness.ts';
import { readFindings } from '../../../src/workflow/watch/full-reading.ts';
import { openPlaceRoom as openRoom } from '../../support/place-room.ts';
import { who } from '../../support/workflow-lab.ts';
import { wrapped } from '../../support/wrapped-destination.ts';

const timeout = 300_000;

/** With waits as long as they are: a look that is slow under load is not a look that was given up. */
async function openPlaceRoom(t: TestContext) {
  const room = await openRoom(t);
  room.lab.clock.sleep = systemClock().sleep;
  return room;
}

function warningOf(findings: BackupRun['findings']) {
  return findings.filter(({ code }) => code === 'destination.not-known');
}

describe('a destination that is not the known place', { timeout, concurrency: 3 }, () => {
  it('is warned of on the card and by check, before anybody approves; and no longer once it is mounted', async (t) => {
    const room = await openPlaceRoom(t);
    const { lab } = room;
    await room.done();
    const check = async () => {
      const answer = await lab.backups.check(lab.asked(who.requester), {
        cluster: 'prod-east',
        node: undefined,
      });
      return warningOf(answer.outcome === 'checked' ? answer.findings : assert.fail(JSON.stringify(answer)));
    };
    assert.deepEqual(await check(), []);
    await room.unmount();
    const expected = { destination: 'nas-1', kind: 'directory', state: 'absent' };
    const [warning, ...more] = await check();
    assert.deepEqual([warning?.outcome, warning?.params, more], ['warning', expected, []]);
    assert.equal((await lab.records.place('nas-1'))?.trouble?.state, 'absent', 'it is on record at once');

    const reminded = await readFindings(lab.deps, lab.lab.policy);
    assert.deepEqual(warningOf(reminded?.findings ?? [])[0]?.params, expected, 'reminders warn of it, too');

    const run = await lab.waiting();
    assert.equal(run.status, 'waiting', 'a warning does not block a backup');
    assert.deepEqual(warningOf(run.findings)[0]?.params, expected);
    await lab.tidy();

    const restore = async () => {
      const answer = await lab.backups.restorePlan(lab.asked(who.requester), {
        what: 'prod-east',
        zStream: undefined,
      });
      assert.ok(answer.outcome === 'restore-plan', JSON.stringify(answer));
      return answer.text;
    };
    assert.match(await restore(), /The copies at `nas-1` may not be there:\*\* its marker is absent/);
    const ready = async () => (await readinessNow(lab.deps, lab.lab.policy)).reasons.map(({ kind }) => kind);
    assert.deepEqual(await ready(), ['fresh-backup', 'place-not-known']);
    await room.remount();
    assert.deepEqual(await check(), []);
    assert.doesNotMatch(await restore(), /may not be there/);
    assert.deepEqual(await ready(), ['fresh-backup']);
  });

  it('that does not answer in time is spoken of as the records have it', async (t) => {
    const room = await openPlaceRoom(t);
    const { lab, places } = room;
    await room.done();
    const fine = places.get('nas-1') ?? assert.fail();
    await writeFile(path.join(room.mount, markerKey), 'no marker');
    const ask = { cluster: 'prod-east', node: undefined };
    await lab.backups.check(lab.asked(who.requester), ask);
    places.set('nas-1', wrapped(fine, { open: () => new Promise(() => undefined) }));
    const answer = await lab.backups.check(lab.asked(who.requester), ask);
    const found = answer.outcome === 'checked' ? warningOf(answer.findings) : assert.fail();
    assert.deepEqual(found[0]?.params, { destination: 'nas-1', kind: 'directory', state: 'unreadable' });
  });
});
