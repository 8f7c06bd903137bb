import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { parseManifest } from '../../../src/catalog/manifest-schema.ts';
import { verdictOf } from '../../../src/domain/run/drill-outcome.ts';
import type { BackupRun } from '../../../src/domain/run/run.ts';
import { failUnexpectedly } from '../../../src/workflow/backup/fail-unexpectedly.ts';
import { runBackup } from '../../../src/workflow/backup/run-backup.ts';
import type { WorkflowDeps } from '../../../src/workflow/ports/deps.ts';
import type { Drill } from '../../../src/workflow/ports/drill-ports.ts';
import { seatOf } from '../../../src/workflow/ports/drill-seat.ts';
import { type Claim, RecordsUnavailableError } from '../../../src/workflow/ports/records.ts';
import { type DrillRoom, openDrillRoom } from '../../support/drill-room.ts';
import { labDrill } from '../../support/lab-drill.ts';
import { who } from '../../support/workflow-lab.ts';

/** One for each test: a drill has its own seat. */
const whole = (): Drill => labDrill(() => ({ ok: true, revision: 61, keys: 60 }));
/** Longer than the lease of a claim. */
const leaseMs = 700_000;

function dies(): never {
  throw new Error('as if the process was killed here');
}

function failureOf({ success }: BackupRun) {
  assert.ok(success?.drill?.ok === false, JSON.stringify(success?.drill));
  return [success.drill.failure?.kind, success.drill.verdict];
}

const damagedPage = () =>
  labDrill(() => {
    const detail = 'panic: Page expected to be: 5, but self identifies as 0';
    return { ok: false, failure: { kind: 'restore-failed', detail } };
  });

async function claimed({ lab }: DrillRoom): Promise<Claim> {
  const { clock, records } = lab;
  const times = { now: clock.now(), monotonic: clock.monotonic() };
  const claim = await records.claim({ owner: 'test', ...times, leaseMs: 600_000 });
  return claim ?? assert.fail('nothing was due');
}

/** The work of one worker on the run that is due. */
async function worked(
  room: DrillRoom,
  how: { deps?: WorkflowDeps; signal?: AbortSignal; goesOnHere?: boolean } = {},
): Promise<BackupRun> {
  const { lab } = room;
  const { signal = new AbortController().signal, deps = lab.deps, goesOnHere = false } = how;
  const claim = await claimed(room);
  const cluster = deps.fleet.cluster(claim.run.cluster) ?? assert.fail();
  const plan = claim.run.plan ?? assert.fail();
  try {
    await runBackup({ deps, claim, cluster, plan, signal, goesOnHere });
  } finally {
    await lab.records.release(claim);
  }
  return lab.run(claim.run.id);
}

/** A lease runs out for those who watch it: a gap between two looks at its heartbeat counts for half of it at most. */
async function endLease({ lab }: DrillRoom): Promise<void> {
  for (let look = 0; look < 2; look += 1) {
    assert.equal(await lab.turn(), undefined);
    lab.clock.forward(leaseMs);
  }
}

async function active({ lab }: DrillRoom): Promise<BackupRun | undefined> {
  const [run] = await lab.records.runs({ active: true, limit: 1 });
  return run;
}

describe('a drill whose process was killed', { timeout: 120_000, concurrency: 2 }, () => {
  it('is not made again in that run: reported, and left to people', async (t) => {
    const room = await openDrillRoom(t, { '3.5': '/nowhere' });
    let begun = 0;
    room.off.drill = labDrill(() => {
      begun += 1;
      dies();
    });
    await room.lab.approved();
    await assert.rejects(room.lab.turn(), /as if the process was killed/);
    const [left] = await room.lab.records.runs({ active: true, limit: 1 });
    assert.deepEqual([left?.status, left?.step], ['running', 'drilling']);
    await endLease(room);
    const run = (await room.lab.turn()) ?? assert.fail();
    assert.equal(run.status, 'succeeded');
    assert.equal(begun, 1);
    assert.deepEqual(failureOf(run), ['process-ended', 'not-made']);
    const [{ proven } = assert.fail()] = await room.lab.records.fleet({ now: room.lab.clock.now() });
    assert.deepEqual(
      proven.map(({ runId }) => runId),
      [run.id],
    );
    const notices = await room.lab.notices(run.id);
    assert.ok(notices.every((each) => each.kind !== 'private' || each.say.type !== 'drill-failed'));
    assert.equal(room.lab.sessionPods().length, 0);
    room.off.drill = whole();
    const asked = await room.lab.backups.drill(room.lab.asked(who.requester), { runId: run.id });
    assert.ok(asked.outcome === 'drilled' && asked.drill.ok);
  });

  it('while it fetched from the node does not fetch again', async (t) => {
    const room = await openDrillRoom(t, { '3.5': '/nowhere' }, { encrypted: true });
    let fetches = 0;
    room.off.drill = {
      ...whole(),
      fetch() {
        fetches += 1;
        dies();
      },
    };
    await room.lab.approved();
    await assert.rejects(room.lab.turn(), /as if the process was killed/);
    await endLease(room);
    const run = (await room.lab.turn()) ?? assert.fail();
    assert.equal(run.status, 'succeeded');
    assert.equal(fetches, 1);
    assert.deepEqual(failureOf(run), ['process-ended', 'not-made']);
    assert.equal(room.lab.sessionPods().length, 0);
  });

  it('after its verdict: the verdict is kept, and the documents say the same', async (t) => {
    const room = await openDrillRoom(t, { '3.5': '/nowhere' });
    const { restoreText } = room.off;
    room.off.drill = damagedPage();
    room.off.restoreText = (answer, ...rest) => {
      if (answer.outcome === 'plan' && answer.plan.manifest.drill) dies();
      return restoreText(answer, ...rest);
    };
    await room.lab.approved();
    await assert.rejects(room.lab.turn(), /as if the process was killed/);
    await endLease(room);
    room.off.restoreText = restoreText;
    room.off.drill = whole();
    const run = (await room.lab.turn()) ?? assert.fail();
    assert.equal(run.status, 'succeeded');
    assert.equal(run.success?.drill && verdictOf(run.success.drill), 'does-not-restore');
    for (const { location } of run.success?.copies ?? []) {
      const text = await readFile(path.join(path.dirname(location), 'manifest.json'), 'utf8');
      assert.equal(parseManifest(text).drill?.disproven, true);
    }
    const notices = await room.lab.notices(run.id);
    const files = notices.filter((each) => each.kind === 'thread' && each.entry.type === 'restore-files');
    assert.equal(files.length, 1);
    const messages = notices.filter((each) => each.kind === 'private' && each.say.type === 'drill-failed');
    assert.equal(messages.length, 1);
  });

  it('before it ended the run in which it waits for another drill: it goes on waiting, and is made after the run', async (t) => {
    const room = await openDrillRoom(t, { '3.5': '/nowhere' });
    const drill = labDrill(() => ({ ok: true, revision: 61, keys: 60 }));
    room.off.drill = drill;
    const other = { runId: 'r-00000000', cluster: 'prod-west', since: 0 };
    const leave = seatOf(drill).tryTake(other) ?? assert.fail();
    const { records } = room.lab.deps;
    const killed: WorkflowDeps = {
      ...room.lab.deps,
      records: {
        ...records,
        async advance(claim, change) {
          const run = await records.run(claim.run.id);
          if (run?.success?.drillWait) dies();
          return records.advance(claim, change);
        },
      },
    };
    await room.lab.approved();
    await assert.rejects(worked(room, { deps: killed }), /as if the process was killed/);
    const left = (await active(room)) ?? assert.fail();
    assert.deepEqual([left.success?.drillBegunAt, left.success?.drillWait?.tries], [undefined, 0]);
    const over = await worked(room);
    assert.deepEqual([over.status, over.success?.drill], ['succeeded', undefined]);
    leave();
    room.lab.clock.forward(60_000);
    const run = await room.lab.turn();
    assert.ok(run?.success?.drill?.ok, JSON.stringify(run?.success?.drill));
    const said = (await room.lab.notices(run.id)).filter(
      (each) => each.kind === 'thread' && each.entry.type === 'drill-waits',
    );
    assert.equal(said.length, 1);
  });
});

describe('a drill that the bot stopped in order', { timeout: 120_000, concurrency: 2 }, () => {
  for (const at of ['fetching', 'restoring'] as const) {
    it(`while ${at} what it takes from the node: the next bot makes it`, async (t) => {
      const room = await openDrillRoom(t, { '3.5': '/nowhere' }, { encrypted: true });
      const stopping = new AbortController();
      room.off.drill = {
        ...whole(),
        async fetch(...given) {
          if (at === 'restoring') return whole().fetch(...given);
          stopping.abort(new Error('the bot stops'));
          return { ok: false, failure: { kind: 'aborted', phase: 'fetching' } };
        },
        async restore() {
          stopping.abort(new Error('the bot stops'));
          return { ok: false, failure: { kind: 'aborted', phase: 'restoring' } };
        },
      };
      await room.lab.approved();
      await assert.rejects(worked(room, { signal: stopping.signal }), /the bot stops/);
      assert.equal((await active(room))?.success?.drillBegunAt, undefined);
      room.off.drill = whole();
      const run = await worked(room);
      assert.equal(run.status, 'succeeded');
      assert.ok(run.success?.drill?.ok, JSON.stringify(run.success?.drill));
      assert.equal(room.lab.sessionPods().length, 0);
    });
  }
});

describe('a drill of a process that goes on', { timeout: 120_000, concurrency: 2 }, () => {
  /** A drill that was begun here, and whose verdict the records did not take. */
  async function begunHere(t: TestContext): Promise<DrillRoom> {
    const room = await openDrillRoom(t, { '3.5': '/nowhere' });
    room.off.drill = damagedPage();
    const { records } = room.lab.deps;
    const away: WorkflowDeps = {
      ...room.lab.deps,
      records: {
        ...records,
        async advance(claim, change) {
          const audit = typeof change === 'function' ? [] : change.audit;
          if (audit.some(({ action }) => action === 'drilled'))
            throw new RecordsUnavailableError('the records are away', { busy: false, cause: undefined });
          return records.advance(claim, change);
        },
      },
    };
    await room.lab.approved();
    await assert.rejects(worked(room, { deps: away }), RecordsUnavailableError);
    assert.notEqual((await active(room))?.success?.drillBegunAt, undefined);
    return room;
  }

  it('whose verdict the records did not take is made again', async (t) => {
    const room = await begunHere(t);
    const run = await worked(room, { goesOnHere: true });
    assert.equal(run.success?.drill && verdictOf(run.success.drill), 'does-not-restore');
  });

  it('and that finds another drill then waits as one that was not begun: the next process makes it', async (t) => {
    const room = await begunHere(t);
    seatOf(room.off.drill).tryTake({ runId: 'r-00000000', cluster: 'prod-west', since: 0 });
    const { success } = await worked(room, { goesOnHere: true });
    assert.deepEqual(
      [success?.drillWait?.tries, success?.drillBegunAt, success?.drill],
      [0, undefined, undefined],
    );
  });

  it('is named on the card when an unexpected error ended it', async (t) => {
    const room = await openDrillRoom(t, { '3.5': '/nowhere' });
    room.off.drill = labDrill(() => dies());
    await room.lab.approved();
    await assert.rejects(worked(room), /as if the process was killed/);
    const claim = await claimed(room);
    const { deps } = room.lab;
    await failUnexpectedly(deps, claim, deps.fleet.cluster(claim.run.cluster), new Error('a mistake'));
    const run = await room.lab.run(claim.run.id);
    assert.equal(run.status, 'succeeded');
    assert.deepEqual(failureOf(run), ['not-run', 'not-made']);
  });
});

describe('the one place for a drill', () => {
  it('goes to the next one when the called one leaves in the same moment', { timeout: 30_000 }, async () => {
    const seat = seatOf(labDrill(() => dies()));
    const who = (runId: string) => ({ runId, cluster: 'prod-east', since: 0 });
    const now = () => 0;
    const never = new AbortController().signal;
    const leave = seat.tryTake(who('first')) ?? assert.fail();
    const leaving = new AbortController();
    const second = assert.rejects(seat.take(who('second'), now, leaving.signal), /left/);
    const third = seat.take(who('third'), now, never);
    leave();
    leaving.abort(new Error('left'));
    await second;
    (await third)();
    assert.equal(seat.holder(), undefined);
  });
});
